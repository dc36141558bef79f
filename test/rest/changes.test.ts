import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { openStore } from '../../src/store/open-store.ts'
import { createWriter } from '../../src/write/writer.ts'
import { asAdmin, documentOf, emptyApp, testApp } from '../fixtures/app.ts'

interface Page {
  data: {
    seq: number
    type: string
    id: string
    key: string
    op: string
    resource: { title: string } | null
    by?: string | null
  }[]
  page: { size: number; next: string }
}

const follow = async (app: FastifyInstance, query = ''): Promise<Page> =>
  (await app.inject(`/v1/changes${query}`)).json<Page>()

const two = () =>
  documentOf(
    { slug: 'go' },
    { category: [{ slug: 'basics' }], skill: [{ slug: 'types', title: 'Types', category: 'basics', tier: 'senior' }] },
  )

t.test('a client that follows from the beginning gets every change, page by page', async t => {
  const { app } = await testApp(t)
  const found = new Set<string>()
  let at = await follow(app, '?limit=200')
  for (; at.page.size > 0; at = await follow(app, `?limit=200&cursor=${at.page.next}`))
    for (const { id, resource } of at.data) {
      t.ok(resource)
      found.add(id)
    }
  t.equal(at.page.next, String((await app.inject('/v1/skills')).headers['curriculum-cursor']))
  const document = (await app.inject('/v1/tracks/python/document')).json<Record<string, { id: string }[]>>()
  const ids = Object.values(document)
    .flat()
    .map(({ id }) => id)
  t.same([...found].sort(), ids.sort())
})

t.test('a change has the current noun, on both sides of an edge, and a removal has none', async t => {
  const { app, load } = await emptyApp(t)
  await load(two())
  const { page } = await follow(app)
  const send = (method: 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: object) =>
    app.inject({
      method,
      url,
      headers: { ...asAdmin, ...(method === 'PUT' ? {} : { 'if-match': '*' }) },
      ...(payload && { payload }),
    })
  await send('PUT', '/v1/skills/go.maps', {
    title: 'Maps',
    category: 'basics',
    tier: 'senior',
    prerequisites: ['types'],
  })
  const created = await follow(app, `?cursor=${page.next}`)
  t.match(created.data, [
    { type: 'skill', key: 'go.types', op: 'upsert', resource: { dependents: ['go.maps'] } },
    { type: 'skill', key: 'go.maps', op: 'upsert', resource: { title: 'Maps' } },
  ])
  t.notOk(created.data.some(change => 'by' in change))
  await send('DELETE', '/v1/skills/go.maps')
  const all = await follow(app, `?cursor=${page.next}`)
  t.match(
    all.data.find(({ key, op }) => key === 'go.maps' && op === 'delete'),
    { resource: null },
  )
  t.equal(all.data.find(({ key, op }) => key === 'go.maps' && op === 'upsert')?.resource, null)
  const none = await follow(app, `?cursor=${all.page.next}`)
  t.same(none, { data: [], page: { size: 0, next: all.page.next } })
})

t.test('changes can be filtered by noun and track, and the cursor still reaches the end', async t => {
  const { app, load } = await emptyApp(t)
  await load(two())
  await load(documentOf({ slug: 'py', formerly: ['snake'] }, { category: [{ slug: 'a' }] }))
  const end = (await follow(app)).page.next
  for (const [query, keys] of [
    ['?types=track', ['go', 'py']],
    ['?types=skill,category&track=go', ['go.basics', 'go.types']],
    ['?track=snake', ['py', 'py.a']],
    ['?types=plan', []],
  ] as const) {
    const { data, page } = await follow(app, query)
    t.same(
      data.map(({ key }) => key),
      keys,
    )
    t.equal(page.next, end)
  }
  const first = await follow(app, '?types=track&limit=1')
  t.same(
    first.data.map(({ key }) => key),
    ['go'],
  )
  t.same(
    (await follow(app, `?types=track&cursor=${first.page.next}`)).data.map(({ key }) => key),
    ['py'],
  )
})

t.test('changes of nouns that were renamed or removed since are found by their track', async t => {
  const { app, load } = await emptyApp(t)
  await load(two())
  await load(documentOf({ slug: 'go' }, { category: [{ slug: 'basis', formerly: ['basics'] }] }))
  const renamed = await follow(app, '?types=category')
  t.match(renamed.data, [
    { key: 'go.basics', resource: { key: 'go.basis' } },
    { key: 'go.basis', resource: { key: 'go.basis' } },
  ])
  const [alone] = (await follow(app, '?types=category&limit=1')).data
  t.match(alone, { key: 'go.basics', resource: { key: 'go.basis' } }, 'also on a page of its own')
  await app.inject({ method: 'DELETE', url: '/v1/tracks/go', headers: { ...asAdmin, 'if-match': '*' } })
  t.match((await follow(app, '?track=go')).data.at(-1), { op: 'delete', key: 'go' })
})

t.test('only an admin key sees the author of a change', async t => {
  const { app, load } = await emptyApp(t)
  await load(two())
  await app.inject({ method: 'PUT', url: '/v1/tracks/c', headers: asAdmin, payload: { title: 'C' } })
  const seen = await app.inject({ url: '/v1/changes?types=track', headers: asAdmin })
  t.same(
    seen.json<Page>().data.map(({ by }) => by),
    [null, 'ADMIN_KEY'],
  )
  t.equal(seen.headers['cache-control'], 'no-store')
  const wrong = await app.inject({ url: '/v1/changes', headers: { authorization: 'Bearer no' } })
  t.equal(wrong.statusCode, 401)
})

t.test('a cursor that the server never returned is rejected', async t => {
  const { app, load } = await emptyApp(t)
  await load(two())
  for (const query of [
    'cursor=999',
    'cursor=-1',
    'cursor=abc',
    'types=wizard',
    'track=nowhere',
    'limit=0',
    'cursor=1.5',
  ]) {
    const response = await app.inject(`/v1/changes?${query}`)
    t.equal(response.statusCode, 400, query)
    t.equal(response.json<{ errors: { parameter: string }[] }>().errors[0]?.parameter, query.split('=', 1)[0])
  }
})

t.test('with includeDeleted the first page of a list has the removed nouns', async t => {
  const { app, load } = await emptyApp(t)
  await load(two())
  await load(documentOf({ slug: 'py' }, { category: [{ slug: 'a' }, { slug: 'b', title: 'B' }, { slug: 'c' }] }))
  const remove = (url: string) => app.inject({ method: 'DELETE', url, headers: { ...asAdmin, 'if-match': '*' } })
  await remove('/v1/categories/py.b')
  const since = new Date().toISOString()
  await remove('/v1/categories/py.c')
  await remove('/v1/skills/go.types')
  await remove('/v1/categories/go.basics')
  await app.inject({ method: 'PUT', url: '/v1/categories/go.basics', headers: asAdmin, payload: { title: 'Again' } })
  interface List {
    data: unknown[]
    deleted?: { key: string; title: string; deletedAt: string }[]
    page: { next: string }
  }
  const list = async (query: string) => (await app.inject(`/v1/categories${query}`)).json<List>()
  const keys = async (query: string) => (await list(query)).deleted?.map(({ key }) => key)
  t.same(await keys('?includeDeleted=true'), ['py.b', 'py.c'])
  t.match((await list('?includeDeleted=true')).deleted?.[0], { title: 'B', track: 'py', deletedAt: /^2/ })
  t.same(await keys(`?includeDeleted=true&updatedSince=${since}`), ['py.c'])
  t.same(await keys('?includeDeleted=true&track=go'), [])
  t.same(await keys('?includeDeleted=false'), undefined)
  const { page } = await list('?includeDeleted=true&limit=1')
  t.same(await keys(`?includeDeleted=true&limit=1&after=${page.next}`), undefined)
})

t.test('a change whose noun is removed meanwhile has the noun null', async t => {
  const { app, catalog, load } = await emptyApp(t)
  await load(two())
  const { byKeys, find } = catalog
  catalog.byKeys = async (noun, keys) => (noun === 'skill' ? [] : byKeys(noun, keys))
  catalog.find = async (noun, ref) => (noun === 'skill' ? { removedAt: '2026-11-01T00:00:00.000Z' } : find(noun, ref))
  const { data } = await follow(app, '?types=skill')
  t.ok(data.length > 0)
  t.ok(data.every(change => change.op === 'upsert' && !change.resource))
})

t.test('a change by another process between two reads is never returned with the old noun', async t => {
  const { app, catalog, load, file } = await emptyApp(t)
  await load(two())
  // The second request puts it into memory.
  for (let time = 0; time < 2; time += 1) await app.inject('/v1/skills/go.types')
  const { page } = await follow(app)
  const other = openStore(`file:${file}`)
  t.teardown(() => other.close())
  const { changes } = catalog
  let isWritten = false
  catalog.changes = async query => {
    const options = { by: 'other', ifMatch: '*', mustNotExist: false } as const
    if (!isWritten) await createWriter(other.catalog).patch('skill', 'go.types', { title: 'Kinds' }, options)
    isWritten = true
    return changes(query)
  }
  const reported = new Map<string, string | undefined>()
  let next = page.next
  for (let round = 0; round < 2; round += 1) {
    const found = await follow(app, `?cursor=${next}`)
    for (const { key, resource } of found.data) reported.set(key, resource?.title)
    next = found.page.next
    // A result from the database stays valid for one turn of the event loop.
    await new Promise(setImmediate)
  }
  t.equal(reported.get('go.types'), 'Kinds')
})
