import { type IncomingHttpHeaders, request } from 'node:http'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import t from 'tap'
import { createRecompressor } from '../../src/http/compression.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'

interface RawResponse {
  status: number
  headers: IncomingHttpHeaders
  bytes: Buffer
}

/** Creates a client that uses a TCP connection, because `inject` does not reach the fast path before Fastify. */
const createClient = async (app: FastifyInstance) => {
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  return (path: string, headers: Record<string, string> = {}, method = 'GET', body?: string): Promise<RawResponse> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        `${address}${path}`,
        { method, headers: { connection: 'close', ...headers } },
        response => {
          const chunks: Buffer[] = []
          response.on('data', (piece: Buffer) => chunks.push(piece))
          response.on('end', () =>
            resolve({ status: Number(response.statusCode), headers: response.headers, bytes: Buffer.concat(chunks) }),
          )
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
}

/** Returns a response without the headers that differ for each request. */
const withoutPerRequestHeaders = ({ status, headers, bytes }: RawResponse) => {
  const { date, 'x-request-id': id, ratelimit, ...rest } = headers
  return { status, headers: rest, text: bytes.toString('latin1') }
}

const url = '/v1/skills?tier=senior'

t.test('a repeated request gets the cached response, with its own request id and rate limit', async t => {
  const { app } = await testApp(t, { ratePerMinute: 1_000 })
  const send = await createClient(app)
  const matrix = JSON.stringify({ query: '{ track(ref: "python") { title categories { title } } }' })
  for (const [path, headers, method, body] of [
    [url, {}, 'GET', undefined],
    ['/v1/skills/python.decorators', { accept: 'application/json' }, 'GET', undefined],
    ['/v1/tracks/python/roadmap', { 'accept-encoding': 'identity' }, 'HEAD', undefined],
    ['/tracks/python', { accept: 'text/html' }, 'GET', undefined],
    ['/graphql?query={tracks{totalCount}}', {}, 'GET', undefined],
    ['/graphql', { 'content-type': 'application/json' }, 'POST', matrix],
  ] as const) {
    const first = await send(path, headers, method, body)
    t.equal(first.status, 200, path)
    const second = await send(path, headers, method, body)
    t.same(withoutPerRequestHeaders(second), withoutPerRequestHeaders(first), path)
    t.not(second.headers['x-request-id'], first.headers['x-request-id'])
    t.not(second.headers.ratelimit, first.headers.ratelimit)
    const named = await send(path, { ...headers, 'x-request-id': 'mine' }, method, body)
    t.equal(named.headers['x-request-id'], 'mine')
  }
})

t.test('a response that is requested often is compressed better, with the same content', async t => {
  const { app } = await testApp(t)
  const send = await createClient(app)
  const plain = await send(url)
  for (const [encoding, decode] of [
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
    ['zstd', zstdDecompressSync],
  ] as const) {
    const quick = await send(url, { 'accept-encoding': encoding })
    t.match(quick.headers.etag, `-${encoding}-quick"`)
    let strong = quick
    for (let round = 0; round < 500 && strong.headers.etag === quick.headers.etag; round++)
      strong = await send(url, { 'accept-encoding': encoding })
    t.match(strong.headers.etag, `-${encoding}"`)
    t.ok(strong.bytes.length < quick.bytes.length, `${strong.bytes.length} < ${quick.bytes.length}`)
    for (const { bytes } of [quick, strong]) t.same(decode(bytes), plain.bytes)
    for (const etag of [quick.headers.etag, strong.headers.etag, `W/${plain.headers.etag}`, '*'])
      for (let round = 0; round < 2; round++) {
        const unchanged = await send(url, { 'accept-encoding': encoding, 'if-none-match': String(etag) })
        t.equal(unchanged.status, 304)
        t.equal(unchanged.bytes.length, 0)
        t.equal(unchanged.headers['content-security-policy'], undefined, 'what the cache has is not sent again')
        t.match(unchanged.headers, { vary: 'Accept-Encoding', 'access-control-allow-origin': '*', etag: /^"/ })
      }
    t.equal((await send(url, { 'accept-encoding': encoding, 'if-none-match': '"other"' })).status, 200)
  }
})

t.test('a change to a track is in the next response, and responses about other tracks stay cached', async t => {
  const { app, load, queries } = await emptyApp(t)
  const send = await createClient(app)
  const track = (slug: string, title: string) => documentOf({ slug, title }, { category: [{ slug: 'a', title }] })
  await load(track('one', 'One'))
  await load(track('two', 'Two'))
  const paths = ['/v1/tracks/one', '/v1/tracks/two', '/v1/categories?track=two', '/v1/categories', '/v1/search?q=two']
  const before = new Map<string, RawResponse>()
  for (const path of paths) before.set(path, await send(path))
  await load(track('one', 'Another'))
  queries.length = 0
  for (const path of ['/v1/tracks/two', '/v1/categories?track=two']) {
    t.same((await send(path)).headers['curriculum-cursor'], before.get(path)?.headers['curriculum-cursor'])
    t.same((await send(path)).bytes, before.get(path)?.bytes)
  }
  t.same(
    queries.filter(query => !query.includes('max(')),
    [],
    'nothing of the other track is read from the database',
  )
  t.match((await send('/v1/tracks/one')).bytes.toString(), '"Another"')
  t.match((await send('/v1/categories')).bytes.toString(), '"Another"')
  t.notSame(
    (await send('/v1/search?q=two')).headers['curriculum-cursor'],
    before.get('/v1/search?q=two')?.headers['curriculum-cursor'],
  )
})

t.test('a new or renamed track is in all responses at once', async t => {
  const { app, load } = await emptyApp(t)
  const send = await createClient(app)
  await load(documentOf({ slug: 'one', title: 'One' }, { category: [{ slug: 'a' }] }))
  t.equal((await send('/v1/categories?track=one')).status, 200)
  t.equal((await send('/v1/categories?track=one')).status, 200)
  await load(documentOf({ slug: 'two', title: 'Two' }, { category: [{ slug: 'b' }] }))
  t.equal(JSON.parse((await send('/v1/categories')).bytes.toString()).page.total, 2)
  await load(documentOf({ slug: 'uno', title: 'One', formerly: ['one'] }, { category: [{ slug: 'a' }] }))
  t.match(JSON.parse((await send('/v1/categories?track=one')).bytes.toString()).data, [{ key: 'uno.a' }])
  t.equal((await send('/v1/tracks/one')).status, 308)
})

t.test('cached responses count for the rate limit, and are rejected over it', async t => {
  const { app } = await testApp(t, { ratePerMinute: 5, trustProxy: '127.0.0.1, 10.0.0.0/8' })
  const send = await createClient(app)
  const from = (client: string) => send('/v1/tracks/python', { 'x-forwarded-for': client })
  for (let round = 1; round <= 5; round++) {
    const { status, headers } = await from('192.0.2.1')
    t.match({ status, headers }, { status: 200, headers: { ratelimit: `"minute";r=${5 - round};t=` } })
  }
  t.match(await from('192.0.2.1'), { status: 429, headers: { 'retry-after': /^\d+$/, 'cache-control': 'no-store' } })
  t.equal((await from('192.0.2.2')).status, 200, 'another has requests of its own')
  t.equal((await from('2001:db8::1')).status, 200)
  t.match(await from('2001:db8::2'), { headers: { ratelimit: /r=3/ } }, 'a network of IPv6 is one client')
})

t.test('cached responses are logged and counted like all others', async t => {
  const lines: { path: string; route: string | null; statusCode: number; reqId: string }[] = []
  const metrics = createMetrics()
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const { app } = await testApp(t, { logger, metrics })
  const send = await createClient(app)
  const { headers } = await send('/v1/skills/python.decorators?include=resources')
  await send('/v1/skills/python.decorators?include=resources', { 'x-request-id': 'second' })
  await send('/v1/skills/python.decorators?include=resources', { 'if-none-match': String(headers.etag) })
  await send('/v1/skills/python.decorators?include=resources', { 'if-none-match': String(headers.etag) })
  const logged = lines.filter(line => line.route === '/v1/skills/:ref')
  t.match(logged, [{ statusCode: 200 }, { statusCode: 200, reqId: 'second' }, { statusCode: 304 }, { statusCode: 304 }])
  t.ok(
    logged.every(({ path }) => path === '/v1/skills/python.decorators'),
    'without the query',
  )
  t.match(await metrics.text(), /answers_total\{from="cache"\} 3/)
})

t.test('a response that is no longer cached, or too long, is not compressed better', async t => {
  const compressStrongly = createRecompressor()
  t.equal(await compressStrongly(Buffer.alloc(10_000), 'gzip', () => false), undefined)
  t.equal(await compressStrongly(Buffer.alloc(3 * 1024 * 1024), 'gzip', () => true), undefined)
  t.ok(await compressStrongly(Buffer.alloc(10_000), 'gzip', () => true))
  const { app, load } = await emptyApp(t, { cacheBytes: 20_000_000 })
  const send = await createClient(app)
  const skill = Array.from({ length: 140 }, (_, index) => ({
    slug: `s${index}`,
    title: `Skill ${index}`,
    tier: 'senior',
    category: 'a',
    notes: 'word '.repeat(3_200).trim(),
  }))
  await load(documentOf({ slug: 'long' }, { category: [{ slug: 'a' }], skill }))
  for (let round = 0; round < 4; round++) {
    const { headers, bytes } = await send('/v1/tracks/long/document', { 'accept-encoding': 'gzip' })
    t.ok(gunzipSync(bytes).length > 2 * 1024 * 1024)
    t.match(headers.etag, '-gzip-quick"')
  }
})

t.test('a query that is too long for the cache is answered without it', async t => {
  const { app } = await testApp(t)
  const send = await createClient(app)
  const path = `/v1/skills/python.decorators?include=${Array.from({ length: 600 }, () => 'resources').join(',')}`
  t.ok(path.length > 4_096)
  const [first, second] = [await send(path), await send(path)]
  t.same(withoutPerRequestHeaders(second), withoutPerRequestHeaders(first))
})
