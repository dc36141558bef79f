import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { addImport } from '../../src/cli/import.ts'
import { addValidate } from '../../src/cli/validate.ts'
import { filesIn } from '../fixtures/author.ts'
import { createRunner } from '../fixtures/command.ts'

const run = createRunner(addImport, addValidate)

const matrix = `| Area | Basic Skills | Advanced Skills |
|---|---|---|
| **Oven** | [Bread](bread.py) \\| Rolls, buns | \`Sourdough\` |
| **Pan** | Eggs | Crêpes \\| Sauces (white, brown) |
`

/** Creates a folder for tracks, and a function that imports a Markdown text into it. */
const startImporting = (t: Test) => {
  const folder = t.testdir({ tracks: {} })
  const tracks = join(folder, 'tracks')
  return {
    tracks,
    files: () => filesIn(tracks),
    importText: (text: string | Buffer, ...args: string[]) => {
      const source = join(folder, 'source.txt')
      writeFileSync(source, text)
      return run('import', 'markdown', source, '--track', 'cooking', '--dir', tracks, ...args)
    },
  }
}

t.test('a matrix becomes the files of a new track, and importing it twice changes nothing', async t => {
  const { tracks, files, importText } = startImporting(t)
  t.strictSame(await importText(matrix, '--title', 'Cooking'), {
    out: `cooking:
  1 track added: Cooking
  2 categories added: Oven; Pan
  6 skills added: Bread (oven, beginner); Rolls, buns (oven, beginner); \`Sourdough\` (oven, senior); Eggs (pan, beginner); Crêpes (pan, senior); Sauces (white, brown) (pan, senior)
cooking: wrote 8 files in ${tracks}
`,
    err: '',
    code: 0,
  })
  const written = files()
  t.match(
    written['cooking/track.yaml'],
    'tiers:\n  - tier: beginner\n    title: Basic\n  - tier: senior\n    title: Advanced\n',
  )
  t.match(written['cooking/skills/bread.yaml'], 'sample: { label: Bread, url: bread.py }\n')
  t.match((await run('validate', tracks)).out, 'cooking: 2 categories, 6 skills, no mistakes')
  t.strictSame(await importText(matrix), {
    out: 'cooking: no changes\ncooking: the files are up to date\n',
    err: '',
    code: 0,
  })
  t.strictSame(files(), written)
})

t.test(
  'an edited document is described in words before it is imported, and nothing is removed without --prune',
  async t => {
    const { tracks, files, importText } = startImporting(t)
    await importText(matrix)
    const before = files()
    const edited = matrix.replace('Eggs', 'Omelettes').replace('| **Pan**', '| Pan')
    const difference = `cooking:
  1 skill added: Omelettes (pan, beginner)
`
    t.strictSame(await importText(edited, '--dry-run'), { out: difference, err: '', code: 0 })
    t.strictSame(files(), before)
    t.equal((await importText(edited)).out, `${difference}cooking: wrote 2 files in ${tracks}\n`)
    t.equal(
      (await importText(edited, '--prune')).out,
      `cooking:
  1 skill removed: Eggs
cooking: wrote 1 file, removed 1 file in ${tracks}
`,
    )
  },
)

t.test('what could not be placed is listed, and with a mistake nothing is written', async t => {
  const { tracks, files, importText } = startImporting(t)
  const { err, code } = await importText('- Boil\u0007\n- Fry\n\n> Eat\n', '--tier', 'senior')
  t.match(err, /source.txt:1:3 warning: not imported: the title must not have control characters\n {2}1 \| - Boil \n/)
  t.match(err, /source.txt:4:1 warning: code, quotes and HTML belong into the item of a skill/)
  t.equal(code, 0)
  t.match(files()['cooking/roadmap.yaml'], 'senior: [fry]')
  mkdirSync(join(tracks, 'cooking/exercises'))
  writeFileSync(join(tracks, 'cooking/exercises/fry-it.yaml'), 'kind: exercise\ntitle: Fry it\nskills: [fry]\n')
  writeFileSync(join(tracks, 'cooking/track.yaml'), 'title: Cooking\nexercises: [fry-it]\n')
  const before = files()
  t.match(await importText('- Bake\n', '--prune'), {
    out: '',
    err: /source.txt:1:1 error: exercise "fry-it": "skills" must not be empty\n[\s\S]*error: nothing was written: correct the errors/,
    code: 1,
  })
  t.strictSame(files(), before)
  t.match(await importText('', '--dry-run'), { err: /neither a table/, code: 1 })
})

t.test('a missing file and a private address are refused', async t => {
  const { tracks } = startImporting(t)
  const importFrom = (source: string) => run('import', 'markdown', source, '--track', 'x', '--dir', tracks)
  t.match(await importFrom(join(tracks, 'no.md')), { err: /no.md cannot be read or written/, code: 1 })
  t.match(await importFrom('http://127.0.0.1/x'), { err: /is not an address on the public internet/, code: 1 })
})
