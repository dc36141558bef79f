import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import t, { type Test } from 'tap'
import { openDatabaseOf } from '../../src/cli/open-database.ts'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/store/better-sqlite3.ts'
import { openCatalog } from '../../src/store/catalog.ts'
import { createWriter } from '../../src/write/writer.ts'
import { limitedFiles } from '../faults/disk.ts'
import { adminKey, asAdmin, documentOf } from '../fixtures/app.ts'
import { confineTo } from '../fixtures/confine.ts'
import { noPreconditions } from '../fixtures/no-preconditions.ts'
import { serve, smallFolder, titleOf } from '../fixtures/service.ts'

/** Opens a database with one track. */
const openDatabaseWithTrack = async (t: Test) => {
  const file = join(t.testdir(), 'curriculum.db')
  const database = openDatabase(file)
  const catalog = openCatalog(database)
  await createWriter(catalog).put('track', 'go', { title: 'Go' }, noPreconditions)
  return { file, database, catalog, filesInFolder: () => readdirSync(join(file, '..')).sort() }
}

const titleIn = async (file: string): Promise<string | undefined> => {
  const database = openDatabase(file, { readOnly: true })
  const document = await openCatalog(database).document('go')
  database.close()
  return document?.track.title
}

const isInWal = (file: string): boolean => readFileSync(file)[18] === 2

t.test('the last process to close a database leaves one file, out of WAL mode', async t => {
  const { file, database, filesInFolder } = await openDatabaseWithTrack(t)
  const other = openDatabase(file)
  database.close()
  t.ok(isInWal(file))
  t.match(filesInFolder(), ['curriculum.db', 'curriculum.db-shm', 'curriculum.db-wal'])
  other.close()
  t.notOk(isInWal(file))
  t.strictSame(filesInFolder(), ['curriculum.db'])
  t.equal(await titleIn(file), 'Go')
})

t.test('closing a database whose file was moved does not change the file that has its name now', async t => {
  const { file, database } = await openDatabaseWithTrack(t)
  renameSync(file, `${file}.away`)
  const other = new Sqlite(file)
  other.pragma('journal_mode = WAL')
  other.exec('create table songs (title text)')
  other.pragma('wal_checkpoint(TRUNCATE)')
  const before = readFileSync(file)
  database.close()
  t.ok(readFileSync(file).equals(before))
  other.close()
})

const documents = [
  ['a load', (catalog: ReturnType<typeof openCatalog>) => loaded(catalog)],
  ['a document', (catalog: ReturnType<typeof openCatalog>) => putDocument(catalog)],
] as const

const large = documentOf(
  { slug: 'go', title: 'Loaded' },
  { category: Array.from({ length: 300 }, (_, index) => ({ slug: `c${index}`, summary: 'x'.repeat(1_000) })) },
)

const loaded = async (catalog: ReturnType<typeof openCatalog>) => {
  await catalog.replaceTracks({ document: large })
  await catalog.checkpoint()
}

const putDocument = async (catalog: ReturnType<typeof openCatalog>) => {
  const content = { bytes: Buffer.from(JSON.stringify(large)), type: 'json' } as const
  await createWriter(catalog).putDocument('go', content, {
    ...noPreconditions,
    ifMatch: '*',
    dryRun: false,
    overwrite: true,
    load: undefined,
  })
}

for (const [name, write] of documents)
  t.test(`after ${name} everything is in the database file, not in the log`, async t => {
    const { file, database, catalog } = await openDatabaseWithTrack(t)
    await write(catalog)
    t.equal(statSync(`${file}-wal`).size, 0)
    const copy = `${file}.copy`
    copyFileSync(file, copy)
    t.equal(await titleIn(copy), 'Loaded')
    database.close()
  })

t.test('on a full disk loaded content stays in the log until there is room', async t => {
  const { file, database, catalog } = await openDatabaseWithTrack(t)
  t.teardown(() => database.close())
  const ignore = () => undefined
  process.on('SIGXFSZ', ignore)
  t.teardown(() => process.off('SIGXFSZ', ignore))
  await catalog.checkpoint()
  await catalog.replaceTracks({ document: large })
  const makeRoom = await limitedFiles(file).fill(process.pid)
  await catalog.checkpoint()
  await makeRoom()
  t.not(statSync(`${file}-wal`).size, 0)
  t.equal((await catalog.document('go'))?.track.title, 'Loaded')
  await catalog.checkpoint()
  t.equal(statSync(`${file}-wal`).size, 0)
})

t.test('a first load survives damage to the log of a service that was killed', async t => {
  const folder = smallFolder(t)
  const file = join(folder, 'curriculum.db')
  const first = serve(t, folder)
  await first.address()
  first.child.kill('SIGKILL')
  await first.exit
  if (statSync(`${file}-wal`).size > 0) writeFileSync(`${file}-wal`, 'noise '.repeat(10_000))
  const second = serve(t, folder, { env: { READ_ONLY: '1' } })
  t.equal(await titleOf(await second.address(), 'python.functions'), 'Functions')
})

t.test(
  'a database that a killed service left is rejected on a read-only disk, with a message that says what to do',
  async t => {
    const { file, database } = await openDatabaseWithTrack(t)
    const copy = `${file}.copy`
    copyFileSync(file, copy)
    database.close()
    // As on a read-only disk, where SQLite cannot create its log files either.
    mkdirSync(`${copy}-shm`)
    mkdirSync(`${copy}-wal`)
    const config = readConfig({ DATABASE_URL: `file:${copy}`, READ_ONLY: '1' })
    t.throws(() => openDatabaseOf(config), {
      message: /was not closed by the service that wrote it.*with curriculum backup/,
    })
  },
)

t.test('a database that a stopped service left is served from a read-only disk', async t => {
  const folder = smallFolder(t)
  const first = serve(t, folder, { env: { ADMIN_KEY: adminKey } })
  const written = await fetch(`${await first.address()}/v1/tracks/go`, {
    method: 'PUT',
    headers: { ...asAdmin, 'content-type': 'application/json' },
    body: '{"title":"Go"}',
  })
  t.equal(written.status, 201)
  first.child.kill('SIGTERM')
  await first.exit
  const { method, prefix } = confineTo(t, join(folder, 'content'))
  t.comment(method)
  const second = serve(t, folder, { prefix, env: { READ_ONLY: '1' } })
  t.equal((await fetch(`${await second.address()}/v1/tracks/go`)).status, 200)
  t.notOk(existsSync(join(folder, 'curriculum.db-wal')))
  t.notOk(existsSync(join(folder, 'curriculum.db-shm')))
})
