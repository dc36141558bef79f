import Database from 'better-sqlite3'
import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import type { Item } from '../../src/model/curriculum.ts'
import { nouns, plurals } from '../../src/model/vocabulary.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'

interface Body {
  data: Item<'skill'>[]
  page: { size: number; total: number; next: string | null }
  included?: Record<string, { key: string }[]>
}

t.test('paging through any list neither repeats nor skips an item', async t => {
  const { app } = await testApp(t)
  for (const noun of nouns)
    for (const sort of ['', '&sort=position', '&sort=title', '&sort=-title', '&sort=updatedAt', '&sort=-updatedAt']) {
      const seen: string[] = []
      let url: string | undefined = `/v1/${plurals[noun]}?limit=7${sort}`
      let total = -1
      while (url !== undefined) {
        const response: LightMyRequestResponse = await app.inject(url)
        const { data, page } = response.json<Body>()
        t.equal(page.size, data.length)
        seen.push(...data.map(({ key }) => key))
        total = page.total
        const next: string | undefined = /<([^>]+)>; rel="next"/.exec(String(response.headers.link))?.[1]
        t.equal(next === undefined, page.next === null, 'Link and next agree')
        url = next
      }
      t.equal(seen.length, total, `${noun}${sort}: as many as the total says`)
      t.equal(new Set(seen).size, seen.length, `${noun}${sort}: each once`)
    }
})

t.test('the senior skills of Web Development are those of the matrix, in its order', async t => {
  const { app } = await testApp(t)
  const titles = ['GraphQL APIs', 'WebSockets', 'Authentication and Authorization']
  for (const url of [
    '/v1/skills?track=python&category=web-development&tier=senior',
    '/v1/skills?category=python.web-development&tier=senior',
    '/v1/skills?source=python.matrix&category=python.web-development&tier=senior',
  ])
    t.same(
      (await app.inject(url)).json<Body>().data.map(({ title }) => title),
      titles,
      url,
    )
})

t.test('each list has every filter that its noun supports', async t => {
  const { app } = await testApp(t)
  for (const [url, total] of [
    ['/v1/skills?source=python.matrix', 119],
    ['/v1/skills?source=python.matrix&tier=beginner', 35],
    ['/v1/skills?source=python.matrix&tier=intermediate,senior', 84],
    ['/v1/skills?source=python.matrix&tier=intermediate&tier=senior', 84],
    ['/v1/categories?source=python.roadmap&kind=practical', 10],
    ['/v1/categories?source=python.roadmap&kind=theoretical', 8],
    ['/v1/categories?track=python&source=roadmap&optional=true', 1],
    ['/v1/principles?kind=rule', 16],
    ['/v1/principles?kind=pitfall,advice', 10],
    ['/v1/resources?source=python.guide', 8],
    ['/v1/plans?kind=timeline', 1],
    ['/v1/projects?tier=senior', 3],
    ['/v1/skills?updatedSince=2999-01-01T00:00:00Z', 0],
    ['/v1/skills?updatedSince=2000-01-01T00:00:00%2B02:00&source=python.outline', 49],
    ['/v1/skills?sort=title&source=python.guide', 35],
    ['/v1/skills?optional=true', 3],
    ['/v1/resources?skill=python.decorators', 3],
  ] as const)
    t.equal((await app.inject(url)).json<Body>().page.total, total, url)
  const projects = (await app.inject('/v1/projects?skill=python.docker-compose-for-development')).json<Body>()
  for (const project of projects.data as unknown as Item<'project'>[])
    t.ok(project.skills.includes('python.docker-compose-for-development'))
})

t.test("with one source a list is in that document's order and view", async t => {
  const { app, load } = await emptyApp(t)
  await load(
    documentOf(
      { slug: 'demo' },
      {
        category: [{ slug: 'a' }, { slug: 'b' }],
        skill: [
          { slug: 'one', category: 'a', tier: 'beginner' },
          { slug: 'two', category: 'a', tier: 'senior' },
          { slug: 'three', category: 'b', tier: 'senior' },
        ],
        source: [
          {
            slug: 'book',
            outline: [
              { label: 'Three', of: 'skill.three', tier: 'beginner', category: 'a' },
              { label: 'One', of: 'skill.one', optional: true },
            ],
          },
        ],
      },
    ),
  )
  const keys = async (query: string) =>
    (await app.inject(`/v1/skills?${query}`)).json<Body>().data.map(({ slug }) => slug)
  t.same(await keys('track=demo'), ['one', 'two', 'three'])
  t.same(await keys('source=demo.book'), ['three', 'one'])
  t.same(await keys('source=demo.book&tier=beginner'), ['three', 'one'], "the document's tier counts")
  t.same(
    await keys('source=demo.book&category=demo.a'),
    ['three', 'one'],
    "and its category, and the skill's own where it says none",
  )
  t.same(await keys('source=demo.book&tier=senior'), [])
  t.same(await keys('source=demo.book&optional=true'), ['one'])
  t.same(await keys('source=demo.book&sort=title'), ['one', 'three'])
  t.same(await keys('source=demo.book&sort=position'), ['one', 'three'])
  const first = (await app.inject('/v1/skills?source=demo.book&limit=1')).json<Body>()
  t.same(await keys(`source=demo.book&limit=1&after=${first.page.next}`), ['one'])
})

t.test('include adds the nouns that the response refers to, each once', async t => {
  const { app } = await testApp(t)
  const list = (
    await app.inject(
      '/v1/skills?tier=senior&category=python.web-development&include=category,prerequisites,resources,sources,track',
    )
  ).json<Body>()
  t.same(
    list.included?.categories?.map(({ key }) => key),
    ['python.web-development'],
  )
  t.same(
    list.included?.tracks?.map(({ key }) => key),
    ['python'],
  )
  const resources = new Set(list.data.flatMap(skill => skill.resources))
  t.same(new Set(list.included?.resources?.map(({ key }) => key)), resources)
  t.same(
    new Set(list.included?.skills?.map(({ key }) => key)),
    new Set(list.data.flatMap(skill => skill.prerequisites)),
  )
  t.ok(list.included?.sources?.some(({ key }) => key === 'python.matrix'))
  const item = (await app.inject('/v1/skills/python.decorators?include=category')).json<{
    category: string
    included: Body['included']
  }>()
  t.equal(item.category, 'python.language-proficiency', 'references stay keys')
  t.equal(item.included?.categories?.length, 1)
})

t.test('a filter accepts ids and keys', async t => {
  const { app } = await testApp(t)
  const idOf = async (url: string) => (await app.inject(`/v1/${url}`)).json<{ id: string }>().id
  const [track, category] = [await idOf('tracks/python'), await idOf('categories/python.web-development')]
  const [source, skill] = [await idOf('sources/python.matrix'), await idOf('skills/python.decorators')]
  for (const [byId, byKey] of [
    [`skills?track=${track}&category=web-development`, 'skills?track=python&category=web-development'],
    [`skills?category=${category}`, 'skills?category=python.web-development'],
    [`skills?category=${category},python.testing`, 'skills?category=python.web-development,python.testing'],
    [`skills?category=${category.toUpperCase()}&track=python`, 'skills?category=python.web-development'],
    [`skills?source=${source}&tier=senior`, 'skills?source=python.matrix&tier=senior'],
    [`resources?skill=${skill}`, 'resources?skill=python.decorators'],
  ] as const) {
    const [found, expected] = [await app.inject(`/v1/${byId}`), await app.inject(`/v1/${byKey}`)]
    t.equal(found.statusCode, 200, byId)
    t.same(found.json<Body>().data, expected.json<Body>().data)
  }
})

/** More than a filter looks up. */
const idsOfNobody = Array.from(
  { length: 501 },
  (_, index) => `${index % 100 === 0 ? '&category=' : ','}00000000-0000-5000-8000-${String(index).padStart(12, '0')}`,
).join('')

t.test('an unknown parameter of a list is rejected with the nearest one', async t => {
  const { app } = await testApp(t)
  for (const [query, parameter, words] of [
    ['tier=advanced', 'tier', 'senior'],
    ['tier=Senior', 'tier', 'senior'],
    ['tier=wizard', 'tier', 'beginner, intermediate, senior'],
    ['tier=', 'tier', 'beginner, intermediate, senior'],
    ['teir=senior', 'teir', 'tier'],
    ['limit=0', 'limit', 'from 1 to 200'],
    ['limit=201', 'limit', 'from 1 to 200'],
    ['limit=1e309', 'limit', 'whole number'],
    ['limit=5&limit=6', 'limit', 'twice'],
    ['sort=name', 'sort', 'title'],
    ['include=categories', 'include', 'category'],
    ['category=web-development', 'category', 'together with "track"'],
    ['category=python.web-developmnt', 'category', 'python.web-development'],
    ['track=python&category=web-developmnt', 'category', 'web-development'],
    ['track=pyton', 'track', 'python'],
    ['source=python.matrx', 'source', 'python.matrix'],
    ['kind=practicl', 'kind', 'practical'],
    ['optional=maybe', 'optional', 'true, false'],
    ['updatedSince=yesterday', 'updatedSince', 'RFC 3339'],
    ['updatedSince=2026-01-31T12:00:00+02:00', 'updatedSince', '12:00:00Z. In an address "+" is written %2B.'],
    ['after=nonsense', 'after', 'next'],
    ['after=MQ', 'after', 'next'],
    ['after=WyJkZWZhdWx0IiwicHl0aG9uIl0', 'after', 'next'],
    ['sort=title&after=WyJkZWZhdWx0IiwicHl0aG9uIiwxLCJ4Il0', 'after', 'next'],
    [`tier=${'x'.repeat(100)}`, 'tier', 'beginner'],
    [`after=${'x'.repeat(2_001)}`, 'after', '"after" must have at most 2000 characters.'],
    [`limit=${'1'.repeat(2_001)}`, 'limit', '"limit" must have at most 2000 characters.'],
    ['after=a&after=b', 'after', '"after" is given twice: once is enough.'],
    [`category=${'x'.repeat(8_001)}`, 'category', '"category" must have at most 8000 characters.'],
    [`kind=a&kind=${'x'.repeat(8_001)}`, 'kind', '"kind" must have at most 8000 characters.'],
    ['kind=a&'.repeat(101), 'kind', '"kind" must have at most 100 items.'],

    [idsOfNobody, 'category', '"category" takes at most 500 ids; slugs and keys are not limited.'],
    ['category=00000000-0000-5000-8000-000000000000', 'category', 'There is no category called "00000000-'],
  ] as const) {
    const response = await app.inject(`/v1/skills?${query}`)
    const problem = response.json<{ code: string; errors: { parameter: string; message: string }[] }>()
    t.equal(response.statusCode, 400, query)
    t.equal(problem.code, 'BAD_USER_INPUT')
    t.equal(problem.errors[0]?.parameter, parameter)
    t.match(problem.errors[0]?.message, words)
  }
  t.match((await app.inject('/v1?x=1')).json<{ detail: string }>().detail, 'Leave it out')
})

t.test(
  'a list in any order is selected and counted by index, without reading rows that the filter excludes',
  async t => {
    const { app, queries, file } = await testApp(t, { cacheBytes: 0 })
    const database = new Database(file, { readonly: true })
    t.teardown(() => database.close())
    const orders = ['limit=49', 'sort=title', 'sort=-title', 'sort=updatedAt', 'sort=-updatedAt']
    const filters = [
      'tier=senior',
      'kind=theoretical',
      'optional=true',
      'updatedSince=2040-01-01T00:00:00Z',
      'tier=beginner&kind=practical',
    ]
    for (const order of orders)
      for (const filter of filters) {
        queries.length = 0
        t.equal((await app.inject(`/v1/skills?${order}&${filter}`)).statusCode, 200)
        const found = queries.filter(query => query.includes('from "skills"') && !query.includes('json_each'))
        t.ok(found.length > 0)
        for (const query of found) {
          const plan = database
            .prepare(`explain query plan ${query}`)
            .all(Array.from(query.matchAll(/\?/g), () => null)) as { detail: string }[]
          // The rows of a page are read after the index has selected and ordered them.
          for (const { detail } of plan)
            t.match(
              detail,
              /COVERING INDEX|^CO-ROUTINE page$|^SCAN page$|^SEARCH skills USING INTEGER PRIMARY KEY/,
              `${query}: ${detail}`,
            )
        }
      }
  },
)

t.test('a cursor continues the list it belongs to, and is rejected for every other list', async t => {
  const { app } = await testApp(t)
  const page = async (url: string) => (await app.inject(url)).json()
  const next = async (url: string): Promise<string> => (await page(url)).page.next
  const skills = await next('/v1/skills?limit=60')
  t.equal((await page(`/v1/skills?limit=3&after=${skills}`)).data.length, 3, 'the page size may change')
  const some = await next('/v1/skills?limit=1&tier=senior,beginner')
  t.equal((await page(`/v1/skills?tier=beginner,senior&after=${some}`)).page.size, 50, 'and the order of the words')
  for (const url of [
    `/v1/projects?after=${skills}`,
    `/v1/skills?tier=beginner&after=${skills}`,
    `/v1/skills?tier=beginner&after=${some}`,
    `/v1/skills?after=${some}`,
    `/v1/skills?sort=title&after=${skills}`,
    `/v1/skills?updatedSince=2020-01-01T00:00:00Z&after=${skills}`,
  ])
    t.match(
      await page(url),
      { status: 400, errors: [{ parameter: 'after', message: /the previous page, with the same filters/ }] },
      url,
    )
})
