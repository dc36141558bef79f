import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import t from 'tap'
import { openDatabaseOf } from '../../src/cli/open-database.ts'
import { readConfig } from '../../src/config.ts'
import { loadContent } from '../../src/content/load.ts'
import { emptyApp, seed } from '../fixtures/app.ts'
import { runMain } from '../fixtures/service.ts'

t.test('a load that fails unexpectedly is not reported as a rejected one', async t => {
  const { catalog } = await emptyApp(t)
  catalog.replaceTracks = async () => {
    throw new Error('unforeseen')
  }
  await t.rejects(loadContent(catalog, seed), { message: 'unforeseen' })
})

t.test('a database of another program is rejected and not changed', t => {
  const file = join(t.testdir(), 'other.db')
  const other = new Sqlite(file)
  other.exec('create table tracks (song text)')
  other.close()
  t.throws(() => openDatabaseOf(readConfig({ DATABASE_URL: `file:${file}` })), {
    message: /^DATABASE_URL: .*other\.db is the database of another program: name another file\.$/,
  })
  t.end()
})

t.test('an unexpected error ends a command with its stack trace', async t => {
  const sabotage = `process.getBuiltinModule('node:crypto').createHash = () => { throw new RangeError('unforeseen') }
    process.getBuiltinModule('node:module').syncBuiltinESMExports()`
  const node = ['--import', `data:text/javascript,${encodeURIComponent(sabotage)}`]
  const { code, err } = await runMain(['validate'], { node, coverage: true })
  t.equal(code, 1)
  t.match(err, 'RangeError: unforeseen')
})

t.test('help lists every command, and each command has its own help', async t => {
  const help = async (...args: string[]) => (await runMain([...args, '--help'])).out
  const all = await help()
  for (const name of ['serve', 'load', 'validate', 'diff', 'stats', 'export', 'new', 'rename'])
    t.match(all, new RegExp(`^  ${name} `, 'm'))
  t.match(await help('validate'), /^Usage: curriculum validate/)
})

t.test('without a command the program lists the commands', async t => {
  const { code, err } = await runMain([], { coverage: true })
  t.equal(code, 1)
  t.match(err, /^Usage: curriculum /)
  t.match(err, /^ {2}serve /m)
})
