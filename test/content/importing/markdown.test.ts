import t, { type Test } from 'tap'
import type { ImportedItem, ImportedTrack } from '../../../src/content/importing/imported-track.ts'
import { type MarkdownOptions, readMarkdown } from '../../../src/content/importing/markdown.ts'
import type { Document } from '../../../src/model/document.ts'
import type { Noun } from '../../../src/model/vocabulary.ts'

const read = (
  text: string | Buffer,
  options: MarkdownOptions & { url?: string; existing?: Document } = {},
): ImportedTrack =>
  readMarkdown(
    { name: 'plan.md', bytes: Buffer.from(text), ...(options.url !== undefined && { url: new URL(options.url) }) },
    options,
    options.existing,
  )

type Values = Record<string, unknown>

const fieldsOf = ({ items }: ImportedTrack, noun: Noun): Values[] =>
  items.filter(item => item.noun === noun).map(({ fields }: ImportedItem) => fields as Values)

/** Returns the skills as `category | tier | title`, with the titles of categories from the top. */
const skillsOf = (track: ImportedTrack): string[] =>
  fieldsOf(track, 'skill').map(({ category, tier, title }) => `${category} | ${tier} | ${title}`)

const notesOf = ({ notes }: ImportedTrack): string[] =>
  notes.map(({ severity, line, column, message }) => `${line}:${column} ${severity}: ${message}`)

const refused = (t: Test, text: string | Buffer, message: RegExp) =>
  t.throws(() => read(text), { name: 'Refused', message })

t.test('a matrix is split at bars, outside code, links and parentheses', async t => {
  const track = read(`---
title: front matter
---
| Area          | Beginner Skills | Mid-level | Expert topics |
|---------------|:---------------:|-----------|---------------|
| **Data**      | [Lists](lists.py) \\| Sets, tuples \\| \`a\\|b\` | ~~Old~~ (x \\| y) | *Deep*<br>Copies |
|               | Files | | |
| __Web__       | | \`\`a\`b\`\` ![Logo](x.png) | |
`)
  t.same(skillsOf(track), [
    'data | beginner | Lists',
    'data | beginner | Sets, tuples',
    'data | beginner | `a|b`',
    'data | intermediate | Old (x | y)',
    'data | senior | Deep',
    'data | senior | Copies',
    'data | beginner | Files',
    "web | intermediate | `a'b` Logo",
  ])
  t.same(
    fieldsOf(track, 'category').map(({ title }) => title),
    ['Data', 'Web'],
  )
  t.same(fieldsOf(track, 'skill')[0]?.sample, { label: 'Lists', url: 'lists.py' })
  t.same(
    track.track.tiers?.map(({ tier, title }) => `${tier}: ${title}`),
    ['beginner: Beginner', 'intermediate: Mid-level', 'senior: Expert'],
  )
  t.same(
    track.items.filter(({ noun }) => noun === 'skill').map(({ place }) => [place.line, place.column]),
    [
      [6, 20],
      [6, 40],
      [6, 56],
      [6, 67],
      [6, 85],
      [6, 94],
      [7, 19],
      [8, 21],
    ],
  )
  t.same(notesOf(track), [])
})

t.test('without bars, a matrix is split at semicolons, and without those at commas', async t => {
  t.same(skillsOf(read('| A | Basic | Senior |\n|-|-|-|\n| X | a, b; c | d |\n')), [
    'x | beginner | a, b',
    'x | beginner | c',
    'x | senior | d',
  ])
  t.same(skillsOf(read('| A | Basic | Senior |\n|-|-|-|\n| X | a, `b, c`, [d, e](f.py), g (h, i) | |\n')), [
    'x | beginner | a',
    'x | beginner | `b, c`',
    'x | beginner | d, e',
    'x | beginner | g (h, i)',
  ])
  t.same(skillsOf(read('| A | Basic | Senior |\n|-|-|-|\n| X | <ul><li>a, b</li><li>c</li></ul> | |\n')), [
    'x | beginner | a, b',
    'x | beginner | c',
  ])
})

t.test('rows of a matrix may lack bars at their ends, and cells', async t => {
  const track = read('A | Basic | Senior\n-|-|-\nX | [a *b*](https://example.org/a) | c\n| Y |\n')
  t.same(skillsOf(track), ['x | beginner | a b', 'x | senior | c'])
  t.match(track.items, [
    { noun: 'category', place: { line: 3, column: 1 } },
    { noun: 'resource', fields: { title: 'a b' } },
    { noun: 'skill', place: { line: 3, column: 6 }, additions: { resources: ['https://example.org/a'] } },
    { noun: 'skill' },
    { noun: 'category', fields: { title: 'Y' } },
  ])
})

t.test('columns are tiers by their words or numbers, and other columns are reported', async t => {
  const track = read(
    '# Baking\n\n| Foundational | Level 2 | Level 3 | Notes |\n|-|-|-|-|\n| a | b | c | later |\n| | | d | |\n',
  )
  t.same(skillsOf(track), [
    'baking | beginner | a',
    'baking | intermediate | b',
    'baking | senior | c',
    'baking | senior | d',
  ])
  t.equal(track.track.title, 'Baking')
  t.same(notesOf(track), ['5:15 warning: the head of this column names no tier'])
  refused(t, '| A | Level 0 | Price |\n|-|-|-|\n| a | b | c |\n', /neither a table/)
})

t.test('headings above several matrices are categories above theirs', async t => {
  const table = '| Topic | Junior | Lead |\n|-|-|-|\n| Tests | a | b |\n'
  t.same(skillsOf(read(`## Front\n${table}\n## Back\n${table}`)), [
    'front / tests | beginner | a',
    'front / tests | senior | b',
    'back / tests | beginner | a',
    'back / tests | senior | b',
  ])
  t.same(skillsOf(read(`## Front\n${table}`)), ['tests | beginner | a', 'tests | senior | b'])
  t.same(skillsOf(read('| Junior | Lead |\n|-|-|\n| a | b |\n')), ['general | beginner | a', 'general | senior | b'])
})

t.test('links of skills become samples and resources', async t => {
  const text = `## Web
- [Routes](src/routes.ts) and [more](src/more.js)
- [Forms](https://docs.example.org/forms), [a video](https://youtu.be/1), [again](https://docs.example.org/forms)
- Mail [me](mailto:a@b.example), [see](#web) <https://example.org/course> [](https://example.org/)
`
  const track = read(text, { tier: 'senior' })
  t.same(
    fieldsOf(track, 'skill').map(({ sample }) => sample),
    [{ label: 'Routes', url: 'src/routes.ts' }, undefined, undefined],
  )
  t.same(fieldsOf(track, 'resource'), [
    { kind: 'documentation', title: 'Forms', url: 'https://docs.example.org/forms' },
    { kind: 'video', title: 'a video', url: 'https://youtu.be/1' },
    { kind: 'course', title: 'https://example.org/course', url: 'https://example.org/course' },
  ])
  t.same(
    track.items.flatMap(({ additions }) => (additions === undefined ? [] : [additions])),
    [
      { resources: ['https://docs.example.org/forms', 'https://youtu.be/1', 'https://docs.example.org/forms'] },
      { resources: ['https://example.org/course'] },
    ],
  )
  t.same(notesOf(track), [
    '2:4 warning: the link to "src/more.js" leads neither to code nor to an address of the web',
    '4:3 warning: the link to "mailto:a@b.example" leads neither to code nor to an address of the web',
    '4:3 warning: the link to "#web" leads neither to code nor to an address of the web',
  ])
})

t.test('links are relative to the URL of the document, and resources of the track keep their titles', async t => {
  const existing = { resources: [{ url: 'https://example.org/a/page' }, { url: null }] } as unknown as Document // only this is read
  const track = read('- [Code](code.py) [Page](page) [No](ftp://example.org)\n', {
    url: 'https://example.org/a/README.md',
    existing,
  })
  t.same(fieldsOf(track, 'skill')[0]?.sample, { label: 'Code', url: 'https://example.org/a/code.py' })
  t.same(fieldsOf(track, 'resource'), [{ url: 'https://example.org/a/page' }])
  t.match(notesOf(track), [/note: no heading/, /the link to "ftp:/])
})

t.test('headings are nested categories, items are skills, and items below them outcomes and examples', async t => {
  const track = read(
    `# My plan

Learn it all.

In order.

## Table of contents
- [Web](#web)

## Web

Pages for people.

### HTTP:

1. [ ] Verbs: GET and POST
   - Sends a form
     - and reads it
   - \`fetch\`
   - [Spec](https://example.org/spec)

   More **notes**.

   \`\`\`js
   fetch()
   \`\`\`
2. [x] **Status codes** — \`200 - 500\`
* * *
-
- - Nested first

#### Caches

Text of caches.

More of it.

#### Empty
##### Too deep
- Deep skill
###### Deeper
- Deeper skill

<!-- a comment -->
`,
    { tier: 'beginner' },
  )
  t.same(track.track, { title: 'My plan', introduction: 'Learn it all.\n\nIn order.', tiers: [] })
  t.same(fieldsOf(track, 'category'), [
    { title: 'Web', parent: null, summary: 'Pages for people.' },
    { title: 'HTTP', parent: 'web' },
    { title: 'Empty', parent: 'web / http' },
    { title: 'Empty / Too deep', parent: 'web / http' },
    { title: 'Empty / Too deep / Deeper', parent: 'web / http' },
  ])
  t.same(skillsOf(track), [
    'web / http | beginner | Verbs',
    'web / http | beginner | Status codes',
    'web / http | beginner | Nested first',
    'web / http | beginner | Caches',
    'web / http / empty / too deep | beginner | Deep skill',
    'web / http / empty / too deep / deeper | beginner | Deeper skill',
  ])
  const [verbs, codes, , caches] = fieldsOf(track, 'skill')
  t.match(verbs, {
    summary: 'GET and POST',
    outcomes: ['Sends a form', 'and reads it'],
    examples: ['`fetch`'],
    notes: 'More **notes**.\n\n```js\nfetch()\n```',
  })
  t.equal(codes?.summary, '`200 - 500`')
  t.match(caches, { summary: 'Text of caches.', notes: 'More of it.' })
  t.match(notesOf(track), [/^39:7 note: categories nest on three levels/, /^41:8 note: categories nest/])
})

t.test('headings name tiers and the kinds of skills', async t => {
  const track = read(`# Beginner
- Goal: start
- a
## Theory
- b
# Level 2 (3 months)
## Skills
- c
## Topics
### d
### e
Text
# Advanced topics
# Empty
`)
  t.same(skillsOf(track), [
    'general | beginner | a',
    'general | beginner | b',
    'general | intermediate | c',
    'topics | intermediate | d',
    'topics | intermediate | e',
  ])
  t.same(
    fieldsOf(track, 'skill').map(({ kind }) => kind),
    [undefined, 'theoretical', 'practical', undefined, undefined],
  )
  t.match(track.track.tiers, [
    { tier: 'beginner', title: 'Beginner', goal: 'start' },
    { tier: 'intermediate', title: 'Level 2', goal: null },
    { tier: 'senior', title: 'Advanced', goal: null },
  ])
  t.same(notesOf(track), ['14:3 warning: there are no skills below this heading'])
})

t.test(
  'without headings, items with items below them are categories, also with the bullets of a word processor',
  async t => {
    const track = read('●\tCore: the language\n    ○\tTypes (a: b)\n    ○\tLoops\n●\tWeb:\n    ○\tPages\n●\tLast\n')
    t.same(skillsOf(track), [
      'core | beginner | Types (a: b)',
      'core | beginner | Loops',
      'web | beginner | Pages',
      'general | beginner | Last',
    ])
    t.equal(fieldsOf(track, 'category')[0]?.summary, 'the language')
    t.same(notesOf(track), [
      '2:7 note: no heading above names a tier: such skills are for beginners; choose another tier with --tier',
    ])
  },
)

t.test('what belongs nowhere is reported with its place', async t => {
  const track = read(`## Web
- Pages

## Notes
Alone.

| a | b |
|-|-|
| c | d |

> quoted

## Books
Text of books.

| e | f |
|-|-|
| g | h |

- One book

\`\`\`
code
\`\`\`
`)
  t.same(notesOf(track).slice(1).sort(), [
    '11:1 warning: code, quotes and HTML belong into the item of a skill',
    '14:1 warning: this text belongs to no category and no skill',
    '16:1 warning: no column of this table names a tier',
    '22:1 warning: code, quotes and HTML belong into the item of a skill',
    '5:1 warning: this text belongs to no category and no skill',
    '7:1 warning: no column of this table names a tier',
  ])
})

t.test('sections about projects, resources, checklists, plans and principles become those', async t => {
  const track = read(`# Intermediate
## Starter projects
- Project A: Shop: sell things
- Features: cart, payment (card, cash).
- Milestones: cart → payment
- Stack: Vue
- Open all day
- Project B: Blog
- Write posts
- And read them
### Game
A small one.
- For two
## Projects
- Clock
  - shows the time
## Project roadmap
- Phase 1 (Beginner): Start
- with a page
- Phase 2: Go on
## Resources
### Books
- Good Book — about it
- [Course of it](https://example.org/c)
- Videos
## Commands
- Install
  - \`npm ci\`
- Run
## Interview checklist
- Explain it
## Final checklist
## Study plan
- Weeks 1–2: read
- Month 3: write
- Beyond 12 months: teach
- Whenever
## Learning timeline
- Someday
- Day 1 to 2 - start
## Weekly schedule
## Common pitfalls
- Haste: takes long
  - Slow down
- Waste
## Best practices
| Rule | Text | More |
|-|-|-|
| **Tests** | Write them. | |
| | Run them. | Often. |
## Advice
- Rest
`)
  t.match(fieldsOf(track, 'project'), [
    {
      code: 'A',
      title: 'Shop',
      tier: 'intermediate',
      summary: 'sell things',
      features: ['cart', 'payment (card, cash)', 'Open all day'],
      milestones: ['cart', 'payment'],
      stack: ['Vue'],
    },
    { code: 'B', title: 'Blog', summary: 'Write posts', features: ['And read them'] },
    { title: 'Game', summary: 'A small one.', features: ['For two'] },
    { title: 'Clock', summary: 'shows the time' },
    {
      title: 'Project roadmap',
      phases: [
        { tier: 'beginner', title: 'Start', parts: ['with a page'] },
        { tier: null, title: 'Go on', parts: [] },
      ],
    },
  ])
  t.same(fieldsOf(track, 'resource'), [
    { kind: 'book', title: 'Good Book', summary: 'about it' },
    { kind: 'course', title: 'Course of it', url: 'https://example.org/c' },
    { kind: 'video', title: 'Videos' },
  ])
  t.match(fieldsOf(track, 'checklist'), [
    {
      kind: 'commands',
      title: 'Commands',
      items: [
        { text: '`npm ci`', group: 'Install' },
        { text: 'Run', group: null },
      ],
    },
    { kind: 'interview', title: 'Interview checklist', tier: 'intermediate' },
  ])
  t.match(fieldsOf(track, 'plan'), [
    {
      kind: 'plan',
      title: 'Study plan',
      steps: [
        { unit: 'week', from: 1, to: 2, text: 'read' },
        { unit: 'month', from: 3, to: 3, text: 'write' },
        { unit: 'month', from: 12, to: null, text: 'teach' },
      ],
    },
    { kind: 'timeline', title: 'Learning timeline', steps: [{ unit: 'day', from: 1, to: 2, text: 'start' }] },
  ])
  t.same(fieldsOf(track, 'principle'), [
    { kind: 'pitfall', title: 'Haste', statements: ['takes long', 'Slow down'] },
    { kind: 'pitfall', title: 'Waste' },
    { kind: 'practice', title: 'Tests', statements: ['Write them.', 'Run them.', 'Often.'] },
    { kind: 'advice', title: 'Rest' },
  ])
  t.equal(notesOf(track).length, 2)
})

t.test('in a text without markup, each line is an item, and the first of several a heading', async t => {
  const track = read(`Beginner (3 months) — Basics
Goal: begin

Core
Types: numbers and texts

Loops

Useful commands
bash
Copy
Edit
npm ci
Running:

bash
Copy
Edit
npm test
Beginner checklist
Can test

Advanced
Goal: more

Core
Threads
`)
  t.same(skillsOf(track), ['core | beginner | Types', 'core | beginner | Loops', 'core | senior | Threads'])
  t.match(fieldsOf(track, 'checklist'), [
    { title: 'Useful commands', items: [{ text: 'npm ci' }, { text: 'Running:' }, { text: 'npm test' }] },
    { title: 'Beginner checklist', items: [{ text: 'Can test' }] },
  ])
})

t.test('a text may be in UTF-16 or Windows-1252', async t => {
  const text = '- Crêpes\n'
  const swapped = Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
  for (const bytes of [
    Buffer.from(`\ufeff${text}`),
    Buffer.from(`\ufeff${text}`, 'utf16le'),
    swapped,
    Buffer.from(text, 'latin1'),
  ])
    t.same(skillsOf(read(bytes)), ['general | beginner | Crêpes'])
})

t.test('what is no Markdown is refused in words', async t => {
  refused(t, Buffer.from([1, 0, 2]), /plan.md is not a text file/)
  refused(t, '\n<!DOCTYPE html><p>', /is an HTML page/)
  refused(t, '', /neither a table with a column for each tier nor a list of skills/)
  refused(t, 'x'.repeat(5_000_001), /more than 5 million characters/)
})

t.test('a document without a skill of a tier, and items of several lines', async t => {
  const track = read(`# Introduction
## Theory
### Types
- One
  two\\
  three
- <b></b>
## Beginner
- Not a goal
## Senior
## Checklist
- Done
## Schedule
- Day 1: go
## Projects
- Build
## Principles
- Care
`)
  t.match(track.track.tiers, [{ tier: 'beginner' }, { tier: 'senior' }])
  t.notHas(track.track, { title: 'Introduction' })
  t.same(skillsOf(track), [
    'types | beginner | One two three',
    'types | beginner | ',
    'general | beginner | Not a goal',
  ])
  t.same(fieldsOf(track, 'category')[0], { title: 'Types', parent: null, kind: 'theoretical' })
  t.equal(fieldsOf(track, 'principle')[0]?.kind, 'rule')
  const early = read('## Checklist\n- Done\n## Schedule\n- Day 1: go\n## Projects\n- Build\n')
  for (const noun of ['checklist', 'plan', 'project'] as const) t.equal(fieldsOf(early, noun)[0]?.tier, null)
})

t.test('a matrix of ticks or numbers has a skill in each row, at the first tier that has one', async t => {
  const track = read(`## Languages
| Skill | Junior | Mid | Senior | Notes |
|-|-|-|-|-|
| [SQL](https://example.org/sql) | 0 | 2 | 3 | often |
| Python | ✓ | ✓ | ✓ | - |
| Rust | [ ] | - | x | |
| COBOL | no | | n/a | |
`)
  t.same(skillsOf(track), [
    'languages | intermediate | SQL',
    'languages | beginner | Python',
    'languages | senior | Rust',
  ])
  t.same(notesOf(track), [
    '4:3 note: this table has marks instead of skills: each row is a skill of the first tier that has a mark',
    '4:48 warning: the head of this column names no tier',
    '7:3 warning: no tier has a mark in this row',
  ])
  t.same(skillsOf(read('| Skill | Junior | Senior |\n|-|-|-|\n| Go | x | |\n')), ['general | beginner | Go'])
})

t.test('a dash is an empty cell, and the number of a week is no title', async t => {
  t.same(skillsOf(read('| Topic | Junior | Senior |\n|-|-|-|\n| Go | - | Channels, – |\n')), ['go | senior | Channels'])
  const [first, second] = fieldsOf(read('- Week 1: Basics\n- Week 2-3: Loops: while\n'), 'skill')
  t.same([first?.title, second?.title, second?.summary], ['Week 1: Basics', 'Week 2-3: Loops', 'while'])
})
