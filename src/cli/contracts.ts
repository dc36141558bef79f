import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { printSchema } from 'graphql'
import { parse, stringify } from 'yaml'
import packageJson from '../../package.json' with { type: 'json' }
import { buildApp } from '../app.ts'
import type { Catalog } from '../catalog.ts'
import { fileSchemas } from '../content/file-kinds.ts'
import { readFolder } from '../content/read-folder.ts'
import { graphqlSchema } from '../graphql/graphql.ts'
import { createMetrics } from '../http/metrics.ts'
import { nouns, plurals } from '../model/vocabulary.ts'
import { filterNames, resolveFilter } from '../query/filters.ts'
import { exportOperations } from '../rest/exports.ts'
import { cursorOf, exampleOf, openapi } from '../rest/openapi.ts'
import { exampleQuery } from '../rest/openapi-paths.ts'
import { changesExample } from '../rest/openapi-writes.ts'
import type { Operation } from '../rest/operation.ts'
import { operations } from '../rest/rest.ts'
import { requestName, writeCursor } from '../store/cursor.ts'
import { openStore } from '../store/open-store.ts'
import { createWriter } from '../write/writer.ts'

const root = join(import.meta.dirname, '..', '..')

/** All operations that OpenAPI describes. */
export const allOperations: readonly Operation[] = [...operations, ...exportOperations(() => '')]

/** Returns every file that is generated from the code, by path. `npm run generate` writes them and a test compares them. */
export const contracts = async (described = allOperations): Promise<Record<string, string>> => ({
  'openapi.yaml': yaml(openapi(described, await examples(described), packageJson)),
  'schema/curriculum.graphql': `${printSchema(graphqlSchema())}\n`,
  ...Object.fromEntries(
    Object.entries(fileSchemas()).map(([kind, schema]) => [`schema/${kind}.schema.json`, json(schema)]),
  ),
})

export const writeContracts = async (folder: string): Promise<void> => {
  for (const [path, text] of Object.entries(await contracts())) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
}

const yaml = (document: object): string => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })

const json = (document: object): string => `${JSON.stringify(document, null, 2)}\n`

/** Returns responses of the shipped curriculum, by request, as examples. */
const examples = async (described: readonly Operation[]): Promise<Map<string, unknown>> => {
  const folder = await mkdtemp(join(tmpdir(), 'contracts-'))
  const store = openStore(`file:${join(folder, 'curriculum.db')}`)
  const app = await buildApp(store.catalog, {
    logger: false,
    trustProxy: false,
    ratePerMinute: 0,
    cacheBytes: 0,
    graphiql: false,
    metrics: createMetrics(),
    writer: createWriter(store.catalog),
    keys: store.keys,
    webhooks: store.webhooks,
    webhookWrites: store.webhookWrites,
    webhookNetworks: [],
    publicUrl: () => 'http://localhost:3000',
  })
  try {
    await store.catalog.replaceTracks(...(await readFolder(join(root, 'seed'))).tracks)
    const requests = [
      ...described.map(async ({ example, types }) => [example, await request(app, example, types[0])] as const),
      request(app, changesExample, 'application/json').then(answer => [changesExample, answer] as const),
      ...described
        .filter(({ query }) => 'after' in query.shape)
        .map(async operation => [cursorOf(operation.path), await exampleCursor(store.catalog, operation)] as const),
    ]
    return new Map(await Promise.all(requests))
  } finally {
    await app.close()
    store.close()
    await rm(folder, { recursive: true })
  }
}

/** Returns a cursor for the request of the other examples. It is built here, because that request may have only one page. */
const exampleCursor = async (catalog: Catalog, operation: Operation): Promise<string> => {
  const query = exampleQuery(operation) as Record<string, string[]>
  const noun = nouns.find(one => plurals[one] === operation.tag)
  if (noun === undefined) {
    const { q, track, noun, tier } = query
    return writeCursor(requestName('search', { q, track, noun, tier }), [12.5, [3], [4]])
  }
  // Every filter has an example.
  const names = filterNames(noun).map(name => [name, [query[name] as string[]].flat()] as const)
  const filter = await resolveFilter(catalog, noun, Object.fromEntries(names))
  return writeCursor(requestName(`${noun} default`, filter), noun === 'track' ? [0, 'python'] : ['python', 0, 'python'])
}

const request = async (app: FastifyInstance, url: string, type: string | undefined): Promise<unknown> => {
  const response = await app.inject({ url, headers: { accept: type } })
  if (response.statusCode !== 200)
    throw new Error(`The example ${url} is answered ${response.statusCode}: ${response.body}`)
  return type === 'application/json' || type === 'application/yaml'
    ? exampleOf(parse(response.body))
    : excerpt(response.body)
}

/** Returns the first lines of a file, or its text before the first binary byte, with fixed times. */
const excerpt = (body: string): string => {
  const still = body.slice(0, 10_000).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-11-01T00:00:00.000Z')
  const [text] = still.split(/[^\P{Cc}\r\n]/u) as [string] // split yields at least one part
  const lines = text.split(/\r?\n/, 3).map(line => line.slice(0, 160))
  return `${lines.join('\n').trimEnd()}…`
}
