import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import t from 'tap'
import { parseItems } from '../../src/catalog.ts'
import { checkDocument } from '../../src/model/check-document.ts'
import { openDatabase } from '../../src/store/better-sqlite3.ts'
import { openCatalog } from '../../src/store/catalog.ts'
import { createEarlierDatabase } from '../faults/earlier-database.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'

const checkedDocument = (slug: string, parts: Parameters<typeof documentOf>[1] = {}) =>
  checkDocument(documentOf({ slug }, parts), () => undefined).document

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
