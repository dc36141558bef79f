import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import t, { type Test } from 'tap'
import { stampOfFolder } from '../../src/content/folder.ts'
import { readFolder } from '../../src/content/read-folder.ts'
import { hashTrack } from '../../src/content/track-hash.ts'
import { startAuthoring, type Tree } from '../fixtures/author.ts'

/** A track with the exercises `sum` and `other`. */
const track = (more: Tree = {}): Tree => ({
  'track.yaml': 'title: Go\nexercises: [sum, other]\n',
  'roadmap.yaml': 'categories: [{ slug: c, title: C, skills: { beginner: [a] } }]\n',
  skills: { 'a.yaml': 'title: A\nresources: [book]\n' },
  'resources.yaml': '- { slug: book, kind: book, title: Book }\n',
  exercises: {
    'sum.yaml': 'kind: assignment\ntitle: Sum\nskills: [a]\n',
    'other.yaml': 'kind: exercise\ntitle: Other\nskills: [a]\n',
    ...more,
  },
})

type Files = Record<string, string | Buffer>

/** Writes the track with files of exercises. */
const folderWith = (t: Test, files: Files): string => {
  const folder = t.testdir({ go: track() })
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, 'go/exercises', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  return folder
}

const findingsIn = async (folder: string): Promise<string[]> =>
  (await readFolder(folder)).findings.map(
    ({ severity, file, line, column, message }) =>
      `${severity} ${relative(join(folder, 'go/exercises'), file)}:${line}:${column} ${message}`,
  )

t.test('the files of an exercise are read with their role and path, and their text stays as it is', async t => {
  const folder = folderWith(t, {
    'sum/test/b.txt': '\n',
    'sum/starter/src/main.go': '\ufeffpackage main\r\n\r\n\t// λ 🐍  \r\n',
    'sum/starter/README.md': '# **Read** <me>\n\n![picture](missing.png)',
    'sum/data/empty.csv': '',
    'sum/data/config.yaml': 'a: [\n',
    'sum/solution/main.go': 'package main',
    'sum/diagram.png': Buffer.from([0x89, 0x50]),
    'other/images/a.svg': '<svg/>',
  })
  const { tracks, findings } = await readFolder(folder)
  t.strictSame(findings, [])
  const [sum, other] = tracks[0]?.document.exercises ?? []
  t.strictSame(other?.files, [])
  t.strictSame(
    sum?.files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    [
      { path: 'README.md', role: 'starter', text: '# **Read** <me>\n\n![picture](missing.png)' },
      { path: 'b.txt', role: 'test', text: '\n' },
      { path: 'config.yaml', role: 'data', text: 'a: [\n' },
      { path: 'empty.csv', role: 'data', text: '' },
      { path: 'main.go', role: 'solution', text: 'package main' },
      { path: 'src/main.go', role: 'starter', text: '\ufeffpackage main\r\n\r\n\t// λ 🐍  \r\n' },
    ],
  )
})

t.test('an exercise without skills is reported, and the rest of the track is checked', async t => {
  t.same(await findingsIn(folderWith(t, { 'sum.yaml': 'kind: exercise\ntitle: Sum\nskills: []\n' })), [
    'error sum.yaml:3:9 "skills" must not be empty',
  ])
  t.match(await findingsIn(folderWith(t, { 'sum.yaml': 'kind: exercise\ntitle: Sum\n' })), [
    /^error sum.yaml:1:1 "skills" is missing/,
  ])
})

t.test('what tools and editors leave beside the files of an exercise is ignored', async t => {
  const leftovers = [
    'sum/starter/__pycache__/main.pyc',
    'sum/starter/main.pyc',
    'sum/test/node_modules/tap/index.js',
    'sum/.DS_Store',
    'sum/starter/.main.py.swp',
    'sum/starter/main.py~',
    'gone/starter/__pycache__/main.pyc',
  ]
  const folder = folderWith(t, Object.fromEntries(leftovers.map(path => [path, Buffer.from([0xff])])))
  t.match(await readFolder(folder), { findings: [], tracks: [{ document: { exercises: [{ files: [] }, {}] } }] })
})

for (const [what, files, ...expected] of [
  [
    'a file that is no text',
    { 'sum/data/a.bin': Buffer.from([0x61, 0xff]) },
    'error sum/data/a.bin:1:1 this file is no text in UTF-8, and an exercise has only such: link to it instead',
  ],
  [
    'a file with control characters',
    { 'sum/data/a.txt': 'a\0' },
    'error sum/data/a.txt:1:1 the text of this file must not have control characters: change it, or link to it instead',
  ],
  [
    'a file that is too large',
    { 'sum/data/a.txt': 'x'.repeat(100_001) },
    'error sum/data/a.txt:1:1 the text of this file must have at most 100000 characters: change it, or link to it instead',
  ],
  [
    'a file that is much too large',
    { 'sum/data/a.txt': 'x'.repeat(300_001) },
    'error sum/data/a.txt:1:1 this file cannot be read: it has 300001 bytes, and may have 300000: make it smaller',
  ],
  [
    'a name that is not allowed',
    { 'sum/data/my file.txt': '' },
    'error sum/data/my file.txt:1:1 the path of the file in data/ must be a relative path of letters, digits, dots, hyphens and underscores, such as src/main.py, and not that of a file which a tool creates: rename it',
  ],
  [
    'a folder that is no role',
    { 'sum/starters/a.txt': '' },
    'error sum/starters/a.txt:1:1 this file is in no folder of a role: move it into starter/, solution/, test/ or data/. Did you mean "starter/"?',
  ],
  [
    'a file without a role',
    { 'sum/README.md': '' },
    'error sum/README.md:1:1 this file is in no folder of a role: move it into starter/, solution/, test/ or data/',
  ],
  [
    'a folder without an exercise',
    { 'sums/starter/a.txt': '', 'sums/starter/b.txt': '' },
    'error sums:1:1 there is no exercise for the files in this folder: write exercises/sums.yaml, or rename the folder. Did you mean "sum"?',
  ],
  [
    'too many files',
    Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`sum/data/${index}.txt`, ''])),
    'error sum:1:1 this exercise has 51 files, and 50 are the most: leave some of them out',
  ],
  [
    'files that are too large together',
    Object.fromEntries(['a', 'b', 'c', 'd'].map(name => [`sum/data/${name}.txt`, 'x'.repeat(75_001)])),
    'error sum.yaml:1:1 its files have 300004 characters together, and 300000 are the most: leave some out, or link to them',
  ],
  [
    'files in the YAML',
    { 'sum.yaml': 'kind: assignment\ntitle: Sum\nskills: [a]\nfiles:\n  - { path: a.txt, role: data, text: a }\n' },
    'error sum.yaml:4:1 the files of an exercise are not written here, but in a folder with the name of this file: put them into its folders starter, solution, test, data, and remove this line',
  ],
] as [string, Files, ...string[]][])
  t.test(`${what}: a finding names the place and says how to mend it`, async t => {
    t.strictSame(await findingsIn(folderWith(t, files)), expected)
  })

const quiz = (questions: string) => ({ 'sum.yaml': `kind: quiz\ntitle: Sum\nskills: [a]\n${questions}` })

for (const [what, files, ...expected] of [
  ['no questions', quiz(''), 'error sum.yaml:1:1 a quiz has at least one question: add its questions'],
  [
    'questions of an exercise',
    { 'sum.yaml': 'kind: exercise\ntitle: Sum\nskills: [a]\nquestions:\n  - { text: Q, answer: A }\n' },
    'error sum.yaml:5:3 only a quiz has questions, and this is an exercise: write kind: quiz',
  ],
  [
    'an exercise without skills',
    { 'sum.yaml': 'kind: exercise\ntitle: Sum\n' },
    'error sum.yaml:1:1 "skills" is missing; add a line that begins with skills:',
  ],
  [
    'an unknown kind',
    { 'sum.yaml': 'kind: quizz\ntitle: Sum\nskills: [a]\nquestions:\n  - { text: Q, answer: A }\n' },
    'error sum.yaml:1:7 "kind" must be one of exercise, assignment, quiz. Did you mean "quiz"?',
  ],
  [
    'a number as an answer',
    quiz('questions:\n  - { text: Q, answer: 42 }\n'),
    'error sum.yaml:5:24 "questions", item 1, "answer" must be a text, and 42 is read as a number: put it in quotes: "42"',
  ],
  [
    'a question without an answer',
    quiz('questions:\n  - { text: Q, answer: A }\n  - text: Q\n'),
    'error sum.yaml:6:5 this question has neither choices nor an answer: add one of them',
  ],
  [
    'an answer beside choices',
    quiz('questions:\n  - text: Q\n    choices: [{ text: A, correct: true }, { text: B }]\n    answer: A\n'),
    'error sum.yaml:7:13 the right choices are the answer: remove "answer", or the choices',
  ],
  [
    'a single choice',
    quiz('questions:\n  - text: Q\n    choices: [{ text: A, correct: true }]\n'),
    'error sum.yaml:6:14 one choice is no choice: add another, or write the answer as "answer"',
  ],
  [
    'no right choice',
    quiz('questions:\n  - text: Q\n    choices:\n      - text: A\n      - text: B\n'),
    'error sum.yaml:7:7 none of the choices is right: write correct: true under those that are',
  ],
  [
    'a choice twice',
    quiz('questions:\n  - text: Q\n    choices:\n      - { text: A, correct: true }\n      - text: A\n'),
    'error sum.yaml:8:9 "A" is listed twice: remove one of the two',
  ],
  [
    'a skill twice',
    { 'sum.yaml': 'kind: exercise\ntitle: Sum\nskills: [a, a]\n' },
    'error sum.yaml:3:13 "go.a" is listed twice: remove one of the two',
  ],
] as [string, Files, ...string[]][])
  t.test(`${what}: reported at its line and column`, async t => {
    t.strictSame(await findingsIn(folderWith(t, files)), expected)
  })

t.test('a file that cannot be read is reported', async t => {
  const folder = folderWith(t, { 'sum/data/b.txt': '' })
  symlinkSync('.', join(folder, 'go/exercises/sum/data/a.txt'))
  t.strictSame(await findingsIn(folder), [
    'error sum/data/a.txt:1:1 this file cannot be read: EISDIR: illegal operation on a directory, read',
  ])
})

t.test('a changed file of an exercise changes the hash of the track, and is noticed and loaded', async t => {
  const { load, content, catalog } = await startAuthoring(t, {
    go: track({ sum: { starter: { 'main.py': 'print(1)\n' } } }),
  })
  t.match(await load(), { code: 0, err: '' })
  const [hash, stamp] = [(await hashTrack(join(content, 'go'))).hash, await stampOfFolder(content)]
  const file = join(content, 'go/exercises/sum/starter/main.py')
  writeFileSync(file, 'print(2)\n')
  t.not((await hashTrack(join(content, 'go'))).hash, hash)
  t.not(await stampOfFolder(content), stamp)
  t.match(await load(), { out: 'go: 0 created, 1 changed, 0 removed\n' })
  t.match(await catalog.document('go'), { exercises: [{ files: [{ text: 'print(2)\n' }] }, {}] })
})

t.test('export files writes the files of exercises byte for byte, and removes those that are gone', async t => {
  const { load, put, patch, remove, exportFiles, files, content, catalog } = await startAuthoring(t, {
    go: track({
      sum: { starter: { 'main.py': 'print(1)\r\n' }, test: { 'a.py': '' } },
      other: { data: { 'a.csv': '1' } },
    }),
  })
  await load()
  const before = files()
  t.match(await exportFiles('go'), { out: 'go: the files are up to date\n' })
  t.strictSame(files(), before)
  const text = '\ufeffa\r\n\r\n\tλ 🐍 \r\n\n'
  await patch('/v1/exercises/go.sum', {
    files: [
      { path: 'a.py', role: 'test', text: '' },
      { path: 'src/main.py', role: 'starter', text },
    ],
  })
  await put('/v1/exercises/go.new', {
    kind: 'exercise',
    title: 'New',
    skills: ['a'],
    files: [{ path: 'x', role: 'solution', text: 'x' }],
  })
  await remove('/v1/exercises/go.other')
  t.match(await exportFiles('go'), { err: '', code: 0 })
  t.strictSame(
    Object.keys(files()).filter(path => path.includes('exercises/')),
    [
      'go/exercises/new.yaml',
      'go/exercises/new/solution/x',
      'go/exercises/sum.yaml',
      'go/exercises/sum/starter/src/main.py',
      'go/exercises/sum/test/a.py',
    ],
  )
  t.strictSame(readFileSync(join(content, 'go/exercises/sum/starter/src/main.py')), Buffer.from(text))
  t.notMatch(files()['go/exercises/sum.yaml'], 'files')
  const served = await catalog.document('go')
  t.match(await load('--force'), { code: 0, err: '' })
  t.strictSame(await catalog.document('go'), served, 'the files are those that were served')
})

t.test('the order of files in a request does not matter', async t => {
  const { load, patch, exportFiles, catalog } = await startAuthoring(t, { go: track() })
  await load()
  await patch('/v1/exercises/go.sum', {
    files: [
      { path: 'b.txt', role: 'data', text: '' },
      { path: 'z.txt', role: 'starter', text: '' },
      { path: 'a.txt', role: 'data', text: '' },
    ],
  })
  const paths = (await catalog.document('go'))?.exercises[0]?.files.map(({ path }) => path)
  t.strictSame(paths, ['z.txt', 'a.txt', 'b.txt'])
  await exportFiles('go')
  t.match(await load(), { out: 'go: 0 created, 0 changed, 0 removed\n', err: '' })
})
