import t from 'tap'
import { asAdmin, emptyApp, testApp } from '../fixtures/app.ts'

interface Problem {
  code: string
  detail: string
  errors: { pointer?: string; parameter?: string; message: string }[]
}

const lists = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

/** Every route that takes a body, with the media types it takes. */
const takers = [
  ['PUT', '/v1/skills/python.decorators', 'application/json'],
  ['PATCH', '/v1/skills/python.decorators', 'application/json'],
  ['PATCH', '/v1/skills/python.decorators', 'application/merge-patch+json'],
  ['PUT', '/v1/tracks/python/document', 'application/json'],
  ['POST', '/v1/tracks/python/path', 'application/json'],
  ['POST', '/v1/tracks/python/next', 'application/json'],
  ['PUT', '/v1/webhooks/lms', 'application/json'],
  ['POST', '/v1/webhooks/lms/replay', 'application/json'],
  ['POST', '/graphql', 'application/json'],
] as const

t.test('a body that is nested more than 64 levels deep is 400 with the place', async t => {
  const { app } = await testApp(t)
  for (const [method, url, type] of takers) {
    const name = `${method} ${url} as ${type}`
    const send = async (payload: string) => {
      const headers = { ...asAdmin, 'if-match': '*', 'content-type': type }
      const { statusCode, body } = await app.inject({ method, url, headers, payload })
      return { status: statusCode, body }
    }
    for (const payload of [`{"title":${lists(63)}}`, `{"title":${objects(63)}}`]) {
      const { status, body } = await send(payload)
      t.ok(status < 500, `${name}: ${status}`)
      t.notMatch(body, 'nested')
    }
    for (const levels of [64, 5_000, 100_000]) {
      const { status, body } = await send(`{"title":${lists(levels)}}`)
      t.equal(status, 400, name)
      const { code, detail, errors } = JSON.parse(body) as Problem
      t.equal(code, 'BAD_USER_INPUT')
      t.equal(detail, 'The body is nested more than 64 levels deep.')
      t.same(errors, [{ pointer: `/title${'/0'.repeat(63)}`, message: detail }])
    }
  }
})

t.test('the place of too deep nesting is correct in any context', async t => {
  const { app } = await emptyApp(t)
  const pointerOf = async (payload: string) => {
    const headers = { 'content-type': 'application/json' }
    const rejected = await app.inject({ method: 'POST', url: '/v1/tracks/python/next', headers, payload })
    t.equal(rejected.statusCode, 400)
    return rejected.json<Problem>().errors[0]?.pointer
  }
  const tail = '/0'.repeat(62)
  for (const [name, pointer] of [
    ['a', '/a'],
    ['[{"\\\\', '/[{"\\'],
    ['\\u00e9/~', '/é~1~0'],
    ['not\\an escape', '/"not\\an escape"'],
  ] as const)
    t.equal(
      await pointerOf(`{"first":[{"x":"]"},[]],"${name.replaceAll('{"', '{\\"')}":["[[\\"",{},${lists(63)}]}`),
      `${pointer}/2${tail}`,
      name,
    )
  t.equal(await pointerOf(`{"a${'x'.repeat(3_000)}":${lists(64)}}`), '', 'a name that is too long for a pointer')
  t.equal(await pointerOf(`{"a":1},[],${lists(65)}`), `/0${'/0'.repeat(63)}`, 'behind the end of the body')
  t.equal(await pointerOf(`]]${lists(65)}`), `${'/0'.repeat(64)}`, 'behind brackets that close nothing')
  t.notMatch(await pointerOf(`["${lists(100)}`), /0/, 'within a text')
})

t.test('the nesting of YAML has the same limit as JSON, including aliases', async t => {
  const { app } = await emptyApp(t)
  const send = (payload: string) => {
    const headers = { ...asAdmin, 'content-type': 'application/yaml' }
    return app.inject({ method: 'PUT', url: '/v1/tracks/python/document', headers, payload })
  }
  const aliased = (levels: number) => `a: &a ${lists(40)}\nb: ${'['.repeat(levels)}*a${']'.repeat(levels)}`
  for (const [payload, status, detail] of [
    [`track: ${lists(63)}`, 422, /"track" must be an object/],
    [`track: ${lists(64)}`, 400, /^The body is nested more than 64 levels deep, at line 1, column 71\.$/],
    [`\ntrack:\n  ${'- '.repeat(100_000)}`, 400, /^The body is nested .* at line 3, column 129\.$/],
    [`track: ${'{a: '.repeat(5_000)}`, 400, /nested .* at line 1, column 260\.$/],
    [`track: ${'[a: '.repeat(31)}[]${']'.repeat(31)}`, 422, /"track" must be an object/],
    [aliased(23), 422, /no field "a"/],
    [aliased(24), 400, /^The body is nested more than 64 levels deep where aliases are replaced\.$/],
    [`a: &a x\nb: [${'*a, '.repeat(1_001)}]`, 400, /^The body has more than 1000 aliases/],
    [
      'a: &a [x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b]',
      400,
      /^The body is not YAML: Excessive alias count/,
    ],
    ['{track: {? {a: b} : c}}', 400, /^The body is not YAML, at line 1, column 12: .*keys/],
    ['track: {}\n---\ntrack: {}', 400, /^The body is not YAML, at line 2, column 1: There are several documents/],
  ] as const) {
    const { statusCode, body } = await send(payload)
    t.equal(statusCode, status, `${payload.slice(0, 60)} ${body}`)
    t.match((JSON.parse(body) as Problem).detail, detail)
  }
})

t.test('the nesting of GraphQL variables in a URL has the same limit', async t => {
  const { app } = await emptyApp(t)
  const get = (name: string, value: string) =>
    app.inject({
      url: `/graphql?query=${encodeURIComponent('{ __typename }')}&${name}=${encodeURIComponent(value)}`,
      headers: { accept: 'application/graphql-response+json' },
    })
  t.equal((await get('variables', `{"a":${lists(63)}}`)).statusCode, 200)
  for (const name of ['variables', 'extensions']) {
    const rejected = await get(name, `{"a":${lists(2_000)}}`)
    t.equal(rejected.statusCode, 400)
    const message = `"${name}" is nested more than 64 levels deep.`
    t.same(rejected.json(), {
      errors: [{ message, extensions: { code: 'BAD_USER_INPUT', errors: [{ parameter: name, message }] } }],
    })
  }
})
