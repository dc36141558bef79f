import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { asAdmin, documentOf, emptyApp, testApp } from '../fixtures/app.ts'

interface Answer {
  data?: Record<string, Record<string, unknown>> | null
  errors?: { message: string; path?: unknown; extensions: { code: string; errors?: { pointer: string }[] } }[]
}

const execute = (
  app: FastifyInstance,
  query: string,
  variables: object = {},
  headers: Record<string, string> = asAdmin,
) => app.inject({ method: 'POST', url: '/graphql', headers, payload: { query, variables } })

const go = () => documentOf({ slug: 'go' }, { category: [{ slug: 'basics', title: 'Basics' }] })

const putSkill = `mutation ($ref: ID!, $input: SkillInput!, $ifMatch: String) {
  putSkill(ref: $ref, input: $input, ifMatch: $ifMatch) { id key title tier summary category { title } prerequisites { key } etag }
}`

t.test('mutations create, replace and delete an item, and REST returns the result', async t => {
  const { app, load } = await emptyApp(t)
  await load(go())
  const input = {
    title: 'Types',
    tier: 'BEGINNER',
    category: 'go.basics',
    summary: null,
    sample: null,
    outcomes: ['Name them.'],
  }
  const created = await execute(app, putSkill, { ref: 'go.types', input })
  t.equal(created.headers['cache-control'], 'no-store')
  const skill = created.json<Answer>().data?.putSkill
  t.match(skill, { key: 'go.types', tier: 'BEGINNER', category: { title: 'Basics' }, summary: null }, created.body)
  const read = await app.inject('/v1/skills/go.types')
  t.equal(skill?.etag, read.headers.etag)
  const replaced = await execute(app, putSkill, {
    ref: skill?.id,
    input: { title: 'All types', tier: 'SENIOR', category: 'basics' },
    ifMatch: skill?.etag,
  })
  const now = replaced.json<Answer>().data?.putSkill
  t.match(now, { key: 'go.types', title: 'All types', tier: 'SENIOR' }, replaced.body)
  t.not(now?.etag, skill?.etag)
  const remove = 'mutation ($etag: String) { deleteSkill(ref: "go.types", ifMatch: $etag) }'
  const stale = (await execute(app, remove, { etag: skill?.etag })).json<Answer>()
  t.match(stale, { data: null, errors: [{ extensions: { code: 'PRECONDITION_FAILED' } }] })
  t.same((await execute(app, remove, { etag: now?.etag })).json<Answer>().data, { deleteSkill: skill?.id })
  t.equal((await app.inject('/v1/skills/go.types')).statusCode, 410)
  const gone = (await execute(app, 'mutation { deleteSkill(ref: "go.types", ifMatch: "*") }')).json<Answer>()
  t.match(gone.errors, [{ extensions: { code: 'NOT_FOUND' } }])
})

t.test('every type has the same etag as in REST', async t => {
  const { app } = await testApp(t)
  for (const [noun, ref, url] of [
    ['track', 'python', '/v1/tracks/python'],
    ['source', 'python.matrix', '/v1/sources/python.matrix'],
    ['category', 'python.error-handling', '/v1/categories/python.error-handling'],
    ['skill', 'python.decorators', '/v1/skills/python.decorators'],
    ['plan', 'python.6-month-focused-plan', '/v1/plans/python.6-month-focused-plan'],
  ] as const) {
    const { headers, body } = await app.inject(url)
    const { id } = JSON.parse(body) as { id: string }
    const query = `{ one: ${noun}(ref: "${ref}") { etag } node(id: "${id}") { ... on ${noun.charAt(0).toUpperCase()}${noun.slice(1)} { etag } } }`
    const { data } = (await execute(app, query)).json<Answer>()
    t.same(data, { one: { etag: headers.etag }, node: { etag: headers.etag } })
  }
  t.same((await execute(app, '{ node(id: "0e6f5d0c-5d0e-5c3a-9d5b-7c1e8f4a2b63") { id } }')).json<Answer>().data, {
    node: null,
  })
})

t.test('a mutation accepts an earlier key', async t => {
  const { app, load } = await emptyApp(t)
  await load(documentOf({ slug: 'go' }, { category: [{ slug: 'basics', formerly: ['base'] }] }))
  const query =
    'mutation { putCategory(ref: "go.base", input: { title: "B", formerly: ["base"] }, ifMatch: "*") { key title } }'
  t.same((await execute(app, query)).json<Answer>().data, { putCategory: { key: 'go.basics', title: 'B' } })
})

t.test('several mutations run in order, each in a transaction, and each sees the previous ones', async t => {
  const { app, load } = await emptyApp(t)
  await load(go())
  const query = `mutation {
    a: putSkill(ref: "go.a", input: { title: "A", tier: SENIOR, category: "basics" }) { category { skills { key } } }
    b: putSkill(ref: "go.b", input: { title: "B", tier: SENIOR, category: "basics", prerequisites: ["a"] }) { prerequisites { key dependents { key } } }
    c: putSkill(ref: "go.b", input: { title: "C", tier: SENIOR, category: "basics" }) { key }
  }`
  const { data, errors } = (await execute(app, query)).json<Answer>()
  t.match(errors, [{ path: ['c'], extensions: { code: 'PRECONDITION_REQUIRED' } }])
  t.equal(data, null)
  t.equal((await app.inject('/v1/skills/go.b')).json<{ title: string }>().title, 'B')
  const again = (
    await execute(app, query.replace(/ *c:.*\n/, '').replaceAll(') {', ', ifMatch: "*") {'))
  ).json<Answer>()
  t.match(
    again.data,
    {
      a: { category: { skills: [{ key: 'go.a' }, { key: 'go.b' }] } },
      b: { prerequisites: [{ key: 'go.a', dependents: [{ key: 'go.b' }] }] },
    },
    JSON.stringify(again),
  )
})

t.test('a request without a key of scope write is rejected before it is executed', async t => {
  const { app, load } = await emptyApp(t)
  await load(go())
  const response = await execute(app, 'mutation { deleteCategory(ref: "go.basics", ifMatch: "*") }', {}, {})
  t.equal(response.statusCode, 401)
  t.match(response.headers['www-authenticate'], 'Bearer')
  t.match(response.json<Answer>(), { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  t.equal((await app.inject('/v1/categories/go.basics')).statusCode, 200)
})

t.test('errors are those of REST, each with its path', async t => {
  const { app, load } = await emptyApp(t)
  await load(go())
  for (const [query, code, words] of [
    [
      'mutation { putSkill(ref: "go.x", input: { title: "", tier: SENIOR, category: "basics" }) { key } }',
      'UNPROCESSABLE',
      /title/,
    ],
    [
      'mutation { putSkill(ref: "go.x", input: { title: "X", tier: SENIOR, category: "bascis" }) { key } }',
      'UNPROCESSABLE',
      /Did you mean "basics"/,
    ],
    [
      'mutation { putSkill(ref: "x", input: { title: "X", tier: SENIOR, category: "basics" }) { key } }',
      'UNPROCESSABLE',
      /The key of a skill is/,
    ],
    [
      'mutation { putSkill(ref: "go.x", input: { title: "X", tier: ADVANCED, category: "basics" }) { key } }',
      'GRAPHQL_VALIDATION_FAILED',
      /ADVANCED/,
    ],
    ['mutation { deleteSkill(ref: "go.x", ifMatch: "*") }', 'NOT_FOUND', /There is no skill called "go.x"/],
    ['mutation { deleteCategory(ref: "go.basics") }', 'PRECONDITION_REQUIRED', /ifMatch/],
  ] as const) {
    const { errors } = (await execute(app, query)).json<Answer>()
    t.equal(errors?.[0]?.extensions.code, code, query)
    t.match(errors?.[0]?.message, words)
  }
  const { errors } = (
    await execute(app, 'mutation { putTrack(ref: "c", input: { title: "" }) { key } }')
  ).json<Answer>()
  t.equal(errors?.[0]?.extensions.errors?.[0]?.pointer, '/title')
})
