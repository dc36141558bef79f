import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RenderedResponse } from '../http/rendered-response.ts'

/** The settings of the server that its OpenAPI description depends on. */
export interface ServerSettings {
  /** PUBLIC_URL, if set. */
  configuredUrl?: string | undefined
  readingNeedsKey?: boolean
}

export const openapiYaml = async (serving: ServerSettings): Promise<RenderedResponse> => ({
  body: await renderDescription(serving),
  type: 'application/yaml',
})

export const openapiJson = async (serving: ServerSettings): Promise<RenderedResponse> => ({
  body: JSON.stringify((await import('yaml')).parse(await renderDescription(serving))),
  type: 'application/json; charset=utf-8',
})

const file = join(import.meta.dirname, '..', '..', 'openapi.yaml')

/** Returns the generated description with this server's URL and security requirements. */
const renderDescription = async ({ configuredUrl, readingNeedsKey }: ServerSettings): Promise<string> => {
  const generated = await readFile(file, 'utf8')
  const { stringify } = await import('yaml')
  /** Replaces a top-level section of the document: only section names begin in the first column. */
  const replaceSection = (text: string, name: string, value: unknown): string =>
    text.replace(new RegExp(`^${name}:\\n(?: .*\\n)+`, 'm'), () => stringify({ [name]: value }))
  const withServer =
    configuredUrl === undefined
      ? generated
      : replaceSection(generated, 'servers', [
          { url: configuredUrl, description: 'The public URL of the service: production.', 'x-internal': false },
        ])
  return readingNeedsKey ? replaceSection(withServer, 'security', [{ key: [] }]) : withServer
}
