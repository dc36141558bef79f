import t from 'tap'
import { parseItem, type StoredItem } from '../../src/catalog.ts'
import { checkDocument } from '../../src/model/check-document.ts'
import type { Item } from '../../src/model/curriculum.ts'
import { type Noun, nouns } from '../../src/model/vocabulary.ts'
import { openDatabase } from '../../src/store/better-sqlite3.ts'
import { openCatalog } from '../../src/store/catalog.ts'
import type { Database } from '../../src/store/database.ts'
import { sql } from '../../src/store/drizzle.ts'
import { itemsOfTrack } from '../../src/store/items.ts'
import { links } from '../../src/store/links.ts'
import { createStore } from '../../src/store/open-store.ts'
import { buildCells, jsonFormat, type StoredItemRow, toStoredItems } from '../../src/store/stored-json.ts'
import { tables } from '../../src/store/tables.ts'
import { contentHash } from '../../src/text/content-hash.ts'
import { asAdmin, documentOf, emptyApp, type TestApp, testApp } from '../fixtures/app.ts'

interface StoredRow {
  key: string
  json: string | null
  hash: string | null
  links: string | null
  format: string | null
}

const storedRows = async ({ read }: Database, noun: Noun): Promise<StoredRow[]> => {
  const { key, json, jsonHash: hash, jsonLinks: links, jsonFormat: format, sort } = tables[noun]
  return read.select({ key, json, hash, links, format }).from(tables[noun]).orderBy(sort, key)
}

/** Returns a sentence for each stored JSON that differs from the one built from the tables. */
const staleJson = async (file: string): Promise<string[]> => {
  const database = openDatabase(file)
  const stale: string[] = []
  const tracks = await database.read.select({ key: tables.track.key }).from(tables.track).orderBy(tables.track.key)
  for (const noun of nouns) {
    const built = new Map<string, string>()
    for (const { key } of tracks)
      for (const { item } of await itemsOfTrack(database.read, noun, key)) built.set(item.key, JSON.stringify(item))
    const stored = await storedRows(database, noun)
    if (stored.length !== built.size) stale.push(`${stored.length} rows of ${noun}, ${built.size} items`)
    const names = links.filter(link => link.noun === noun).map(({ field }) => field)
    for (const { key, json, hash, links: keys, format } of stored)
      if (
        json !== built.get(key) ||
        format !== jsonFormat ||
        hash !== contentHash(json) ||
        keys !== JSON.stringify(JSON.parse(json), names)
      )
        stale.push(`${noun} ${key}: ${json} for ${built.get(key)}`)
  }
  for (const { key: track } of tracks) {
    const skills = (await itemsOfTrack(database.read, 'skill', track)).map(({ item }) => item)
    const rows = await database.read
      .select({ key: tables.category.key, cells: tables.category.cells, hash: tables.category.cellsHash })
      .from(tables.category)
      .where(sql`${tables.category.track} = ${track}`)
      .orderBy(tables.category.key)
    const built = buildCells(
      rows.map(({ key }) => key),
      skills,
    )
    for (const [index, { json, hash }] of built.entries())
      if (rows[index]?.cells !== json || rows[index]?.hash !== hash)
        stale.push(`cells of ${rows[index]?.key}: ${rows[index]?.cells} for ${json}`)
  }
  database.close()
  return stale
}

/** Returns a pseudorandom number generator (mulberry32): the same sequence for the same seed. */
const random = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const slugs = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

/** A random document of a track, with references within it and to the other track. */
const randomDocument = (track: string, other: string | undefined, below: (limit: number) => number) => {
  const some = <T>(list: readonly T[]): T[] => list.filter(() => below(3) === 0)
  const categories = slugs.slice(0, 1 + below(3)).toSorted(() => below(3) - 1)
  const skills = slugs.slice(0, 2 + below(5))
  const resources = slugs.slice(0, 1 + below(3))
  const elsewhere = other === undefined ? [] : [`${other}.a`]
  return documentOf(
    { slug: track, title: `Track ${below(3)}` },
    {
      source: [
        {
          slug: 'guide',
          title: `Guide ${below(2)}`,
          outline: some(skills).map(slug => ({ label: `${slug} ${below(2)}`, of: `${track}.skill.${slug}` })),
        },
      ],
      category: categories.map(slug => ({ slug, title: `Category ${below(2)}` })),
      resource: resources.map(slug => ({ slug, kind: 'site', title: `Resource ${below(2)}` })),
      skill: skills.map((slug, index) => ({
        slug,
        title: `Skill ${below(2)}`,
        category: categories[below(categories.length)],
        tier: ['beginner', 'senior'][below(2)],
        prerequisites: some(skills.slice(0, index)),
        related: some(skills.slice(index + 1)),
        resources: some(resources),
        sameAs: some(elsewhere),
      })),
      project: [{ slug: 'one', title: 'One', skills: some(skills) }],
    },
  )
}

t.test(
  'stored JSON is never stale: after each of many random writes it equals the JSON built from the tables',
  async t => {
    for (const seed of [1, 2, 3]) {
      const below = random(seed)
      const { app, catalog, file } = await emptyApp(t)
      const load = async (...tracks: [string, string | undefined][]) => {
        // A reference to a skill that another write removed is rejected, and nothing has changed.
        await catalog
          .replaceTracks(
            ...tracks.map(([slug, other]) => ({
              document: checkDocument(randomDocument(slug, other, below), (_, key) => key).document,
            })),
          )
          .catch(() => undefined)
      }
      const write = (method: 'PUT' | 'PATCH' | 'DELETE', path: string, payload?: object) =>
        app.inject({
          method,
          url: `/v1/${path}`,
          headers: { ...asAdmin, 'if-match': '*' },
          ...(payload === undefined ? {} : { payload }),
        })
      await load(['one', undefined])
      await load(['two', 'one'])
      const accepted = new Map<number, number>()
      for (let step = 0; step < 40; step++) {
        const slug = slugs[below(slugs.length)]
        const track = ['one', 'two'][below(2)] as string
        const operations = [
          () => load([track, track === 'one' ? 'two' : 'one']),
          () => load(['one', 'two'], ['two', 'one']),
          () => write('PATCH', `skills/${track}.${slug}`, { title: `Title ${below(9)}` }),
          () => write('PATCH', `skills/${track}.${slug}`, { category: `${track}.${slugs[below(3)]}`, tier: 'senior' }),
          () => write('PATCH', `skills/${track}.${slug}`, { prerequisites: [`${track}.${slugs[below(3)]}`] }),
          () => write('PATCH', `skills/${track}.${slug}`, { related: [`two.${slugs[below(3)]}`] }),
          () => write('PATCH', `skills/${track}.${slug}`, { slug: `new-${slug}` }),
          () => write('PATCH', `categories/${track}.a`, { title: `Title ${below(9)}` }),
          () => write('PATCH', `tracks/${track}`, { title: `Title ${below(9)}` }),
          () => write('DELETE', `skills/${track}.${slug}`),
          () => write('DELETE', `resources/${track}.${slug}`),
          () => write('DELETE', `sources/${track}.guide`),
          () => write('PATCH', `projects/${track}.one`, { skills: [`${track}.${slug}`] }),
        ]
        const chosen = below(operations.length)
        const response = await operations[chosen]?.()
        const isAccepted = response === undefined || response.statusCode < 300
        accepted.set(chosen, (accepted.get(chosen) ?? 0) + Number(isAccepted))
        t.same(await staleJson(file), [], `seed ${seed}, step ${step}, operation ${chosen}`)
      }
      t.ok([...accepted.values()].filter(count => count > 0).length > 6, 'most kinds of writes were accepted')
    }
  },
)

t.test('the shipped track is stored with current JSON', async t => {
  const { file } = await testApp(t)
  t.same(await staleJson(file), [])
})

/** Makes stored JSON look like that of another version of the program. */
const outdate = async ({ file }: TestApp): Promise<void> => {
  const database = openDatabase(file)
  await database.write(async session => {
    for (const noun of nouns) await session.update(tables[noun]).set({ json: '{}', jsonHash: 'x', jsonFormat: 'other' })
    await session.update(tables.category).set({ cells: '{}', cellsHash: 'x' })
    await session.run(sql`update json_formats set format = 'other'`)
  })
  database.close()
}

t.test('JSON in another format is not served, and is rebuilt step by step', async t => {
  const test = await testApp(t, { cacheBytes: 0 })
  const { app, file, json, jsonWrites } = test
  const urls = [
    '/v1/skills/python.decorators?include=prerequisites',
    '/v1/skills?limit=3&sort=title',
    '/v1/tracks/python/roadmap',
    '/v1/tracks/python/document',
    '/graphql?query={roadmap(track:"python"){categories{key skills{senior{key}}}}}',
  ]
  const read = async () => {
    const responses: string[] = []
    for (const url of urls) responses.push((await app.inject(url)).body)
    return responses
  }
  const before = await read()
  t.equal(await json.isJsonOutdated(), false)
  await outdate(test)
  t.equal(await json.isJsonOutdated(), true)
  t.same(await read(), before, 'built for each read')
  const patched = await app.inject({
    method: 'PATCH',
    url: '/v1/skills/python.decorators',
    headers: { ...asAdmin, 'if-match': '*' },
    payload: { title: 'Decorators' },
  })
  t.equal(patched.statusCode, 200, patched.body)
  const since = await read()
  const readOnly = openDatabase(file, { readOnly: true })
  const items: StoredItem[] = await openCatalog(readOnly).byKeys('skill', ['python.decorators'])
  t.equal((parseItem(items[0] as StoredItem) as Item<'skill'>).title, 'Decorators')
  t.equal(await createStore(readOnly).json.isJsonOutdated(), true)
  readOnly.close()
  const steps: number[] = []
  for (let count = 1; count > 0; steps.push(count)) count = await jsonWrites.rebuildJson()
  t.ok(steps.length > 5 && steps.every(count => count <= 200), `${steps}`)
  t.same(await staleJson(file), [])
  t.equal(await json.isJsonOutdated(), false)
  t.same(await read(), since)
})

t.test(
  'one item in another format is built beside current ones, and one that was removed meanwhile is left out',
  async t => {
    const { file } = await testApp(t)
    const database = openDatabase(file)
    t.teardown(() => database.close())
    const [one, other] = ['python.decorators', 'python.variables']
    const rows = async () => {
      const { key, json, jsonHash: hash } = tables.skill
      const found = await database.read
        .select({ key, json, hash })
        .from(tables.skill)
        .where(sql`${key} in ${[one, other]}`)
      return new Map(found.map(row => [row.key, row]))
    }
    const stored = await rows()
    const row = (key: string | undefined, json = stored.get(String(key))?.json ?? null): StoredItemRow => [
      String(key),
      json,
      String(stored.get(String(key))?.hash),
    ]
    const items = await toStoredItems(database.read, 'skill', [
      row(one),
      [String(other), null, ''],
      ['python.gone', null, ''],
    ])
    t.same(
      items.map(({ key, json, hash }) => [key, json, hash]),
      [row(one), row(other)],
    )
  },
)
