import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { asAdmin, documentOf, emptyApp } from '../fixtures/app.ts'

interface Problem {
  code: string
  detail: string
  errors: { pointer?: string; parameter?: string; message: string }[]
}

const go = documentOf(
  { slug: 'go', title: 'Go' },
  {
    category: [{ slug: 'basics', title: 'Basics' }],
    skill: [{ slug: 'types', title: 'Types', category: 'basics', tier: 'beginner' }],
  },
)

/** A service with a small track, and how to see that nothing was written to it. */
const writable = async (t: Test) => {
  const { app, load, catalog } = await emptyApp(t)
  await load(go)
  const before = await catalog.latestCursor()
  return { app, unchanged: async () => (await catalog.latestCursor()) === before }
}
type Test = Parameters<typeof emptyApp>[0]

/** Bytes around a text that is to be a string in them. */
const around = (before: string, bytes: Buffer, after: string): Buffer =>
  Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)])

const json = 'application/json'

/** Every kind of body there is, around the bytes of a string. */
const bodies: [method: 'PUT' | 'PATCH' | 'POST', url: string, type: string, before: string, after: string][] = [
  ['PUT', '/v1/skills/go.maps', json, '{"title":"', '","category":"basics","tier":"beginner"}'],
  ['PATCH', '/v1/skills/go.types', 'application/merge-patch+json', '{"title":"', '"}'],
  ['PATCH', '/v1/skills/go.types', json, '{"title":"', '"}'],
  ['PUT', '/v1/tracks/rust/document', json, '{"track":{"title":"', '"}}'],
  ['PUT', '/v1/tracks/rust/document', 'application/yaml', 'track: {title: "', '"}'],
  ['PUT', '/v1/tracks/rust/document', 'text/yaml', 'track: {title: "', '"}'],
  ['PUT', '/v1/webhooks/mine', json, '{"url":"https://example.org/', '"}'],
  ['POST', '/v1/tracks/go/path', json, '{"to":["', '"]}'],
  ['POST', '/v1/tracks/go/next', json, '{"known":["', '"]}'],
  ['POST', '/graphql', json, '{"query":"{ search(q: \\"', '\\") { totalCount } }"}'],
]

const send = (
  app: FastifyInstance,
  [method, url]: readonly [string, string, ...unknown[]],
  type: string,
  payload: Buffer,
) =>
  app.inject({
    method: method as 'PUT',
    url,
    payload,
    headers: { ...asAdmin, 'content-type': type, ...(method === 'PATCH' && { 'if-match': '*' }) },
  })

t.test('a body that is not UTF-8 is rejected with the offset of the byte, and nothing is written', async t => {
  const { app, unchanged } = await writable(t)
  for (const [what, bytes, byte] of [
    ['Latin-1', [0x63, 0x61, 0x66, 0xe9], '0xE9'],
    ['an overlong form', [0x63, 0x61, 0x66, 0xc0, 0xaf], '0xC0'],
    ['a surrogate', [0x63, 0x61, 0x66, 0xed, 0xa0, 0x80], '0xED'],
    ['beyond Unicode', [0x63, 0x61, 0x66, 0xf4, 0x90, 0x80, 0x80], '0xF4'],
    ['a character cut off', [0x63, 0x61, 0x66, 0xef, 0xbf], '0xEF'],
  ] as const)
    for (const body of bodies) {
      const [, , type, before, after] = body
      const rejected = await send(app, body, type, around(before, Buffer.from(bytes), after))
      t.equal(rejected.statusCode, 400, `${what} by ${body[0]} ${body[1]} as ${type}: ${rejected.body}`)
      const { code, detail } = rejected.json<Problem>()
      t.equal(code, 'BAD_USER_INPUT')
      const place = Buffer.byteLength(before) + 3
      t.match(detail, new RegExp(`the byte ${byte} at offset ${place}, behind .*caf\\. Send it encoded as UTF-8`))
    }
  t.ok(await unchanged())
  const utf16 = await send(app, ['POST', '/graphql'], json, Buffer.from('\ufeff{"query":"{ __typename }"}', 'utf16le'))
  t.match(utf16.json<Problem>().detail, 'the byte 0xFF at offset 0. Send')
})

t.test('a body that declares another charset is rejected before it is read', async t => {
  const { app, unchanged } = await writable(t)
  for (const body of bodies) {
    const [, , type, before, after] = body
    for (const charset of [
      'iso-8859-1',
      'UTF-16',
      '"windows-1252"',
      'utf-8; charset=latin1',
      ' latin1',
      'latin1;',
      '"latin1',
    ]) {
      const rejected = await send(app, body, `${type}; charset=${charset}`, around(before, Buffer.from('cafe'), after))
      t.equal(rejected.statusCode, 415, `${charset} by ${body[0]} ${body[1]} as ${type}`)
      t.match(rejected.json<Problem>(), {
        code: 'UNSUPPORTED_MEDIA_TYPE',
        detail: /^The Content-Type is ".*charset=.*": send the body as UTF-8/,
      })
    }
  }
  t.ok(await unchanged())
  for (const charset of ['utf-8', 'UTF-8', '"utf-8"', 'utf8', 'utf-8; profile=charset', 'utf-8;']) {
    const body = ['PUT', '/v1/skills/go.types', `${json}; charset=${charset}`] as const
    const accepted = await app.inject({
      method: 'PUT',
      url: body[1],
      payload: Buffer.from('{"title":"Café","category":"basics","tier":"beginner"}'),
      headers: { ...asAdmin, 'content-type': body[2], 'if-match': '*' },
    })
    t.equal(accepted.json<{ title: string }>().title, 'Café', charset)
  }
})

t.test('an escape of half a surrogate pair is rejected with its pointer, and nothing is written', async t => {
  const { app, unchanged } = await writable(t)
  for (const [half, taken] of [
    ['\\ud800', '\\ud83d\\ude00'],
    ['\\uDE00', '\\uD83D\\uDE00'],
    ['\\ude00\\ud83d', '\\ud83d\\ude00'],
    ['\\\\ud83d\\ude00', '\\\\ud83d'],
  ] as const)
    for (const body of bodies.filter(([method, url]) => method !== 'POST' || url !== '/graphql')) {
      const [, , type, before, after] = body
      const rejected = await send(app, body, type, Buffer.from(`${before}${half}${after}`))
      t.equal(rejected.statusCode, 400, `${half} by ${body[0]} ${body[1]} as ${type}: ${rejected.body}`)
      const { detail, errors } = rejected.json<Problem>()
      t.match(detail, 'half of a surrogate pair')
      t.match(errors, [{ pointer: /^\/(title|track\/title|url|to\/0|known\/0)$/, message: detail }])
      const dry = body[1].endsWith('/document') ? ([body[0], `${body[1]}?dryRun=true`] as const) : body
      if (dry !== body || body[0] === 'POST') {
        const accepted = await send(app, [dry[0], dry[1]], type, Buffer.from(`${before}${taken}${after}`))
        t.notMatch(accepted.body, 'surrogate', `${taken} by ${body[0]} ${body[1]}`)
      }
    }
  t.ok(await unchanged())
})

t.test('GraphQL rejects half a surrogate pair anywhere in a request', async t => {
  const { app, unchanged } = await writable(t)
  const query = 'query($q: String!) { search(q: $q) { totalCount } }'
  const post = (payload: string) => send(app, ['POST', '/graphql'], json, Buffer.from(payload))
  const variable = await post(`{"query":"${query}","variables":{"q":"\\ud800"}}`)
  t.equal(variable.statusCode, 400)
  t.match(variable.json<Problem>().errors, [{ pointer: '/variables/q' }])
  t.match((await post('{"query":"{ a\\udc00 }"}')).json<Problem>().errors, [{ pointer: '/query' }])
  t.match((await post('{"query":"{ __typename }","\\ud800":1}')).json<Problem>().errors, [{ pointer: '/\ufffd' }])
  t.match((await post(`{"query":"{ __typename }","${'x'.repeat(3_000)}\\ud800":1}`)).json<Problem>().errors, [
    { pointer: '' },
  ])
  t.match(
    (await post('{"query":"","variables":{"a":[1,"\\ud83d\\ude00",null,{"\\ud800":1}]}}')).json<Problem>().errors,
    [{ pointer: '/variables/a/3/\ufffd' }],
  )
  t.match((await post('"\\ud800"')).json<Problem>(), { detail: /^The body has half/, errors: [{ pointer: '' }] })
  const literal = await post('{"query":"{ search(q: \\"\\\\ud800\\") { totalCount } }"}')
  t.match(literal.json<{ errors: { message: string }[] }>().errors, [{ message: /Invalid Unicode escape/ }])
  const url = `/graphql?query=${encodeURIComponent(query)}&variables=${encodeURIComponent('{"q":"\\ud800"}')}`
  const read = await app.inject(url)
  t.equal(read.statusCode, 400)
  t.match(read.body, 'half of a surrogate pair')
  t.ok(await unchanged())
})

t.test('a byte order mark at the beginning of a body is ignored', async t => {
  const { app } = await writable(t)
  for (const body of bodies.filter(([method]) => method === 'PUT')) {
    const [, , type, before, after] = body
    const accepted = await send(app, body, type, Buffer.from(`\ufeff${before}Ok${after}`))
    t.equal(accepted.statusCode, 201, `${body[1]} as ${type}: ${accepted.body}`)
    await app.inject({
      method: 'DELETE',
      url: body[1].replace('/document', ''),
      headers: { ...asAdmin, 'if-match': '*' },
    })
  }
})

t.test('circular aliases of YAML are rejected as such', async t => {
  const { app } = await writable(t)
  const circle = Buffer.from('track: &a\n  title: "\\uD83D\\uDE00"\n  sources: *a\n')
  const rejected = await send(app, ['PUT', '/v1/tracks/rust/document'], 'application/yaml', circle)
  t.equal(rejected.statusCode, 400)
  t.match(rejected.body, 'nested more than 64 levels deep where aliases are replaced')
})
