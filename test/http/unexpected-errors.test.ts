import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import t, { type Test } from 'tap'
import { openDatabaseOf } from '../../src/cli/open-database.ts'
import { readConfig } from '../../src/config.ts'
import { loadContent } from '../../src/content/load.ts'
import { emptyApp, seed } from '../fixtures/app.ts'

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

const ended = (t: Test, args: string[], environment: Record<string, string>) =>
  new Promise<{ code: unknown; stderr: string }>(resolve => {
    const main = fileURLToPath(new URL('../../src/main.js', import.meta.url))
    const env = {
      ...process.env,
      DATABASE_URL: `file:${join(t.testdir(), 'x.db')}`,
      PORT: '0',
      LOG_LEVEL: 'silent',
      ...environment,
    }
    const [before, after] = [args.slice(0, -1), args.slice(-1)]
    execFile(process.execPath, [...before, main, ...after], { env }, (error, _stdout, stderr) =>
      resolve({ code: error?.code, stderr }),
    )
  })

t.test('an unexpected error ends a command with its stack trace', async t => {
  const sabotage = `process.getBuiltinModule('node:crypto').createHash = () => { throw new RangeError('unforeseen') }
    process.getBuiltinModule('node:module').syncBuiltinESMExports()`
  const { code, stderr } = await ended(
    t,
    ['--import', `data:text/javascript,${encodeURIComponent(sabotage)}`, 'validate'],
    {},
  )
  t.equal(code, 1)
  t.match(stderr, 'RangeError: unforeseen')
})

t.test('help lists every command, and each command has its own help', async t => {
  const main = fileURLToPath(new URL('../../src/main.js', import.meta.url))
  const help = (...args: string[]) =>
    new Promise<string>(resolve =>
      execFile(process.execPath, [main, ...args, '--help'], (_, stdout) => resolve(stdout)),
    )
  const all = await help()
  for (const name of ['serve', 'load', 'validate', 'diff', 'stats', 'export', 'new', 'rename'])
    t.match(all, new RegExp(`^  ${name} `, 'm'))
  t.match(await help('validate'), /^Usage: curriculum validate/)
})

t.test('without a command the program lists the commands', async t => {
  const main = fileURLToPath(new URL('../../src/main.js', import.meta.url))
  const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>(resolve =>
    execFile(process.execPath, [main], (error, _stdout, stderr) => resolve({ code: error?.code, stderr })),
  )
  t.equal(code, 1)
  t.match(stderr, /^Usage: curriculum /)
  t.match(stderr, /^ {2}serve /m)
})
