import t from 'tap'
import { testApp } from '../fixtures/app.ts'

interface Problem {
  code: string
  detail: string
}

const queries = [
  ['/v1/tracks/python/path', { to: ['decorators'] }],
  ['/v1/tracks/python/next', {}],
  ['/graphql', { query: '{ __typename }' }],
] as const

t.test('a body that is not JSON is rejected by its media type', async t => {
  const { app } = await testApp(t)
  for (const [url, question] of queries) {
    const payload = JSON.stringify(question)
    const post = (type: string) => app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } })
    t.equal((await post('application/json')).statusCode, 200)
    t.equal((await post('application/json; charset=utf-8')).statusCode, 200)
    for (const type of ['text/plain', 'text/plain; charset=utf-8', 'application/x-www-form-urlencoded', 'text/csv']) {
      const rejected = await post(type)
      t.equal(rejected.statusCode, 415, `${type} to ${url}`)
      t.equal(rejected.json<Problem>().code, 'UNSUPPORTED_MEDIA_TYPE')
      t.match(rejected.json<Problem>().detail, 'send application/json')
    }
  }
})

t.test('an encoded body is rejected with the accepted encoding', async t => {
  const { app } = await testApp(t)
  for (const [url, payload] of queries) {
    const post = (encoding: string) =>
      app.inject({ method: 'POST', url, payload, headers: { 'content-encoding': encoding } })
    for (const [encoding, expected] of [
      ['gzip', 'gzip'],
      ['identity, br', 'br'],
      ['x'.repeat(200), 'x'.repeat(80)],
    ] as const) {
      const rejected = await post(encoding)
      t.equal(rejected.statusCode, 415, `${encoding} to ${url}`)
      t.equal(rejected.headers['accept-encoding'], 'identity')
      t.match(rejected.json<Problem>(), {
        code: 'UNSUPPORTED_MEDIA_TYPE',
        detail: `The body is encoded as "${expected}", which is not decoded here; send it without Content-Encoding.`,
      })
    }
    for (const nothing of ['identity', 'Identity', '', 'identity,,identity'])
      t.equal((await post(nothing)).statusCode, 200, `"${nothing}" to ${url}`)
  }
  const encoded = { 'content-encoding': 'gzip' }
  t.equal(
    (await app.inject({ url: '/v1', headers: encoded })).statusCode,
    200,
    'without a body the header has no effect',
  )
  const nowhere = await app.inject({ method: 'POST', url: '/nowhere', payload: {}, headers: encoded })
  t.equal(nowhere.statusCode, 404)
})
