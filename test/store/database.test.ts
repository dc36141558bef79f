import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import t from 'tap'
import { parseItems } from '../../src/catalog.ts'
import { checkDocument } from '../../src/model/check-document.ts'
import { openDatabase } from '../../src/store/better-sqlite3.ts'
import { openCatalog } from '../../src/store/catalog.ts'
import { getTableConfig, sql } from '../../src/store/drizzle.ts'
import * as everyTable from '../../src/store/tables.ts'
import { createWriter } from '../../src/write/writer.ts'
import { createEarlierDatabase } from '../faults/earlier-database.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'
import { noPreconditions } from '../fixtures/no-preconditions.ts'

const checkedDocument = (slug: string, parts: Parameters<typeof documentOf>[1] = {}) =>
  checkDocument(documentOf({ slug }, parts), () => undefined).document

t.test('every order of a list and every reference has an index', async t => {
  for (const [noun, table] of Object.entries(everyTable.tables)) {
    const { indexes, name } = getTableConfig(table)
    const names = indexes.map(index => index.config.name)
    for (const order of ['order', 'title', 'updated']) t.ok(names.includes(`${name}_${order}`), `${noun} by ${order}`)
  }
  for (const table of [
    everyTable.skillPrerequisites,
    everyTable.skillRelated,
    everyTable.skillResources,
    everyTable.skillSameAs,
    everyTable.projectSkills,
  ])
    t.equal(getTableConfig(table).indexes.length, 1, 'links can be followed backwards')
  for (const [table, count] of [
    [everyTable.entries, 1],
    [everyTable.formerNames, 1],
    [everyTable.outlineLines, 2],
    [everyTable.changes, 3],
    [everyTable.loads, 0],
  ] as const)
    t.equal(getTableConfig(table).indexes.length, count)
})

t.test(
  'the database file is in WAL mode, has valid references, and is written by an SQLite without the WAL-reset bug',
  async t => {
    const { file } = await testApp(t)
    const connection = new Sqlite(file, { readonly: true })
    t.teardown(() => connection.close())
    t.equal(connection.pragma('journal_mode', { simple: true }), 'wal')
    t.same(connection.pragma('foreign_key_check'), [])
    t.equal(connection.pragma('integrity_check', { simple: true }), 'ok')
    const [major, minor, patch] = String(connection.prepare('select sqlite_version()').pluck().get())
      .split('.')
      .map(Number)
    t.ok((major ?? 0) * 1e6 + (minor ?? 0) * 1e3 + (patch ?? 0) >= 3_051_003)
    for (const { detail } of [
      ...(connection
        .prepare(`explain query plan select key from skills where track = 'python' order by track, sort, key limit 50`)
        .all() as { detail: string }[]),
      ...(connection
        .prepare(`explain query plan select key from skills where tier = 'senior' order by track, sort, key limit 50`)
        .all() as { detail: string }[]),
      ...(connection
        .prepare('explain query plan select key from skills order by title collate nocase, key limit 50')
        .all() as { detail: string }[]),
    ])
      t.match(detail, /USING (COVERING )?INDEX/, 'no list is sorted in memory')
  },
)

t.test('every foreign key refers to a unique column', t => {
  for (const table of [
    ...Object.values(everyTable.tables),
    everyTable.skillPrerequisites,
    everyTable.skillRelated,
    everyTable.skillResources,
    everyTable.skillSameAs,
    everyTable.projectSkills,
    everyTable.formerNames,
    everyTable.outlineLines,
  ])
    for (const key of getTableConfig(table).foreignKeys) {
      const [column] = key.reference().foreignColumns
      t.ok(column?.primary || column?.isUnique, key.getName())
    }
  t.end()
})

t.test('a write that fails is rolled back, and the writes that wait behind it run', async t => {
  const database = openDatabase(`${t.testdir()}/x.db`)
  t.teardown(() => database.close())
  const catalog = openCatalog(database)
  const failing = database.write(async session => {
    await session.insert(everyTable.entries).values({ id: 'x', name: 'x', noun: 'track', key: 'x', track: 'x' })
    throw new Error('half way')
  })
  const others = ['one', 'two', 'three'].map(slug => catalog.replaceTracks({ document: checkedDocument(slug) }))
  await t.rejects(failing, /half way/)
  await Promise.all(others)
  t.same(await catalog.keys('track'), ['one', 'three', 'two'])
  t.same(
    await database.read.select({ id: everyTable.entries.id }).from(everyTable.entries).where(sql`id = 'x'`).limit(1),
    [],
  )
})

t.test('an item cannot be removed while another track refers to it', async t => {
  const database = openDatabase(`${t.testdir()}/x.db`)
  t.teardown(() => database.close())
  const catalog = openCatalog(database)
  const skill = { slug: 's', category: 'a', tier: 'senior' }
  await catalog.replaceTracks({ document: checkedDocument('first', { category: [{ slug: 'a' }], skill: [skill] }) })
  const second = documentOf(
    { slug: 'second' },
    { category: [{ slug: 'a' }], skill: [{ ...skill, prerequisites: ['first.s'] }] },
  )
  await catalog.replaceTracks(checkDocument(second, (_noun, key) => key))
  const before = await catalog.document('first')
  await t.rejects(catalog.replaceTracks({ document: checkedDocument('first', { category: [{ slug: 'a' }] }) }), {
    code: 'CONFLICT',
    message: /"second.s" refers to "first.s"/,
  })
  t.same(await catalog.document('first'), before)
})

t.test('content is still there after a restart', async t => {
  const file = `${t.testdir()}/x.db`
  const first = openDatabase(file)
  await openCatalog(first).replaceTracks({ document: checkedDocument('demo'), hash: 'abc' })
  first.close()
  const second = openDatabase(file)
  t.teardown(() => second.close())
  const catalog = openCatalog(second)
  t.same(await catalog.lastLoad('demo'), { hash: 'abc', stamp: null, changedSince: false })
  t.equal(await catalog.lastLoad('other'), undefined)
  t.same(await catalog.keys('track'), ['demo'])
  t.equal(await catalog.document('other'), undefined)
  await catalog.replaceTracks({ document: checkedDocument('demo'), hash: 'def' })
  t.same(await catalog.lastLoad('demo'), { hash: 'def', stamp: null, changedSince: false })
})

t.test('a change through the API after the last load is detected', async t => {
  const database = openDatabase(`${t.testdir()}/x.db`)
  t.teardown(() => database.close())
  const catalog = openCatalog(database)
  await catalog.replaceTracks({ document: checkedDocument('demo'), hash: 'abc' })
  await database.write(session =>
    Promise.resolve(
      session.insert(everyTable.changes).values({
        noun: 'track',
        id: 'x',
        key: 'demo',
        track: 'demo',
        op: 'upsert',
        changedAt: 'now',
        isApiEdit: true,
      }),
    ),
  )
  t.same(await catalog.lastLoad('demo'), { hash: 'abc', stamp: null, changedSince: true })
})

t.test('thousands of keys are looked up in chunks', async t => {
  const { catalog } = await emptyApp(t)
  const category = Array.from({ length: 2_500 }, (_, index) => ({ slug: `c-${index}` }))
  await catalog.replaceTracks({ document: checkedDocument('demo', { category }) })
  const keys = category.map(({ slug }) => `demo.${slug}`)
  t.equal((await catalog.byKeys('category', keys)).length, 2_500)
  t.equal((await catalog.currentKeys('category', keys)).size, 2_500)
  t.equal((await catalog.keys('category')).length, 2_000, 'the keys to suggest from are limited')
})

t.test('a migration numbers the tracks in their old order, and adds the change to the feed', async t => {
  const { load, file } = await emptyApp(t)
  for (const slug of ['b', 'c', 'a']) await load(documentOf({ slug }, {}))
  const earlier = createEarlierDatabase(dirname(file), file, 'track_positions')
  const before = new Sqlite(earlier)
  before.exec('update tracks set position = 1, sort = 1')
  before.close()
  const database = openDatabase(earlier)
  t.teardown(database.close)
  const catalog = openCatalog(database)
  const data = parseItems((await catalog.list('track', {}, { limit: 10, sort: 'default' })).data)
  t.same(
    data.map(({ slug, position }) => `${position} ${slug}`),
    ['1 a', '2 b', '3 c'],
  )
  const changes = (await catalog.changes({ cursor: 3, limit: 10 })).data
  t.same(
    changes.map(({ key, op }) => `${op} ${key}`),
    ['upsert b', 'upsert c'],
  )
  t.equal(data[1]?.updatedAt, changes[0]?.changedAt)
})

t.test('a webhook that was removed has no secret to rotate and no delivery to replay', async t => {
  const { options } = await emptyApp(t)
  const { rotateSecret, replay } = options.webhookWrites
  t.equal(await rotateSecret('lms', 'whsec_x', '2026-12-01T00:00:00.000Z'), false)
  t.equal(await replay('lms', { id: 'msg_x' }), undefined)
})

t.test('a track that was created through the API counts as changed since its last load, without a load', async t => {
  const { catalog } = await emptyApp(t)
  t.equal(await catalog.lastLoad('go'), undefined)
  await createWriter(catalog).put('track', 'go', { title: 'Go' }, noPreconditions)
  t.same(await catalog.lastLoad('go'), { hash: '', stamp: null, changedSince: true })
})
