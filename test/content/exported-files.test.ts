import t from 'tap'
import { startAuthoring } from '../fixtures/author.ts'
import { smallTrack } from '../fixtures/small-track.ts'

const resources = (yaml: string, skills: Record<string, string> = { a: 'title: A\n' }) => ({
  go: {
    'track.yaml': 'title: Go\n',
    'roadmap.yaml': `categories: [{ slug: c, title: C, skills: { beginner: [${Object.keys(skills).join(', ')}] } }]\n`,
    'resources.yaml': yaml,
    skills: Object.fromEntries(Object.entries(skills).map(([slug, text]) => [`${slug}.yaml`, text])),
  },
})

t.test('a YAML text is read back unchanged', async t => {
  const { load, put, patch, exportFiles, catalog, read } = await startAuthoring(t, resources('[]\n'))
  await load()
  const words = 'word '.repeat(40).trim()
  const texts = [
    'beta: gamma',
    '`code`',
    '#hash and a #tag',
    '*args',
    '@x',
    '- dash',
    '--- three',
    '... dots',
    '[x], {y}',
    `it's "both"`,
    'back\\slash',
    '2026.10',
    'null',
    '~',
    'true',
    '%percent',
    '| pipe',
    '> greater',
    'ends with:',
    'tab\there',
    'a line\nand a line',
    'two\n\n  lines: # indented',
    'carriage\r\nreturn',
    'next\u0085line',
    'x'.repeat(200),
    words,
    `${words} # not a comment`,
    `${words}  two spaces`,
    `${words}\u0085`,
  ]
  await put('/v1/principles/go.texts', { title: 'Texts', kind: 'rule', statements: texts, risk: words })
  const short = texts.filter(text => text.length < 40)
  await put('/v1/projects/go.short', { title: 'Short', stack: short, features: ['one'], code: '7' })
  await patch('/v1/skills/go.a', { notes: texts.join('\n\n'), sample: { label: 'a, b: {c}', url: 'x.py' } })
  for (const [index, title] of short.entries()) await put(`/v1/resources/go.r-${index}`, { title, kind: 'book' })
  const served = await catalog.document('go')
  t.match(await exportFiles('go'), { err: '', code: 0 })
  t.match(read('go/principles.yaml'), /^ {2}risk: >-\n {4}word word .{100,}\n {4}word/m)
  t.match(read('go/skills/a.yaml'), /^sample: \{ label: "a, b: \{c\}", url: x\.py \}$/m)
  t.match(await load(), { out: 'go: 0 created, 0 changed, 0 removed\n', code: 0 })
  t.strictSame(await catalog.document('go'), served)
  t.match(await exportFiles('go'), { out: 'go: the files are up to date\n' })
})

t.test("the author's formatting stays wherever nothing changed", async t => {
  const { load, exportFiles, read, patch, put, remove } = await startAuthoring(
    t,
    resources(
      `# What to read.

- slug: one   # the first
  title: 'One'
  kind: "book"
  formerly: []   # nothing yet

# The second is better.

- slug: two
  title: Two
  kind: book
  summary: >-
    Two
    lines.

- { kind: book, slug: three, title: "Three", url: "https://three.example/" }
`,
    ),
  )
  await load()
  await patch('/v1/resources/go.one', { summary: 'First.' })
  await patch('/v1/resources/go.two', { summary: 'One line.' })
  await patch('/v1/resources/go.three', { title: 'Drei', url: null, summary: 'a, b' })
  await put('/v1/resources/go.four', { title: 'Four', kind: 'site' })
  await exportFiles('go')
  t.equal(
    read('go/resources.yaml'),
    `# What to read.

- slug: one   # the first
  title: 'One'
  summary: First.
  kind: "book"
  formerly: []   # nothing yet

# The second is better.

- slug: two
  title: Two
  kind: book
  summary: One line.

- { kind: book, slug: three, title: Drei, summary: "a, b" }

- slug: four
  kind: site
  title: Four
`,
  )
  await remove('/v1/resources/go.one')
  await exportFiles('go')
  t.match(read('go/resources.yaml'), /^# What to read\.\n\n# The second is better\.\n\n- slug: two\n/)
})

for (const [what, before, patch, after] of [
  [
    'a comment behind a value stays in its line',
    'title: A\nsummary: Short.  # for now\noutcomes: []  # none\n',
    { summary: 'word '.repeat(40).trim(), outcomes: ['One: two.', 'Three.'] },
    `title: A\nsummary: ${'word '.repeat(40).trim()}  # for now\noutcomes: ["One: two.", Three.]  # none\n`,
  ],
  [
    'a list in brackets over several lines stays one',
    'title: A\nexamples: [\n  one,  # the first\n  two,\n  three\n]\n',
    { examples: ['one', 'two', 'four', 'three'] },
    'title: A\nexamples: [\n  one,  # the first\n  two, four, three\n]\n',
  ],
  [
    'items are put in another order with their comments',
    'title: A\nexamples:\n# about one\n- one\n- two # about two\n# about three\n- three\n',
    { examples: ['three', 'one', 'zero', 'two'] },
    'title: A\nexamples:\n# about one\n# about three\n- three\n- one\n- zero\n- two # about two\n',
  ],
  [
    'a missing list is removed, and a new one is at its usual place',
    'title: A\nnotes: N\nexamples: [x]\nprerequisites: [b]\n',
    { examples: [], outcomes: ['Does a thing that takes a while to say.'], sample: { label: 'L', url: 'l.py' } },
    'title: A\noutcomes: [Does a thing that takes a while to say.]\nsample: { label: L, url: l.py }\nnotes: N\nprerequisites: [b]\n',
  ],
  [
    'lines end as they did',
    'title: A\r\noutcomes:\r\n  - One.\r\n',
    { notes: 'two\n\nlines', outcomes: ['One.', 'Two.'] },
    'title: A\r\noutcomes:\r\n  - One.\r\n  - Two.\r\nnotes: |\r\n  two\r\n\r\n  lines\r\n',
  ],
  [
    'a file without an end of its last line gets none',
    'title: A\nexamples:\n  - one # last',
    { examples: ['two'] },
    'title: A\nexamples:\n  - two # last',
  ],
  [
    'a pair of related skills stays on the side where it was written',
    'title: A\n',
    { related: ['b', 'd'] },
    'title: A\nrelated: [d]\n',
  ],
] as const)
  t.test(what, async t => {
    const b = 'title: B\nrelated: [a]\n'
    const d = 'title: D\n'
    const { load, exportFiles, read, patch: send } = await startAuthoring(t, resources('[]\n', { a: before, b, d }))
    await load()
    await send('/v1/skills/go.a', patch)
    t.match(await exportFiles('go'), { err: '', code: 0 })
    t.equal(read('go/skills/a.yaml'), after)
    t.match(await load(), { out: 'go: 0 created, 0 changed, 0 removed\n', code: 0 })
  })

t.test('new files refer editors to the schemas that other files name, if those exist', async t => {
  const tree = smallTrack()
  const { load, exportFiles, read, put } = await startAuthoring(t, {
    python: {
      ...tree,
      'track.yaml': tree['track.yaml'].replace('../../schema/', 'https://example.org/'),
      'checklists.yaml': `# yaml-language-server: $schema=../schema/checklists.schema.json\n${tree['checklists.yaml']}`,
    },
    schema: { 'principles.schema.json': '{}' },
  })
  await load()
  await put('/v1/categories/python.new', { title: 'New' })
  await put('/v1/skills/python.new', { title: 'New', category: 'new', tier: 'senior' })
  await put('/v1/projects/python.new', { title: 'New' })
  await exportFiles('python')
  t.match(read('python/projects/new.yaml'), '# yaml-language-server: $schema=https://example.org/project.schema.json\n')
  t.match(read('python/skills/new.yaml'), '# yaml-language-server: $schema=https://example.org/skill.schema.json\n')
})
