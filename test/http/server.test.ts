import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { asAdmin, documentOf, emptyApp, testApp } from '../fixtures/app.ts'

interface Problem {
  status: number
  code: string
  detail: string
}

/** Sends bytes as they are, and reads until the connection ends. */
const talking = async (app: FastifyInstance) => {
  const port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
  return (bytes: string | Buffer) =>
    new Promise<{ head: string; body: string }>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
      let received = ''
      socket.setEncoding('utf8').on('data', data => {
        received += data
      })
      socket.on('close', () => {
        const end = received.indexOf('\r\n\r\n')
        resolve({ head: received.slice(0, end), body: received.slice(end + 4) })
      })
      socket.on('error', reject)
    })
}

t.test('a request without exactly one Host, or with an expectation other than 100-continue, is rejected', async t => {
  const { app } = await testApp(t)
  const send = await talking(app)
  const close = 'Connection: close\r\n\r\n'
  for (const path of ['/v1/skills/python.decorators', '/healthz'])
    for (const [request, status, detail] of [
      [`HTTP/1.1\r\nHost: a\r\n${close}`, 200],
      [`HTTP/1.1\r\nhOST: a:80\r\nX: y\r\n${close}`, 200],
      [`HTTP/1.1\r\nHost: [::1]:3000\r\n${close}`, 200],
      [`HTTP/1.1\r\nHost:\r\n${close}`, 200],
      [`HTTP/1.0\r\n${close}`, 200],
      [`HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n${close}`, 200],
      [`HTTP/1.0\r\nExpect: a-miracle\r\n${close}`, 200],
      [`HTTP/1.1\r\n${close}`, 400, 'The request has no Host header.'],
      [`HTTP/1.1\r\nHost: a\r\nHost: b\r\n${close}`, 400, 'The request has 2 Host headers; send one.'],
      [`HTTP/1.1\r\nHost: a\r\nhost: a\r\nHOST: a\r\n${close}`, 400, 'The request has 3 Host headers; send one.'],
      [`HTTP/1.0\r\nHost: a\r\nHost: a\r\n${close}`, 400, 'The request has 2 Host headers; send one.'],
      [`HTTP/1.1\r\nHost: a/b c\r\n${close}`, 400, 'The Host header "a/b c" is not a host with an optional port.'],
      [`HTTP/1.1\r\nHost: a@b\r\n${close}`, 400, 'The Host header "a@b" is not a host with an optional port.'],
      [
        `HTTP/1.1\r\nHost: a\r\nExpect: a-miracle\r\n${close}`,
        417,
        'The expectation "a-miracle" cannot be met; only 100-continue can.',
      ],
    ] as const) {
      const { head, body } = await send(`GET ${path} ${request}`)
      // An answer after "100 Continue" is the second.
      t.match(head + body, `HTTP/1.1 ${status} `, request)
      if (detail === undefined) continue
      t.match(head, /content-type: application\/problem\+json/i)
      t.match(head, /connection: close/i)
      t.match(JSON.parse(body), { status, code: 'BAD_USER_INPUT', detail })
    }
  const standard = await send(`GET /ims/case/v1p1/CFDocuments HTTP/1.1\r\n${close}`)
  t.match(JSON.parse(standard.body), { imsx_codeMajor: 'failure', imsx_description: 'The request has no Host header.' })
})

t.test('an address that is not percent-encoded is rejected with its encoded form', async t => {
  const { app } = await emptyApp(t)
  const send = await talking(app)
  const utf8 = 'The address must be percent-encoded, as the bytes of UTF-8: for example é as %C3%A9.'
  for (const [line, encoding, detail] of [
    ['/v1/search?q=café', 'utf8', 'The address must be percent-encoded: /v1/search?q=caf%C3%A9'],
    ['/v1/search?q=à', 'utf8', 'The address must be percent-encoded: /v1/search?q=%C3%A0'],
    ['/v1/skills/python.変数', 'utf8', 'The address must be percent-encoded: /v1/skills/python.%E5%A4%89%E6%95%B0'],
    ['/v1/search?q=a b\tc', 'utf8', 'The address must be percent-encoded: /v1/search?q=a%20b%09c'],
    ['/v1/search?q=café', 'latin1', utf8],
    ['/v1/skills/café', 'latin1', utf8],
    [`/${'é'.repeat(1_000)}`, 'utf8', /^The address must be percent-encoded: \/(%C3%A9){49}%C3%A$/],
  ] as const) {
    const { head, body } = await send(Buffer.from(`GET ${line} HTTP/1.1\r\nHost: a\r\n\r\n`, encoding))
    t.match(head, 'HTTP/1.1 400 Bad Request', line)
    t.match(JSON.parse(body), { code: 'BAD_USER_INPUT', detail })
  }
  for (const other of ['GET / FTP/1.0\r\n\r\n', 'GET /\u0000', 'GET é'])
    t.match(JSON.parse((await send(other)).body), { detail: 'This is not HTTP.' }, other)
  const healthy = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'
  const second = await send(Buffer.from(`${healthy}GET /é HTTP/1.1\r\nHost: a\r\n\r\n`))
  t.match(second.head, 'HTTP/1.1')
  t.match(second.head + second.body, 'The address must be percent-encoded: /%C3%A9')
})

t.test('a read with If-Match gets 412 unless one of its ETags matches', async t => {
  const { app } = await testApp(t)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  for (const path of [
    '/v1/skills?tier=senior',
    '/v1/tracks/python/export/csv',
    '/ims/case/v1p1/CFDocuments',
    '/tracks/python',
    '/openapi.json',
    '/graphql?query={__typename}',
  ]) {
    const read = async (method: string, headers: Record<string, string>) => {
      const { status } = await fetch(address + path, { method, headers: { 'accept-encoding': 'identity', ...headers } })
      return status
    }
    const etag = String((await fetch(address + path)).headers.get('etag'))
    // A repeated request is answered elsewhere than a first one.
    for (const method of ['GET', 'HEAD', 'GET']) {
      t.equal(await read(method, { 'if-match': etag }), 200, `${method} ${path} ${etag}`)
      t.equal(await read(method, { 'if-match': `"other", ${etag}` }), 200)
      t.equal(await read(method, { 'if-match': '*' }), 200)
      t.equal(await read(method, { 'if-match': '"other"' }), 412, `${method} ${path}`)
      t.equal(await read(method, { 'if-match': `W/${etag}` }), 412, 'a weak tag never matches')
      t.equal(await read(method, { 'if-match': 'no quotation marks' }), 400)
      // If-Match goes ahead of If-None-Match.
      t.equal(await read(method, { 'if-match': '"other"', 'if-none-match': etag }), 412)
      t.equal(await read(method, { 'if-match': etag, 'if-none-match': etag }), 304)
      t.equal(await read(method, { 'if-match': etag, 'if-none-match': '"other"' }), 200)
      // There is no date of change: these say nothing (RFC 9110, sections 13.1.3 and 13.1.4).
      const past = 'Sat, 01 Jan 2000 00:00:00 GMT'
      t.equal(await read(method, { 'if-unmodified-since': past }), 200)
      t.equal(await read(method, { 'if-modified-since': new Date().toUTCString() }), 200)
    }
  }
  const rejected = await app.inject({ url: '/v1/skills', headers: { 'if-match': '"other"' } })
  t.match(rejected.json<Problem>(), { status: 412, code: 'PRECONDITION_FAILED' })
  t.equal(rejected.headers['cache-control'], 'no-store')
  const nothing = await app.inject({ url: '/v1/skills/python.nothing', headers: { 'if-match': '"other"' } })
  t.equal(nothing.statusCode, 404, 'an If-Match does not change the status of another error')
})

t.test('a write must fulfil both preconditions, which are checked before its content', async t => {
  const { app, load } = await emptyApp(t)
  await load(documentOf({ slug: 'go', title: 'Go' }, { category: [{ slug: 'basics', title: 'Basics' }] }))
  const url = '/v1/categories/go.basics'
  const etag = String((await app.inject(url)).headers.etag)
  const put = async (headers: Record<string, string>) =>
    (await app.inject({ method: 'PUT', url, payload: { title: 3 }, headers: { ...asAdmin, ...headers } })).statusCode
  t.equal(await put({ 'if-match': '"other"' }), 412)
  t.equal(await put({ 'if-match': etag, 'if-none-match': '*' }), 412)
  t.equal(await put({ 'if-none-match': '*' }), 412)
  t.equal(await put({}), 428)
  t.equal(await put({ 'if-match': etag }), 422)
})

t.test('a time may have lower-case t and z and any offset (RFC 3339)', async t => {
  const { app, load } = await emptyApp(t)
  await load(documentOf({ slug: 'go', title: 'Go' }, {}))
  const total = async (time: string) => {
    const response = await app.inject(`/v1/tracks?updatedSince=${encodeURIComponent(time)}`)
    return response.statusCode === 200 ? response.json<{ page: { total: number } }>().page.total : response.statusCode
  }
  for (const [time, expected] of [
    ['2020-01-31T12:00:00Z', 1],
    ['2020-01-31t12:00:00z', 1],
    ['2020-01-31t12:00:00.5+02:00', 1],
    ['2999-01-31t12:00:00z', 0],
    ['2999-01-31T12:00:00-05:30', 0],
    ['2020-02-31t12:00:00z', 400],
  ] as const)
    t.equal(await total(time), expected, time)
  const graphql = await app.inject({
    method: 'POST',
    url: '/graphql',
    payload: { query: '{ tracks(updatedSince: "2020-01-31t12:00:00z") { totalCount } }' },
  })
  t.same(graphql.json(), { data: { tracks: { totalCount: 1 } } })
  const filter = encodeURIComponent("lastChangeDateTime>'2020-01-31t12:00:00z'")
  const frameworks = await app.inject(`/ims/case/v1p1/CFDocuments?filter=${filter}`)
  t.equal(frameworks.json<{ CFDocuments: unknown[] }>().CFDocuments.length, 1)
  const send = (method: 'PUT' | 'POST', url: string, payload: object) =>
    app.inject({ method, url, payload, headers: asAdmin })
  t.equal((await send('PUT', '/v1/webhooks/mine', { url: 'https://example.org/' })).statusCode, 201)
  for (const [since, status] of [
    ['2020-01-31t12:00:00z', 202],
    ['2020-01-31T12:00:00+01:00', 202],
    ['2020-01-31', 422],
  ] as const)
    t.equal((await send('POST', '/v1/webhooks/mine/replay', { since })).statusCode, status, since)
})

t.test('a route with a JSON Schema is rejected at the start, because zod parses all input', async t => {
  const { app } = await emptyApp(t)
  app.get('/x', { schema: { querystring: { type: 'object' } } }, async () => null)
  await t.rejects(async () => app.ready(), /parse its input with zod/)
})
