import t from 'tap'
import { generateApiKey, hashApiKey } from '../../src/model/api-key.ts'
import type { Scope } from '../../src/model/vocabulary.ts'
import { adminKey, asAdmin, documentOf, emptyApp, type TestApp } from '../fixtures/app.ts'

const keyOf = async ({ keys }: TestApp, scope: Scope, expiresAt: string | null = null): Promise<string> => {
  const { key, id, hash } = generateApiKey()
  await keys.create({ id, hash, name: `${scope} key ${id}`, scope, expiresAt })
  return key
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

const put = (made: TestApp, headers: Record<string, string>) =>
  made.app.inject({
    method: 'PUT',
    url: '/v1/tracks/go',
    headers: { 'if-match': '*', ...headers },
    payload: { title: 'Go' },
  })

t.test('writing needs a valid key of a sufficient scope', async t => {
  const service = await emptyApp(t)
  await service.load(documentOf({ slug: 'go' }, {}))
  const revoked = await keyOf(service, 'write')
  const [known] = await service.keys.list()
  t.equal(await service.keys.revoke(String(known?.name)), true)
  t.equal(await service.keys.revoke(String(known?.name)), false)
  for (const [headers, status, code, challenge] of [
    [{}, 401, 'UNAUTHENTICATED', 'Bearer realm="curriculum"'],
    [{ authorization: `Basic ${adminKey}` }, 401, 'UNAUTHENTICATED', 'Bearer realm="curriculum"'],
    [bearer('nothing'), 401, 'UNAUTHENTICATED', /error="invalid_token"/],
    [bearer(generateApiKey().key), 401, 'UNAUTHENTICATED', /error="invalid_token"/],
    [bearer(`${(await keyOf(service, 'write')).slice(0, -1)}~`), 401, 'UNAUTHENTICATED', /error="invalid_token"/],
    [bearer(revoked), 401, 'UNAUTHENTICATED', /error="invalid_token"/],
    [
      bearer(await keyOf(service, 'admin', '2026-01-01T00:00:00.000Z')),
      401,
      'UNAUTHENTICATED',
      /error="invalid_token"/,
    ],
    [bearer(await keyOf(service, 'read')), 403, 'FORBIDDEN', /error="insufficient_scope", scope="write"/],
  ] as const) {
    const response = await put(service, headers)
    t.equal(response.statusCode, status, response.body)
    t.equal(response.json<{ code: string }>().code, code)
    t.match(response.headers['www-authenticate'], challenge)
  }
  for (const key of [
    await keyOf(service, 'write'),
    await keyOf(service, 'admin', '2099-01-01T00:00:00.000Z'),
    adminKey,
  ])
    t.equal((await put(service, bearer(key))).statusCode, 200)
})

t.test('without a key no body is read, however large', async t => {
  const { app } = await emptyApp(t)
  const response = await app.inject({ method: 'PUT', url: '/v1/tracks/go/document', payload: 'x'.repeat(20_000_000) })
  t.equal(response.statusCode, 401)
})

t.test('only the hash of a key is stored, and the time of its last use', async t => {
  const service = await emptyApp(t)
  await service.load(documentOf({ slug: 'go' }, {}))
  const key = await keyOf(service, 'write')
  t.match(key, /^cur_[0-9a-f]{12}_[\w-]{43}$/)
  t.equal((await put(service, bearer(key))).statusCode, 200)
  t.equal((await put(service, bearer(key))).statusCode, 200)
  const [known] = await service.keys.list()
  t.equal(known?.hash, hashApiKey(key))
  t.notMatch(JSON.stringify(known), key.slice(17))
  t.match(known?.lastUsedAt, /^2\d{3}-/)
})

t.test('a request succeeds even if the use of its key cannot be recorded', async t => {
  const service = await emptyApp(t, {
    keys: {
      find: async () => ({ ...storedKey, hash: hashApiKey(key) }),
      recordUse: async () => {
        throw new Error('the disk is full')
      },
    },
  })
  await service.load(documentOf({ slug: 'go' }, {}))
  t.equal((await put(service, bearer(key))).statusCode, 200)
})
const { key, id } = generateApiKey()
const storedKey = {
  id,
  name: 'one',
  scope: 'write',
  hash: '',
  createdAt: '',
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
} as const

t.test('if reading needs a key, only paths that describe the service can be read without one', async t => {
  const service = await emptyApp(t, { readingNeedsKey: true })
  await service.load(documentOf({ slug: 'go' }, {}))
  const reading = bearer(await keyOf(service, 'read'))
  for (const url of [
    '/v1',
    '/v1/tracks',
    '/v1/tracks/go',
    '/tracks/go',
    '/search?q=go',
    '/tracks/go.png',
    '/tracks/go.svg',
    '/sitemap.xml',
    '/graphql?query={__typename}',
    '/v1/changes',
    '/nowhere',
  ]) {
    const rejected = await service.app.inject(url)
    t.equal(rejected.statusCode, 401, url)
    t.equal(rejected.headers['cache-control'], 'no-store')
  }
  for (const url of [
    '/',
    '/healthz',
    '/readyz',
    '/metrics',
    '/openapi.json',
    '/openapi.yaml',
    '/docs',
    '/graphiql',
    '/embed.js',
    '/assets/icon.svg',
    '/favicon.ico',
    '/apple-touch-icon.png',
    '/robots.txt',
    '/site.png',
    '/ims/case/v1p1/discovery/imscasev1p1_openapi3_v1p0.json',
  ])
    t.ok((await service.app.inject(url)).statusCode < 400, url)
  const home = { url: '/', headers: { accept: 'text/html' } }
  t.equal((await service.app.inject(home)).statusCode, 401, 'the home page shows content')
  t.match(await service.app.inject({ ...home, headers: { ...home.headers, ...reading } }), { statusCode: 200 })
  t.match((await service.app.inject('/')).headers, { 'content-type': 'application/json; charset=utf-8' })
  for (let time = 0; time < 3; time += 1) {
    const response = await service.app.inject({ url: '/v1/tracks/go', headers: reading })
    t.equal(response.statusCode, 200)
    t.equal(response.headers['cache-control'], 'private, no-cache')
    const conditional = { ...reading, 'if-none-match': String(response.headers.etag) }
    t.equal((await service.app.inject({ url: '/v1/tracks/go', headers: conditional })).statusCode, 304)
  }
  const query = { method: 'POST', url: '/graphql', payload: { query: '{ track(ref: "go") { title } }' } } as const
  t.equal((await service.app.inject({ ...query, headers: reading })).statusCode, 200)
  t.equal((await service.app.inject(query)).statusCode, 401)
  t.equal((await service.app.inject({ method: 'OPTIONS', url: '/v1/tracks' })).statusCode, 204)
})

t.test('a key has no effect on requests that need none', async t => {
  const service = await emptyApp(t)
  await service.load(documentOf({ slug: 'go' }, {}))
  const [without, with_] = [
    await service.app.inject('/v1/tracks/go'),
    await service.app.inject({ url: '/v1/tracks/go', headers: asAdmin }),
  ]
  t.equal(with_.body, without.body)
  t.equal(with_.headers['cache-control'], without.headers['cache-control'])
})

t.test('if reading needs a key, the public picture of the site does not change with the content', async t => {
  const service = await emptyApp(t, { readingNeedsKey: true })
  const empty = await service.app.inject('/site.png')
  await service.load(
    documentOf({ slug: 'go' }, { category: [{ slug: 'a' }], skill: [{ slug: 'b', category: 'a', tier: 'senior' }] }),
  )
  t.equal((await service.app.inject('/site.png')).headers.etag, empty.headers.etag)
})
