import { writeFileSync } from 'node:fs'
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
