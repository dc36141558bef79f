import { join, relative } from 'node:path'
import { Command } from 'commander'
import t from 'tap'
import { addValidate } from '../../src/cli/validate.ts'
import { readFolder } from '../../src/content/read-folder.ts'
import { seed } from '../fixtures/app.ts'

/** Returns the output of `validate` for a folder; throws if it fails. */
const validate = async (folder: string) => {
  const printed = { out: '', err: '' }
  const program = new Command('curriculum').exitOverride().configureOutput({
    writeOut: text => {
      printed.out += text
    },
    writeErr: text => {
      printed.err += text
    },
    getErrHasColors: () => false,
  })
  addValidate(program)
  await program.parseAsync(['validate', folder], { from: 'user' })
  return printed
}

/** A track of skills that name a resource, each in a cell of one category. */
const trackOf = (cells: Record<string, Record<string, string>>) => ({
  'track.yaml': 'title: Demo\n',
  'roadmap.yaml': `categories:\n  - slug: language\n    title: Language\n    skills:\n${Object.entries(cells)
    .map(([tier, skills]) => `      ${tier}: [${Object.keys(skills).join(', ')}]\n`)
    .join('')}`,
  'resources.yaml': '- slug: book\n  kind: book\n  title: Book\n',
  skills: Object.fromEntries(
    Object.values(cells).flatMap(skills =>
      Object.entries(skills).map(([slug, text]) => [
        `${slug}.yaml`,
        `title: ${slug.toUpperCase()}\nresources: [book]\n${text}`,
      ]),
    ),
  ),
})

t.test('a prerequisite that another one implies is a warning, at any distance', async t => {
  const folder = t.testdir({
    demo: trackOf({
      beginner: {
        a: '',
        b: 'prerequisites: [a]\n',
        c: 'prerequisites: [b]\n',
        d: 'prerequisites: [c]\n',
        x: '',
        near: 'prerequisites:\n  - b\n  - a # by b\n',
        far: 'prerequisites: [x, a, d, b]\n',
        fine: 'prerequisites: [x, d]\n',
      },
    }),
  })
  const { out, err } = await validate(folder)
  t.equal(out, 'demo: 1 category, 8 skills, 1 resource, no mistakes\n')
  t.equal(
    err.replaceAll(`${folder}/demo/skills/`, ''),
    `far.yaml:3:20 warning: "A" is already a prerequisite of another prerequisite of "FAR": this line can be removed
  3 | prerequisites: [x, a, d, b]
    |                    ^

far.yaml:3:26 warning: "B" is already a prerequisite of another prerequisite of "FAR": this line can be removed
  3 | prerequisites: [x, a, d, b]
    |                          ^

near.yaml:5:5 warning: "A" is already a prerequisite of another prerequisite of "NEAR": this line can be removed
  5 |   - a # by b
    |     ^

3 warnings in 2 files
`,
  )
})

t.test('a prerequisite two tiers harder and a skill without a resource are warnings', async t => {
  const folder = t.testdir({
    demo: {
      ...trackOf({
        beginner: { a: '', b: 'prerequisites: [a, c, far]\n', lone: '' },
        intermediate: { c: '' },
        senior: { d: 'prerequisites: [b]\n', far: '' },
      }),
    },
    other: {
      ...trackOf({ beginner: { e: 'prerequisites: [demo.d]\n' } }),
      skills: { 'e.yaml': '# a note\n\ntitle: E\nprerequisites: [demo.d]\n' },
    },
  })
  const { findings, tracks } = await readFolder(folder)
  t.same(
    findings.map(({ severity, file, line, column, message }) => [
      severity,
      `${relative(folder, file)}:${line}:${column}`,
      message,
    ]),
    [
      [
        'warning',
        'demo/skills/b.yaml:3:23',
        '"FAR" is senior, and comes before "B", which is beginner: check whether that is intended',
      ],
      ['warning', 'other/skills/e.yaml:3:1', '"E" has no resource to learn it from'],
    ],
  )
  t.same(
    tracks.map(({ slug }) => slug),
    ['demo', 'other'],
    'advice keeps no track from being read',
  )
  t.match((await validate(folder)).err, '2 warnings in 2 files')
})

t.test('a track with a mistake gets no advice', async t => {
  const broken = trackOf({ beginner: { a: '', b: 'prerequisites: [a, c]\nkind: x\n' }, senior: { c: '' } })
  const folder = t.testdir({ demo: broken })
  const { findings } = await readFolder(folder)
  t.match(findings, [{ severity: 'error', file: join(folder, 'demo/skills/b.yaml'), line: 4 }])
})

t.test('the shipped curriculum has no warnings', async t => {
  t.strictSame((await readFolder(seed)).findings, [])
})
