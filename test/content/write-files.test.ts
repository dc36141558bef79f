import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeFiles } from '../../src/content/write-files.ts'

t.test('files are written and removed together', async t => {
  const folder = t.testdir({ old: 'old', kept: 'before' })
  await writeFiles(
    new Map([
      [join(folder, 'new'), 'new'],
      [join(folder, 'kept'), 'after'],
    ]),
    [join(folder, 'old')],
  )
  t.strictSame(readdirSync(folder), ['kept', 'new'])
  t.equal(readFileSync(join(folder, 'kept'), 'utf8'), 'after')
})

t.test('if one file cannot be written, all stay unchanged', async t => {
  const folder = t.testdir({ kept: 'before' })
  // A folder stands where the last file should come.
  mkdirSync(join(folder, 'taken/x'), { recursive: true })
  const texts = new Map(['new', 'kept', 'taken'].map(name => [join(folder, name), 'after']))
  await t.rejects(writeFiles(texts))
  t.strictSame(readdirSync(folder), ['kept', 'taken'])
  t.equal(readFileSync(join(folder, 'kept'), 'utf8'), 'before')
})

t.test('removed files are restored if another cannot be removed', async t => {
  const folder = t.testdir({ one: 'one', kept: 'before' })
  const texts = new Map([
    [join(folder, 'kept'), 'after'],
    [join(folder, 'new/deep'), 'new'],
  ])
  await t.rejects(writeFiles(texts, [join(folder, 'one'), join(folder, 'not-there')]), { code: 'ENOENT' })
  t.equal(readFileSync(join(folder, 'one'), 'utf8'), 'one')
  t.equal(readFileSync(join(folder, 'kept'), 'utf8'), 'before')
  t.strictSame(readdirSync(join(folder, 'new')), [])
})
