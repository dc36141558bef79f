import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import t from 'tap'
import { addExport } from '../src/commands/export.ts'
import { trackPage } from '../src/page/track-page.ts'
import { openStore } from '../src/store/open.ts'
import { documentOf } from './app.ts'

const run = async (...args: string[]) => {
  const printed = { out: '', err: '', code: 0 }
  const program = new Command('curriculum').exitOverride().configureOutput({
    writeOut: text => {
      printed.out += text
    },
    writeErr: text => {
      printed.err += text
    },
  })
  addExport(program)
  await program.parseAsync(['export', ...args], { from: 'user' }).catch((failure: unknown) => {
    if (!(failure instanceof CommanderError)) throw failure
    printed.code = failure.exitCode
  })
  return printed
}

t.test('a track is written as a file that needs nothing else', async t => {
  const folder = t.testdir()
  const url = `file:${join(folder, 'curriculum.db')}`
  const before = process.env.DATABASE_URL
  process.env.DATABASE_URL = url
  t.teardown(() => {
    if (before === undefined) delete process.env.DATABASE_URL
    else process.env.DATABASE_URL = before
  })
  t.match(await run('html', '--track', 'demo'), {
    err: 'there is no track called "demo" in the database; "load" brings one in',
    code: 1,
  })
  const store = openStore(url)
  await store.catalog.replace({ document: documentOf({ slug: 'demo', title: 'Demo' }, { category: [{ slug: 'a' }] }) })
  const served = await store.catalog.document('demo')
  store.close()
  if (served === undefined) throw new Error('it was just made')
  t.same(await run('html', '--track', 'demo'), { out: trackPage(served), err: '', code: 0 })
  const file = join(folder, 'demo.svg')
  t.same(await run('svg', '--track', 'demo', '--output', file), { out: `wrote ${file}\n`, err: '', code: 0 })
  t.match(readFileSync(file, 'utf8'), /^<svg/)
  t.match(await run('html', '--track', 'dmeo'), { out: '', err: 'did you mean "demo"?', code: 1 })
  t.match(await run('pdf', '--track', 'demo'), { err: 'Allowed choices are html, svg', code: 1 })
})
