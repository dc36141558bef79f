import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { Command } from 'commander'
import t, { type Test } from 'tap'
import { addBackup, addRestore } from '../../src/cli/backup.ts'
import { backUp } from '../../src/store/backup.ts'
import { openDatabase } from '../../src/store/better-sqlite3.ts'
import { openCatalog } from '../../src/store/catalog.ts'
import { createWriter } from '../../src/write/writer.ts'
import { enlargeDatabase } from '../faults/sqlite-file.ts'
import { createRunner } from '../fixtures/command.ts'
import { setEnvironment } from '../fixtures/environment.ts'
import { noPreconditions } from '../fixtures/no-preconditions.ts'

const run = createRunner(addBackup, addRestore)

const operator = (t: Test) => {
  const folder = t.testdir({})
  const file = join(folder, 'curriculum.db')
  setEnvironment(t, { DATABASE_URL: `file:${file}` })
  const open = () => {
    const database = openDatabase(file)
    const catalog = openCatalog(database)
    return {
      catalog,
      put: (slug: string) => createWriter(catalog).put('track', slug, { title: slug }, noPreconditions),
      close: database.close,
    }
  }
  return { folder, file, copy: join(folder, 'copy.db'), open }
}

t.test('a backup taken during writes has all earlier writes, and can be served', async t => {
  const { copy, open } = operator(t)
  const { put, close } = open()
  await put('a')
  const writing = (async () => {
    for (let index = 0; index < 20; index += 1) await put(`b${index}`)
  })()
  t.same(await run('backup', copy), { out: `wrote ${copy}\n`, err: '', code: 0 })
  await writing
  close()
  const database = openDatabase(copy, { readOnly: true })
  t.ok((await openCatalog(database).keys('track')).includes('a'))
  database.close()
  t.same(
    readdirSync(join(copy, '..')).filter(name => name.startsWith('copy.')),
    ['copy.db'],
  )
})

t.test('a backup of a large database completes during frequent writes', async t => {
  const { file, copy, open } = operator(t)
  const { put, close } = open()
  await put('a')
  enlargeDatabase(file)
  const other = new Sqlite(file)
  let pieces = 0
  await backUp(file, copy, () => {
    pieces += 1
    if (pieces > 50) throw new Error('it begins again and again')
    other.exec("update tracks set title = title || 'x'")
  })
  other.close()
  close()
  t.ok(pieces > 2)
  const database = openDatabase(copy, { readOnly: true })
  t.equal((await openCatalog(database).document('a'))?.track.title, 'a')
  database.close()
})

t.test('restore replaces the database by a backup, and keeps the previous database', async t => {
  const { file, copy, folder, open } = operator(t)
  const first = open()
  await first.put('a')
  t.equal((await run('backup', copy)).code, 0)
  await first.put('b')
  t.match(await run('restore', copy), { code: 1, err: `error: ${file} is in use: stop the service first\n` })
  t.same(await first.catalog.keys('track'), ['a', 'b'])
  first.close()
  const { out, code } = await run('restore', copy)
  t.equal(code, 0)
  const previousPath = /^restored .*\nthe previous database is (.*)\n$/.exec(out)?.[1] ?? ''
  const [now, then] = [openDatabase(file), openDatabase(previousPath)]
  t.same(await openCatalog(now).keys('track'), ['a'])
  t.same(await openCatalog(then).keys('track'), ['a', 'b'])
  now.close()
  then.close()
  t.notOk(readdirSync(folder).some(name => /restoring|unfinished/.test(name)))
})

t.test('restore works without a database, and with a damaged one', async t => {
  const { file, copy, folder, open } = operator(t)
  const first = open()
  await first.put('a')
  first.close()
  await run('backup', copy)
  for (const name of readdirSync(folder))
    if (name.startsWith('curriculum.db')) writeFileSync(join(folder, name), 'noise '.repeat(2_000))
  writeFileSync(`${file}-wal`, 'noise')
  const { out } = await run('restore', copy)
  const previousPath = /the previous database is (.*)\n$/.exec(out)?.[1] ?? ''
  t.match(readFileSync(previousPath, 'utf8'), 'noise')
  t.ok(existsSync(`${previousPath}-wal`))
  process.env.DATABASE_URL = `file:${join(folder, 'other.db')}`
  t.same(await run('restore', copy), { out: `restored ${join(folder, 'other.db')}\n`, err: '', code: 0 })
})

t.test('restore reports a file that it cannot reach as such, not as missing', async t => {
  const { folder } = operator(t)
  const loop = join(folder, 'loop.db')
  // An error of the system for every user, as EACCES is for all but root.
  symlinkSync(loop, loop)
  t.match(await run('restore', loop), { code: 1, err: `${loop} cannot be read or written: system error ELOOP` })
})

t.test('restore refuses to replace the file of a replica', async t => {
  const { copy, open } = operator(t)
  open().close()
  await run('backup', copy)
  setEnvironment(t, { PRIMARY_URL: 'ws://localhost:1' })
  t.match(await run('restore', copy), { code: 1, err: /is a copy of that of PRIMARY_URL: restore there/ })
})

t.test('restore refuses a file that is not a backup', async t => {
  const { file, copy, open } = operator(t)
  t.match((await run('backup', copy)).err, `there is no database at ${file}`)
  t.match((await run('restore', copy)).err, `there is no file ${copy}`)
  const { put, close } = open()
  await put('a')
  close()
  writeFileSync(copy, 'something')
  t.match((await run('backup', copy)).err, 'exists already: choose another name, or overwrite it with --force')
  t.match(await run('restore', copy), { code: 1, err: /copy\.db is not an SQLite database/ })
  t.match(await run('backup', copy, '--force'), { code: 0 })
  t.match((await run('backup', join(copy, 'below.db'))).err, /cannot be (read|opened)/)
  const damaged = new Sqlite(copy)
  damaged.pragma('foreign_keys = OFF')
  damaged.exec("insert into skill_related values ('x.a', 'x.b')")
  damaged.close()
  t.match(await run('restore', copy), { code: 1, err: /is damaged \(ok\): take another backup/ })
  const empty = join(copy, '..', 'empty.db')
  new Sqlite(empty).exec('pragma user_version = 1').close()
  t.match(await run('restore', empty), { code: 1, err: /is empty/ })
  const database = openDatabase(file)
  t.same(await openCatalog(database).keys('track'), ['a'])
  database.close()
})

t.test('a terminal shows the progress of a backup', async t => {
  const folder = t.testdir({})
  openDatabase(`${folder}/x.db`).close()
  process.env.DATABASE_URL = `file:${folder}/x.db`
  t.teardown(() => {
    delete process.env.DATABASE_URL
  })
  let printed = ''
  const program = new Command('curriculum').configureOutput({
    writeOut: () => undefined,
    writeErr: text => {
      printed += text
    },
    getErrHelpWidth: () => 60,
  })
  addBackup(program)
  await program.parseAsync(['backup', `${folder}/y.db`], { from: 'user' })
  t.match(printed, /\r\[#+\] (\d+)\/\1 pages\r *\r$/)
})
