import t from 'tap'
import { testApp } from '../fixtures/app.ts'

interface Problem {
  code: string
  detail: string
}

const questions = [
  ['/v1/tracks/python/path', { to: ['decorators'] }],
  ['/v1/tracks/python/next', {}],
  ['/graphql', { query: '{ __typename }' }],
] as const

t.test('a body is JSON, and any other type is refused', async t => {
  const { app } = await testApp(t)
  for (const [url, question] of questions) {
    const payload = JSON.stringify(question)
    const asked = (type: string) => app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } })
    t.equal((await asked('application/json')).statusCode, 200)
    t.equal((await asked('application/json; charset=utf-8')).statusCode, 200)
    for (const type of ['text/plain', 'text/plain; charset=utf-8', 'application/x-www-form-urlencoded', 'text/csv']) {
      const refused = await asked(type)
      t.equal(refused.statusCode, 415, `${type} to ${url}`)
      t.equal(refused.json<Problem>().code, 'UNSUPPORTED_MEDIA_TYPE')
      t.match(refused.json<Problem>().detail, 'send application/json')
    }
  }
})

t.test('an encoded body is rejected with the accepted encoding', async t => {
  const { app } = await testApp(t)
  for (const [url, payload] of questions) {
    const asked = (encoding: string) =>
      app.inject({ method: 'POST', url, payload, headers: { 'content-encoding': encoding } })
    for (const [encoding, told] of [
      ['gzip', 'gzip'],
      ['identity, br', 'br'],
      ['x'.repeat(200), 'x'.repeat(80)],
    ] as const) {
      const refused = await asked(encoding)
      t.equal(refused.statusCode, 415, `${encoding} to ${url}`)
      t.equal(refused.headers['accept-encoding'], 'identity')
      t.match(refused.json<Problem>(), {
        code: 'UNSUPPORTED_MEDIA_TYPE',
        detail: `The body is encoded as "${told}", which is not decoded here; send it without Content-Encoding.`,
      })
    }
    for (const nothing of ['identity', 'Identity', '', 'identity,,identity'])
      t.equal((await asked(nothing)).statusCode, 200, `"${nothing}" to ${url}`)
  }
  const encoded = { 'content-encoding': 'gzip' }
  t.equal((await app.inject({ url: '/v1', headers: encoded })).statusCode, 200, 'without a body it says nothing')
  const nowhere = await app.inject({ method: 'POST', url: '/nowhere', payload: {}, headers: encoded })
  t.equal(nowhere.statusCode, 404)
})
