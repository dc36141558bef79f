import t from 'tap'
import { asAdmin, documentOf, emptyApp } from '../fixtures/app.ts'

const base = () =>
  documentOf({ slug: 'go' }, { category: [{ slug: 'c' }], skill: [{ slug: 'a', category: 'c', tier: 'senior' }] })

const choice = (text: string, correct = false) => ({ text, correct })

/** Exercises with a mistake, and its place and words. */
const mistakes: [what: string, exercise: object, pointer: string, words: string][] = [
  ['a quiz without questions', { kind: 'quiz' }, '/questions', 'a quiz has at least one question: add its questions'],
  [
    'questions of an assignment',
    { kind: 'assignment', questions: [{ text: 'Q', answer: 'A' }] },
    '/questions',
    'only a quiz has questions, and this is an assignment: write kind: quiz',
  ],
  [
    'a question without an answer',
    { kind: 'quiz', questions: [{ text: 'Q', answer: 'A' }, { text: 'Q' }] },
    '/questions/1',
    'this question has neither choices nor an answer: add one of them',
  ],
  [
    'choices and an answer',
    { kind: 'quiz', questions: [{ text: 'Q', answer: 'A', choices: [choice('A', true), choice('B')] }] },
    '/questions/0/answer',
    'the right choices are the answer',
  ],
  [
    'a single choice',
    { kind: 'quiz', questions: [{ text: 'Q', choices: [choice('A', true)] }] },
    '/questions/0/choices',
    'one choice is no choice',
  ],
  [
    'no right choice',
    { kind: 'quiz', questions: [{ text: 'Q', choices: [choice('A'), choice('B')] }] },
    '/questions/0/choices',
    'none of the choices is right: write correct: true under those that are',
  ],
  [
    'a choice twice',
    { kind: 'quiz', questions: [{ text: 'Q', choices: [choice('A', true), choice('B'), choice('A')] }] },
    '/questions/0/choices/2',
    '"A" is listed twice: remove one of the two',
  ],
  [
    'a file twice',
    {
      kind: 'exercise',
      files: [
        { path: 'z', role: 'test', text: '' },
        { path: 'a', role: 'data', text: '' },
        { path: 'a', role: 'starter', text: '' },
        { path: 'a', role: 'data', text: '' },
      ],
    },
    '/files/3',
    '"data/a" is listed twice: remove one of the two',
  ],
  [
    'a file that is a folder too',
    {
      kind: 'exercise',
      files: [
        { path: 'a/b', role: 'data', text: '' },
        { path: 'a', role: 'data', text: '' },
      ],
    },
    '/files/1/path',
    '"data/a" is a file here, and the folder of "a/b": rename one of the two',
  ],
  [
    'files that are too large together',
    {
      kind: 'exercise',
      files: ['a', 'b', 'c', 'd'].map(path => ({ path, role: 'data', text: 'x'.repeat(75_001) })),
    },
    '/files',
    'its files have 300004 characters together, and 300000 are the most',
  ],
  ['a skill twice', { kind: 'exercise', skills: ['a', 'a'] }, '/skills/1', 'is listed twice: remove one of the two'],
]

for (const [what, exercise, pointer, words] of mistakes)
  t.test(`${what}: rejected with its place, in a document and as a single exercise`, async t => {
    const { app, load } = await emptyApp(t)
    await load(base())
    const payload = { title: 'X', skills: ['a'], ...exercise }
    const single = await app.inject({ method: 'PUT', url: '/v1/exercises/go.x', headers: asAdmin, payload })
    t.equal(single.statusCode, 422, single.body)
    const [error] = single.json<{ errors: { pointer: string; message: string }[] }>().errors
    t.equal(error?.pointer, pointer)
    t.ok(error?.message.toLowerCase().includes(words.toLowerCase()), single.body)
    const document = await app.inject({
      method: 'PUT',
      url: '/v1/tracks/go/document',
      headers: { ...asAdmin, 'if-match': '*' },
      payload: { ...base(), exercises: [{ slug: 'x', ...payload }] },
    })
    t.equal(document.statusCode, 422, document.body)
    t.match(document.json().errors[0], { pointer: `/exercises/0${pointer}` })
  })

t.test('an exercise with the largest files that it can have fits into one request', async t => {
  const { app, load } = await emptyApp(t)
  await load(base())
  const files = ['a', 'b', 'c'].map(path => ({ path, role: 'data', text: '漢'.repeat(100_000) }))
  const payload = { kind: 'exercise', title: 'X', skills: ['a'], files, instructions: '漢'.repeat(20_000) }
  const put = await app.inject({ method: 'PUT', url: '/v1/exercises/go.x', headers: asAdmin, payload })
  t.equal(put.statusCode, 201, put.body.slice(0, 300))
  t.strictSame((await app.inject('/v1/exercises/go.x')).json().files, files)
  const patch = await app.inject({
    method: 'PATCH',
    url: '/v1/exercises/go.x',
    headers: { ...asAdmin, 'if-match': '*', 'content-type': 'application/merge-patch+json' },
    payload: JSON.stringify({ files: [] }),
  })
  t.equal(patch.statusCode, 200, patch.body.slice(0, 300))
})

t.test('a path that no file can have is rejected', async t => {
  const { app, load } = await emptyApp(t)
  await load(base())
  for (const path of [
    '/a',
    '../a',
    'a/../b',
    '.git',
    'a/.b',
    'a//b',
    'a/',
    'a b',
    'ü',
    '',
    'main.pyc',
    'a.swp',
    '__pycache__/a',
    'x/node_modules',
  ]) {
    const files = [{ path, role: 'data', text: '' }]
    const payload = { kind: 'exercise', title: 'X', skills: ['a'], files }
    const { statusCode, body } = await app.inject({
      method: 'PUT',
      url: '/v1/exercises/go.x',
      headers: asAdmin,
      payload,
    })
    t.equal(statusCode, 422, `${path}: ${body}`)
  }
})

t.test('GraphQL reads the questions and files of an exercise, and the exercises of a skill', async t => {
  const { app, load } = await emptyApp(t)
  await load(base())
  const payload = {
    kind: 'quiz',
    title: 'X',
    skills: ['a'],
    questions: [{ text: 'Q', choices: [choice('A', true), choice('B')] }],
    files: [{ path: 'a.txt', role: 'data', text: '\r\n' }],
  }
  await app.inject({ method: 'PUT', url: '/v1/exercises/go.x', headers: asAdmin, payload })
  const query =
    '{ skill(ref: "go.a") { exercises { key kind questions { text choices { text correct } } files { path role text } } } }'
  const { data, errors } = (await app.inject({ method: 'POST', url: '/graphql', payload: { query } })).json()
  t.notOk(errors, JSON.stringify(errors))
  const [exercise] = [data.skill.exercises].flat()
  t.match(JSON.stringify(exercise), '"text":"Q","choices":[{"text":"A","correct":true},{"text":"B","correct":false}]')
  t.match(JSON.stringify(exercise), '"path":"a.txt"')
})
