import t from 'tap'
import { fieldsBySlug, readTrack, startImporting } from '../fixtures/importing.ts'
import { seed } from '../fixtures/paths.ts'

const head =
  '"Parent ID number","ID number","Short name",Description,"Description format","Scale values","Scale configuration","Rule type (optional)","Rule outcome (optional)","Rule config (optional)","Cross-referenced competency ID numbers","Exported ID (optional)","Is framework",Taxonomy\n'

/** A framework as Moodle exports it, with a row for each competency: parent, id, name, description, format and related ids. */
const framework = (...rows: string[][]): string =>
  `${head},cooks,Cooking,"<p>How to cook.</p><p>At home,<br>and elsewhere.</p>",1,"No,Yes","[]",,,,,,1,"domain,skill"\n${rows
    .map(([parent = '', id = '', name = '', description = '', format = '1', related = '']) =>
      [parent, id, name, description, format, '', '', '', '0', 'null', related, '7', '', '']
        .map(cell => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
        .join(','),
    )
    .join('\n')}\n`

t.test('the export moodle.csv comes back into its track without a change', async t => {
  const { importText, exportShipped, files } = startImporting(t, 'moodle', { shipped: true })
  const before = files()
  for (const by of ['tier', 'category'])
    t.strictSame(await importText(await exportShipped('--by', by)), {
      out: 'python: no changes\npython: the files are up to date\n',
      err: '',
      code: 0,
    })
  t.strictSame(files(), before)
})

t.test('the export moodle.csv makes a new track with everything that it contains', async t => {
  const { importText, exportShipped, track } = startImporting(t, 'moodle')
  t.equal((await importText(await exportShipped())).err, '')
  const [made, original] = [await track(), await readTrack(seed)]
  const fields = ['category', 'tier', 'summary', 'kind', 'optional', 'duration', 'outcomes', 'code'] as const
  t.strictSame(fieldsBySlug(made.skills, ...fields), fieldsBySlug(original.skills, ...fields))
  t.strictSame(
    fieldsBySlug(made.categories, 'title', 'summary', 'parent'),
    fieldsBySlug(original.categories, 'title', 'summary', 'parent'),
  )
})

t.test('a framework of a Moodle site becomes categories and skills with its ID numbers', async t => {
  const { notesOf, track, importText } = startImporting(t, 'moodle')
  const text = framework(
    ['', 'oven', 'Oven', '<p>Dry <b>heat</b>.</p><p>Hot.</p>'],
    ['oven', 'oven-1', 'Level 1: bread'],
    [
      'oven-1',
      'bread',
      'Bread',
      '<p>Bakes a loaf.</p><h4>Steps</h4><ul><li>Knead</li><li>Bake<ol><li>hot</li><li>cold</li></ol></li></ul>',
      '1',
      'rolls,a%2Cb,away',
    ],
    ['oven-1', 'rolls', 'Rolls', 'Small.\n\nRound *ones*.', '4'],
    ['', 'a,b', 'Soup', '<p>See <a href="https://example.org/a (b)">this</a>.</p><pre>if x:\n  y</pre>'],
  )
  t.strictSame(await notesOf(text, '--tier', 'senior'), ['5:1 warning: not imported: there is no skill called "away"'])
  const { track: made, categories, skills } = await track()
  t.match(made, {
    title: 'Cooking',
    summary: 'How to cook.',
    introduction: 'At home,\nand elsewhere.',
    externalId: 'cooks',
  })
  t.match(categories, [
    { slug: 'oven', externalId: 'oven', title: 'Oven', summary: 'Dry heat.\n\nHot.', parent: null },
    { slug: 'level-1-bread', externalId: 'oven-1', parent: 'python.oven' },
    { slug: 'cooking', title: 'Cooking' },
  ])
  t.match(skills, [
    {
      slug: 'bread',
      externalId: 'bread',
      category: 'python.level-1-bread',
      tier: 'beginner',
      summary: 'Bakes a loaf.',
      notes: '#### Steps\n\n- Knead\n- Bake\n  1. hot\n  2. cold',
      related: ['python.rolls', 'python.soup'],
    },
    { slug: 'rolls', summary: 'Small.', notes: 'Round *ones*.', tier: 'beginner' },
    {
      slug: 'soup',
      externalId: 'a,b',
      category: 'python.cooking',
      tier: 'senior',
      summary: null,
      notes: 'See [this](https://example.org/a%20%28b%29).\n\n```\nif x:\n  y\n```',
    },
  ])
  t.equal((await importText(text, '--tier', 'beginner')).out, 'python: no changes\npython: the files are up to date\n')
})

t.test('everything in a framework that a track has no place for is listed with its line', async t => {
  const { notesOf } = startImporting(t, 'moodle')
  const notes = await notesOf(
    `${framework(
      ['', 'a', 'A', '<p>Text<img src="x.png"></p>'],
      ['a', 'b', 'B'],
      ['nowhere', 'c', 'C'],
      ['a', '', 'No id'],
      ['a', 'b', 'B again'],
      ['e', 'd', 'D'],
      ['d', 'e', 'E'],
    )},more,Another,,1,,,,,,,,1,\n,f,F,,1,"No,Yes",[],core_competency\\competency_rule_all,1,null,,,0,\n`,
  )
  t.strictSame(notes, [
    '3:1 warning: the description of "A" contains <img>',
    '5:1 note: the parent of "C", nowhere, is not in the file',
    '6:1 warning: a competency needs an ID number and a short name',
    '7:1 warning: "B again" has the same id as "B", b',
    '8:1 warning: "D" is below itself: it is at the top now',
    '10:1 warning: "Another" is another framework: the first one counts',
    '11:1 warning: the scale values of "F": a track has no scales and rules',
    '11:1 warning: the rule type of "F": a track has no scales and rules',
  ])
})

/** A category, a tier of it, and skills as the export of this service describes them. */
const own = (...skills: string[][]): string =>
  framework(
    ['', 'python.category.core', 'Core', '<p>The &#92;core.</p>'],
    ['python.category.core', 'python.category.core.senior', 'Core: Advanced', '<p>Goals.</p>'],
    ...skills.map(([slug, title, description = '', related = '']) => [
      'python.category.core.senior',
      `python.skill.${slug}`,
      String(title),
      description,
      '1',
      related,
    ]),
  )

t.test('the descriptions of the export are read section by section', async t => {
  const { importText, track, files } = startImporting(t, 'moodle')
  const mark = '<p><small>Kept in step by curriculum: what is changed here is overwritten. (state 0123)</small></p>'
  const text = own(
    [
      'lists-t',
      'PY-1 Lists‹T›',
      `<p>Has &lt;T&gt; and <code>x</code>.</p><p>Advanced, theoretical, optional</p><p>Time: about 2–3 hours</p><h3>What you can do afterwards</h3><ul><li>Sorts.</li><li>Adds.</li></ul><h3>What comes before</h3><ul><li>Loops</li></ul><h3>Worth a look beside it</h3><ul><li><code>for</code></li></ul><h3>Where to learn it</h3><ul><li><a href="https://example.org/">Site</a> (video)</li><li>Paper (leaflet)</li></ul><h3>In other frameworks</h3><ul><li>ESCO: <a href="https://example.org/esco">S1.2 programs</a></li><li>SFIA: PROG</li><li>SFIA: A1</li><li>O*NET</li></ul>${mark}`,
      'python.skill.loops-2',
    ],
    ['loops', 'Loops', '<p>Advanced, practical</p>'],
    ['loops-2', 'Loops', '<p>Advanced, practical</p><p>Time: up to 1 day</p>'],
    [
      'for',
      'for',
      '<p>Advanced, practical</p><h3>Where to learn it</h3><ul><li><a href="https://example.org/">Site</a> (video)</li></ul>',
    ],
    ['short', 'Changed by hand', '<p>Advanced, practical</p><p>Time: soon</p><h3>Other</h3><p>More.</p>'],
    ['again', 'Also by hand', '<p>Advanced, practical</p><h3>What comes before</h3><p>No list.</p>'],
  )
  t.equal((await importText(text, '--title', 'P')).err, '')
  const { track: made, categories, skills, resources } = await track()
  t.match(made.tiers, [{ tier: 'senior', title: 'Advanced' }])
  t.match(categories, [{ slug: 'core', summary: 'The \\core.', externalId: null }])
  t.match(skills[0], {
    slug: 'lists-t',
    code: 'PY-1',
    title: 'Lists<T>',
    category: 'python.core',
    tier: 'senior',
    summary: 'Has <T> and `x`.',
    kind: 'theoretical',
    optional: true,
    duration: { unit: 'hour', from: 2, to: 3, approximate: true },
    outcomes: ['Sorts.', 'Adds.'],
    prerequisites: ['python.loops-2'],
    related: ['python.for'],
    resources: ['python.site', 'python.paper'],
    alignments: [
      { framework: 'ESCO', code: 'S1.2', title: 'programs', url: 'https://example.org/esco' },
      { framework: 'SFIA', code: null, title: 'PROG', url: null },
      { framework: 'SFIA', code: 'A1', title: null },
      { framework: 'O*NET', code: null, title: 'O*NET' },
    ],
  })
  t.match(skills[2], { slug: 'loops-2', duration: { unit: 'day', from: 0, to: 1 } })
  t.match(skills[4], { slug: 'short', summary: 'Advanced, practical', notes: 'Time: soon\n\n### Other\n\nMore.' })
  t.match(skills[5], { slug: 'again', notes: '### What comes before\n\nNo list.' })
  t.match(resources, [
    { slug: 'site', kind: 'video', url: 'https://example.org/' },
    { slug: 'paper', kind: 'site', url: null },
  ])
  const written = files()
  t.equal((await importText(text)).out, 'python: no changes\npython: the files are up to date\n')
  t.strictSame(files(), written)
})

t.test('an edited export changes what was edited, and renames a skill with another title', async t => {
  const { importText, track } = startImporting(t, 'moodle')
  const described = (summary: string) => `<p>${summary}</p><p>Advanced, practical</p>`
  await importText(own(['lists', 'PY-1 Lists', described('Sorts.')], ['loops', 'Loops', described('Repeats.')]))
  await importText(own(['lists', 'PY-1 Long Lists', described('Sorts.')], ['loops', 'Loops', described('Goes on.')]))
  t.match((await track()).skills, [
    { slug: 'long-lists', formerly: ['lists'], code: 'PY-1', title: 'Long Lists', summary: 'Sorts.' },
    { slug: 'loops', title: 'Loops', summary: 'Goes on.' },
  ])
  const { out } = await importText(own(['long-lists', 'PY-1 Long Lists', described('Sorts.')]), '--prune')
  t.match(out, '1 skill removed: Loops')
})

t.test('a file that is not a framework is refused', async t => {
  const { importText } = startImporting(t, 'moodle')
  const refusals: [string, RegExp][] = [
    ['', /is not a competency framework of Moodle: its head has 0 columns instead of 14/],
    ['a,b\n1,2\n', /its head has 2 columns instead of 14, from "Parent ID number" to "Taxonomy"/],
    [framework(), /source.txt has no competencies/],
  ]
  for (const [text, message] of refusals) {
    const { err, code } = await importText(text)
    t.match(err, message)
    t.equal(code, 1)
  }
})

t.test('texts of the web are read without their scripts, and tables row by row', async t => {
  const { notesOf, track } = startImporting(t, 'moodle')
  const text = framework(
    ['', 'a', 'A', '<table><tr><th>One</th><td>1</td></tr><tr><td>Two</td><td>2</td></tr></table>'],
    [
      'a',
      'b',
      'B',
      '<p>Uses <code>a_b</code> and <a>no link</a>.<br></p><script>alert(1)</script><style>p {}</style><pre><code><b>if</b> x</code></pre><li>Alone</li><blockquote><p>Said_so</p></blockquote></p>',
    ],
    ['a', 'c', 'C', 'A very long start. '.repeat(300), '2'],
  )
  t.strictSame(await notesOf(text), [])
  const { categories, skills } = await track()
  t.match(categories, [{ summary: 'One | 1\n\nTwo | 2' }])
  t.match(skills, [
    { summary: 'Uses `a_b` and no link.', notes: '```\nif x\n```\n\n- Alone\n\nSaid\\_so' },
    { summary: null, notes: /^A very long/ },
  ])
})

t.test(
  'a framework without a row of its own, with short rows and with a description of spaces is imported',
  async t => {
    const { importText, track } = startImporting(t, 'moodle')
    const { err } = await importText(`${head},a,A,  ,1\n`)
    t.equal(err, '')
    t.match(await track(), {
      track: { title: 'Python', externalId: null },
      categories: [{ title: 'General' }],
      skills: [{ title: 'A' }],
    })
  },
)

t.test('an entry of a section that names nothing is reported or imported as it is', async t => {
  const { notesOf, track } = startImporting(t, 'moodle')
  const description =
    '<p>Advanced, practical</p><p>Time: from 2 days</p><h3>What comes before</h3><ul><li>Unknown</li></ul><h3>Where to learn it</h3><ul><li>A talk</li></ul>'
  t.strictSame(await notesOf(own(['open', 'Open', description])), [
    '5:1 warning: not imported: there is no skill called "Unknown"',
  ])
  t.match(await track(), {
    skills: [{ duration: { unit: 'day', from: 2, to: null } }],
    resources: [{ title: 'A talk', kind: 'site' }],
  })
})

t.test('a framework without a description has no summary', async t => {
  const { importText, track } = startImporting(t, 'moodle')
  t.equal((await importText(`${head},f,Food,,1,,,,,,,,1,\n,a,A,,1,,,,,,,,,\n`)).err, '')
  t.match((await track()).track, { title: 'Food', summary: null, introduction: null, externalId: 'f' })
})
