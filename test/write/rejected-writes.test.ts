import t from 'tap'
import { createWriter } from '../../src/write/writer.ts'
import { asAdmin, documentOf, emptyApp } from '../fixtures/app.ts'
import { noPreconditions } from '../fixtures/no-preconditions.ts'

interface Problem {
  detail: string
  errors: { pointer: string; message: string }[]
}

const go = () =>
  documentOf(
    {
      slug: 'go',
      tiers: [
        { tier: 'beginner', title: 'B' },
        { tier: 'senior', title: 'S' },
      ],
    },
    { category: [{ slug: 'basics' }], skill: [{ slug: 'types', category: 'basics', tier: 'senior' }] },
  )

t.test('a value beyond a limit or of a wrong type is reported in a sentence', async t => {
  const { app, load } = await emptyApp(t)
  await load(go())
  const put = async (url: string, body: unknown) => {
    const headers = { ...asAdmin, 'content-type': 'application/json' }
    const response = await app.inject({ method: 'PUT', url, headers, payload: JSON.stringify(body) })
    t.equal(response.statusCode, 422, response.body)
    return response.json<Problem>()
  }
  const plan = { title: 'P', kind: 'plan' }
  for (const [url, body, pointer, words] of [
    ['/v1/plans/go.p', { ...plan, duration: { unit: 'week', from: -1 } }, '/duration/from', /must be at least 0\./],
    ['/v1/plans/go.p', { ...plan, duration: { unit: 'week', from: 1e9 } }, '/duration/from', /must be at most \d+\./],
    ['/v1/plans/go.p', { ...plan, duration: { unit: 'week', from: 'x' } }, '/duration/from', /must be a number\./],
    [
      '/v1/plans/go.p',
      { ...plan, duration: { unit: 'week', from: 1.5 } },
      '/duration/from',
      /must be a (whole )?number\./,
    ],
    ['/v1/plans/go.p', { ...plan, duration: 3 }, '/duration', /must be an object with the fields unit, from/],
    [
      '/v1/plans/go.p',
      { ...plan, steps: [{ text: 'T', foo: 1 }] },
      '/steps/0/foo',
      /no field "foo" here\. The fields are /,
    ],
    [
      '/v1/skills/go.s',
      { title: 'S', category: 'basics', tier: 'senior', outcomes: Array(20_001).fill('x') },
      '/outcomes',
      /must have at most 20000 items/,
    ],
    ['/v1/skills/go.s', { title: '', category: 'basics', tier: 'senior' }, '/title', /"title" must not be empty\./],
  ] as const) {
    const { errors } = await put(url, body)
    t.match(errors.find(error => error.pointer === pointer)?.message, words, JSON.stringify(errors))
  }
  const replay = await app.inject({
    method: 'PUT',
    url: '/v1/webhooks/lms',
    headers: asAdmin,
    payload: { url: 'https://a.example' },
  })
  t.equal(replay.statusCode, 201)
  const wrong = await app.inject({ method: 'POST', url: '/v1/webhooks/lms/replay', headers: asAdmin, payload: {} })
  t.match(wrong.json<Problem>().errors, [{ pointer: '', message: /^The body is not valid/ }])
})

t.test('of very many mistakes the first hundred are reported', async t => {
  const { app } = await emptyApp(t)
  const payload = { track: { title: 'Go' }, skills: Array.from({ length: 150 }, (_, index) => ({ slug: `s${index}` })) }
  const response = await app.inject({ method: 'PUT', url: '/v1/tracks/go/document', headers: asAdmin, payload })
  t.equal(response.json<Problem>().errors.length, 100)
  t.match(response.json<Problem>().detail, / And \d+ more\.$/)
})

t.test('a mistake that a change causes in another item is reported at the whole body', async t => {
  const { app, load } = await emptyApp(t)
  await load(go())
  const payload = { tiers: [{ tier: 'beginner', title: 'B' }] }
  const response = await app.inject({
    method: 'PATCH',
    url: '/v1/tracks/go',
    headers: { ...asAdmin, 'if-match': '*' },
    payload,
  })
  t.equal(response.statusCode, 422)
  t.match(response.json<Problem>().errors, [{ pointer: '', message: /the track has no tier "senior"/i }])
})

t.test('a merge patch changes nested objects and creates missing ones', async t => {
  const { app, load } = await emptyApp(t)
  await load(go())
  const patch = async (payload: object) => {
    const headers = { ...asAdmin, 'if-match': '*' }
    const response = await app.inject({ method: 'PATCH', url: '/v1/skills/go.types', headers, payload })
    return response.json<{ sample: unknown }>().sample
  }
  t.same(await patch({ sample: { label: 'L', url: 'a.go' } }), { label: 'L', url: 'a.go' })
  t.same(await patch({ sample: { label: 'M' } }), { label: 'M', url: 'a.go' })
  t.same(await patch({ sample: null }), null)
})

t.test('a document without a body and a dry run with mistakes are rejected', async t => {
  const { app } = await emptyApp(t)
  const url = '/v1/tracks/go/document'
  t.equal((await app.inject({ method: 'PUT', url, headers: asAdmin })).statusCode, 400)
  const tried = await app.inject({ method: 'PUT', url: `${url}?dryRun=true`, headers: asAdmin, payload: { track: {} } })
  t.equal(tried.statusCode, 422)
})

t.test('a cycle of prerequisites is reported at the field that closes it', async t => {
  const { app, load } = await emptyApp(t)
  const skill = (slug: string, ...prerequisites: string[]) => ({ slug, category: 'c', tier: 'senior', prerequisites })
  const skills = [skill('a', 'z'), skill('m'), skill('z')]
  await load(documentOf({ slug: 'go' }, { category: [{ slug: 'c' }], skill: skills }))
  for (const slug of ['m', 'z']) {
    const [url, payload] = [`/v1/skills/go.${slug}`, { prerequisites: slug === 'z' ? ['a'] : ['m'] }]
    const response = await app.inject({ method: 'PATCH', url, headers: { ...asAdmin, 'if-match': '*' }, payload })
    t.equal(response.statusCode, 422)
    t.match(response.json<Problem>().errors, [{ pointer: /^\/prerequisites/ }], response.body)
  }
})

t.test('a change to an item that does not exist is rejected with NOT_FOUND', async t => {
  const { catalog } = await emptyApp(t)
  const writer = createWriter(catalog)
  const options = { ...noPreconditions, ifMatch: '*' } as const
  await t.rejects(writer.patch('skill', 'go.types', {}, options), { code: 'NOT_FOUND' })
  await t.rejects(writer.remove('skill', 'go.types', options), { code: 'NOT_FOUND' })
})

t.test('a load does not silently restore items that were removed through the API', async t => {
  const { app } = await emptyApp(t)
  const load = (hash: string, title: string) =>
    app.inject({
      method: 'PUT',
      url: `/v1/tracks/go/document?load=${hash}`,
      headers: { ...asAdmin, ...(hash === 'one' ? {} : { 'if-match': '*' }) },
      payload: { track: { title }, categories: [{ slug: 'a', title: 'A' }] },
    })
  t.equal((await load('one', 'Go')).statusCode, 201)
  await app.inject({ method: 'DELETE', url: '/v1/categories/go.a', headers: { ...asAdmin, 'if-match': '*' } })
  const rejected = await load('two', 'Go')
  t.equal(rejected.statusCode, 409)
  t.match(rejected.json<Problem>().detail, /category "go\.a" removed by ADMIN_KEY/)
})
