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

t.test('writing needs a key that holds, of a scope that allows it', async t => {
  const made = await emptyApp(t)
  await made.load(documentOf({ slug: 'go' }, {}))
  const revoked = await keyOf(made, 'write')
  const [known] = await made.keys.list()
  t.equal(await made.keys.revoke(String(known?.name)), true)
  t.equal(await made.keys.revoke(String(known?.name)), false)
  for (const [headers, status, code, challenge] of [
    [{}, 401, 'UNAUTHENTICATED', 'Bearer realm="curriculum"'],
    [{ authorization: `Basic ${adminKey}` }, 401, 'UNAUTHENTICATED', 'Bearer realm="curriculum"'],
    [bearer('nothing'), 401, 'UNAUTHENTICATED', /error="invalid_token"/],
    [bearer(generateApiKey().key), 401, 'UNAUTHENTICATED', /error="invalid_token"/],
    [bearer(`${(await keyOf(made, 'write')).slice(0, -1)}~`), 401, 'UNAUTHENTICATED', /error="invalid_token"/],
    [bearer(revoked), 401, 'UNAUTHENTICATED', /error="invalid_token"/],
    [bearer(await keyOf(made, 'admin', '2026-01-01T00:00:00.000Z')), 401, 'UNAUTHENTICATED', /error="invalid_token"/],
    [bearer(await keyOf(made, 'read')), 403, 'FORBIDDEN', /error="insufficient_scope", scope="write"/],
  ] as const) {
    const answer = await put(made, headers)
    t.equal(answer.statusCode, status, answer.body)
    t.equal(answer.json<{ code: string }>().code, code)
    t.match(answer.headers['www-authenticate'], challenge)
  }
  for (const key of [await keyOf(made, 'write'), await keyOf(made, 'admin', '2099-01-01T00:00:00.000Z'), adminKey])
    t.equal((await put(made, bearer(key))).statusCode, 200)
})

t.test('without a key no body is read, however large', async t => {
  const { app } = await emptyApp(t)
  const answer = await app.inject({ method: 'PUT', url: '/v1/tracks/go/document', payload: 'x'.repeat(20_000_000) })
  t.equal(answer.statusCode, 401)
})

t.test('only the hash of a key is stored, and the time of its last use', async t => {
  const made = await emptyApp(t)
  await made.load(documentOf({ slug: 'go' }, {}))
  const key = await keyOf(made, 'write')
  t.match(key, /^cur_[0-9a-f]{12}_[\w-]{43}$/)
  t.equal((await put(made, bearer(key))).statusCode, 200)
  t.equal((await put(made, bearer(key))).statusCode, 200)
  const [known] = await made.keys.list()
  t.equal(known?.hash, hashApiKey(key))
  t.notMatch(JSON.stringify(known), key.slice(17))
  t.match(known?.lastUsedAt, /^2\d{3}-/)
})

t.test('a request succeeds even if the use of its key cannot be recorded', async t => {
  const made = await emptyApp(t, {
    keys: {
      find: async () => ({ ...record, hash: hashApiKey(key) }),
      recordUse: async () => {
        throw new Error('the disk is full')
      },
    },
  })
  await made.load(documentOf({ slug: 'go' }, {}))
  t.equal((await put(made, bearer(key))).statusCode, 200)
})
const { key, id } = generateApiKey()
const record = {
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
  const made = await emptyApp(t, { readingNeedsKey: true })
  await made.load(documentOf({ slug: 'go' }, {}))
  const reading = bearer(await keyOf(made, 'read'))
  for (const url of [
    '/v1',
    '/v1/tracks',
    '/v1/tracks/go',
    '/tracks/go',
    '/graphql?query={__typename}',
    '/v1/changes',
    '/nowhere',
  ]) {
    const refused = await made.app.inject(url)
    t.equal(refused.statusCode, 401, url)
    t.equal(refused.headers['cache-control'], 'no-store')
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
    '/ims/case/v1p1/discovery/imscasev1p1_openapi3_v1p0.json',
  ])
    t.ok((await made.app.inject(url)).statusCode < 400, url)
  for (let time = 0; time < 3; time += 1) {
    const answer = await made.app.inject({ url: '/v1/tracks/go', headers: reading })
    t.equal(answer.statusCode, 200)
    t.equal(answer.headers['cache-control'], 'private, no-cache')
    const held = { ...reading, 'if-none-match': String(answer.headers.etag) }
    t.equal((await made.app.inject({ url: '/v1/tracks/go', headers: held })).statusCode, 304)
  }
  const query = { method: 'POST', url: '/graphql', payload: { query: '{ track(ref: "go") { title } }' } } as const
  t.equal((await made.app.inject({ ...query, headers: reading })).statusCode, 200)
  t.equal((await made.app.inject(query)).statusCode, 401)
  t.equal((await made.app.inject({ method: 'OPTIONS', url: '/v1/tracks' })).statusCode, 204)
})

t.test('a key changes nothing for requests that need none', async t => {
  const made = await emptyApp(t)
  await made.load(documentOf({ slug: 'go' }, {}))
  const [without, with_] = [
    await made.app.inject('/v1/tracks/go'),
    await made.app.inject({ url: '/v1/tracks/go', headers: asAdmin }),
  ]
  t.equal(with_.body, without.body)
  t.equal(with_.headers['cache-control'], without.headers['cache-control'])
})
