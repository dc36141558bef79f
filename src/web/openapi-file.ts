import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import type { RenderedResponse } from '../http/response-cache.ts'

/** How the service is run, as far as its description depends on it. */
export interface Serving {
  /** PUBLIC_URL where it is set. */
  configuredUrl?: string | undefined
  readingNeedsKey?: boolean
}

export const openapiYaml = async (serving: Serving): Promise<RenderedResponse> => ({
  body: await described(serving),
  type: 'application/yaml',
})

export const openapiJson = async (serving: Serving): Promise<RenderedResponse> => ({
  body: JSON.stringify(parse(await described(serving))),
  type: 'application/json; charset=utf-8',
})

const file = join(import.meta.dirname, '..', '..', 'openapi.yaml')

/** The generated description with the address and the security requirements of this service. */
const described = async ({ configuredUrl, readingNeedsKey }: Serving): Promise<string> => {
  const generated = await readFile(file, 'utf8')
  const addressed =
    configuredUrl === undefined
      ? generated
      : withSection(generated, 'servers', [
          { url: configuredUrl, description: 'Where clients reach the service: production.', 'x-internal': false },
        ])
  return readingNeedsKey ? withSection(addressed, 'security', [{ key: [] }]) : addressed
}

/** Replaces a section of the document. Names in the first column are those of sections alone. */
const withSection = (text: string, name: string, value: unknown): string =>
  text.replace(new RegExp(`^${name}:\\n(?: .*\\n)+`, 'm'), () => stringify({ [name]: value }))
