import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { type AppOptions, buildApp } from '../src/app.ts'
import type { Catalog } from '../src/catalog.ts'
import { readContent } from '../src/content/read.ts'
import { createMetrics } from '../src/http/metrics.ts'
import type { Keys } from '../src/keys.ts'
import { check } from '../src/model/check.ts'
import { type Document, emptyDocument } from '../src/model/document.ts'
import { draftSchema } from '../src/model/draft.ts'
import { type Noun, nouns, plurals } from '../src/model/vocabulary.ts'
import { openDatabase } from '../src/store/better-sqlite3.ts'
import { storeOn } from '../src/store/open.ts'
import { writerOn } from '../src/writing/writer.ts'

export const seed = fileURLToPath(new URL('../seed', import.meta.url))

/** What opens everything in every test. */
export const adminKey = 'an-admin-key-for-tests-alone-of-32-letters-or-more'
export const asAdmin = { authorization: `Bearer ${adminKey}` }

export interface TestApp {
  app: FastifyInstance
  catalog: Catalog
  keys: Keys
  options: AppOptions
  /** Every query that reads, as SQL, since the start. */
  queries: string[]
  /** Loads a document written with slugs. */
  load(document: Document): Promise<void>
  file: string
}

type Options = Partial<AppOptions> & { memoryBytes?: number }

/** The service on a temporary database file of its own, with nothing in it yet. */
export const emptyApp = async (t: Test, { memoryBytes, ...options }: Options = {}): Promise<TestApp> => {
  const file = `${t.testdir()}/curriculum.db`
  const queries: string[] = []
  const database = openDatabase(file, { onQuery: query => queries.push(query) })
  const { catalog, keys, ...hooks } = storeOn(database, memoryBytes)
  const used: AppOptions = {
    logger: false,
    trustProxy: false,
    ratePerMinute: 0,
    cacheBytes: 1_000_000,
    graphiql: true,
    metrics: createMetrics(),
    writer: writerOn(catalog),
    keys,
    ...hooks,
    adminKey,
    webhookNetworks: ['127.0.0.0/8'],
    publicUrl: () => 'https://curriculum.example',
    ...options,
  }
  const app = await buildApp(catalog, used)
  t.teardown(async () => {
    await app.close()
    database.close()
  })
  const load = async (document: Document): Promise<void> => {
    const checked = check(document, () => undefined)
    if (checked.mistakes.length > 0) throw new Error(JSON.stringify(checked.mistakes))
    await catalog.replace(checked)
  }
  return { app, catalog, keys, options: used, queries, load, file }
}

/** The service with the curriculum that is shipped. */
export const testApp = async (t: Test, options: Options = {}): Promise<TestApp> => {
  const made = await emptyApp(t, options)
  const { tracks } = await readContent(seed)
  await made.catalog.replace(...tracks)
  return made
}

type Written = Partial<Record<Exclude<Noun, 'track'>, Record<string, unknown>[]>>

/** A document from what a test cares about; all else has its default. */
export const documentOf = (track: Record<string, unknown>, parts: Written): Document => {
  const document = emptyDocument(draftSchema('track').parse({ title: 'A track', ...track }))
  const lists: Record<string, unknown> = {}
  for (const noun of nouns)
    if (noun !== 'track')
      lists[plurals[noun]] = (parts[noun] ?? []).map(one => draftSchema(noun).parse({ title: 'A title', ...one }))
  return { ...document, ...lists }
}
