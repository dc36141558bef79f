import t, { type Test } from 'tap'
import { parseItem, type StoredItem, type TrackDocument } from '../../src/catalog.ts'
import { checkDocument } from '../../src/model/check-document.ts'
import type { Item } from '../../src/model/curriculum.ts'
import { type Document, type Draft, draftSchema, draftsOf } from '../../src/model/document.ts'
import { type Noun, nouns, plurals } from '../../src/model/vocabulary.ts'
import { openDatabase } from '../../src/store/better-sqlite3.ts'
import { openCatalog } from '../../src/store/catalog.ts'
import type { Database } from '../../src/store/database.ts'
import { sql } from '../../src/store/drizzle.ts'
import { itemsOfTrack } from '../../src/store/items.ts'
import { links } from '../../src/store/links.ts'
import { createStore } from '../../src/store/open-store.ts'
import { search } from '../../src/store/search-index.ts'
import { buildCells, jsonFormat, type StoredItemRow, toStoredItems } from '../../src/store/stored-json.ts'
import { formerNames, tables } from '../../src/store/tables.ts'
import { contentHash } from '../../src/text/content-hash.ts'
import { draftsIn } from '../../src/write/edit-document.ts'
import { asAdmin, documentOf, emptyApp, type TestApp, testApp } from '../fixtures/app.ts'
import { allCases } from '../fixtures/scope.ts'

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
const staleJson = async (database: Database): Promise<string[]> => {
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
      .select({
        key: tables.category.key,
        cells: tables.category.cells,
        hash: tables.category.cellsHash,
        durations: tables.category.cellsDurations,
      })
      .from(tables.category)
      .where(sql`${tables.category.track} = ${track}`)
      .orderBy(tables.category.key)
    const built = buildCells(
      rows.map(({ key }) => key),
      skills,
    )
    for (const [index, { json, hash, durations }] of built.entries()) {
      const row = rows[index]
      if (row?.cells !== json || row.hash !== hash || row.durations !== JSON.stringify(durations))
        stale.push(`cells of ${row?.key}: ${row?.cells} ${row?.durations} for ${json}`)
    }
  }
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
    for (const seed of allCases ? [1, 2, 3] : [1]) {
      const below = random(seed)
      const { app, catalog, database } = await emptyApp(t)
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
          () => write('PATCH', `skills/${track}.${slug}`, { duration: { unit: 'hour', from: below(5) } }),
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
        t.same(await staleJson(database), [], `seed ${seed}, step ${step}, operation ${chosen}`)
      }
      t.ok([...accepted.values()].filter(count => count > 0).length > 6, 'most kinds of writes were accepted')
    }
  },
)

/** Returns a random draft. Some of its references, earlier slugs and tiers are not allowed. */
const randomDraft = (noun: Noun, document: Document, other: string, below: (limit: number) => number) => {
  /** Nearly always one of the first slugs of the noun, so that others can be removed. */
  const slug = (of: Noun) => {
    const existing = draftsOf(document, of)
      .slice(0, 4)
      .map(one => one.slug)
    return below(12) === 0 || existing.length === 0
      ? (slugs[below(slugs.length)] as string)
      : existing[below(existing.length)]
  }
  const some = (of: Noun) => [...new Set(slugs.flatMap(() => (below(6) === 0 ? (slug(of) ?? []) : [])))]
  const sometimes = <T>(value: T): T[] => (below(5) === 0 ? [value] : [])
  const tier = ['beginner', 'senior'][below(2)]
  const fields: { [N in Noun]: () => object } = {
    track: () => ({
      summary: `Summary ${below(9)}`,
      tiers: sometimes({ tier: 'beginner' }),
      formerly: sometimes(`old-${document.track.slug}`),
    }),
    source: () => ({
      outline: nouns.slice(2).flatMap(of => sometimes({ label: `Line ${below(2)}`, of: `${of}.${slug(of)}` })),
    }),
    category: () => ({ summary: `Summary ${below(9)}`, parent: below(20) === 0 ? (slug('category') ?? null) : null }),
    skill: () => ({
      category: slug('category'),
      tier,
      prerequisites: [...sometimes(slug('skill')), ...sometimes(`${other}.a`)],
      related: some('skill'),
      resources: some('resource'),
      sameAs: sometimes(`${other}.b`),
      replacedBy: sometimes(slug('skill'))[0] ?? null,
    }),
    principle: () => ({ kind: 'rule', category: sometimes(slug('category'))[0] ?? null, tier }),
    project: () => ({ skills: some('skill'), resources: some('resource') }),
    exercise: () => ({ kind: 'exercise', skills: [slug('skill'), ...some('skill')].slice(0, 2) }),
    resource: () => ({ kind: 'site' }),
    plan: () => ({
      kind: 'plan',
      steps: sometimes({
        unit: 'week',
        from: 1,
        to: 2,
        text: 'Text',
        plan: slug('plan'),
        skills: some('skill'),
        projects: some('project'),
      }),
    }),
    checklist: () => ({ kind: 'testing', tier }),
  }
  const formerly = noun !== 'track' && below(12) === 0 ? { formerly: [slugs[below(slugs.length)]] } : {}
  return { title: `Title ${below(9)}`, ...formerly, ...fields[noun]() }
}

/** Returns a document with one item replaced by these fields, added to the end or removed. A skill that changes its cell comes last. */
const documentWith = (document: Document, noun: Noun, slug: string, fields: object | undefined): Document => {
  if (noun === 'track') return { ...document, track: { ...document.track, ...fields } }
  const name = plurals[noun]
  const list: Draft[] = document[name]
  const index = list.findIndex(one => one.slug === slug)
  const draft = fields && draftSchema(noun).parse({ slug, ...fields })
  if (index < 0) return { ...document, [name]: draft === undefined ? list : [...list, draft] }
  const replaced = draft === undefined ? list.filter(one => one.slug !== slug) : list.with(index, draft)
  if (noun !== 'skill' || draft === undefined) return { ...document, [name]: replaced }
  const key = (to: string) => (to.includes('.') ? to : `${document.track.slug}.${to}`)
  const [is, was] = [draft as Draft<'skill'>, list[index] as Draft<'skill'>]
  const skills = (replaced as Draft<'skill'>[]).map(one =>
    one === is || is.related.map(key).includes(key(one.slug))
      ? one
      : { ...one, related: one.related.filter(to => to !== key(slug)) },
  )
  const moved = skills.filter(one => one === is && !(key(is.category) === was.category && is.tier === was.tier))
  return { ...document, skills: [...skills.filter(one => !moved.includes(one)), ...moved] }
}

t.test('a write of one item has the same effect as a write of the whole document with the change', async t => {
  const outcomes = new Map<string, number>()
  for (const seed of allCases ? [2, 3, 4, 5] : [2])
    await t.test(`seed ${seed}`, async t => {
      const single = await emptyApp(t)
      // A second test has a second folder.
      await t.test('compared', async t => compareWrites(t, single, await emptyApp(t), random(seed), outcomes))
    })
  t.ok(outcomes.size > 12, 'many kinds of writes were compared')
  if (!allCases) return
  for (const noun of nouns) t.ok(outcomes.has(`PUT ${noun} 200`), `${noun} is replaced`)
  for (const noun of nouns.slice(1)) t.ok(outcomes.has(`PUT ${noun} 201`), `${noun} is created`)
  const removed = nouns.filter(noun => outcomes.has(`DELETE ${noun} 204`))
  t.ok(removed.includes('skill') && removed.includes('category') && removed.length >= 6, `${removed} are removed`)
  for (const status of [409, 422])
    t.ok(outcomes.has(`${status === 409 ? 'DELETE' : 'PUT'} skill ${status}`), `skills are rejected with ${status}`)
})

/** Makes random writes of one item each in one service, and the same change with a whole document in another. Counts statuses. */
const compareWrites = async (
  t: Test,
  single: TestApp,
  whole: TestApp,
  below: (limit: number) => number,
  outcomes: Map<string, number>,
): Promise<void> => {
  const write = async ({ app }: TestApp, method: 'PUT' | 'DELETE', path: string, exists: boolean, body?: object) => {
    const headers = { ...asAdmin, ...(exists ? { 'if-match': '*' } : {}) }
    const response = await app.inject({ method, url: `/v1/${path}`, headers, ...(body && { payload: body }) })
    t.ok(response.statusCode < 500, response.body)
    return response.statusCode
  }
  const documents = ['one', 'two'].map(track => randomDocument(track, track === 'two' ? 'one' : undefined, below))
  for (const document of documents)
    for (const { catalog } of [single, whole])
      await catalog.replaceTracks({ document: checkDocument(document, (_, key) => key).document })
  let cursor = 0
  for (let step = 0; step < (allCases ? 100 : 60); step++) {
    const track = ['one', 'two'][below(2)] as string
    const noun = ([...nouns, 'skill', 'skill', 'skill', 'source'] as const)[below(nouns.length + 4)] as Noun
    const before = draftsIn((await whole.catalog.documentAsWritten(track)) as TrackDocument)
    const existing = draftsOf(before, noun).map(one => one.slug)
    const removes = noun !== 'track' && below(3) === 0
    // Nothing refers to the last one, unless it is one of few.
    const candidates = removes && below(2) === 0 ? existing.slice(-1) : below(2) === 0 ? existing : slugs
    const slug = noun === 'track' ? track : (candidates[below(candidates.length)] ?? 'a')
    const fields = removes ? undefined : randomDraft(noun, before, track === 'one' ? 'two' : 'one', below)
    const renamed = below(6) === 0 ? before.skills.find(one => one.slug === slug) : undefined
    const what = `step ${step}: ${removes ? 'DELETE' : 'PUT'} ${noun} ${track} ${slug} ${JSON.stringify(fields)}`
    if (renamed !== undefined) {
      const skill = { ...renamed, slug: `new-${step}`, formerly: [...renamed.formerly, slug] }
      const document = { ...before, skills: before.skills.map(one => (one === renamed ? skill : one)) }
      const statuses = []
      for (const test of [single, whole])
        statuses.push(await write(test, 'PUT', `tracks/${track}/document`, true, document))
      t.equal(statuses[0], statuses[1], `rename ${slug}`)
    } else {
      const exists = existing.includes(slug)
      const path = noun === 'track' ? `tracks/${track}` : `${plurals[noun]}/${track}.${slug}`
      const status = await write(single, removes ? 'DELETE' : 'PUT', path, exists, fields)
      // An earlier key is redirected, and a removal of what does not exist changes nothing.
      if (![308, 404, 410].includes(status)) {
        const document = documentWith(before, noun, slug, fields)
        const wholeStatus = await write(whole, 'PUT', `tracks/${track}/document`, true, document)
        t.equal(status < 300, wholeStatus < 300, `${what}: ${status} and ${wholeStatus}`)
      }
      const outcome = `${removes ? 'DELETE' : 'PUT'} ${noun} ${status}`
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }
    const effects = await effectsOf(single, cursor)
    t.same(effects, await effectsOf(whole, cursor), what)
    if (step % 10 === 9) t.same(await staleJson(single.database), [], what)
    cursor = effects.cursor
  }
}

/** Returns everything that a write may have changed, without times. */
const effectsOf = async ({ catalog, database }: TestApp, cursor: number) => {
  const tracks = ['one', 'two']
  const documents = []
  for (const track of tracks) documents.push(await catalog.document(track))
  const places = []
  for (const noun of nouns) {
    const { key, sort, id } = tables[noun]
    places.push(await database.read.select({ key, sort, id }).from(tables[noun]).orderBy(key))
  }
  const { name, id } = formerNames
  const names = await database.read.select({ name, id }).from(formerNames).orderBy(name)
  const { key, noun, title, terms, body, tier } = search
  const found = await database.read.select({ key, noun, title, terms, body, tier }).from(search).orderBy(noun, key)
  const { data } = await catalog.changes({ cursor, limit: 10_000 })
  const withoutTimes = (_: string, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).filter(([field]) => field !== 'updatedAt' && field !== 'changedAt'))
  }
  const effects = JSON.parse(JSON.stringify({ documents, places, names, found, changes: data }, withoutTimes))
  return { ...effects, cursor: data.at(-1)?.seq ?? cursor }
}

t.test('the shipped track is stored with current JSON', async t => {
  const { database } = await testApp(t)
  t.same(await staleJson(database), [])
})

/** Makes stored JSON look like that of another version of the program. */
const outdate = ({ database }: TestApp): Promise<void> =>
  database.write(async session => {
    for (const noun of nouns) await session.update(tables[noun]).set({ json: '{}', jsonHash: 'x', jsonFormat: 'other' })
    await session.update(tables.category).set({ cells: '{}', cellsHash: 'x' })
    await session.run(sql`update json_formats set format = 'other'`)
  })

t.test('JSON in another format is not served, and is rebuilt step by step', async t => {
  const test = await testApp(t, { cacheBytes: 0 })
  const { app, file, database, json, jsonWrites } = test
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
  t.same(await staleJson(database), [])
  t.equal(await json.isJsonOutdated(), false)
  t.same(await read(), since)
})

t.test(
  'one item in another format is built beside current ones, and one that was removed meanwhile is left out',
  async t => {
    const { database } = await testApp(t)
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
