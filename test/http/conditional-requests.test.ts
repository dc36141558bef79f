import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import t from 'tap'
import { parseItem } from '../../src/catalog.ts'
import { openStore } from '../../src/store/open-store.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'

const url = '/v1/skills?tier=senior'

t.test('a response has the requested encoding, each encoding with its own ETag', async t => {
  const { app } = await testApp(t)
  const plain = await app.inject(url)
  t.equal(plain.headers.vary, 'Accept-Encoding')
  t.equal(plain.headers['content-encoding'], undefined)
  const tags = new Set([plain.headers.etag])
  for (const [accept, encoding, decode] of [
    ['br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['zstd', 'zstd', zstdDecompressSync],
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['gzip;q=1, br;q=0.1', 'gzip', gunzipSync],
  ] as const) {
    const response = await app.inject({ url, headers: { 'accept-encoding': accept } })
    t.equal(response.headers['content-encoding'], encoding, accept)
    t.equal(decode(response.rawPayload).toString(), plain.body)
    t.equal(response.headers.vary, 'Accept-Encoding')
    tags.add(response.headers.etag)
  }
  t.equal(tags.size, 4)
  t.equal((await app.inject({ url, headers: { 'accept-encoding': 'identity' } })).headers.etag, plain.headers.etag)
  t.equal(
    (await app.inject({ url, headers: { 'accept-encoding': 'identity;q=0' } })).headers['content-encoding'],
    undefined,
    'there is nothing else to send',
  )
  t.equal(
    (await app.inject({ url, headers: { 'accept-encoding': 'compress' } })).headers['content-encoding'],
    undefined,
  )
  t.equal(
    (await app.inject({ url: '/v1/tracks/python/nothing', headers: { 'accept-encoding': 'br' } })).headers[
      'content-encoding'
    ],
    undefined,
  )
  t.equal(
    (await app.inject({ url: '/v1/plans?limit=1&kind=plan&tier=senior', headers: { 'accept-encoding': 'br' } }))
      .headers['content-encoding'],
    undefined,
    'a short body is not compressed',
  )
})

t.test('a client that has the current response gets 304', async t => {
  const { app } = await testApp(t)
  for (const encoding of ['identity', 'br', 'gzip', 'zstd']) {
    const { etag } = (await app.inject({ url, headers: { 'accept-encoding': encoding } })).headers
    for (const match of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const response = await app.inject({ url, headers: { 'if-none-match': String(match), 'accept-encoding': 'br' } })
      t.equal(response.statusCode, 304, String(match))
      t.equal(response.body, '')
      t.equal(response.headers.etag, etag)
      t.match(response.headers, {
        vary: 'Accept-Encoding',
        'cache-control': 'public, max-age=60, stale-while-revalidate=600',
        'curriculum-cursor': /^\d+$/,
      })
    }
  }
  t.equal((await app.inject({ url, headers: { 'if-none-match': '*' } })).statusCode, 304)
  t.equal((await app.inject({ url, headers: { 'if-none-match': '"other"' } })).statusCode, 200)
  t.equal((await app.inject({ url, headers: { 'if-none-match': 'without quotes' } })).statusCode, 200)
})

t.test('HEAD answers as GET does, without the body', async t => {
  const { app } = await testApp(t)
  const get = await app.inject(url)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const head = await fetch(`${address}${url}`, { method: 'HEAD', headers: { 'accept-encoding': 'identity' } })
  t.equal(head.status, 200)
  t.equal(head.headers.get('etag'), get.headers.etag)
  t.equal(Number(head.headers.get('content-length')), Buffer.byteLength(get.body))
  t.equal(await head.text(), '')
})

t.test('a 304 has no Content-Length, for GET and HEAD', async t => {
  const { app } = await testApp(t)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  for (const path of [url, '/', '/openapi.json', '/tracks/python.svg']) {
    const { etag } = (await app.inject(path)).headers
    for (const method of ['HEAD', 'GET', 'HEAD']) {
      const unchanged = await fetch(`${address}${path}`, { method, headers: { 'if-none-match': String(etag) } })
      t.equal(unchanged.status, 304, `${method} ${path}`)
      t.equal(unchanged.headers.get('content-length'), null)
    }
  }
})

t.test('equivalent requests share one cached response, and query the database once', async t => {
  const { app, queries } = await testApp(t)
  const first = await app.inject('/v1/skills?track=python&tier=senior,beginner&limit=3')
  const queriesBefore = queries.length
  for (const other of [
    '/v1/skills?limit=3&tier=beginner,senior&track=python',
    '/v1/skills?tier=beginner&tier=senior&limit=03&track=python',
    '/v1/skills?tier=beginner%2Csenior&limit=3&track=python,python',
  ]) {
    const response = await app.inject(other)
    t.equal(response.body, first.body)
    t.equal(response.headers.link, first.headers.link)
  }
  t.equal(
    queries.slice(queriesBefore).filter(query => !query.includes('max(')).length,
    0,
    'only the cursor is looked at',
  )
})

t.test('a response is never older than the database, and is rendered once for all waiting requests', async t => {
  const { app, load, queries } = await emptyApp(t)
  const track = (title: string) => documentOf({ slug: 'demo', title }, { category: [{ slug: 'a' }] })
  await load(track('Before'))
  t.equal((await app.inject('/v1/tracks/demo')).json<{ title: string }>().title, 'Before')
  const cursor = Number((await app.inject('/v1/tracks/demo')).headers['curriculum-cursor'])
  await load(track('After'))
  queries.length = 0
  const responses = await Promise.all(Array.from({ length: 20 }, () => app.inject('/v1/tracks/demo')))
  t.ok(responses.every(response => response.json<{ title: string }>().title === 'After'))
  t.equal(queries.filter(query => query.includes('"tracks"') && !query.includes('max(')).length, 1)
  t.equal(Number(responses[0]?.headers['curriculum-cursor']), cursor + 1)
})

t.test('a response is rendered again if the content changes meanwhile', async t => {
  const { app, catalog, load } = await emptyApp(t)
  const track = (title: string) => documentOf({ slug: 'demo', title }, {})
  await load(track('Before'))
  const find = catalog.find
  let changes = 0
  catalog.find = async (noun, ref) => {
    const found = await find(noun, ref)
    if (changes++ === 0) await load(track('After'))
    return found
  }
  t.equal((await app.inject('/v1/tracks/demo')).json<{ title: string }>().title, 'After')
  t.equal(changes, 2)
})

t.test(
  'a response never mixes two revisions, even if another process writes within one turn of the event loop',
  async t => {
    const { app, catalog, load, file } = await emptyApp(t)
    const track = (title: string) => documentOf({ slug: 'demo', title }, { category: [{ slug: 'c', title }] })
    await load(track('Before'))
    const other = openStore(`file:${file}`)
    t.teardown(other.close)
    const { storedTrack } = catalog
    let turns = 0
    catalog.storedTrack = async key => {
      const served = await storedTrack(key)
      setImmediate(() => turns++)
      if (served !== undefined && parseItem(served.track).title === 'Before')
        await other.catalog.replaceTracks({ document: track('After') })
      t.equal(turns, 0, 'all within one turn')
      turns = 0
      return served
    }
    const { track: self, categories } = (await app.inject('/v1/tracks/demo/document')).json<{
      track: { title: string }
      categories: { title: string }[]
    }>()
    t.same([self.title, categories[0]?.title], ['After', 'After'])
  },
)

t.test('without cache memory every response is rendered for its request', async t => {
  const { app, queries } = await testApp(t, { cacheBytes: 0 })
  const first = await app.inject('/v1/tracks/python')
  const queriesBefore = queries.length
  t.equal((await app.inject('/v1/tracks/python')).body, first.body)
  t.ok(queries.length > queriesBefore)
})
