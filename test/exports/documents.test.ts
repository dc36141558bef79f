import { parse as parseCsv } from 'csv-parse/sync'
import markdownIt from 'markdown-it'
import t from 'tap'
import { parse } from 'yaml'
import { mapDrafts, normalizeDraft } from '../../src/model/document.ts'
import { nouns } from '../../src/model/vocabulary.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'
import { hostileApp, hostileTitles } from '../fixtures/hostile-track.ts'

t.test('the document as JSON and YAML equals that of REST, and loading it again changes nothing', async t => {
  const { app, bytes, text, whole, catalog } = await hostileApp(t)
  for (const [format, type] of [
    ['json', 'application/json'],
    ['yaml', 'application/yaml'],
  ] as const) {
    const document = await app.inject({ url: '/v1/tracks/hostile/document', headers: { accept: type } })
    t.equal(await text(format), document.body, format)
    const read = parse(String(await bytes(format)))
    t.same(read, whole)
    const [difference] = await catalog.replaceTracks({ document: mapDrafts(read, normalizeDraft) })
    t.same(difference, { created: [], changed: [], removed: [] })
  }
})

t.test('an empty document is valid JSON and YAML', async t => {
  const { app, load, catalog } = await emptyApp(t)
  await load(documentOf({ slug: 'bare' }, {}))
  const bare = await catalog.document('bare')
  for (const format of ['json', 'yaml'])
    t.same(parse((await app.inject(`/v1/tracks/bare/export/${format}`)).body), bare)
  for (const [format, expected] of [
    ['ob3-alignments.json', '[\n]\n'],
    ['markdown', '# A track\n'],
    ['canvas.csv', /^vendor_guid.*\r\nbare,group,A track,,,,,active,,,,,,,,\r\n$/],
    ['moodle.csv', /^Parent.*\r\n,bare,A track,,1,.*\r\n$/],
  ] as const)
    t.match((await app.inject(`/v1/tracks/bare/export/${format}`)).body, expected, format)
})

t.test('NDJSON has one object per line with its type first, parents before children', async t => {
  const { text, whole } = await hostileApp(t)
  const lines = (await text('ndjson')).split('\n')
  t.equal(lines.pop(), '', 'the last line ends too')
  const order = [
    'track',
    'source',
    'category',
    'resource',
    'skill',
    'principle',
    'project',
    'exercise',
    'plan',
    'checklist',
  ]
  t.same([...order].sort(), [...nouns].sort())
  const read = lines.map(line => JSON.parse(line))
  t.ok(lines.every(line => line.startsWith('{"type":"')))
  t.same([...new Set(read.map(({ type }) => type))], order)
  t.same(
    read.filter(({ type }) => type === 'skill').map(({ type, ...skill }) => skill),
    whole.skills,
  )
})

t.test('skills open unchanged in a spreadsheet, and none of them as a formula', async t => {
  const { text } = await hostileApp(t)
  const file = await text('csv')
  const rows = parseCsv(file, { columns: true }) as Record<string, string>[]
  t.equal(rows.length, Object.keys(hostileTitles).length)
  for (const row of rows) {
    const slug = String(row.key).slice('hostile.'.length)
    t.equal(row.title, titles[slug] ?? hostileTitles[slug], slug)
    for (const cell of Object.values(row)) t.notMatch(cell, /^[=+\-@]/)
  }
  t.match(rows[0], {
    category: "'@category & <T>",
    tier: 'Start <here>',
    position: '1',
    kind: 'theoretical',
    optional: 'yes',
    outcomes: 'List<T> and Map<K, List<V>>\n+1, -1 and @home',
    prerequisites: 'elsewhere.basics',
    resources: 'elsewhere.site\nKäse & <Wein>\nA book',
    urls: '\nhttps://example.org/käse b?q=ü|[1]"#ß\n',
    code: 'R&D <1>',
    alignments: '',
    externalId: '\'="7"',
    duration: 'about 1–2 hours',
  })
  t.match(
    rows.find(({ key }) => key === 'hostile.snakes'),
    {
      code: '',
      alignments: 'ESCO & <co>: S1.2 use "snakes" <http://data.europa.eu/esco/skill/1?a=1&b=ü>\nOf the house',
      externalId: '',
    },
  )
  t.match(
    rows.find(({ key }) => key === 'hostile.10'),
    { summary: '', optional: 'no', kind: 'practical' },
  )
  t.notMatch(file, /^\ufeff/)
  const marked = await text('csv?bom=true')
  t.equal(marked, `\ufeff${file}`)
})

const titles: Record<string, string> = {
  twin: "'=1+1",
  'two-lines': 'Two lines and a tab',
  list: "'- no list",
  heading: '# no *heading*, no [link](x) | no ~~line~~ $x$ _y_ code <T> a`b `open',
}

/** Groups the texts of a Markdown file by the kind of their block. */
const textsOf = (markdown: string): { block: string; text: string }[] => {
  const tokens = markdownIt('commonmark').enable(['table', 'strikethrough']).parse(markdown, {})
  return tokens.flatMap((token, index) => {
    const children = token.type === 'inline' ? (token.children ?? []) : []
    const text = children.map(({ content }) => content).join('')
    return children.length === 0 ? [] : [{ block: `${tokens[index - 2]?.type} ${tokens[index - 1]?.tag}`, text }]
  })
}

t.test('a roadmap in Markdown shows every text literally', async t => {
  const { text, whole } = await hostileApp(t)
  const markdown = await text('markdown')
  const texts = textsOf(markdown)
  const headings = (level: string) => texts.filter(({ block }) => block.endsWith(level)).map(one => one.text)
  t.ok(headings('h3').includes(String(hostileTitles.long).trim()))
  t.ok(headings('h4').includes('</h4> # "Third" & [level](x)'))
  t.same(headings('h2'), [
    '@category & <T>',
    'Nothing in it',
    'Projects',
    'Exercises',
    'Plans',
    'Checklists',
    'Principles',
    'Resources',
  ])
  for (const { slug, title } of whole.skills)
    t.ok(
      texts.some(one => one.text.startsWith(reads[slug] ?? title)),
      slug,
    )
  for (const line of [
    'R&D <1> List<T> and Map<K, List<V>> (theory, optional, about 1–2 hours): List<T> and Map<K, List<V>>',
    'In other frameworks: ESCO & <co>: S1.2 use "snakes", Of the house',
    'After: elsewhere.basics',
    'Learn it: elsewhere.site, Käse & <Wein>, A book',
    '+1, -1 and @home',
    'Start <here>: Begin & go on.',
    'Weeks 1–2: Start <T>.',
    '🐍 snakes, 👩‍👩‍👧 and "quotes"',
    'A tool <for> R&D',
    'Time: about 3–4 hours for 2 of 16 skills',
    'Time: from 2 days',
    'It runs: echo `date` (On Linux)',
    'Risk: It breaks.',
    'Käse & <Wein> (site): On the web.',
    'License: CC-BY-4.0',
  ])
    t.ok(
      texts.some(one => one.text === line),
      line,
    )
  t.match(markdown, '[Käse \\& \\<Wein\\>](<https://example.org/k%C3%A4se%20b?q=%C3%BC%7C%5B1%5D%22#%C3%9F>)')
  t.notMatch(markdown, '[ ]')
})

const reads: Record<string, string> = {
  '1-1': 'R&D <1> List<T> and Map<K, List<V>>',
  long: String(hostileTitles.long).trim(),
  'two-lines': 'Two lines and a tab',
  nothing: ' ',
  heading: '# no *heading*, no [link](x) | no ~~line~~ $x$ _y_ code <T> a`b `open',
}

t.test('every kind of resource is named on the page and in Markdown, HTML and the list of REST', async t => {
  const { app, load } = await emptyApp(t)
  const kinds = ['book', 'documentation', 'course', 'article', 'site', 'video', 'tool']
  await load(
    documentOf(
      { slug: 'a' },
      {
        category: [{ slug: 'c' }],
        skill: [{ slug: 's', title: 'S', category: 'c', tier: 'senior', resources: kinds }],
        resource: kinds.map(kind => ({ slug: kind, kind, title: `The ${kind}`, url: `https://example.org/${kind}` })),
      },
    ),
  )
  const text = async (url: string) => (await app.inject(url)).body
  const [markdown, moodle, canvas, page] = await Promise.all(
    ['export/markdown', 'export/moodle.csv', 'export/canvas.csv']
      .map(path => text(`/v1/tracks/a/${path}`))
      .concat(text('/tracks/a')),
  )
  for (const kind of kinds) {
    t.match(markdown, `[The ${kind}](<https://example.org/${kind}>) (${kind})`)
    for (const file of [moodle, canvas]) t.match(file, `>The ${kind}</a> (${kind})</li>`)
    t.match(page, `>The ${kind}</a></li>`)
    t.match(await text(`/v1/resources?kind=${kind}`), `"title":"The ${kind}"`)
  }
  for (const heading of ['Videos', 'Tools']) t.match(page, `<span class="title">${heading}</span>`)
})

t.test('a roadmap can be ticked', async t => {
  const { text, whole } = await hostileApp(t)
  const markdown = await text('markdown?checklist=true')
  const boxes = [...markdown.matchAll(/^ *- \[ \] .*/gm)].map(([line]) => line)
  t.equal(
    boxes.length,
    whole.skills.length + 2 + 2 + 1 + 2 + 2,
    'skills, steps and parts of projects, what is done when, checklists',
  )
  t.ok(boxes.includes('- [ ] It `runs`: `` echo `date` `` (On Linux)'))
  t.equal(markdown.replaceAll('- [ ] ', '- '), await text('markdown'))
})

t.test('a Mermaid flowchart draws prerequisites by category and tier', async t => {
  const { text, whole } = await hostileApp(t)
  const lines = (await text('mermaid')).split('\n')
  t.equal(lines[0], 'flowchart LR')
  const labels = new Map(
    lines.flatMap(line => {
      const [, name, label] = /^ +(?:subgraph )?(\w+)\["([^"]*)"\]/.exec(line) ?? []
      return name === undefined
        ? []
        : [[name, String(label).replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))] as const]
    }),
  )
  t.equal(labels.get('category_twin'), '@category & <T>')
  for (const { slug, title } of whole.skills)
    t.equal(labels.get(`skill_${slug.replaceAll('-', '_')}`), drawn[slug] ?? title, slug)
  t.ok(
    lines.some(line => line.includes('skill_numbered["1#46; not')),
    'a label begins no list',
  )
  t.equal(lines.filter(line => line.includes(' --> ')).length, whole.skills.length - 1)
  t.ok(lines.includes('  skill_1_1 --> skill_1_10'))
  t.equal(
    lines.filter(line => line.trimStart().startsWith('subgraph')).length,
    lines.filter(line => line.trim() === 'end').length,
  )
  t.notOk((await text('mermaid?tier=senior')).includes(' --> '), 'there is no arrow to a skill outside the scope')
})

const drawn: Record<string, string> = {
  'two-lines': 'Two lines and a tab',
  heading: '# no *heading*, no [link](x) | no ~~line~~ $x$ _y_ code <T> a`b `open',
}

t.test('every skill is an Open Badges alignment that links to a competency', async t => {
  const { app, catalog } = await testApp(t)
  const whole = await catalog.document('python')
  const alignments = (await app.inject('/v1/tracks/python/export/ob3-alignments.json')).json()
  t.equal(alignments.length, whole?.skills.length)
  const [first] = whole?.skills ?? []
  t.same(alignments[0], {
    type: ['Alignment'],
    targetCode: 'python.skill.variables',
    targetDescription: first?.summary,
    targetName: 'Variables',
    targetFramework: 'Python',
    targetType: 'CFItem',
    targetUrl: `https://curriculum.example/ims/case/v1p1/CFItems/${first?.id}`,
  })
  const { text } = await hostileApp(t)
  const bare = JSON.parse(await text('ob3-alignments.json?category=other')).find(
    (one: { targetCode: string }) => one.targetCode === 'hostile.skill.10',
  )
  t.notOk('targetDescription' in bare, 'unknown values are omitted')
})

t.test('the alignments of a skill follow its own Open Badges alignment on request', async t => {
  const { app, load } = await emptyApp(t)
  const url = 'https://example.org/käse'
  await load(
    documentOf(
      { slug: 'a', title: 'A' },
      {
        category: [{ slug: 'c' }],
        skill: [
          {
            slug: 's',
            title: 'S',
            category: 'c',
            tier: 'senior',
            alignments: [
              { framework: 'ESCO', code: 'S1', title: 'use `code`', url, type: 'ceasn:Competency' },
              { framework: 'SFIA', code: 'PROG', url },
              { framework: 'O*NET', url },
              { framework: 'No address', code: 'X' },
            ],
          },
          { slug: 't', title: 'T', category: 'c', tier: 'senior' },
        ],
      },
    ),
  )
  const alignments = async (query: string) =>
    (await app.inject(`/v1/tracks/a/export/ob3-alignments.json${query}`)).json<{ targetName: string }[]>()
  const [own, ...others] = await alignments('?external=true')
  t.match(own, { targetName: 'S', targetCode: 'a.skill.s' })
  const targetUrl = 'https://example.org/k%C3%A4se'
  const type = ['Alignment']
  t.same(others.slice(0, 3), [
    {
      type,
      targetCode: 'S1',
      targetName: 'use code',
      targetFramework: 'ESCO',
      targetType: 'ceasn:Competency',
      targetUrl,
    },
    { type, targetCode: 'PROG', targetName: 'PROG', targetFramework: 'SFIA', targetUrl },
    { type, targetName: 'O*NET', targetFramework: 'O*NET', targetUrl },
  ])
  t.same(
    others.slice(3).map(({ targetName }) => targetName),
    ['T'],
  )
  t.same(
    (await alignments('')).map(({ targetName }) => targetName),
    ['S', 'T'],
  )
})
