import { mock } from 'node:test'
import type { FastifyInstance, InjectOptions } from 'fastify'
import t from 'tap'
import { checkDocument } from '../../src/model/check-document.ts'
import { type Noun, nouns, plurals } from '../../src/model/vocabulary.ts'
import { asAdmin, documentOf, emptyApp, testApp } from '../fixtures/app.ts'

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

const createClient = (app: FastifyInstance) => {
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
  const etagOf = async (url: string): Promise<string> => String((await app.inject(url)).headers.etag)
  return {
    put: (url: string, payload: unknown, headers?: Record<string, string>) => send('PUT', url, payload, headers),
    patch: (url: string, payload: unknown, headers?: Record<string, string>) => send('PATCH', url, payload, headers),
    remove: (url: string, headers?: Record<string, string>) => send('DELETE', url, undefined, headers),
    etagOf,
    /** The header for changing the current version. */
    ifMatch: async (url: string) => ({ 'if-match': await etagOf(url) }),
  }
}

t.test('PUT under a key creates an item, and returns it as GET does', async t => {
  const { app, load } = await emptyApp(t)
  await load(small())
  const { put } = createClient(app)
  const created = await put('/v1/skills/go.channels', { title: 'Channels', category: 'basics', tier: 'senior' })
  t.equal(created.statusCode, 201, created.body)
  t.equal(created.headers.location, '../../v1/skills/go.channels')
  t.equal(created.headers['cache-control'], 'no-store')
  const read = await app.inject('/v1/skills/go.channels')
  t.equal(read.body, created.body)
  t.equal(read.headers.etag, created.headers.etag)
  t.match(read.json(), { key: 'go.channels', category: 'go.basics', kind: 'practical', position: 1, prerequisites: [] })
  t.equal(read.headers['curriculum-cursor'], created.headers['curriculum-cursor'])
})

t.test('PUT of what GET returned changes nothing', async t => {
  const { app } = await testApp(t)
  const { put, ifMatch } = createClient(app)
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
    const written = await put(url, read.json(), await ifMatch(url))
    t.equal(written.statusCode, 200, written.body)
    t.equal(written.body, read.body)
    t.equal(written.headers.etag, read.headers.etag)
    t.equal(String(written.headers['curriculum-cursor']), String(cursor), url)
  }
})

t.test('PATCH changes fields, and null removes values', async t => {
  const { app, load } = await emptyApp(t)
  await load(small())
  const { patch, ifMatch } = createClient(app)
  const url = '/v1/skills/go.types'
  const first = await patch(url, { summary: 'What a value is.', tier: 'senior' }, await ifMatch(url))
  t.equal(first.statusCode, 200, first.body)
  t.match(first.json(), { summary: 'What a value is.', tier: 'senior', title: 'Types' })
  const merge = { 'content-type': 'application/merge-patch+json', 'if-match': String(first.headers.etag) }
  const second = await patch(url, '{"summary":null}', merge)
  t.equal(second.statusCode, 200, second.body)
  t.equal(second.json<{ summary: null }>().summary, null)
  t.equal((await app.inject(url)).body, second.body)
})

t.test('a write never overwrites a change that its client has not seen', async t => {
  const { app, load } = await emptyApp(t)
  await load(small())
  const { patch, put, remove, ifMatch, etagOf } = createClient(app)
  const url = '/v1/skills/go.types'
  const read = await etagOf(url)
  t.equal((await patch(url, { summary: 'One.' }, { 'if-match': read })).statusCode, 200)
  for (const response of [
    await patch(url, { summary: 'Two.' }, { 'if-match': read }),
    await put(url, { title: 'Two', category: 'basics', tier: 'senior' }, { 'if-match': read }),
    await remove(url, { 'if-match': read }),
    await put('/v1/skills/go.new', { title: 'New' }, { 'if-match': read }),
    await put(url, { title: 'Two', category: 'basics', tier: 'senior' }, { 'if-none-match': '*' }),
    await patch(url, { summary: 'Two.' }, { 'if-match': `W/${await etagOf(url)}` }),
  ]) {
    t.equal(response.statusCode, 412, response.body)
    t.equal(response.json<Problem>().code, 'PRECONDITION_FAILED')
  }
  for (const response of [await patch(url, { summary: 'Two.' }), await remove(url), await put(url, { title: 'Two' })]) {
    t.equal(response.statusCode, 428, response.body)
    t.equal(response.json<Problem>().code, 'PRECONDITION_REQUIRED')
  }
  const tags = (await Promise.all(Array.from({ length: 8 }, (_, index) => index))).map(async index =>
    patch(url, { summary: `Writer ${index}.` }, await ifMatch(url)),
  )
  t.same((await Promise.all(tags)).map(({ statusCode }) => statusCode).sort(), [200, ...Array(7).fill(412)])
})

t.test('If-Match accepts the ETag of any encoding, and *', async t => {
  const { app } = await testApp(t)
  const { patch } = createClient(app)
  const url = '/v1/skills/python.decorators'
  const encoded = await app.inject({ url, headers: { 'accept-encoding': 'br' } })
  t.match(encoded.headers.etag, /-br/)
  t.equal((await patch(url, { summary: 'Short.' }, { 'if-match': `"other", ${encoded.headers.etag}` })).statusCode, 200)
  t.equal((await patch(url, { summary: 'Shorter.' }, { 'if-match': '*' })).statusCode, 200)
  for (const headers of [{ 'if-match': 'abc' }, { 'if-match': '*', 'if-none-match': '"abc"' }]) {
    const response = await patch(url, { summary: 'No.' }, headers)
    t.equal(response.statusCode, 400)
  }
})

t.test('every mistake of a body is reported with its pointer, and nothing is written', async t => {
  const { app, load } = await emptyApp(t)
  await load(small())
  const { put, patch, ifMatch } = createClient(app)
  const url = '/v1/skills/go.types'
  const before = (await app.inject(url)).body
  for (const [body, pointer, words] of [
    [{ category: 'basics', tier: 'senior' }, '/title', '"title" is missing.'],
    [
      { title: 'T', category: 'basics' },
      '/tier',
      /"tier" is missing: it must be one of beginner, intermediate, senior\./,
    ],
    [{ title: 'T', category: 'basics', tier: 'seniro' }, '/tier', /Did you mean "senior"\?/],
    [{ title: 'T', category: 'basics', tier: 'expert-in-everything' }, '/tier', /senior\.$/],
    [{ title: 7, category: 'basics', tier: 'senior' }, '/title', '"title" must be a text.'],
    [{ title: 'T', category: 'basics', tier: 7 }, '/tier', /one of/],
    [
      { title: 'T'.repeat(301), category: 'basics', tier: 'senior' },
      '/title',
      '"title" must have at most 300 characters.',
    ],
    [
      { title: 'T', category: 'basics', tier: 'senior', outcomes: 'all' },
      '/outcomes',
      '"outcomes" must be a list, even of one item.',
    ],
    [
      { title: 'T', category: 'basics', tier: 'senior', outcomes: ['a', ''] },
      '/outcomes/1',
      /"outcomes", item 2 must not be empty/,
    ],
    [
      { title: 'T', category: 'basics', tier: 'senior', optional: 'no' },
      '/optional',
      '"optional" must be true or false.',
    ],
    [{ title: 'T', category: 'basics', tier: 'senior', sumary: 'S' }, '/sumary', /Did you mean "summary"\?/],
    [{ title: 'T', category: 'basics', tier: 'senior', xyz: 'S' }, '/xyz', /The fields are slug, /],
    [
      { title: 'T', category: 'basics', tier: 'senior', sample: { label: 'L', url: 'x', uri: 'x' } },
      '/sample/uri',
      /"url"/,
    ],
    [{ title: 'T', category: 'basics', tier: 'senior', prerequisites: ['tpyes'] }, '/prerequisites/0', /Did you mean/],
    [
      { title: 'T', category: 'basics', tier: 'senior', prerequisites: ['nothing-like-it'] },
      '/prerequisites/0',
      /no skill/,
    ],
    [{ title: 'T', category: 'basics', tier: 'senior', prerequisites: ['generics'] }, '/prerequisites', /form a cycle/],
    [{ title: 'T', category: 'basics', tier: 'senior', prerequisites: ['py.magic'] }, '/prerequisites/0', /no skill/],
    [{ title: 'T', category: 'basics', tier: 'senior', position: 7 }, '/position', /read-only/],
    [{ title: 'T', category: 'basics', tier: 'senior', updatedAt: '2020-01-01T00:00:00.000Z' }, '/updatedAt', /server/],
    [{ title: 'T', category: 'basics', tier: 'senior', slug: 'other' }, '/slug', /server/],
    [{ title: 'T', category: 'basics', tier: 'senior', formerly: ['generics'] }, '/formerly/0', /another skill/],
    [{ title: 'T', category: 'basics', tier: 'senior', code: 'x'.repeat(51) }, '/code', /at most 50 characters/],
    [{ title: 'T', category: 'basics', tier: 'senior', code: 'a\nb' }, '/code', /must be one line/],
    [
      { title: 'T', category: 'basics', tier: 'senior', alignments: [{ framework: 'F', url: 'example.org' }] },
      '/alignments/0/url',
      /must begin with https:\/\/ or http:\/\//,
    ],
    [
      { title: 'T', category: 'basics', tier: 'senior', alignments: [{ framework: 'F', type: 'Skill' }] },
      '/alignments/0/type',
      /must be ceasn:Competency, .* or begin with ext:/,
    ],
    [
      { title: 'T', category: 'basics', tier: 'senior', alignments: [{ title: 'T' }] },
      '/alignments/0/framework',
      /"framework" is missing/,
    ],
    [[], '', 'The body must be an object, with the fields of a skill.'],
    ['text', '', 'The body must be an object, with the fields of a skill.'],
  ] as const) {
    const payload = JSON.stringify(body)
    const response = await put(url, payload, { ...(await ifMatch(url)), 'content-type': 'application/json' })
    t.equal(response.statusCode, 422, `${payload} ${response.body}`)
    const { code, errors } = response.json<Problem>()
    t.equal(code, 'UNPROCESSABLE')
    t.equal(errors[0]?.pointer, pointer, response.body)
    t.match(errors[0]?.message, words)
  }
  const several = await put(url, { titel: 'T', tier: 'x' }, await ifMatch(url))
  t.ok(several.json<Problem>().errors.length > 3, several.body)
  t.equal((await patch(url, '[]', { ...(await ifMatch(url)), 'content-type': 'application/json' })).statusCode, 422)
  t.equal((await app.inject(url)).body, before)
})

t.test('a body that is not JSON, too large, of another media type or hostile is rejected', async t => {
  const { app, load } = await emptyApp(t)
  await load(small())
  const { put, ifMatch } = createClient(app)
  const url = '/v1/skills/go.types'
  for (const [body, type, status] of [
    ['{"title":', 'application/json', 400],
    ['', 'application/json', 400],
    ['title: T', 'application/yaml', 415],
    ['{"__proto__":{"title":"T"}}', 'application/json', 400],
    ['{"title":"T","constructor":{"prototype":{"x":1}}}', 'application/json', 400],
    [JSON.stringify({ title: 'x'.repeat(1_100_000) }), 'application/json', 413],
  ] as const) {
    const response = await put(url, body, { ...(await ifMatch(url)), 'content-type': type })
    t.equal(response.statusCode, status, `${body.slice(0, 40)} ${response.body}`)
  }
})

t.test('a new skill comes last in its cell, and a moved one last in its new cell', async t => {
  const { app, load } = await emptyApp(t)
  await load(small())
  const { put, patch, ifMatch } = createClient(app)
  await put('/v1/skills/go.errors', { title: 'Errors', category: 'basics', tier: 'senior' })
  const url = '/v1/skills/go.types'
  const moved = await patch(url, { tier: 'senior' }, await ifMatch(url))
  t.equal(moved.json<{ position: number }>().position, 2, moved.body)
  t.equal((await app.inject('/v1/skills/go.generics')).json<{ position: number }>().position, 1)
  const order = (await app.inject('/v1/skills')).json<{ data: { slug: string }[] }>().data.map(({ slug }) => slug)
  t.same(order, ['generics', 'errors', 'types'])
})

t.test('a new track comes last, however it is created, and keeps its position', async t => {
  const { app, load } = await emptyApp(t)
  const { put, patch, remove, ifMatch } = createClient(app)
  const places = async () =>
    (await app.inject('/v1/tracks'))
      .json<{ data: { slug: string; position: number }[] }>()
      .data.map(({ slug, position }) => `${position} ${slug}`)
  await load(documentOf({ slug: 'loaded' }, {}))
  const created = await put('/v1/tracks/by-put', { title: 'By PUT' })
  t.equal(created.json<{ position: number }>().position, 2, created.body)
  const document = { track: { slug: 'a-document', title: 'A document', position: 7 } }
  const written = await put('/v1/tracks/a-document/document', document)
  t.equal(written.statusCode, 201, `a document from another server: ${written.body}`)
  const mutation = 'mutation { putTrack(ref: "a-mutation", input: { title: "A mutation" }) { position } }'
  const mutated = await app.inject({ method: 'POST', url: '/graphql', headers: asAdmin, payload: { query: mutation } })
  t.equal(mutated.json<{ data: { putTrack: { position: number } } }>().data.putTrack.position, 4)
  await load(documentOf({ slug: 'also-loaded' }, {}))
  const all = ['1 loaded', '2 by-put', '3 a-document', '4 a-mutation', '5 also-loaded']
  t.same(await places(), all)
  await load(documentOf({ slug: 'loaded', title: 'Loaded again' }, {}))
  await patch('/v1/tracks/by-put', { title: 'Changed' }, await ifMatch('/v1/tracks/by-put'))
  await load(documentOf({ slug: 'renamed', formerly: ['a-document'] }, {}))
  t.same(await places(), all.with(2, '3 renamed'))
  await remove('/v1/tracks/by-put', await ifMatch('/v1/tracks/by-put'))
  await put('/v1/tracks/by-put', { title: 'Again' })
  t.same(await places(), ['1 loaded', '3 renamed', '4 a-mutation', '5 also-loaded', '6 by-put'])
  const moved = await patch('/v1/tracks/by-put', { position: 1 }, await ifMatch('/v1/tracks/by-put'))
  t.equal(moved.statusCode, 422, moved.body)
  const page = (await app.inject('/v1/tracks?limit=2')).json<{ page: { next: string } }>().page
  const second = (await app.inject(`/v1/tracks?limit=2&after=${page.next}`)).json<{ data: { slug: string }[] }>()
  t.same(
    second.data.map(({ slug }) => slug),
    ['a-mutation', 'also-loaded'],
  )
  await load(
    documentOf({ slug: 'first' }, { category: [{ slug: 'c' }], skill: [{ slug: 's', category: 'c', tier: 'senior' }] }),
  )
  await load(
    documentOf({ slug: 'a' }, { category: [{ slug: 'c' }], skill: [{ slug: 's', category: 'c', tier: 'senior' }] }),
  )
  const { included } = (await app.inject('/v1/skills?include=track')).json<{
    included: { tracks: { slug: string }[] }
  }>()
  t.same(
    included.tracks.map(({ slug }) => slug),
    ['first', 'a'],
    'included items have the same order',
  )
})

t.test('a new item of every noun comes last in its list', async t => {
  const { app, load } = await emptyApp(t)
  await load(documentOf({ slug: 'go' }, { category: [{ slug: 'basics' }], skill: [] }))
  const { put } = createClient(app)
  const bodies: Partial<Record<Noun, object>> = {
    skill: { category: 'basics', tier: 'senior' },
    principle: { kind: 'rule' },
    exercise: { kind: 'exercise', skills: ['zz'] },
    resource: { kind: 'book' },
    plan: { kind: 'plan' },
    checklist: { kind: 'interview' },
  }
  for (const noun of nouns) {
    if (noun === 'track') continue
    for (const slug of ['zz', 'bb', 'aa']) {
      const created = await put(`/v1/${plurals[noun]}/go.${slug}`, { title: slug, ...bodies[noun] })
      t.equal(created.statusCode, 201, created.body)
    }
    const { data } = (await app.inject(`/v1/${plurals[noun]}`)).json<{ data: { slug: string; position: number }[] }>()
    t.same(
      data.map(({ slug, position }) => `${position} ${slug}`).slice(-3),
      noun === 'category' ? ['2 zz', '3 bb', '4 aa'] : ['1 zz', '2 bb', '3 aa'],
      noun,
    )
  }
})

t.test('a pair of related skills can be written and removed on either side', async t => {
  const { app, load } = await emptyApp(t)
  await load(small())
  await load(
    documentOf({ slug: 'py' }, { category: [{ slug: 'a' }], skill: [{ slug: 'b', category: 'a', tier: 'senior' }] }),
  )
  const { patch, ifMatch } = createClient(app)
  const [types, generics, other] = ['/v1/skills/go.types', '/v1/skills/go.generics', '/v1/skills/py.b']
  const related = async (url: string) => (await app.inject(url)).json<{ related: string[] }>().related
  t.equal((await patch(other, { related: ['go.types'] }, await ifMatch(other))).statusCode, 200)
  t.equal((await patch(generics, { related: ['types'] }, await ifMatch(generics))).statusCode, 200)
  t.same(await related(types), ['go.generics', 'py.b'])
  const before = await app.inject(other)
  t.equal((await patch(types, { related: [] }, await ifMatch(types))).statusCode, 200)
  for (const url of [types, generics, other]) t.same(await related(url), [], url)
  const after = await app.inject(other)
  t.not(after.headers.etag, before.headers.etag)
})

t.test('an item with references to it is not removed, and the response lists them', async t => {
  const { app } = await testApp(t)
  const { remove, ifMatch } = createClient(app)
  for (const [url, names] of [
    [
      '/v1/categories/python.error-handling',
      /by "python\.source\.matrix-draft".*"python\.principle\.error-handling"\./,
    ],
    ['/v1/skills/python.decorators', /"python\.source\.matrix"/],
  ] as const) {
    const response = await remove(url, await ifMatch(url))
    t.equal(response.statusCode, 409, response.body)
    t.equal(response.json<Problem>().code, 'CONFLICT')
    t.match(response.json<Problem>().detail, names)
    t.equal((await app.inject(url)).statusCode, 200)
  }
})

t.test('a removed item is 410 for reads and writes until it is created again', async t => {
  const { app, load } = await emptyApp(t)
  await load(small())
  const { put, patch, remove, ifMatch } = createClient(app)
  const url = '/v1/skills/go.generics'
  const { id } = (await app.inject(url)).json<{ id: string }>()
  const removed = await remove(url, await ifMatch(url))
  t.equal(removed.statusCode, 204)
  t.equal(removed.body, '')
  for (const response of [
    await app.inject(url),
    await patch(url, {}, { 'if-match': '*' }),
    await remove(url, { 'if-match': '*' }),
  ])
    t.equal(response.statusCode, 410, response.body)
  const again = await put(url, { title: 'Generics', category: 'basics', tier: 'senior' })
  t.equal(again.statusCode, 201)
  t.equal(again.json<{ id: string }>().id, id)
})

t.test('a track is created, filled, and removed with everything in it', async t => {
  const { app } = await emptyApp(t)
  const { put, remove, ifMatch } = createClient(app)
  const created = await put('/v1/tracks/rust', { title: 'Rust' })
  t.equal(created.statusCode, 201, created.body)
  t.equal((await put('/v1/categories/rust.basics', { title: 'Basics' })).statusCode, 201)
  t.equal((await put('/v1/skills/rust.types', { title: 'Types', category: 'basics', tier: 'senior' })).statusCode, 201)
  t.equal((await put('/v1/tracks/next', { title: 'Next', translationOf: 'rust' })).statusCode, 201)
  const url = '/v1/tracks/rust'
  const rejected = await remove(url, await ifMatch(url))
  t.equal(rejected.statusCode, 409)
  t.match(rejected.json<Problem>().detail, /"next" refers to "rust"/)
  t.equal((await remove('/v1/tracks/next', await ifMatch('/v1/tracks/next'))).statusCode, 204)
  t.equal((await remove(url, await ifMatch(url))).statusCode, 204)
  for (const gone of [url, '/v1/categories/rust.basics', '/v1/skills/rust.types'])
    t.equal((await app.inject(gone)).statusCode, 410)
  t.equal((await app.inject('/v1/search?q=types')).json<{ data: unknown[] }>().data.length, 0)
})

t.test('an invalid key is rejected when an item is created', async t => {
  const { app, load } = await emptyApp(t)
  await load(small())
  const { put } = createClient(app)
  for (const [url, words] of [
    ['/v1/tracks/1-go', /begin with a letter/],
    ['/v1/skills/types', /the slug of its track, a dot/],
    ['/v1/skills/go.a.b', /the slug of its track, a dot/],
    ['/v1/skills/1.types', /begins with the slug of its track/],
    ['/v1/skills/go.Upper', /ends with its slug/],
    [`/v1/skills/go.${'x'.repeat(51)}`, /at most 50 characters/],
    ['/v1/skills/nowhere.types', /no track called "nowhere": create it first/],
  ] as const) {
    const response = await put(url, { title: 'T', category: 'basics', tier: 'senior' })
    t.equal(response.statusCode, 422, `${url} ${response.body}`)
    t.match(response.json<Problem>().detail, words)
  }
})

t.test('a write to an earlier key is redirected to the current one', async t => {
  const { app, load } = await emptyApp(t)
  await load(documentOf({ slug: 'go' }, { category: [{ slug: 'basics', formerly: ['base'] }] }))
  const { put, patch, remove } = createClient(app)
  for (const response of [
    await put('/v1/categories/go.base', { title: 'T' }),
    await patch('/v1/categories/go.base', { title: 'T' }),
    await remove('/v1/categories/go.base'),
  ]) {
    t.equal(response.statusCode, 308)
    t.equal(response.headers.location, '../../v1/categories/go.basics')
  }
})

t.test('a write accepts an id instead of a key', async t => {
  const { app, load } = await emptyApp(t)
  await load(small())
  const { put, remove } = createClient(app)
  const { id } = (await app.inject('/v1/resources/go.tour')).json<{ id: string }>()
  const written = await put(`/v1/resources/${id}`, { title: 'The tour', kind: 'course' }, { 'if-match': '*' })
  t.equal(written.json<{ key: string }>().key, 'go.tour', written.body)
  t.equal((await remove(`/v1/resources/${id}`, { 'if-match': '*' })).statusCode, 204)
  t.equal((await remove('/v1/resources/go.nothing', { 'if-match': '*' })).statusCode, 404)
})

t.test('a cycle of prerequisites through another track is rejected', async t => {
  const { app, load } = await emptyApp(t)
  await load(small())
  const { put, patch, ifMatch } = createClient(app)
  await put('/v1/tracks/c', { title: 'C' })
  await put('/v1/categories/c.basics', { title: 'Basics' })
  const created = await put('/v1/skills/c.memory', {
    title: 'Memory',
    category: 'basics',
    tier: 'senior',
    prerequisites: ['go.generics'],
  })
  t.equal(created.statusCode, 201, created.body)
  const url = '/v1/skills/go.types'
  const rejected = await patch(url, { prerequisites: ['c.memory'] }, await ifMatch(url))
  t.equal(rejected.statusCode, 422)
  t.match(rejected.json<Problem>().detail, /cycle: .*go\.types needs c\.memory/)
  t.equal((await patch(url, { sameAs: ['c.memory'] }, await ifMatch(url))).statusCode, 200)
})

t.test('of many references to an item the first twenty are listed', async t => {
  const { app, load } = await emptyApp(t)
  const skill = Array.from({ length: 22 }, (_, index) => ({ slug: `s${index}`, category: 'basics', tier: 'senior' }))
  await load(documentOf({ slug: 'go' }, { category: [{ slug: 'basics' }], skill }))
  const { remove, ifMatch } = createClient(app)
  const response = await remove('/v1/categories/go.basics', await ifMatch('/v1/categories/go.basics'))
  t.match(response.json<Problem>().detail, /"go\.skill\.s19" and 2 more\. Remove/)
})

t.test('a clock that is set back does not date a change before earlier ones', async t => {
  const { app, load } = await emptyApp(t)
  await load(small())
  const { put, patch, remove, ifMatch } = createClient(app)
  await put('/v1/skills/go.channels', { title: 'Channels', category: 'basics', tier: 'senior' })
  const { updatedAt: newest } = (await app.inject('/v1/skills/go.channels')).json()
  mock.timers.enable({ apis: ['Date'], now: Date.now() - 3_600_000 })
  t.teardown(() => mock.timers.reset())
  const url = '/v1/skills/go.types'
  await patch(url, { title: 'Type system' }, await ifMatch(url))
  await remove('/v1/skills/go.channels', await ifMatch('/v1/skills/go.channels'))
  const since = await app.inject(`/v1/skills?updatedSince=${newest}`)
  t.match(since.json(), { data: [{ key: 'go.types', updatedAt: newest }] })
  const times = (await app.inject('/v1/changes?limit=200'))
    .json()
    .data.map((change: { changedAt: string }) => change.changedAt)
  t.same(times, times.toSorted(), 'the change feed is in the order of its times, too')

  mock.timers.setTime(Date.parse(newest) + 60_000)
  await patch(url, { title: 'Types' }, await ifMatch(url))
  t.ok((await app.inject(url)).json().updatedAt > newest, 'the clock counts again once it has caught up')
})

t.test('an item to which only another track refers is not removed', async t => {
  const { app, catalog } = await emptyApp(t)
  const track = (slug: string, sameAs: string[]) => ({
    document: checkDocument(
      documentOf(
        { slug },
        { category: [{ slug: 'c' }], skill: [{ slug: 's', category: 'c', tier: 'senior', sameAs }] },
      ),
      (_, key) => key,
    ).document,
  })
  await catalog.replaceTracks(track('one', []))
  await catalog.replaceTracks(track('two', ['one.s']))
  const remove = () =>
    app.inject({ method: 'DELETE', url: '/v1/skills/one.s', headers: { ...asAdmin, 'if-match': '*' } })
  const rejected = await remove()
  t.equal(rejected.statusCode, 409)
  t.match(
    rejected.json<Problem>().detail,
    'Other tracks refer to items that would be removed: "two.s" refers to "one.s"',
  )
  await catalog.replaceTracks(track('two', []))
  t.equal((await remove()).statusCode, 204)
})

t.test('an item that gets an earlier slug first of all has another id, and the old id is gone', async t => {
  const { app, load } = await emptyApp(t)
  const skill = { slug: 's', title: 'S', category: 'c', tier: 'senior' }
  await load(documentOf({ slug: 'go' }, { category: [{ slug: 'c' }], skill: [skill] }))
  const url = '/v1/skills/go.s'
  const before = (await app.inject(url)).json<{ id: string }>()
  const payload = { ...skill, formerly: ['older'] }
  const written = await app.inject({ method: 'PUT', url, headers: { ...asAdmin, 'if-match': '*' }, payload })
  t.equal(written.statusCode, 200, written.body)
  const { id, formerly } = written.json<{ id: string; formerly: string[] }>()
  t.not(id, before.id)
  t.same(formerly, ['older'])
  t.equal((await app.inject(`/v1/skills/${before.id}`)).statusCode, 410)
  t.equal((await app.inject(`/v1/skills/${id}`)).statusCode, 200)
  t.equal((await app.inject('/v1/skills/go.older')).statusCode, 308)
})

t.test('a track that gets an earlier slug gets the id of that slug, as everything in it', async t => {
  const { app, load } = await emptyApp(t)
  await load(small())
  const { put, ifMatch } = createClient(app)
  const { id: before, title } = (await app.inject('/v1/tracks/go')).json<{ id: string; title: string }>()
  const { id: skillBefore } = (await app.inject('/v1/skills/go.types')).json<{ id: string }>()
  const url = '/v1/tracks/go'
  const written = await put(url, { title, formerly: ['golang'] }, await ifMatch(url))
  t.equal(written.statusCode, 200, written.body)
  t.not(written.json<{ id: string }>().id, before)
  t.not((await app.inject('/v1/skills/go.types')).json<{ id: string }>().id, skillBefore)
  t.equal((await app.inject('/v1/tracks/golang')).headers.location, '../../v1/tracks/go')
})
