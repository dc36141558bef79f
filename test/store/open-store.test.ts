import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import t, { type Test } from 'tap'
import { databaseError, openDatabaseOf } from '../../src/cli/open-database.ts'
import { readConfig } from '../../src/config.ts'
import { Failure } from '../../src/errors.ts'
import { generateApiKey } from '../../src/model/api-key.ts'
import { openDatabase } from '../../src/store/better-sqlite3.ts'
import { openWriter } from '../../src/store/better-sqlite3-writer.ts'
import { openCatalog } from '../../src/store/catalog.ts'
import { assertSqliteVersion } from '../../src/store/database-file.ts'
import { openStore } from '../../src/store/open-store.ts'
import { entries } from '../../src/store/tables.ts'
import { createWriter } from '../../src/write/writer.ts'
import { asAdmin, documentOf, emptyApp } from '../fixtures/app.ts'
import { noPreconditions } from '../fixtures/no-preconditions.ts'
import { serve, smallFolder } from '../fixtures/service.ts'

const openWithCheck = (file: string, more: Record<string, string> = {}) =>
  openDatabaseOf(readConfig({ DATABASE_URL: `file:${file}`, ...more }), { check: true })

/** Creates a database with one track, and closes it. */
const createDatabaseFile = async (t: Test): Promise<string> => {
  const file = join(t.testdir(), 'curriculum.db')
  const database = openDatabase(file)
  await createWriter(openCatalog(database)).put('track', 'go', { title: 'Go' }, noPreconditions)
  const category = Array.from({ length: 200 }, (_, index) => ({ slug: `c${index}`, title: 'x'.repeat(200) }))
  await openCatalog(database).replaceTracks({ document: documentOf({ slug: 'go' }, { category }) })
  database.close()
  return file
}

t.test('a database that cannot be used is rejected with a clear message, and is not changed', async t => {
  for (const [name, harm, words] of [
    ['no database', (file: string) => writeFileSync(file, 'hello '.repeat(1_000)), /is not an SQLite database/],
    ['a header overwritten', (file: string) => overwrite(file, 0, 16), /is not an SQLite database/],
    [
      'half a file',
      (file: string) => truncateSync(file, Math.floor(statSync(file).size / 8192) * 4096),
      /is damaged\. Put a backup in its place/,
    ],
    ['a page of noise', (file: string) => overwrite(file, 4096 * 3, 4096), /is damaged/],
    ['another program', (file: string) => foreign(file), /is the database of another program/],
    [
      'another program with an id',
      (file: string) => change(file, 'pragma application_id = 7'),
      /is the database of another program/,
    ],
    [
      'a newer version',
      (file: string) => change(file, 'update __drizzle_migrations set created_at = created_at + 9e12'),
      /made by a newer version/,
    ],
  ] as const) {
    await t.test(name, async t => {
      const file = await createDatabaseFile(t)
      harm(file)
      const before = readFileSync(file)
      t.throws(() => openWithCheck(file), { message: words })
      t.match(readFileSync(file).equals(before), true)
    })
  }
})

const overwrite = (file: string, at: number, length: number): void => {
  const bytes = readFileSync(file)
  for (let place = at; place < at + length; place += 1) bytes[place] = (place * 7 + 13) % 256
  writeFileSync(file, bytes)
}

const change = (file: string, statement: string): void => {
  const connection = new Sqlite(file)
  connection.exec(statement)
  connection.pragma('journal_mode = DELETE')
  connection.close()
}

const foreign = (file: string): void => {
  rmSync(file)
  change(file, 'create table songs (title text)')
}

t.test('an impossible path is rejected before anything hangs', t => {
  const folder = t.testdir({ file: '' })
  for (const [path, words] of [
    ['/proc/nothing/here/x.db', /cannot be created/],
    [join(folder, 'file/x.db'), /cannot be opened/],
    [join(folder, 'file/below/x.db'), /is below a file/],
    [folder, /cannot be opened/],
  ] as const)
    t.throws(() => openWithCheck(path), { message: words }, path)
  t.end()
})

t.test('database files from before the application id are accepted, and get one', async t => {
  const file = await createDatabaseFile(t)
  change(file, 'pragma application_id = 0')
  openWithCheck(file).close()
  const connection = new Sqlite(file, { readonly: true })
  t.equal(connection.pragma('application_id', { simple: true }), 0x43555252)
  connection.close()
})

t.test('an SQLite with the WAL-reset bug is rejected', t => {
  for (const version of ['3.51.2', '3.40.1', '2.99.9']) t.throws(() => assertSqliteVersion(version), /Run npm ci/)
  for (const version of ['3.51.3', '3.52.0', '3.54.1', '4.0.0']) t.doesNotThrow(() => assertSqliteVersion(version))
  t.end()
})

t.test('READ_ONLY=1 creates, migrates, loads and writes nothing', async t => {
  const file = await createDatabaseFile(t)
  t.throws(() => openWithCheck(`${file}.none`, { READ_ONLY: '1' }), {
    message:
      /\.none does not exist .*with READ_ONLY=1 it is not created: copy a database to this path.*start once without READ_ONLY/,
  })
  t.notOk(existsSync(`${file}.none`))
  const { catalog, webhookWrites, threadOptions, close } = openWithCheck(file, { READ_ONLY: '1' })
  t.same(threadOptions(), {})
  t.equal((await catalog.document('go'))?.categories.length, 200)
  await t.rejects(
    createWriter(catalog).put('track', 'c', { title: 'C' }, noPreconditions),
    new Failure('UNAVAILABLE', 'This node is read-only: write to the node that serves writes.'),
  )
  await t.rejects(webhookWrites.queueEvents(), /is read-only/)
  close()
  change(file, 'delete from __drizzle_migrations where created_at = (select max(created_at) from __drizzle_migrations)')
  t.throws(() => openWithCheck(file, { READ_ONLY: '1' }), { message: /READ_ONLY=1 forbids migrating it/ })
})

t.test('a write to a full disk is answered 507, and writes succeed once there is room', async t => {
  const file = await createDatabaseFile(t)
  const database = openDatabase(file)
  t.teardown(() => database.close())
  const write = (title: string) =>
    createWriter(openCatalog(database)).put('track', 'c', { title }, { ...noPreconditions, ifMatch: undefined })
  const limit = (pages: number) =>
    database.write(async session => void (await session.run(`pragma max_page_count = ${pages}`)))
  await limit(1)
  const big = Array.from({ length: 300 }, (_, index) => ({ slug: `s${index}`, title: 'y'.repeat(300) }))
  await t.rejects(openCatalog(database).replaceTracks({ document: documentOf({ slug: 'big' }, { category: big }) }), {
    code: 'UNAVAILABLE',
    status: 507,
    headers: { 'retry-after': '5' },
  })
  await limit(1_000_000)
  t.match(await write('C'), { created: true })
  t.equal(await openCatalog(database).document('big'), undefined)
})

t.test('a disk too full for the log files is reported as full', t => {
  const failure = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_SHMSIZE' })
  t.match(databaseError('file:x.db', failure), { message: 'DATABASE_URL: x.db cannot be opened: the disk is full.' })
  t.end()
})

t.test('a write waits for a lock of another program, and then fails with 503', async t => {
  const file = await createDatabaseFile(t)
  const database = openDatabase(file)
  t.teardown(() => database.close())
  await database.write(async session => void (await session.run('pragma busy_timeout = 50')))
  const other = new Sqlite(file)
  other.exec('begin immediate')
  const write = () => database.write(async session => void (await session.delete(entries)))
  await t.rejects(write(), { code: 'UNAVAILABLE', status: 503, message: 'Another program is writing: try again.' })
  other.exec('rollback')
  other.close()
  await t.resolves(write())
})

t.test('a service whose database file was moved rejects writes and is not ready', async t => {
  const { app, file, load } = await emptyApp(t)
  await load(documentOf({ slug: 'go' }, {}))
  renameSync(file, `${file}.away`)
  t.equal((await app.inject('/readyz')).statusCode, 503)
  const write = { method: 'PUT', url: '/v1/tracks/c', headers: asAdmin, payload: { title: 'C' } } as const
  const rejected = await app.inject(write)
  t.equal(rejected.statusCode, 503)
  t.match(rejected.json<{ detail: string }>().detail, /moved or deleted: nothing is written/)
  renameSync(`${file}.away`, file)
  t.equal((await app.inject('/readyz')).statusCode, 200)
  t.equal((await app.inject(write)).statusCode, 201)
})

t.test('a read-only service serves content and rejects writes', async t => {
  const folder = smallFolder(t)
  const first = serve(t, folder)
  await first.address()
  first.child.kill('SIGTERM')
  await first.exit
  rmSync(join(folder, 'content'), { recursive: true })
  const apiKey = generateApiKey()
  const store = openStore(`file:${join(folder, 'curriculum.db')}`)
  await store.keys.create({ id: apiKey.id, hash: apiKey.hash, name: 'one', scope: 'write', expiresAt: null })
  store.close()
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o444)
  const service = serve(t, folder, { env: { READ_ONLY: '1' }, coverage: true })
  const address = await service.address()
  t.equal((await fetch(`${address}/v1/tracks/python`)).status, 200)
  const headers = { authorization: `Bearer ${apiKey.key}`, 'content-type': 'application/json' }
  const rejected = await fetch(`${address}/v1/tracks/go`, { method: 'PUT', headers, body: '{"title":"Go"}' })
  t.equal(rejected.status, 503)
  t.match(await rejected.json(), { detail: /is read-only/ })
})

t.test('a database that cannot be migrated is rejected', async t => {
  const file = await createDatabaseFile(t)
  change(file, 'delete from __drizzle_migrations')
  t.throws(() => openWithCheck(file), { message: /cannot be opened \(/ })
})

t.test('an unknown error of a database is reported by its code or name', t => {
  t.match(databaseError('file:x.db', new TypeError('odd')), {
    message: 'DATABASE_URL: x.db cannot be opened (TypeError).',
  })
  t.match(databaseError('file:x.db', Object.assign(new Error('odd'), { code: 'EODD' })), {
    message: 'DATABASE_URL: x.db cannot be opened (EODD).',
  })
  t.end()
})

t.test('a temporary SQLite error is 503 or 507, and an unknown error is passed on', async t => {
  const database = openDatabase(`${t.testdir()}/curriculum.db`)
  t.teardown(() => database.close())
  const failing = (code: string) =>
    database.write(async () => {
      throw Object.assign(new Error(code), { code })
    })
  await t.rejects(failing('SQLITE_IOERR_WRITE'), { code: 'UNAVAILABLE', status: 503 })
  await t.rejects(failing('SQLITE_BUSY_SNAPSHOT'), { code: 'UNAVAILABLE', status: 503 })
  await t.rejects(failing('SQLITE_FULL'), { code: 'UNAVAILABLE', status: 507 })
  await t.rejects(failing('ELSE'), { code: 'ELSE' })
  t.equal(await database.write(async () => 1), 1, 'and the next write succeeds')
})

t.test('a database that another process is reading while it is opened is opened as soon as that ends', async t => {
  const file = await createDatabaseFile(t) // closed, so that its journal mode is changed again
  const reader = new Worker(
    `const { parentPort } = require('node:worker_threads')
    const connection = new (require('better-sqlite3'))(${JSON.stringify(file)})
    connection.exec('begin; select count(*) from entries')
    parentPort.postMessage('reading')
    setTimeout(() => connection.close(), 200)`,
    { eval: true },
  )
  await once(reader, 'message')
  const database = openDatabase(file)
  t.equal((await openCatalog(database).find('track', 'go')) !== undefined, true)
  database.close()
  await once(reader, 'exit')
})

t.test('a database that SQLite calls busy is opened at the next try', async t => {
  const file = await createDatabaseFile(t)
  let tries = 0
  const writer = openWriter(file, () => {
    tries += 1
    if (tries === 1) throw new Sqlite.SqliteError('database is locked', 'SQLITE_BUSY')
  })
  t.equal(writer.pragma('journal_mode', { simple: true }), 'wal')
  t.equal(tries, 2)
  writer.close()
})
