import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { testApp } from '../fixtures/app.ts'

/** Headers that a page may send without asking, where their values are short (Fetch, section 2.2.2). */
const safe = ['accept', 'accept-language', 'content-language']

/** Returns the headers that a browser will not send with a request from another origin (Fetch, section 4.8). */
const withheld = async (
  app: FastifyInstance,
  method: string,
  url: string,
  names: readonly string[],
): Promise<string[]> => {
  const unsafe = names.map(name => name.toLowerCase()).filter(name => !safe.includes(name))
  const { statusCode, headers } = await app.inject({
    method: 'OPTIONS',
    url,
    headers: {
      origin: 'https://example.org',
      'access-control-request-method': method,
      // Sorted, without a space, as browsers send them.
      ...(unsafe.length > 0 && { 'access-control-request-headers': unsafe.toSorted().join(',') }),
    },
  })
  const listOf = (name: string) =>
    String(headers[name] ?? '')
      .split(',')
      .map(one => one.trim())
  const methods = ['GET', 'HEAD', 'POST', ...listOf('access-control-allow-methods')]
  const isOk = statusCode >= 200 && statusCode < 300 && headers['access-control-allow-origin'] === '*'
  if (!isOk || !methods.includes(method)) return ['all']
  const allowed = listOf('access-control-allow-headers').map(name => name.toLowerCase())
  // Without credentials a star stands for every name but this one.
  return unsafe.filter(name => !allowed.includes(name) && (name === 'authorization' || !allowed.includes('*')))
}

/** Headers that tracing and GraphQL clients add to every request. */
const added = [
  'apollographql-client-name',
  'apollographql-client-version',
  'apollo-require-preflight',
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
  'x-requested-with',
]

t.test('a preflight allows any header for a read from another origin', async t => {
  const { app } = await testApp(t)
  for (const [method, url] of [
    ['GET', '/v1/skills?tier=senior'],
    ['HEAD', '/v1/skills'],
    ['GET', '/v1/tracks/python/export/csv'],
    ['GET', '/graphql?query={__typename}'],
    ['GET', '/ims/case/v1p1/CFDocuments'],
    ['POST', '/graphql'],
    ['POST', '/v1/tracks/python/path'],
    ['POST', '/v1/tracks/python/next?x=1'],
  ] as const) {
    const names = [...added, 'Content-Type', 'Authorization', 'If-None-Match', 'x-datadog-trace-id', 'X-My-App.Name_1']
    t.same(await withheld(app, method, url, names), [], `${method} ${url}`)
    t.same(await withheld(app, method, url, []), [])
  }
})

t.test('a preflight of a write allows authorization, preconditions and tracing headers', async t => {
  const { app } = await testApp(t)
  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    const names = [...added, 'authorization', 'if-match', 'if-none-match', 'content-type', 'x-request-id', 'accept']
    t.same(await withheld(app, method, '/v1/skills/python.decorators', names), [], method)
    t.same(await withheld(app, method, '/v1/skills/python.decorators', ['x-anything']), ['x-anything'])
  }
  t.same(await withheld(app, 'POST', '/v1/webhooks/mine/secret', ['authorization', 'x-anything']), ['x-anything'])
  t.same(await withheld(app, 'PUT', '/graphql', ['x-anything']), ['x-anything'])
})

t.test('a preflight allows only valid header names, and a limited number of them', async t => {
  const { app } = await testApp(t)
  const allowed = async (requested: string) => {
    const { headers } = await app.inject({
      method: 'OPTIONS',
      url: '/v1/skills',
      headers: { 'access-control-request-method': 'GET', 'access-control-request-headers': requested },
    })
    return String(headers['access-control-allow-headers']).split(', ')
  }
  const usual = await allowed('')
  t.same(await allowed('a b, , *, "x", é, x\ty, (z)'), usual)
  t.same(await allowed(`${'x'.repeat(101)}, ${'y'.repeat(100)}`), [...usual, 'y'.repeat(100)])
  t.same(await allowed('X-One,x-one, Content-Type,TRACEPARENT'), [...usual, 'x-one'])
  const many = Array.from({ length: 500 }, (_, index) => `x-${index}`)
  t.equal((await allowed(many.join(','))).length, usual.length + 64)
})

t.test('scripts of other sites may read the name of an export', async t => {
  const { app } = await testApp(t)
  for (const url of ['/v1/tracks/python/export/csv', '/v1/nothing', '/ims/case/v1p1/CFDocuments'])
    t.match((await app.inject(url)).headers['access-control-expose-headers'], 'Content-Disposition', url)
})

t.test('OPTIONS without a preflight lists the methods of a path', async t => {
  const { app } = await testApp(t)
  const { statusCode, headers, body } = await app.inject({ method: 'OPTIONS', url: '/graphql' })
  t.equal(statusCode, 204)
  t.equal(body, '')
  t.equal(headers.allow, 'GET, HEAD, OPTIONS, POST')
  t.match(headers.vary, 'Access-Control-Request-Headers')
})
