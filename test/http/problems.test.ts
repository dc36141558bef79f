import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { failures } from '../../src/errors.ts'
import { toFailure } from '../../src/http/problem.ts'
import { emptyApp, testApp } from '../fixtures/app.ts'

interface Problem {
  type: string
  title: string
  status: number
  detail: string
  instance: string
  code: keyof typeof failures
  requestId: string
  errors: unknown[]
}

t.test('every error is problem+json with a code, and is not cached', async t => {
  const { app } = await testApp(t)
  for (const [method, url, status, code, more] of [
    ['GET', '/nope', 404, 'NOT_FOUND', {}],
    ['GET', '/v1/nope', 404, 'NOT_FOUND', {}],
    ['GET', '/v1/skills/python.nope', 404, 'NOT_FOUND', {}],
    ['GET', '/v1/skills?x=1', 400, 'BAD_USER_INPUT', {}],
    ['GET', '/v1/skills/%zz', 400, 'BAD_USER_INPUT', {}],
    ['GET', `/v1/skills/${'x'.repeat(300)}`, 414, 'PAYLOAD_TOO_LARGE', {}],
    ['POST', '/v1/skills', 405, 'METHOD_NOT_ALLOWED', {}],
    ['DELETE', '/v1/tracks/python/roadmap', 405, 'METHOD_NOT_ALLOWED', {}],
    ['PUT', '/graphql', 405, 'METHOD_NOT_ALLOWED', {}],
    ['GET', '/v1/skills', 406, 'NOT_ACCEPTABLE', { headers: { accept: 'text/html' } }],
    ['POST', '/graphql', 415, 'UNSUPPORTED_MEDIA_TYPE', { headers: { 'content-type': 'text/csv' }, payload: 'a,b' }],
    ['POST', '/graphql', 400, 'BAD_USER_INPUT', { headers: { 'content-type': 'application/json' }, payload: '{' }],
    ['POST', '/graphql', 400, 'BAD_USER_INPUT', { headers: { 'content-type': 'application/json' }, payload: '' }],
    ['POST', '/graphql', 413, 'PAYLOAD_TOO_LARGE', { payload: { query: 'x'.repeat(900_000) } }],
  ] as const) {
    const response = await app.inject({ method, url, ...more })
    t.equal(response.statusCode, status, `${method} ${url.slice(0, 60)}`)
    t.match(response.headers['content-type'], 'application/problem+json')
    t.equal(response.headers['cache-control'], 'no-store')
    t.equal(response.headers['access-control-allow-origin'], '*')
    const problem = response.json<Problem>()
    t.match(problem, {
      status,
      code,
      title: failures[code].title,
      instance: url.split('?')[0],
      requestId: response.headers['x-request-id'],
    })
    t.ok(problem.detail.length > 10)
    t.type(problem.errors, Array)
  }
})

t.test(
  'an address that is no URL, or has too long a name, is refused with all the headers of every refusal',
  async t => {
    const { app } = await emptyApp(t)
    const names = async (url: string) => {
      const { headers } = await app.inject(url)
      return Object.keys(headers).sort()
    }
    const usual = await names('/v1/nope')
    t.ok(usual.includes('content-security-policy') && usual.includes('access-control-expose-headers'))
    for (const url of ['/v1/skills/%ff', '/v1/skills/%zz', `/v1/skills/${'x'.repeat(300)}`])
      t.same(await names(url), usual)
    for (const url of ['/v1/skills/%ff', '/v1/skills/%zz', '/v1/skills/%'])
      t.match(
        (await app.inject(url)).json<Problem>().detail,
        'two hexadecimal digits behind it, and the bytes must be UTF-8',
      )
  },
)

t.test('no response has Strict-Transport-Security', async t => {
  const { app } = await emptyApp(t)
  for (const url of ['/', '/v1', '/nope', '/healthz'])
    t.equal((await app.inject(url)).headers['strict-transport-security'], undefined, url)
})

t.test('a 405 lists the methods of the path', async t => {
  const { app } = await emptyApp(t)
  for (const [url, allow] of [
    ['/v1/skills', 'GET, HEAD, OPTIONS'],
    ['/v1/skills/python.x', 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'],
    ['/graphql', 'GET, HEAD, OPTIONS, POST'],
    ['/openapi.json', 'GET, HEAD, OPTIONS'],
    ['/tracks/x/files/images/deep/a.png', 'DELETE, GET, HEAD, OPTIONS, PUT'],
  ] as const) {
    for (const method of ['LOCK', 'PROPFIND'] as const) {
      const response = await app.inject({ method: method as unknown as 'PATCH', url }) // inject's types know fewer methods than HTTP
      t.equal(response.statusCode, 405, `${method} ${url}`)
      t.equal(response.headers.allow, allow)
    }
    const options = await app.inject({ method: 'OPTIONS', url })
    t.equal(options.statusCode, 204)
    t.equal(options.headers.allow, allow)
  }
})

t.test('scripts of any origin may read, with the exposed headers', async t => {
  const { app } = await emptyApp(t)
  const preflight = await app.inject({
    method: 'OPTIONS',
    url: '/graphql',
    headers: {
      origin: 'https://example.org',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    },
  })
  t.equal(preflight.statusCode, 204)
  t.match(preflight.headers, {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': /POST/,
    'access-control-allow-headers': /Content-Type/,
    'access-control-max-age': '86400',
  })
  const response = await app.inject({ url: '/v1', headers: { origin: 'https://example.org' } })
  t.equal(
    response.headers['access-control-expose-headers'],
    'ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id, Curriculum-Cursor, Content-Disposition',
  )
})

t.test('every reply has a request id: that of the request if it is safe', async t => {
  const { app } = await emptyApp(t)
  const own = /^[0-9a-z-]{15,25}$/
  for (const [given, expected] of [
    ['abc-123', 'abc-123'],
    [undefined, own],
    ['a b', own],
    ['x'.repeat(200), own],
  ] as const) {
    const response = await app.inject({
      url: '/healthz',
      headers: given === undefined ? {} : { 'x-request-id': given },
    })
    t.match(response.headers['x-request-id'], expected)
  }
})

t.test('bytes that are not HTTP get a problem too, and the process continues', async t => {
  const { app } = await emptyApp(t)
  // A request may take 15 seconds to arrive; here a moment.
  Object.assign(app.server, { headersTimeout: 100, requestTimeout: 100, connectionsCheckingInterval: 20 })
  const port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
  const send = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text))
      let received = ''
      socket.on('data', data => {
        received += data.toString()
      })
      socket.on('close', () => resolve(received))
      socket.on('error', reject)
    })
  const [notHttp, late, long] = ['This is not HTTP.', 'The request did not arrive in time.', 'larger than 16 KiB']
  for (const [text, status, code, detail] of [
    ['GARBAGE\r\n\r\n', '400 Bad Request', 'BAD_USER_INPUT', notHttp],
    ['GET / HTTP/1.1\r\nHost: x\r\n\r\nand more', '400 Bad Request', 'BAD_USER_INPUT', notHttp],
    ['GET / HTTP/1.1\r\nno header\r\n\r\n', '400 Bad Request', 'BAD_USER_INPUT', notHttp],
    [
      'BREW /v1 HTTP/1.1\r\nHost: x\r\n\r\n',
      '400 Bad Request',
      'BAD_USER_INPUT',
      'No address here has the method BREW',
    ],
    [
      'get /v1 HTTP/1.1\r\nHost: x\r\n\r\n',
      '400 Bad Request',
      'BAD_USER_INPUT',
      'in capital letters: GET instead of get.',
    ],
    ['GET / HTTP/1.1\r\nHost:', '408 Request Timeout', 'BAD_USER_INPUT', late],
    [
      `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
      '431 Request Header Fields Too Large',
      'PAYLOAD_TOO_LARGE',
      long,
    ],
  ] as const) {
    const response = await send(text)
    t.match(response, `HTTP/1.1 ${status}`)
    t.match(JSON.parse(response.split('\r\n\r\n').at(-1) ?? ''), { code, detail })
  }
  const broken = connect(port, '127.0.0.1', () =>
    broken.write('GET / HTTP/1.1\r\nHost:', () => broken.resetAndDestroy()),
  )
  await once(broken, 'close')
  t.equal((await app.inject('/healthz')).statusCode, 200)
})

t.test('an internal error exposes no details, and the log has the cause', async t => {
  const lines: { msg: string; err?: { message: string }; path?: string; statusCode?: number }[] = []
  const { pino } = await import('pino')
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const { app, catalog } = await emptyApp(t, { logger })
  catalog.find = async () => {
    throw new Error('SQLITE_SECRET: no such table: passwords')
  }
  const rest = await app.inject('/v1/skills/python.x?include=category')
  t.equal(rest.statusCode, 500)
  t.equal(rest.json<Problem>().code, 'INTERNAL_SERVER_ERROR')
  const graphql = await app.inject({
    method: 'POST',
    url: '/graphql',
    payload: { query: '{ skill(ref: "python.x") { id } }' },
  })
  t.same(graphql.json<{ errors: { extensions: object }[] }>().errors[0]?.extensions, { code: 'INTERNAL_SERVER_ERROR' })
  t.notMatch(rest.body + graphql.body, 'SQLITE')
  t.equal(lines.filter(({ err }) => err?.message.includes('SQLITE_SECRET')).length, 2)
  const request = lines.find(({ msg, path }) => msg === 'request' && path === '/v1/skills/python.x')
  t.match(request, {
    reqId: /.+/,
    method: 'GET',
    path: '/v1/skills/python.x',
    route: '/v1/skills/:ref',
    statusCode: 500,
    responseTime: Number,
  })
  t.equal(lines.filter(({ msg }) => msg === 'request').length, 2, 'one line a request')
  t.notMatch(JSON.stringify(lines.filter(({ msg }) => msg === 'request')), 'include=category', 'never the query')
})

t.test('errors of plugins keep their status, without their message', t => {
  for (const [statusCode, status, code] of [
    [408, 408, 'BAD_USER_INPUT'],
    [418, 400, 'BAD_USER_INPUT'],
    [502, 500, 'INTERNAL_SERVER_ERROR'],
  ] as const) {
    const failure = toFailure(Object.assign(new Error('of the inside'), { statusCode }))
    t.match(failure, { status, code })
    t.notMatch(failure.message, 'of the inside')
  }
  t.end()
})

t.test('too many requests from one address are rejected for the rest of the minute', async t => {
  const { app } = await emptyApp(t, { ratePerMinute: 3 })
  const responses = []
  for (const url of ['/v1', '/nope', '/v1', '/v1']) responses.push(await app.inject(url))
  t.same(
    responses.map(({ statusCode }) => statusCode),
    [200, 404, 200, 429],
  )
  t.match(responses[0]?.headers, { ratelimit: /^"minute";r=2;t=\d+$/, 'ratelimit-policy': '"minute";q=3;w=60' })
  t.match(responses[3]?.headers, { 'retry-after': /^\d+$/, ratelimit: /r=0/ })
  t.equal(responses[3]?.json<Problem>().code, 'RATE_LIMITED')
  t.equal((await app.inject('/healthz')).statusCode, 200, 'health is never refused')
  t.equal(
    (await app.inject({ url: '/v1', remoteAddress: '10.1.2.3' })).statusCode,
    200,
    'another address is another client',
  )
})

t.test(
  'readiness fails while the database cannot be read and while the service shuts down; health does not',
  async t => {
    const { app, catalog } = await emptyApp(t)
    t.same((await app.inject('/readyz')).json(), { status: 'ready' })
    t.equal((await app.inject('/readyz')).headers['cache-control'], 'no-store')
    const ping = catalog.ping
    catalog.ping = async () => {
      throw new Error('gone')
    }
    const failing = await app.inject('/readyz')
    t.equal(failing.statusCode, 503)
    t.equal(failing.json<Problem>().code, 'UNAVAILABLE')
    t.equal((await app.inject('/healthz')).statusCode, 200)
    catalog.ping = ping
  },
)
