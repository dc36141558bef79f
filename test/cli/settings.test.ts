import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { addExport } from '../../src/cli/export.ts'
import { addKeys } from '../../src/cli/keys.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createRunner } from '../fixtures/command.ts'
import { setEnvironment } from '../fixtures/environment.ts'
import { main, runMain } from '../fixtures/service.ts'

/** A folder that is worked in, and the database of a service elsewhere. */
const operator = (t: Test) => {
  const folder = t.testdir({ work: {}, data: {} })
  const database = join(folder, 'data/curriculum.db')
  openStore(`file:${database}`).close()
  const run = (args: string[], env: Record<string, string> = {}) =>
    runMain(args, { cwd: join(folder, 'work'), env: { ...process.env, DATABASE_URL: '', ...env } })
  return { folder, database, work: join(folder, 'work'), run }
}

const create = ['keys', 'create', '--name', 'ci', '--scope', 'write']

t.test('a command without settings creates no database, and explains how to name one', async t => {
  const { folder, work, run } = operator(t)
  const database = join(work, 'data/curriculum.db')
  for (const args of [
    create,
    ['keys', 'list'],
    ['keys', 'revoke', 'ci'],
    ['backup', join(folder, 'copy.db')],
    ['export', 'html', '--track', 'python'],
  ]) {
    const { code, out, err } = await run(args)
    t.strictSame({ code, out }, { code: 1, out: '' }, args.join(' '))
    t.match(
      err,
      `database: ${database} (does not exist yet)\nerror: there is no database at ${database}: name another with --database`,
    )
  }
  t.notOk(existsSync(join(work, 'data')))
  t.notOk(existsSync(join(folder, 'copy.db')))
})

t.test('a command uses the database of --database, --env-file or the environment, in this order', async t => {
  const { folder, database, run } = operator(t)
  const wrong = { DATABASE_URL: `file:${folder}/wrong.db` }
  const settings = join(folder, 'env')
  writeFileSync(settings, `# The service's\nDATABASE_URL="file:${database}"\nPORT=80\n`)
  const mistaken = join(folder, 'mistaken')
  writeFileSync(mistaken, `DATABASE_URL=${wrong.DATABASE_URL}\n`)
  for (const [args, env] of [
    [['--database', database], wrong],
    [['--database', database, '--env-file', mistaken], {}],
    [['--env-file', settings], wrong],
    [[], { DATABASE_URL: `file:${database}` }],
  ] as const) {
    const { code, err } = await run(['keys', 'list', ...args], env)
    t.strictSame({ code, err }, { code: 0, err: `database: ${database}\n` }, args.join(' '))
  }
  const created = await run([...create, '--env-file', settings])
  t.match(created.err, `database: ${database}\n"ci" (write)`)
  t.match((await run(['keys', 'list', '--database', database])).out, /^ci /m)
  t.match((await run(['backup', join(folder, 'copy.db'), '--env-file', settings])).out, /^wrote .*copy\.db\n$/)
  const restored = await run(['restore', join(folder, 'copy.db'), '--database', join(folder, 'new.db')])
  t.match(restored, { code: 0, err: `database: ${join(folder, 'new.db')} (does not exist yet)\n` })
  t.notOk(existsSync(join(folder, 'wrong.db')))
})

t.test('a missing settings file, or an invalid value in it, is rejected with a sentence', async t => {
  const { folder, run } = operator(t)
  const none = join(folder, 'none')
  // Node knows an option of this name, wherever it stands, and looks at the file first.
  const { code, err } = await run(['keys', 'list', '--env-file', none])
  t.not(code, 0)
  t.match(err, `${none}: not found`)
  await t.rejects(createRunner(addKeys)('keys', 'list', '--env-file', none), {
    message: /^--env-file names .*none, which cannot be read \(ENOENT\)\.$/,
  })
  writeFileSync(join(folder, 'env'), 'DATABASE_URL=postgres://somewhere\n')
  t.match(await run(['keys', 'list', '--env-file', join(folder, 'env')]), { code: 1, err: /^DATABASE_URL must be / })
})

t.test('load creates a database, and export reads files without one', async t => {
  const { folder, run } = operator(t)
  const seed = join(main, '../../seed')
  const database = join(folder, 'made.db')
  t.match(await run(['load', join(seed, 'python'), '--database', database]), {
    code: 0,
    err: `database: ${database} (does not exist yet)\n`,
  })
  t.ok(existsSync(database))
  const from = ['export', 'svg', '--track', 'python', '--from', seed, '--output', join(folder, 'python.svg')]
  t.strictSame(await run(from), { code: 0, out: `wrote ${join(folder, 'python.svg')}\n`, err: '' })
  t.match(readFileSync(join(folder, 'python.svg'), 'utf8'), '<svg')
})

t.test('keys list uses the database of the environment, --env-file or --database', async t => {
  const { folder, database } = operator(t)
  const settings = join(folder, 'env')
  writeFileSync(settings, `DATABASE_URL=file:${database}\n`)
  setEnvironment(t, { DATABASE_URL: `file:${folder}/none.db` })
  const list = (...args: string[]) => createRunner(addKeys)('keys', 'list', ...args)
  t.match(await list(), { code: 1, err: `error: there is no database at ${folder}/none.db: name another` })
  t.match(await list('--env-file', settings), { code: 0, err: '' })
  t.match(await list('--database', database), { code: 0, err: '' })
})

t.test('the options for settings are not options of a format', async t => {
  const { database } = operator(t)
  setEnvironment(t, { DATABASE_URL: '' })
  const { err, code } = await createRunner(addExport, addKeys)(
    'export',
    'html',
    '--track',
    'go',
    '--database',
    database,
  )
  t.equal(code, 1)
  t.match(err, 'there is no track called "go" in the database')
})
