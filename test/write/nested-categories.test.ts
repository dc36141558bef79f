import type { InjectOptions } from 'fastify'
import t, { type Test } from 'tap'
import { asAdmin, documentOf, emptyApp } from '../fixtures/app.ts'
import { nestedTrack, readingOrder } from '../fixtures/nested-track.ts'

interface Problem {
  code: string
  detail: string
  errors: { pointer?: string; message: string }[]
}

const nestedApp = async (t: Test) => {
  const { app, load, catalog } = await emptyApp(t)
  await load(documentOf({ slug: 'other' }, { category: [{ slug: 'away' }] }))
  await load(nestedTrack())
  const send = async (method: 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: InjectOptions['payload']) => {
    const { etag } = (await app.inject(url)).headers
    return app.inject({
      method,
      url,
      headers: { ...asAdmin, ...(etag === undefined ? {} : { 'if-match': String(etag) }) },
      ...(payload === undefined ? {} : { payload }),
    })
  }
  const keys = async (url: string): Promise<string[]> =>
    (await app.inject(url)).json<{ data: { key: string }[] }>().data.map(({ key }) => key)
  return { app, catalog, send, keys, categories: () => keys('/v1/categories?track=web') }
}

t.test(
  'a category that gets another parent comes last there, with all that is below it, and no answer is stale',
  async t => {
    const { app, send, keys, categories } = await nestedApp(t)
    const [inMarkup, inStyle] = ['/v1/skills?category=web.markup', '/v1/skills?category=web.style']
    t.same(await keys(inMarkup), ['web.link', 'web.label', 'web.calendar', 'web.row'])
    t.same(await keys(inStyle), ['web.grid'])
    const page = (await app.inject('/tracks/web')).body
    const next = '/v1/tracks/web/next?category=style'
    t.same(await keys(next), ['web.grid'])
    const written = await send('PATCH', '/v1/categories/web.forms', { parent: 'style' })
    t.equal(written.statusCode, 200, written.body)
    t.match(written.json(), { key: 'web.forms', parent: 'web.style', position: 5 })
    t.equal((await app.inject('/v1/categories/web.forms')).body, written.body)
    t.same(await categories(), ['web.markup', 'web.tables', 'web.style', 'web.layout', 'web.forms', 'web.dates'])
    t.same(await keys(inMarkup), ['web.link', 'web.row'])
    t.same(await keys(inStyle), ['web.grid', 'web.label', 'web.calendar'])
    t.same((await keys(next)).sort(), ['web.calendar', 'web.grid', 'web.label'])
    t.same(await keys('/v1/skills?track=web'), ['web.link', 'web.row', 'web.grid', 'web.label', 'web.calendar'])
    t.not((await app.inject('/tracks/web')).body, page)
    const roadmap = (await app.inject('/v1/tracks/web/roadmap')).json()
    t.same(
      roadmap.categories.map(({ key }: { key: string }) => key),
      await categories(),
    )
  },
)

t.test(
  'a category that loses its parent comes last in the track, and one that keeps it stays in its place',
  async t => {
    const { send, categories } = await nestedApp(t)
    t.equal((await send('PATCH', '/v1/categories/web.forms', { title: 'Input', parent: 'markup' })).statusCode, 200)
    t.same(await categories(), readingOrder)
    t.equal((await send('PATCH', '/v1/categories/web.forms', { parent: null })).statusCode, 200)
    t.same(await categories(), ['web.markup', 'web.tables', 'web.style', 'web.layout', 'web.forms', 'web.dates'])
  },
)

t.test('a new category comes last in its parent', async t => {
  const { send, categories } = await nestedApp(t)
  const created = await send('PUT', '/v1/categories/web.buttons', { title: 'Buttons', parent: 'forms' })
  t.equal(created.statusCode, 201, created.body)
  t.match(created.json(), { parent: 'web.forms', position: 4 })
  t.equal((await send('PUT', '/v1/categories/web.script', { title: 'Script' })).statusCode, 201)
  t.same(await categories(), [...readingOrder.slice(0, 3), 'web.buttons', ...readingOrder.slice(3), 'web.script'])
})

const places: [string, string, RegExp][] = [
  ['its own', 'web.forms', /cycle: "Forms" is part of "Forms"\. Give/],
  ['one below it', 'dates', /cycle: "(Forms" is part of "Dates|Dates" is part of "Forms)" is part of/],
  ['one of another track', 'other.away', /another track/],
  ['an unknown one', 'markupp', /"markupp"\. Did you mean "markup"/],
]

for (const [parent, value, message] of places)
  t.test(`a parent that is ${parent} is rejected`, async t => {
    const { app, send, categories } = await nestedApp(t)
    const patched = await send('PATCH', '/v1/categories/web.forms', { parent: value })
    t.equal(patched.statusCode, 422, patched.body)
    t.match(patched.json<Problem>(), { code: 'UNPROCESSABLE', errors: [{ pointer: '/parent', message }] })
    const url = '/v1/tracks/web/document'
    const body = (await app.inject(url)).json()
    body.categories[1].parent = value
    const put = await send('PUT', url, body)
    t.equal(put.statusCode, 422, put.body)
    t.match(put.json<Problem>(), { errors: [{ pointer: '/categories/1/parent', message }] })
    t.same(await categories(), readingOrder)
  })

t.test('a fourth level is rejected, also where the category itself is further up', async t => {
  const { send, categories } = await nestedApp(t)
  const created = await send('PUT', '/v1/categories/web.time', { title: 'Time', parent: 'dates' })
  t.equal(created.statusCode, 422, created.body)
  t.match(created.json<Problem>(), { errors: [{ pointer: '/parent', message: /"Time" would be on a fourth level/ }] })
  const moved = await send('PATCH', '/v1/categories/web.markup', { parent: 'style' })
  t.equal(moved.statusCode, 422, moved.body)
  t.match(moved.json<Problem>(), { errors: [{ message: /"Dates" would be on a fourth level/ }] })
  t.same(await categories(), readingOrder)
})

t.test('a category whose parent is not in its track is not on a fourth level too', async t => {
  const { send } = await nestedApp(t)
  const moved = await send('PATCH', '/v1/categories/web.markup', { parent: 'nope' })
  t.same(
    moved.json<Problem>().errors.map(({ message }) => message),
    ['There is no category called "nope".'],
  )
})

t.test('a category with others below it cannot be removed', async t => {
  const { send, categories } = await nestedApp(t)
  const refused = await send('DELETE', '/v1/categories/web.style')
  t.equal(refused.statusCode, 409, refused.body)
  t.match(refused.json<Problem>(), { code: 'CONFLICT', detail: /web\.category\.layout/ })
  t.same(await categories(), readingOrder)
})

t.test('a category stays the parent of others when it is renamed', async t => {
  const { app, send, categories } = await nestedApp(t)
  const url = '/v1/tracks/web/document'
  const body = (await app.inject(url)).json()
  const document = {
    ...body,
    categories: body.categories.map(({ slug, title, parent, formerly }: Record<string, unknown>) =>
      slug === 'markup' ? { slug: 'html', title, parent, formerly: ['markup'] } : { slug, title, parent, formerly },
    ),
  }
  const put = await send('PUT', url, document)
  t.equal(put.statusCode, 200, put.body)
  t.same(await categories(), ['web.html', ...readingOrder.slice(1)])
  t.match((await app.inject('/v1/categories/web.forms')).json(), { parent: 'web.html' })
  t.equal((await app.inject('/v1/categories/web.markup')).statusCode, 308)
})

t.test('PUT of what GET returned changes no place, and the parent may be a slug', async t => {
  const { app, send, categories } = await nestedApp(t)
  const url = '/v1/categories/web.forms'
  const read = await app.inject(url)
  const body = read.json<Record<string, unknown>>()
  const cursor = read.headers['curriculum-cursor']
  for (const parent of ['web.markup', 'markup']) {
    const written = await send('PUT', url, { ...body, parent })
    t.equal(written.body, read.body)
    t.equal(written.headers['curriculum-cursor'], cursor)
  }
  t.same(await categories(), readingOrder)
})

t.test('categories stay nested when their track is renamed', async t => {
  const { app, load } = await emptyApp(t)
  await load(nestedTrack())
  const { id } = (await app.inject('/v1/categories/web.dates')).json()
  const { track, categories, skills, principles, ...rest } = nestedTrack()
  await load({
    ...rest,
    track: { ...track, slug: 'site', formerly: ['web'] },
    categories: categories.map(one => ({ ...one, parent: one.parent?.replace('web.', 'site.') ?? null })),
    skills,
    principles,
  })
  t.match((await app.inject('/v1/categories/site.dates')).json(), { id, parent: 'site.forms', position: 3 })
  t.equal((await app.inject('/v1/skills?category=site.markup')).json().page.total, 4)
})
