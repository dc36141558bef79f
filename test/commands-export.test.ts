import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { addExport } from '../src/commands/export.ts'
import { trackPage } from '../src/page/track-page.ts'
import { openStore } from '../src/store/open.ts'
import { documentOf } from './app.ts'
import { runner } from './command.ts'

const run = runner(addExport)

t.test('a track is written as a file that needs nothing else', async t => {
  const folder = t.testdir()
  const url = `file:${join(folder, 'curriculum.db')}`
  const before = process.env.DATABASE_URL
  process.env.DATABASE_URL = url
  t.teardown(() => {
    if (before === undefined) delete process.env.DATABASE_URL
    else process.env.DATABASE_URL = before
  })
  t.match(await run('export', 'html', '--track', 'demo'), {
    err: 'there is no track called "demo" in the database; "load" brings one in',
    code: 1,
  })
  const store = openStore(url)
  await store.catalog.replace({ document: documentOf({ slug: 'demo', title: 'Demo' }, { category: [{ slug: 'a' }] }) })
  const served = await store.catalog.document('demo')
  store.close()
  if (served === undefined) throw new Error('it was just made')
  t.same(await run('export', 'html', '--track', 'demo'), { out: trackPage(served), err: '', code: 0 })
  const file = join(folder, 'demo.svg')
  t.same(await run('export', 'svg', '--track', 'demo', '--output', file), { out: `wrote ${file}\n`, err: '', code: 0 })
  t.match(readFileSync(file, 'utf8'), /^<svg/)
  for (const [output, words] of [
    [folder, 'it is a folder, and the name of a file is expected'],
    [`${folder}/nowhere/demo.svg`, 'its folder is not there'],
    [`${file}/demo.svg`, 'a file stands where a folder should be'],
    [`${folder}/${'x'.repeat(300)}`, 'the system says ENAMETOOLONG'],
  ] as const)
    t.same(await run('export', 'svg', '--track', 'demo', '--output', output), {
      out: '',
      err: `error: ${output} cannot be read or written: ${words}\n`,
      code: 1,
    })
  // Not every system has a file that is a full disk.
  if (existsSync('/dev/full'))
    t.match(await run('export', 'svg', '--track', 'demo', '--output', '/dev/full'), {
      err: 'error: the file cannot be read or written: the disk is full',
      code: 1,
    })
  t.match(await run('export', 'html', '--track', 'dmeo'), { out: '', err: 'did you mean "demo"?', code: 1 })
  process.env.DATABASE_URL = 'postgres://somewhere'
  await t.rejects(run('export', 'html', '--track', 'demo'), { message: /^DATABASE_URL takes / })
  t.match(await run('export', 'pdf', '--track', 'demo'), { err: 'Allowed choices are html, svg', code: 1 })
})
