import t from 'tap'
import type { Filter } from '../../src/catalog.ts'
import { Failure } from '../../src/errors.ts'
import { roadmapOf } from '../../src/model/roadmap.ts'
import { tiers } from '../../src/model/tiers.ts'
import { openDatabase } from '../../src/store/better-sqlite3.ts'
import { openCatalog } from '../../src/store/catalog.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'

const track = (slug: string, count: number) =>
  documentOf(
    { slug },
    {
      category: [{ slug: 'a' }, { slug: 'b', optional: true }],
      skill: Array.from({ length: count }, (_, index) => ({
        slug: `s-${index}`,
        category: index % 3 === 0 ? 'a' : 'b',
        tier: tiers[index % 3],
        kind: index % 4 === 0 ? 'theoretical' : 'practical',
        optional: index % 5 === 0,
      })),
      principle: [{ slug: 'p', kind: 'rule', category: 'a' }],
    },
  )

t.test('a list is the same from memory as from the database, page by page', async t => {
  const { catalog, load, file } = await emptyApp(t)
  for (const [slug, count] of [
    ['one', 9],
    ['two', 0],
    ['three', 14],
  ] as const)
    await load(track(slug, count))
  const database = openDatabase(file)
  t.teardown(() => database.close())
  const uncached = openCatalog(database, { memoryBytes: 0 })
  for (const slug of ['one', 'two', 'three']) await catalog.document(slug)
  const filters: Filter[] = [
    {},
    { track: ['three'] },
    { track: ['two', 'one'] },
    { tier: ['senior', 'beginner'] },
    { category: ['one.b', 'three.a'] },
    { kind: ['theoretical'], optional: true },
    { track: ['one'], category: ['three.a'] },
    { optional: false, tier: ['intermediate'] },
  ]
  for (const filter of filters)
    for (const limit of [1, 4, 50]) {
      const name = `${JSON.stringify(filter)} ${limit}`
      let after: string | undefined
      do {
        const page = { limit, sort: 'default', after } as const
        const [fromMemory, fromDatabase] = [
          await catalog.list('skill', filter, page),
          await uncached.list('skill', filter, page),
        ]
        t.same(fromMemory.data, fromDatabase.data, name)
        t.equal(fromMemory.more, fromDatabase.more, name)
        const last = fromMemory.data.length - 1
        if (fromMemory.more) t.equal(fromMemory.cursorAfter(last), fromDatabase.cursorAfter(last), name)
        after = fromMemory.more ? fromMemory.cursorAfter(last) : undefined
      } while (after !== undefined)
    }
  await t.rejects(catalog.list('skill', {}, { limit: 1, sort: 'default', after: 'nonsense' }), Failure)
})

t.test('a list over many tracks is read from the database', async t => {
  const { catalog, load, queries } = await emptyApp(t)
  const slugs = Array.from({ length: 12 }, (_, number) => `t-${number}`)
  for (const slug of slugs) await load(track(slug, slug === 't-9' ? 1 : 0))
  for (const slug of slugs) await catalog.document(slug)
  queries.length = 0
  const { data } = await catalog.list('skill', {}, { limit: 5, sort: 'default' })
  t.match(data, [{ key: 't-9.s-0' }])
  t.ok(queries.length > 0)
})

t.test('a changed track is read again, and nothing is cached with 0 bytes', async t => {
  for (const memoryBytes of [undefined, 0]) {
    const { catalog, load } = await emptyApp(t, { ...(memoryBytes === undefined ? {} : { memoryBytes }) })
    t.equal(catalog.cachedByKeys('track', ['one']), undefined)
    await load(track('one', 3))
    t.equal(catalog.cachedDocument('one'), undefined)
    t.equal((await catalog.document('one'))?.skills.length, 3)
    t.equal(catalog.cachedDocument('one')?.skills.length, memoryBytes === undefined ? 3 : undefined)
    await load(track('one', 4))
    t.equal(catalog.cachedByKeys('skill', ['one.s-0']), undefined, 'not before the revision was read')
    await catalog.latestCursor()
    t.equal(catalog.cachedDocument('one'), undefined)
    t.equal((await catalog.document('one'))?.skills.length, 4)
    t.equal(await catalog.document('none'), undefined)
    t.same(
      (await catalog.byKeys('skill', ['one.s-3', 'none.x', 'one.s-0'])).map(({ key }) => key),
      ['one.s-0', 'one.s-3'],
    )
  }
})

t.test('items of several tracks come in curriculum order', async t => {
  const { catalog, load } = await emptyApp(t)
  await load(track('two', 3))
  await load(track('one', 3))
  const keys = ['two.s-1', 'one.s-2', 'two.s-0', 'one.s-0']
  const expected = ['one.s-0', 'one.s-2', 'two.s-0', 'two.s-1']
  for (let round = 0; round < 2; round++)
    t.same(
      (await catalog.byKeys('skill', keys)).map(({ key }) => key),
      expected,
    )
})

t.test('a roadmap built from JSON fragments equals the serialized roadmap', async t => {
  const { app, catalog, load } = await testApp(t)
  await load(track('small', 7))
  await load(track('empty', 0))
  for (const slug of ['python', 'small', 'empty']) {
    const document = await catalog.document(slug)
    t.ok(document)
    if (document !== undefined)
      t.equal((await app.inject(`/v1/tracks/${slug}/roadmap`)).body, JSON.stringify(roadmapOf(document)))
  }
})

t.test('a track that does not fit into the cache is preloaded only once', async t => {
  for (const [memoryBytes, times] of [
    [4_000, 1],
    [0, 0],
  ] as const) {
    const { catalog, load, queries } = await emptyApp(t, { memoryBytes })
    await load(track('one', 60))
    queries.length = 0
    for (let round = 0; round < 9; round++) {
      await catalog.list('skill', { track: ['one'] }, { limit: 5, sort: 'title' })
      await new Promise(resolve => setImmediate(resolve))
    }
    t.equal(queries.filter(query => /from "principles".*order by/.test(query)).length, times)
    t.equal(catalog.cachedDocument('one'), undefined)
  }
})

t.test('a preload that fails is tried again', async t => {
  const { catalog, load, file } = await emptyApp(t)
  await load(track('one', 3))
  const database = openDatabase(file)
  const closed = openCatalog(database)
  database.close()
  for (let round = 0; round < 4; round++) {
    closed.hintPreload('one')
    await new Promise(resolve => setImmediate(resolve))
  }
  t.equal(catalog.cachedDocument('one'), undefined)
})
