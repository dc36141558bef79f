import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { stringify } from 'yaml'
import packageJson from '../package.json' with { type: 'json' }
import { buildApp } from './app.ts'
import { readContent } from './content/read.ts'
import { fileSchemas } from './content/schemas.ts'
import { exampleOf } from './rest/example.ts'
import { openapi } from './rest/openapi.ts'
import { operations } from './rest/rest.ts'
import { openStore } from './store/open.ts'

const root = join(import.meta.dirname, '..')

/** Every file that is generated from the code, by its path: what `npm run generate` writes and one test compares. */
export const contracts = async (): Promise<Record<string, string>> => ({
  'openapi.yaml': yaml(openapi(operations, await examples(), packageJson)),
  // GraphQL's goes here, as schema/curriculum.graphql.
  ...Object.fromEntries(
    Object.entries(fileSchemas()).map(([kind, schema]) => [`schema/${kind}.schema.json`, json(schema)]),
  ),
})

const yaml = (document: object): string => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })

const json = (document: object): string => `${JSON.stringify(document, null, 2)}\n`

/** Real answers of the curriculum that is shipped, by request. */
const examples = async (): Promise<Map<string, unknown>> => {
  const folder = await mkdtemp(join(tmpdir(), 'contracts-'))
  const store = openStore(`file:${join(folder, 'curriculum.db')}`)
  const app = await buildApp(store.catalog, {
    logger: false,
    trustProxy: false,
    ratePerMinute: 0,
    cacheBytes: 0,
    graphiql: false,
  })
  try {
    await store.catalog.replace(...(await readContent(join(root, 'seed'))).tracks)
    const asked = operations.map(async ({ example }) => [example, exampleOf(await ask(app, example))] as const)
    return new Map(await Promise.all(asked))
  } finally {
    await app.close()
    store.close()
    await rm(folder, { recursive: true })
  }
}

const ask = async (app: FastifyInstance, url: string): Promise<unknown> => {
  const response = await app.inject({ url, headers: { accept: 'application/json' } })
  if (response.statusCode !== 200)
    throw new Error(`The example ${url} is answered ${response.statusCode}: ${response.body}`)
  return response.json()
}

/** `node src/contracts.ts [folder]` */
if (process.argv[1] === import.meta.filename) {
  const folder = process.argv[2] ?? root
  for (const [path, text] of Object.entries(await contracts())) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}
