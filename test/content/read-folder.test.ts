import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import t, { type Test } from 'tap'
import type { Finding } from '../../src/content/findings.ts'
import { readFolder } from '../../src/content/read-folder.ts'
import { smallTrack } from '../fixtures/small-track.ts'

/** Creates the small track with some of its files replaced; null removes a file. */
const folderWith = (t: Test, files: Record<string, string | null>): string => {
  const folder = t.testdir({ python: smallTrack() })
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, 'python', path)
    mkdirSync(dirname(file), { recursive: true })
    if (text === null) rmSync(file)
    else writeFileSync(file, text)
  }
  return folder
}

const formatFindings = (folder: string, findings: Finding[]): string[] =>
  findings.map(
    ({ severity, file, line, column, message }) => `${severity} ${relative(folder, file)}:${line}:${column} ${message}`,
  )

/** Some files, and the place and a part of the message of each reported mistake. */
type Case = [files: Record<string, string | null>, ...mistakes: [place: string, words: string][]]

const explains = async (t: Test, cases: Case[]) => {
  for (const [files, ...mistakes] of cases) {
    const folder = folderWith(t, files)
    const { tracks, findings } = await readFolder(folder)
    const lines = formatFindings(join(folder, 'python'), findings)
    const name = JSON.stringify(files).slice(0, 70)
    t.equal(lines.length, mistakes.length, `${name}: ${lines.join(' / ')}`)
    for (const [place, words] of mistakes)
      t.ok(
        lines.some(line => line.startsWith(`error ${place} `) && line.includes(words)),
        `${place} ${words}: ${lines.join(' / ')}`,
      )
    t.equal(tracks.length, mistakes.length === 0 ? 1 : 0, 'a track with a mistake is not answered')
  }
}

t.test('a track is read with every list in order and every reference as a key', async t => {
  const folder = folderWith(t, {})
  const { tracks, findings } = await readFolder(folder)
  t.strictSame(findings, [])
  const [track] = tracks
  const document = track?.document
  t.equal(track?.slug, 'python')
  t.match(track?.hash, /^[0-9a-f]{64}$/)
  t.match(document?.track, { slug: 'python', version: '2026.11', language: 'en', summary: null })
  t.strictSame(Object.keys(document?.categories[0] ?? {}), [
    'slug',
    'formerly',
    'externalId',
    'title',
    'summary',
    'kind',
    'parent',
    'optional',
  ])
  t.strictSame(
    document?.skills.map(({ slug, category, tier }) => [slug, category, tier]),
    [
      ['variables', 'python.language', 'beginner'],
      ['functions', 'python.language', 'beginner'],
      ['decorators', 'python.language', 'senior'],
    ],
  )
  t.match(document?.skills[2], {
    kind: 'theoretical',
    optional: true,
    notes: 'Some `<code>`, and a line.\n\nAnother line.',
    prerequisites: ['python.functions'],
  })
  t.strictSame(
    document?.sources[0]?.outline.map(({ of }) => of),
    ['python', 'python.skill.decorators', 'python.skill.functions'],
  )
  t.match(document, {
    projects: [{ slug: 'todo-app' }],
    principles: [{ slug: 'style', category: 'python.language' }],
    resources: [{ slug: 'fluent-python' }],
    plans: [{ slug: 'half-a-year' }, { slug: 'a-year', steps: [{ plan: 'python.half-a-year' }] }],
    checklists: [{ slug: 'done', items: [{ text: 'Write a decorator', command: null }] }],
  })
})

t.test('a folder of tracks and the folder of one track are read alike', async t => {
  const folder = folderWith(t, {})
  t.strictSame((await readFolder(join(folder, 'python'))).tracks, (await readFolder(folder)).tracks)
})

t.test('only track.yaml and roadmap.yaml are required', async t => {
  const folder = t.testdir({
    go: { 'track.yaml': 'title: Go\n', 'roadmap.yaml': 'categories: []\n' },
  })
  const { tracks, findings } = await readFolder(folder)
  t.strictSame(findings, [])
  t.match(tracks, [{ slug: 'go', document: { skills: [], projects: [], sources: [] } }])
})

t.test('the hash of a track changes with every name and byte of its files, and with nothing else', async t => {
  const hashOf = async (files: Record<string, string | null>) =>
    (await readFolder(folderWith(t, files))).tracks[0]?.hash
  const hash = await hashOf({})
  t.equal(await hashOf({ 'README.md': 'no content' }), hash)
  t.not(await hashOf({ 'skills/variables.yaml': 'title: Variables \n' }), hash)
  t.not(await hashOf({ 'principles.yaml': null }), hash)
})

t.test('a folder without a track is reported', async t => {
  const folder = t.testdir({ notes: { 'a.txt': '' }, '.git': { 'track.yaml': '' } })
  for (const place of [folder, join(folder, 'nowhere')])
    t.match((await readFolder(place)).findings, [{ file: place, message: 'there is no track here' }])
})

t.test('missing, misnamed and unknown files are reported with the right name', t =>
  explains(t, [
    [{ 'track.yaml': null }, ['track.yaml:1:1', 'every track has a track.yaml']],
    [{ 'roadmap.yaml': null }, ['roadmap.yaml:1:1', 'every track has a roadmap.yaml']],
    [
      { 'skills/functions.yaml': null, 'skills/functions.yml': 'title: F\nrelated: [x]\n' },
      ['skills/functions.yml:1:1', 'the name of the file ends in .yaml: rename it to functions.yaml'],
      ['skills/functions.yml:2:11', 'there is no skill called "x"'],
    ],
    [
      { 'track.yaml': null, 'track.yml': smallTrack()['track.yaml'] },
      ['track.yml:1:1', 'the name of the file ends in .yaml: rename it to track.yaml'],
    ],
    [
      { 'skills/functions.yaml': null, 'skills/Functions.YML': 'title: F\n' },
      ['skills/Functions.YML:1:1', 'such as error-handling: rename it to functions.yaml'],
    ],
    [
      { 'skills/variables.yaml': 'title: V\nprerequisites:\n - functions\n  - decorators\n' },
      ['skills/variables.yaml:3:4', 'the line "- decorators" below this one is indented further'],
    ],
    [{ 'skill/loops.yaml': 'title: Loops\n' }, ['skill/loops.yaml:1:1', 'Did you mean "skills/loops.yaml"?']],
    [{ 'princples.yaml': '[]\n' }, ['princples.yaml:1:1', 'Did you mean "principles.yaml"?']],
    [
      { 'extra.yaml': 'a: b\n' },
      ['extra.yaml:1:1', 'the files of a track are track.yaml, roadmap.yaml, skills/*.yaml'],
    ],
    [
      { 'skills/Basic_Loops.yaml': 'title: Loops\n' },
      ['skills/Basic_Loops.yaml:1:1', 'rename it to basic-loops.yaml'],
      ['skills/Basic_Loops.yaml:1:1', 'does not place this skill'],
    ],
  ]),
)

t.test(
  'a slug in Latin letters is suggested for a name in another script, and none for a name without letters',
  async t => {
    for (const [name, suggested] of [
      ['übung', 'ubung'],
      ['u\u0308bung', 'ubung'],
      ['変数', 'bian-shu'],
      ['Переменные и типы', 'peremennye-i-tipy'],
      ['Größe ändern', 'grosse-andern'],
      [`${'word-'.repeat(12)}end`, 'word-'.repeat(10).slice(0, -1)],
      ['a'.repeat(60), 'a'.repeat(50)],
      ['❤', ''],
    ] as const) {
      const folder = folderWith(t, {
        [`skills/${name}.yaml`]: `title: T\nprerequisites: ["${name}"]\nresources: [fluent-python]\n`,
      })
      const { findings } = await readFolder(folder)
      const messages = findings.map(({ message }) => message)
      const renaming = messages.find(message => message.startsWith('the name of the file is a slug, which must '))
      t.ok(
        renaming?.endsWith(suggested === '' ? 'such as error-handling' : `: rename it to ${suggested}.yaml`),
        String(renaming),
      )
      const reference = messages.find(message => message.startsWith('"prerequisites", item 1 must be a slug'))
      if (/[^a-z-]/.test(name))
        t.ok(
          reference?.endsWith(suggested === '' ? 'such as python.error-handling' : `. Did you mean "${suggested}"?`),
          String(reference),
        )
    }
  },
)

t.test('a file of another kind among the skills is only a warning', async t => {
  const folder = folderWith(t, { 'skills/loops.txt': '' })
  const { tracks, findings } = await readFolder(folder)
  t.equal(tracks.length, 1)
  t.match(findings, [{ severity: 'warning', message: 'Did you mean "skills/loops.yaml"?' }])
  const twice = folderWith(t, { 'skills/loops.yaml.txt': '' })
  t.match((await readFolder(twice)).findings, [{ severity: 'warning', message: 'Did you mean "skills/loops.yaml"?' }])
})

t.test('files that are not content are ignored with one note', async t => {
  const left = ['README.md', 'skills/README.md', 'skills/loops.yaml.bak', 'notes.docx']
  const folder = folderWith(t, Object.fromEntries([...left, 'drawings/a.png', 'skills/b.svg'].map(name => [name, 'x'])))
  const { tracks, findings } = await readFolder(folder)
  t.equal(tracks.length, 1)
  const message = 'ignored, since a track has no such files: README.md, notes.docx, skills/README.md and 1 more'
  const kind = 'tracks have files that are ignored'
  t.strictSame(findings, [{ severity: 'note', kind, file: join(folder, 'python'), line: 1, column: 1, message }])
  t.match((await readFolder(folderWith(t, { 'README.md': '' }))).findings, [{ message: /: README\.md$/ }])
})

t.test('files that editors leave are not content', async t => {
  const left = [
    'loops.yaml~',
    '~$loops.yaml',
    '.DS_Store',
    '.#loops.yaml',
    '#loops.yaml#',
    '.loops.yaml.swp',
    'loops.yaml.swo',
    'Thumbs.db',
    'desktop.ini',
  ]
  const folder = folderWith(
    t,
    Object.fromEntries(left.flatMap(name => ['skills', 'images'].map(place => [`${place}/${name}`, 'x']))),
  )
  cpSync(join(folder, 'python'), join(folder, 'python~'), { recursive: true })
  const { tracks, findings } = await readFolder(folder)
  t.equal(tracks.length, 1)
  t.strictSame(findings, [])
})

t.test('an unreadable file is reported', async t => {
  const folder = folderWith(t, {})
  symlinkSync(join(folder, 'nowhere'), join(folder, 'python/skills/loops.yaml'))
  const { findings } = await readFolder(folder)
  t.match(
    findings.map(({ message }) => message),
    [/this file cannot be read: ENOENT/, 'does not place this skill'],
  )
})

t.test("a folder whose name cannot be a track's slug is reported", async t => {
  for (const [name, words] of [
    ['Python 3', /^the name of the folder is the track's slug, which must .*; rename it to python-3$/],
    ['Py', /; rename it to py$/],
    ['3D', /such as python$/],
  ] as const) {
    const folder = t.testdir({ [name]: smallTrack() })
    const { findings } = await readFolder(folder)
    const about = findings.find(({ file }) => file === join(folder, name, 'track.yaml'))
    t.match(about, { severity: 'error', message: words })
  }
})

t.test('unknown fields are reported with the nearest name', t =>
  explains(t, [
    [
      { 'skills/variables.yaml': 'title: V\nprerequisits: [functions]\n' },
      ['skills/variables.yaml:2:1', 'there is no field "prerequisits" here. Did you mean "prerequisites"?'],
    ],
    [
      { 'skills/variables.yaml': 'title: V\nqqq: 1\n' },
      ['skills/variables.yaml:2:1', 'The fields are formerly, externalId, code, title, summary'],
    ],
    [
      { 'skills/variables.yaml': 'title: V\nsample:\n  label: a\n  uri: b\n' },
      ['skills/variables.yaml:4:3', 'Did you mean "url"?'],
      ['skills/variables.yaml:3:3', '"sample", "url" is missing; add a line that begins with url:'],
    ],
    [
      { 'skills/variables.yaml': 'title: V\nslug: v\n' },
      ['skills/variables.yaml:2:1', 'the name of the file is the slug'],
    ],
    [
      { 'skills/variables.yaml': 'title: V\ntier: senior\n' },
      ['skills/variables.yaml:2:1', 'roadmap.yaml alone gives'],
    ],
    [{ 'skills/variables.yaml': 'title: V\nid: x\n' }, ['skills/variables.yaml:2:1', 'the service derives it']],
    [
      { 'track.yaml': 'title: Python\nslug: python\nsources: [guide]\nprojects: [todo-app]\n' },
      ['track.yaml:2:1', 'the name of the folder is the slug'],
    ],
    [
      { 'sources/guide.yaml': 'title: G\noutline:\n  - { labl: x, label: x, of: track }\n' },
      ['sources/guide.yaml:3:7', 'Did you mean "label"?'],
    ],
    [
      { 'resources.yaml': '- slug: fluent-python\n  kind: bok\n  title: F\n' },
      [
        'resources.yaml:2:9',
        '"kind" must be one of book, documentation, course, article, site, video, tool. Did you mean "book"?',
      ],
    ],
    [
      { 'resources.yaml': '- slug: fluent-python\n  kind: [book]\n  title: F\n' },
      [
        'resources.yaml:2:9',
        '"kind" must be one of book, documentation, course, article, site, video, tool; "[" at the beginning',
      ],
    ],
    [
      { 'resources.yaml': '- slug: fluent-python\n  title: F\n' },
      [
        'resources.yaml:1:3',
        '"kind" is missing: it must be one of book, documentation, course, article, site, video, tool; add a line that begins with kind:',
      ],
    ],
    [
      { 'resources.yaml': '- title: F\n  kind: book\n' },
      ['resources.yaml:1:3', '"slug" is missing; add a line that begins with slug:'],
    ],
    [
      { 'resources.yaml': 'fluent-python: book\n' },
      ['resources.yaml:1:1', 'this must be a list; begin each item with "- "'],
    ],
    [
      { 'resources.yaml': '- fluent-python\n' },
      ['resources.yaml:1:3', 'this must be an object with the fields slug, formerly, externalId, kind'],
    ],
    [
      { 'roadmap.yaml': 'categorys: []\n' },
      ['roadmap.yaml:1:1', 'Did you mean "categories"?'],
      ['roadmap.yaml:1:1', '"categories" is missing'],
    ],
    [
      { 'principles.yaml': '- slug: style\n  kind: rule\n  title: S\n  tier: xyz\n' },
      ['principles.yaml:4:9', '"tier" must be one of beginner, intermediate, senior'],
    ],
  ]),
)

const long = 'x'.repeat(301)
const many = 'x,'.repeat(20_001)

t.test('values of the wrong type are reported with how to write them', t =>
  explains(t, [
    [
      { 'track.yaml': 'title: P\nversion: 2026.10\nsources: [guide]\nprojects: [todo-app]\n' },
      ['track.yaml:2:10', '"version" must be a text, and 2026.10 is read as a number: put it in quotes: "2026.10"'],
    ],
    [{ 'skills/variables.yaml': 'title: true\n' }, ['skills/variables.yaml:1:8', 'and true is read as true or false']],
    [
      { 'skills/variables.yaml': 'title: null\n' },
      ['skills/variables.yaml:1:8', '"title" has no value: write one, or remove the line'],
    ],
    [{ 'skills/variables.yaml': 'title:\n' }, ['skills/variables.yaml:1:1', '"title" has no value']],
    [{ 'skills/variables.yaml': 'title: {a}\n' }, ['skills/variables.yaml:1:8', '"{a}"']],
    [
      { 'skills/variables.yaml': 'title: V\noutcomes:\n  - Can do: this\n' },
      ['skills/variables.yaml:3:5', '"Can do: this"'],
    ],
    [{ 'skills/variables.yaml': 'title: V\nsummary:\n  - a\n' }, ['skills/variables.yaml:3:3', '"- a"']],
    [
      { 'skills/variables.yaml': 'title: V\nsummary:\n  a: b\n  c: d\n' },
      ['skills/variables.yaml:3:3', 'not several lines'],
    ],
    [
      { 'skills/variables.yaml': 'title: V\nexamples: loops\n' },
      ['skills/variables.yaml:2:11', 'in brackets: [loops]'],
    ],
    [
      { 'skills/variables.yaml': 'title: V\nexamples:\n  -a\n  -b\n' },
      ['skills/variables.yaml:3:3', 'a space is missing after the dash'],
    ],
    [{ 'skills/variables.yaml': 'title: V\nexamples: {a: b}\n' }, ['skills/variables.yaml:2:11', 'must be a list']],
    [
      { 'skills/variables.yaml': 'title: V\nsample: x\n' },
      ['skills/variables.yaml:2:9', '"sample" must be an object with the fields label, url'],
    ],
    [
      { 'skills/variables.yaml': 'title: V\noptional: yes\n' },
      ['skills/variables.yaml:2:11', '"optional" must be true or false; write it without quotes'],
    ],
    [
      { 'plans.yaml': '- slug: a\n  kind: plan\n  title: A\n  weeklyHours: { from: few, to: 8.5 }\n' },
      ['plans.yaml:4:24', '"weeklyHours", "from" must be a'],
      ['plans.yaml:4:33', '"weeklyHours", "to" must be a whole number'],
    ],
    [
      { 'plans.yaml': '- slug: a\n  kind: plan\n  title: A\n  weeklyHours: { from: -1, to: 200 }\n' },
      ['plans.yaml:4:24', 'must be at least 0'],
      ['plans.yaml:4:32', 'must be at most 168'],
    ],
    [
      { 'skills/variables.yaml': `title: ${long}\n` },
      ['skills/variables.yaml:1:8', '"title" must have at most 300 characters'],
    ],
    [
      { 'skills/variables.yaml': `title: V\nexamples: [${many}]\n` },
      ['skills/variables.yaml:2:11', '"examples" must have at most 20000 items'],
    ],
    [{ 'skills/variables.yaml': 'title: " "\n' }, ['skills/variables.yaml:1:8', '"title" must not be empty']],
    [
      { 'resources.yaml': '- slug: fluent-python\n  kind: book\n  title: F\n  url: example.org\n' },
      ['resources.yaml:4:8', '"url" must begin with https://'],
    ],
    [
      { 'skills/variables.yaml': 'title: V\nrelated: [Error Handling]\n' },
      ['skills/variables.yaml:2:11', 'Did you mean "error-handling"?'],
    ],
  ]),
)

t.test('all mistakes of all files are reported in one run, in the order of files and lines', async t => {
  const folder = folderWith(t, {
    'skills/variables.yaml': 'title: `a`\n',
    'skills/functions.yaml': 'title: F\nrelated: [x]\nkind: y\n',
    'roadmap.yaml':
      'categories:\n  - slug: language\n    skills: {beginner: [variables, functions], senior: [decorators]}\n',
  })
  t.strictSame(
    formatFindings(folder, (await readFolder(folder)).findings).map(line => line.split(' ', 2)[1]),
    [
      'python/roadmap.yaml:2:5',
      'python/skills/functions.yaml:2:11',
      'python/skills/functions.yaml:3:7',
      'python/skills/variables.yaml:1:8',
    ],
  )
})

t.test('lists of files must agree with the existing files', t =>
  explains(t, [
    [
      { 'roadmap.yaml': roadmap('variables, function, decorators') },
      ['roadmap.yaml:5:29', 'there is no file skills/function.yaml. Did you mean "functions"?'],
      ['skills/functions.yaml:1:1', 'add the line "- functions" in the category'],
    ],
    [
      { 'roadmap.yaml': roadmap('variables, functions, xyz, decorators') },
      ['roadmap.yaml:5:40', 'write that file, or remove this line'],
    ],
    [
      { 'roadmap.yaml': roadmap('variables, functions, decorators, variables') },
      ['roadmap.yaml:5:52', 'is here a second time, after line 5'],
    ],
    [
      {
        'skills/functions.yaml': 'title: F\nformerly: [routines]\n',
        'roadmap.yaml': roadmap('variables, functions, decorators, routines'),
      },
      ['roadmap.yaml:5:52', 'Did you mean "functions"?'],
    ],
    [{ 'roadmap.yaml': roadmap('variables, 404, decorators') }, ['roadmap.yaml:5:29', '404 is read as a number']],
    [
      { 'track.yaml': 'title: P\nprojects: [todo-app, todo]\n' },
      ['track.yaml:2:22', 'there is no file projects/todo.yaml'],
      ['sources/guide.yaml:1:1', 'track.yaml does not list this source: add the line "- guide" under its sources'],
    ],
    [{ 'track.yaml': 'title: P\nsources: [guide]\nprojects: todo-app\n' }, ['track.yaml:3:11', 'must be a list']],
  ]),
)

const roadmap = (skills: string) =>
  `categories:\n  - slug: language\n    title: Language\n    skills:\n      beginner: [${skills}]\n`

t.test('unknown references are reported at their place, with the nearest name and its file', t =>
  explains(t, [
    [
      { 'skills/variables.yaml': 'title: V\nrelated:\n  - function\n' },
      ['skills/variables.yaml:3:5', 'there is no skill called "function". Did you mean "functions"? It is in '],
    ],
    [
      {
        'skills/functions.yaml': 'title: F\nformerly: [routines]\n',
        'skills/variables.yaml': 'title: V\nrelated: [routine]\n',
      },
      ['skills/variables.yaml:2:11', 'Did you mean "routines"?'],
    ],
    [
      { 'skills/variables.yaml': 'title: V\nrelated: [xyz]\n' },
      ['skills/variables.yaml:2:11', 'there is no skill called "xyz"'],
    ],
    [
      { 'sources/guide.yaml': 'title: G\noutline:\n  - { label: D, of: skill.decorator }\n' },
      ['sources/guide.yaml:3:21', 'Did you mean "skill.decorators"? It is in '],
    ],
    [
      { 'sources/guide.yaml': 'title: G\noutline:\n  - { label: D, of: decorators }\n' },
      ['sources/guide.yaml:3:21', 'Did you mean "skill.decorators"'],
    ],
    [
      { 'skills/variables.yaml': 'title: V\nsameAs: [go.variables]\n' },
      ['skills/variables.yaml:2:10', 'there is no skill called "go.variables"'],
    ],
  ]),
)

t.test('a text without its quotes does not hide other mistakes in the file', t =>
  explains(t, [
    [
      { 'skills/variables.yaml': 'title: `x`\nprerequisits: [functions]\nsummary: "\\d"\nsummary: @a\n' },
      ['skills/variables.yaml:1:8', 'in quotes'],
      ['skills/variables.yaml:2:1', 'there is no field "prerequisits" here. Did you mean "prerequisites"?'],
      ['skills/variables.yaml:3:11', 'a backslash'],
      ['skills/variables.yaml:4:1', '"summary" is here a second time'],
    ],
  ]),
)

/** A roadmap whose categories are the small track's, with other parents, and categories below them. */
const nested = (parents: { language?: string; web?: string }, ...more: [slug: string, parent: string][]): string =>
  [
    'categories:',
    `  - { slug: language, title: Language${parents.language === undefined ? '' : `, parent: ${parents.language}`}, skills: { beginner: [variables, functions], senior: [decorators] } }`,
    `  - { slug: web, title: Web${parents.web === undefined ? '' : `, parent: ${parents.web}`} }`,
    ...more.map(([slug, parent]) => `  - { slug: ${slug}, title: ${slug}, parent: ${parent} }`),
    '',
  ].join('\n')

t.test('categories nest on three levels, in any order of the file, and mistakes are reported at the parent', t =>
  explains(t, [
    [
      { 'roadmap.yaml': nested({ language: 'web' }, ['top', 'deep'], ['deep', 'language']) },
      ['roadmap.yaml:4:38', 'fourth'],
    ],
    [{ 'roadmap.yaml': nested({ language: 'web' }, ['deep', 'language']) }],
    [
      { 'roadmap.yaml': nested({ language: 'web', web: 'language' }) },
      ['roadmap.yaml:2:48', 'these form a cycle: "Language" is part of "Web" is part of "Language"'],
    ],
    [{ 'roadmap.yaml': nested({ web: 'web' }) }, ['roadmap.yaml:3:38', '"Web" is part of "Web"']],
    [
      { 'roadmap.yaml': nested({ web: 'langage' }) },
      ['roadmap.yaml:3:38', 'there is no category called "langage". Did you mean "language"?'],
    ],
    [{ 'roadmap.yaml': nested({ web: 'go.tools' }) }, ['roadmap.yaml:3:38', '"go.tools"']],
  ]),
)

t.test('mistakes in codes, alignments and external ids are reported at their place', t => {
  const skill = (lines: string) => ({ 'skills/variables.yaml': `title: Variables\n${lines}` })
  const alignment = (lines: string) => skill(`alignments:\n  - framework: ESCO\n    ${lines}\n`)
  return explains(t, [
    [skill(`code: ${'PY-101'.repeat(9)}\n`), ['skills/variables.yaml:2:7', '"code" must have at most 50 characters']],
    [
      skill('code: "`x`"\n'),
      ['skills/variables.yaml:2:7', '"code" must be one line without backticks, such as PY-101'],
    ],
    [skill('code: ""\n'), ['skills/variables.yaml:2:7', '"code" must not be empty']],
    [skill('code: 3.10\n'), ['skills/variables.yaml:2:7', 'quotes']],
    [
      alignment('url: data.europa.eu/esco/skill/1'),
      ['skills/variables.yaml:4:10', '"alignments", item 1, "url" must begin with https:// or http://'],
    ],
    [
      alignment('type: Competency'),
      ['skills/variables.yaml:4:11', 'must be ceasn:Competency, ceterms:Credential, CFItem,'],
    ],
    [alignment('name: PROG'), ['skills/variables.yaml:4:5', '"name"']],
    [skill('alignments:\n  - title: code\n'), ['skills/variables.yaml:3:5', '"framework" is missing']],
    [skill('externalId: "a\\nb"\n'), ['skills/variables.yaml:2:13', '"externalId" must not have control characters']],
    [skill('externalId: 42\n'), ['skills/variables.yaml:2:13', 'quotes']],
    [
      {
        'skills/variables.yaml': 'title: Variables\nexternalId: 10000000-0000-4000-8000-00000000000a\n',
        'skills/functions.yaml': 'title: Functions\nexternalId: 10000000-0000-4000-8000-00000000000A\n',
      },
      ['skills/functions.yaml:2:13', 'skill "variables" has this UUID too, and CASE identifies both by it'],
    ],
  ])
})

t.test('two tracks with the same UUID as an external id are reported', async t => {
  const uuid = '10000000-0000-4000-8000-00000000000a'
  const [python, other] = [smallTrack(), smallTrack()]
  const folder = t.testdir({ python, other })
  writeFileSync(join(folder, 'other/sources/guide.yaml'), 'title: Guide\n')
  for (const track of ['other', 'python'])
    writeFileSync(
      join(folder, track, 'skills/variables.yaml'),
      `title: Variables\nexternalId: ${uuid}\nresources: [fluent-python]\n`,
    )
  const { tracks, findings } = await readFolder(folder)
  t.same(
    tracks.map(({ slug }) => slug),
    ['other'],
  )
  t.match(formatFindings(folder, findings), [
    /^error python\/skills\/variables\.yaml:2:13 skill "other\.variables" has this UUID too, and CASE identifies both by it/,
  ])
})

t.test('mistakes of the document are reported at their place in the files', t =>
  explains(t, [
    [
      { 'skills/variables.yaml': 'title: Variables\nprerequisites: [functions]\n' },
      ['skills/variables.yaml:2:16', 'form a cycle'],
    ],
    [
      {
        'resources.yaml':
          '- { slug: fluent-python, kind: book, title: A }\n- { slug: fluent-python, kind: book, title: B }\n',
      },
      ['resources.yaml:2:3', 'there are two resources called "fluent-python"'],
    ],
    [
      { 'roadmap.yaml': roadmap('variables, functions, decorators').replace('beginner', 'intermediate') },
      ['roadmap.yaml:5:21', 'the track has no tier "intermediate"'],
    ],
    [
      {
        'track.yaml':
          'title: P\ntiers:\n  - { tier: senior, title: S }\n  - { tier: beginner, title: B }\nsources: [guide]\nprojects: [todo-app]\n',
      },
      ['track.yaml:4:13', 'beginner cannot follow senior'],
    ],
    [
      { 'skills/functions.yaml': 'title: F\nformerly: [variables]\n' },
      ['skills/functions.yaml:2:12', '"variables" is the name of another skill (python.variables)'],
    ],
    [
      { 'projects/todo-app.yaml': 'title: T\nskills: [functions, functions]\n' },
      ['projects/todo-app.yaml:2:21', '"python.functions" is listed twice: remove one of the two'],
    ],
    [
      { 'skills/variables.yaml': 'title: V\nprerequisites: [variables]\n' },
      ['skills/variables.yaml:2:16', 'form a cycle: "V" needs "V"'],
    ],
    [
      { 'skills/variables.yaml': 'title: V\nrelated: [variables]\n' },
      ['skills/variables.yaml:2:11', '"V" is related to itself: remove it from its own related'],
    ],
    [
      { 'skills/functions.yaml': 'title: F\nrelated: [variables, variables]\n' },
      ['skills/functions.yaml:2:22', '"python.variables" is listed twice: remove one of the two'],
    ],
    [
      { 'skills/functions.yaml': 'title: F\nsameAs: [python.variables]\n' },
      ['skills/functions.yaml:2:10', '"python.variables" is in this track: sameAs is for equal skills of other tracks'],
    ],
    [
      {
        'plans.yaml':
          '- slug: a\n  kind: plan\n  title: A\n  weeklyHours: { from: 9, to: 8 }\n  steps:\n    - { unit: month, from: 6, to: 3, text: T }\n',
      },
      ['plans.yaml:4:31', 'it ends (8) before it begins (9)'],
      ['plans.yaml:6:35', 'it ends (3) before it begins (6)'],
    ],
    [
      {
        'skills/functions.yaml': 'title: F\nduration: { unit: hour, from: 2, to: 1 }\n',
        'projects/todo-app.yaml': 'title: T\nduration:\n  unit: day\n  from: 3\n  to: 0\n',
      },
      ['skills/functions.yaml:2:38', 'it ends (1) before it begins (2): "to" must not be less than "from"'],
      ['projects/todo-app.yaml:5:7', 'it ends (0) before it begins (3): "to" must not be less than "from"'],
    ],
    [
      {
        'track.yaml':
          'title: P\ntiers:\n  - { tier: beginner, title: B }\n  - { tier: senior, title: S }\nsources: [guide]\nprojects: [todo-app]\nexercises: [try]\n',
        'exercises/try.yaml':
          'kind: exercise\ntitle: T\nskills: [functions]\nduration: { unit: minute, from: 30, to: 20 }\n',
      },
      ['exercises/try.yaml:4:41', 'it ends (20) before it begins (30): "to" must not be less than "from"'],
    ],
    [
      {
        'plans.yaml':
          '- slug: a\n  kind: plan\n  title: A\n  steps:\n    - { unit: week, from: 1, text: T, skills: [functions, functions], projects: [todo-app, todo-app] }\n    - { unit: week, from: 2, text: T, skills: [functons, go.basics], projects: [go.app] }\n',
      },
      ['plans.yaml:5:59', '"python.functions" is listed twice: remove one of the two'],
      ['plans.yaml:5:92', '"python.todo-app" is listed twice: remove one of the two'],
      ['plans.yaml:6:48', 'there is no skill called "functons". Did you mean "functions"?'],
      ['plans.yaml:6:58', 'there is no skill called "go.basics"'],
      ['plans.yaml:6:81', 'there is no project called "go.app"'],
    ],
  ]),
)

t.test('mistakes that follow from another are not reported', t =>
  explains(t, [
    [{ 'skills/functions.yaml': 'title: `f`\n' }, ['skills/functions.yaml:1:8', 'quotes']],
    [{ 'skills/functions.yaml': null }, ['roadmap.yaml:6:29', 'there is no file skills/functions.yaml']],
    [
      { 'resources.yaml': '- title:\n  kind: book\n' },
      ['resources.yaml:1:3', '"title" has no value'],
      ['resources.yaml:1:3', '"slug" is missing'],
    ],
    [{ 'roadmap.yaml': 'categories: [\n' }, ['roadmap.yaml:1:13', 'is not closed']],
    [
      { 'roadmap.yaml': 'categories:\n  - title: Language\n' },
      ['roadmap.yaml:2:5', '"slug" is missing; add a line that begins with slug:'],
    ],
    [{ 'resources.yaml': 'x\n' }, ['resources.yaml:1:1', 'this must be a list, even of one item']],
    [
      { 'plans.yaml': '- { slug: A year, kind: plan, title: A }\n' },
      ['plans.yaml:1:11', '"slug" must be lower-case letters'],
    ],
    [
      {
        'skills/loops.yaml': 'title: Loops\n',
        'track.yaml': 'title: P\ntiers: [{ tier: senior, title: S }]\nsources: [guide]\nprojects: [todo-app]\n',
        'roadmap.yaml': roadmap('variables, functions, decorators').replace('beginner', 'senior'),
        'projects/todo-app.yaml': 'title: T\nskills: [loops]\n',
      },
      ['skills/loops.yaml:1:1', 'roadmap.yaml does not place this skill'],
    ],
  ]),
)

t.test('a missing picture is a warning, and the track is served', async t => {
  const notes =
    '![a](images/there.svg) ![b](skills/gone.png "b") ![c](https://example.org/c.png) ![d](data:image/png;base64,x) ![e](../images/their.svg)'
  const folder = folderWith(t, {
    'skills/variables.yaml': `title: V\nnotes: |\n  ${notes}\n`,
    'images/there.svg': '<svg/>',
  })
  const { tracks, findings } = await readFolder(folder)
  t.equal(tracks.length, 1)
  t.match(
    findings.filter(({ message }) => message.includes('no picture')),
    [
      {
        severity: 'warning',
        line: 3,
        column: 26,
        message: 'put the file into the folder images/, and write images/gone.png',
      },
      {
        severity: 'warning',
        message: `there is no picture images/their.svg in the track's folder. Did you mean "images/there.svg"?`,
      },
    ],
  )
})
