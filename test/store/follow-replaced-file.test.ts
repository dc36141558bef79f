import { closeSync, copyFileSync, openSync, renameSync, rmSync, utimesSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import t, { type Test } from 'tap'
import { openDatabase, openReadOnly } from '../../src/store/better-sqlite3.ts'
import { openCatalog } from '../../src/store/catalog.ts'
import { documentOf } from '../fixtures/app.ts'
import { serve } from '../fixtures/service.ts'

/** Creates a copy whose only category had these titles, one after another. */
const copyOf = async (t: Test, name: string, ...titles: string[]): Promise<string> => {
  const file = join(t.testdirName, name)
  const database = openDatabase(file)
  for (const title of titles)
    await openCatalog(database).replaceTracks({
      document: documentOf({ slug: 'go' }, { category: [{ slug: 'a', title }] }),
    })
  database.close()
  return file
}

/** Starts a read-only node on a copy, and returns what its clients see. */
const startNode = async (t: Test, options: Parameters<typeof serve>[2] = {}) => {
  t.testdir()
  const file = join(t.testdirName, 'curriculum.db')
  renameSync(await copyOf(t, 'first.db', 'First'), file)
  const service = serve(t, t.testdirName, { ...options, env: { READ_ONLY: '1', ...options.env } })
  const address = await service.address()
  return {
    file,
    service,
    put: async (name: string, ...titles: string[]) => renameSync(await copyOf(t, name, ...titles), file),
    title: async () => {
      const responses = await Promise.all([
        fetch(`${address}/v1/categories/go.a`),
        fetch(`${address}/v1/categories/go.a`),
        fetch(`${address}/v1/categories?track=go`),
        fetch(`${address}/v1/tracks/go/document`),
        fetch(`${address}/ims/case/v1p0/CFPackages/${await idOf(address)}`),
        fetch(`${address}/graphql?query=${encodeURIComponent('{ category(ref: "go.a") { title } }')}`),
      ])
      const texts = await Promise.all(responses.map(response => response.text()))
      const seen = new Set(texts.map(text => /First|Second|Third|Again|Another/.exec(text)?.[0]))
      return [...seen].join()
    },
    cursor: async () => Number((await fetch(`${address}/v1/categories`)).headers.get('curriculum-cursor')),
    ready: async () => (await fetch(`${address}/readyz`)).status,
  }
}

const idOf = async (address: string): Promise<string> =>
  ((await (await fetch(`${address}/v1/tracks/go`)).json()) as { id: string }).id

t.test('a copy that replaces the served one is served from the next request on', async t => {
  const { title, put, cursor, ready, service } = await startNode(t, { coverage: true })
  t.equal(await title(), 'First')
  t.equal(await title(), 'First')
  const first = await cursor()
  await put('second.db', 'First', 'Second')
  t.equal(await title(), 'Second')
  t.ok((await cursor()) > first)
  await t.test('an earlier copy is served too', async t => {
    await put('again.db', 'Again')
    t.equal(await title(), 'Again')
    t.equal(await cursor(), first, 'clients see the number of its last change')
  })
  await t.test('a copy with other content and the same data version is served too', async t => {
    await put('another.db', 'Another')
    t.equal(await title(), 'Another')
    t.equal(await cursor(), first)
  })
  t.equal(await ready(), 200)
  t.notOk(service.logLines().some(({ level }) => level > 30))
})

t.test('every worker serves the new copy', async t => {
  const { title, put } = await startNode(t, { env: { WORKERS: '2' } })
  t.equal(await title(), 'First')
  await put('second.db', 'First', 'Second')
  for (let time = 0; time < 5; time += 1) t.equal(await title(), 'Second')
})

t.test('if the new copy is unusable, the old one is still served, and the node is not ready', async t => {
  const { file, title, put, ready, service } = await startNode(t, { coverage: true })
  const broken = `${file}.broken`
  writeFileSync(broken, 'noise '.repeat(1_000))
  renameSync(broken, file)
  t.equal(await ready(), 503)
  t.equal(await title(), 'First')
  const foreign = new Sqlite(broken)
  foreign.exec('create table songs (title text)')
  foreign.close()
  renameSync(broken, file)
  t.equal(await ready(), 503)
  t.match(await service.waitForLog('request failed', 2), {
    err: { message: /^another file replaced the database .*: is the database of another program/ },
  })
  rmSync(file)
  t.equal(await ready(), 503)
  t.equal(await title(), 'First')
  await put('third.db', 'Third')
  t.equal(await ready(), 200)
  t.equal(await title(), 'Third')
})

t.test('a damaged copy is rejected before it is served', async t => {
  t.testdir()
  const file = await copyOf(t, 'first.db', 'First')
  const page = Buffer.alloc(4_096, 'noise')
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, page, 0, page.length, 4_096 * 3)
  closeSync(descriptor)
  t.throws(() => openDatabase(file, { readOnly: true, check: true }), /is damaged/)
})

t.test('an overwritten file is detected like a replaced one', async t => {
  const { file, title } = await startNode(t)
  t.equal(await title(), 'First')
  copyFileSync(await copyOf(t, 'second.db', 'Second'), file)
  // Two copies may be made within one tick of the clock that files are stamped by.
  utimesSync(file, new Date(), new Date())
  t.equal(await title(), 'Second')
})

t.test('a file that a service writes to is followed without opening it again', async t => {
  t.testdir()
  const file = join(t.testdirName, 'live.db')
  const writer = openDatabase(file)
  const reader = openDatabase(file, { readOnly: true })
  t.teardown(() => {
    reader.close()
    writer.close()
  })
  const [written, read] = [openCatalog(writer), openCatalog(reader)]
  await written.replaceTracks({ document: documentOf({ slug: 'go', title: 'First' }, {}) })
  t.equal((await read.document('go'))?.track.title, 'First')
  await written.replaceTracks({ document: documentOf({ slug: 'go', title: 'Second' }, {}) })
  await written.checkpoint()
  await new Promise(setImmediate)
  t.equal((await read.document('go'))?.track.title, 'Second')
  t.equal(reader.generation(), 0)
  await t.rejects(read.checkpoint(), /is read-only/)
})

t.test('a file that may not replace the open one yet is tried again', async t => {
  t.testdir()
  const file = join(t.testdirName, 'curriculum.db')
  renameSync(await copyOf(t, 'first.db', 'First'), file)
  let mayReplace = false
  const reader = openReadOnly(file, {}, { accepts: (_, open) => open === undefined || mayReplace })
  t.teardown(() => reader.close())
  const catalog = openCatalog(reader)
  const title = async () => {
    reader.version(true)
    return JSON.parse(String((await catalog.byKeys('category', ['go.a']))[0]?.json)).title
  }
  t.equal(await title(), 'First')
  renameSync(await copyOf(t, 'second.db', 'Second'), file)
  await sleep(1)
  t.equal(await title(), 'First')
  mayReplace = true
  await sleep(1)
  t.equal(await title(), 'First', 'not at once')
  await sleep(150)
  t.equal(await title(), 'Second')
})

t.test('the open file that comes back to its path is no error', async t => {
  const { file, ready, title } = await startNode(t)
  renameSync(file, `${file}.away`)
  t.equal(await ready(), 503)
  writeFileSync(file, 'noise '.repeat(1_000))
  t.equal(await ready(), 503)
  renameSync(`${file}.away`, file)
  t.equal(await ready(), 200)
  t.equal(await title(), 'First')
})
