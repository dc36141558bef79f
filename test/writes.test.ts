import type { FastifyInstance, InjectOptions } from 'fastify'
import t from 'tap'
import { asAdmin, documentOf, emptyApp, testApp } from './app.ts'

interface Problem {
  code: string
  detail: string
  errors: { pointer?: string; message: string }[]
}

const small = () =>
  documentOf(
    { slug: 'go' },
    {
      category: [{ slug: 'basics', title: 'Basics' }],
      skill: [
        { slug: 'types', title: 'Types', category: 'basics', tier: 'beginner' },
        { slug: 'generics', title: 'Generics', category: 'basics', tier: 'beginner', prerequisites: ['types'] },
      ],
      resource: [{ slug: 'tour', title: 'A tour', kind: 'course', url: 'https://go.dev/tour' }],
    },
  )

const writing = (app: FastifyInstance) => {
  const send = (
    method: 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    payload?: unknown,
    headers: Record<string, string> = {},
  ) =>
    app.inject({
      method,
      url,
      headers: { ...asAdmin, ...headers },
      ...(payload === undefined ? {} : { payload: payload as InjectOptions['payload'] & object }), // JSON of any kind
    })
  const tagOf = async (url: string): Promise<string> => String((await app.inject(url)).headers.etag)
  return {
    put: (url: string, payload: unknown, headers?: Record<string, string>) => send('PUT', url, payload, headers),
    patch: (url: string, payload: unknown, headers?: Record<string, string>) => send('PATCH', url, payload, headers),
    remove: (url: string, headers?: Record<string, string>) => send('DELETE', url, undefined, headers),
    tagOf,
    /** The terms under which what there is may be changed. */
    held: async (url: string) => ({ 'if-match': await tagOf(url) }),
  }
}

t.test('a noun is made by PUT under its key, and answered as it is read', async t => {
  const { app, load } = await emptyApp(t)
  await load(small())
  const { put } = writing(app)
  const made = await put('/v1/skills/go.channels', { title: 'Channels', category: 'basics', tier: 'senior' })
  t.equal(made.statusCode, 201, made.body)
  t.equal(made.headers.location, '/v1/skills/go.channels')
  t.equal(made.headers['cache-control'], 'no-store')
  const read = await app.inject('/v1/skills/go.channels')
  t.equal(read.body, made.body)
  t.equal(read.headers.etag, made.headers.etag)
  t.match(read.json(), { key: 'go.channels', category: 'go.basics', kind: 'practical', position: 1, prerequisites: [] })
  t.equal(read.headers['curriculum-cursor'], made.headers['curriculum-cursor'])
})

t.test('what GET answered changes nothing when it is PUT', async t => {
  const { app } = await testApp(t)
  const { put, held } = writing(app)
  const cursor = (await app.inject('/v1/tracks/python')).headers['curriculum-cursor']
  for (const url of [
    '/v1/skills/python.decorators',
    '/v1/tracks/python',
    '/v1/sources/python.matrix',
    '/v1/categories/python.error-handling',
    '/v1/principles/python.error-handling',
    '/v1/projects/python.url-shortener',
    '/v1/resources/python.fluent-python',
    '/v1/plans/python.6-month-focused-plan',
    '/v1/checklists/python.beginner-checklist',
  ]) {
    const read = await app.inject(url)
    const written = await put(url, read.json(), await held(url))
    t.equal(written.statusCode, 200, written.body)
    t.equal(written.body, read.body)
    t.equal(written.headers.etag, read.headers.etag)
    t.equal(String(written.headers['curriculum-cursor']), String(cursor), url)
  }
})

t.test('fields change by PATCH, and null takes what was known away', async t => {
  const { app, load } = await emptyApp(t)
  await load(small())
  const { patch, held } = writing(app)
  const url = '/v1/skills/go.types'
  const first = await patch(url, { summary: 'What a value is.', tier: 'senior' }, await held(url))
  t.equal(first.statusCode, 200, first.body)
  t.match(first.json(), { summary: 'What a value is.', tier: 'senior', title: 'Types' })
  const merge = { 'content-type': 'application/merge-patch+json', 'if-match': String(first.headers.etag) }
  const second = await patch(url, '{"summary":null}', merge)
  t.equal(second.statusCode, 200, second.body)
  t.equal(second.json<{ summary: null }>().summary, null)
  t.equal((await app.inject(url)).body, second.body)
})

t.test('nobody writes over what somebody else has written', async t => {
  const { app, load } = await emptyApp(t)
  await load(small())
  const { patch, put, remove, held, tagOf } = writing(app)
  const url = '/v1/skills/go.types'
  const read = await tagOf(url)
  t.equal((await patch(url, { summary: 'One.' }, { 'if-match': read })).statusCode, 200)
  for (const answer of [
    await patch(url, { summary: 'Two.' }, { 'if-match': read }),
    await put(url, { title: 'Two', category: 'basics', tier: 'senior' }, { 'if-match': read }),
    await remove(url, { 'if-match': read }),
    await put('/v1/skills/go.new', { title: 'New' }, { 'if-match': read }),
    await put(url, { title: 'Two', category: 'basics', tier: 'senior' }, { 'if-none-match': '*' }),
    await patch(url, { summary: 'Two.' }, { 'if-match': `W/${await tagOf(url)}` }),
  ]) {
    t.equal(answer.statusCode, 412, answer.body)
    t.equal(answer.json<Problem>().code, 'PRECONDITION_FAILED')
  }
  for (const answer of [await patch(url, { summary: 'Two.' }), await remove(url), await put(url, { title: 'Two' })]) {
    t.equal(answer.statusCode, 428, answer.body)
    t.equal(answer.json<Problem>().code, 'PRECONDITION_REQUIRED')
  }
  const tags = (await Promise.all(Array.from({ length: 8 }, (_, index) => index))).map(async index =>
    patch(url, { summary: `Writer ${index}.` }, await held(url)),
  )
  t.same((await Promise.all(tags)).map(({ statusCode }) => statusCode).sort(), [200, ...Array(7).fill(412)])
})

t.test('the tag of any encoding serves, and so does *', async t => {
  const { app } = await testApp(t)
  const { patch } = writing(app)
  const url = '/v1/skills/python.decorators'
  const encoded = await app.inject({ url, headers: { 'accept-encoding': 'br' } })
  t.match(encoded.headers.etag, /-br/)
  t.equal((await patch(url, { summary: 'Short.' }, { 'if-match': `"other", ${encoded.headers.etag}` })).statusCode, 200)
  t.equal((await patch(url, { summary: 'Shorter.' }, { 'if-match': '*' })).statusCode, 200)
  for (const headers of [{ 'if-match': 'abc' }, { 'if-match': '*', 'if-none-match': '"abc"' }]) {
    const answer = await patch(url, { summary: 'No.' }, headers)
    t.equal(answer.statusCode, 400)
  }
})
