import t from 'tap'
import { emptyApp } from '../fixtures/app.ts'
import { nestedTrack, readingOrder } from '../fixtures/nested-track.ts'

interface List {
  data: { key: string }[]
}

const nestedApp = async (t: Parameters<typeof emptyApp>[0]) => {
  const { app, load } = await emptyApp(t)
  await load(nestedTrack())
  const keys = async (url: string): Promise<string[]> => {
    const response = await app.inject(url)
    t.equal(response.statusCode, 200, response.body)
    return response.json<List>().data.map(({ key }) => key)
  }
  const graphql = async (query: string) =>
    (await app.inject({ method: 'POST', url: '/graphql', payload: { query } })).json()
  return { app, keys, graphql }
}

t.test('categories are read in one order everywhere: each one, then those below it', async t => {
  const { app, keys, graphql } = await nestedApp(t)
  t.same(await keys('/v1/categories?track=web'), readingOrder)
  const roadmap = (await app.inject('/v1/tracks/web/roadmap')).json()
  t.same(
    roadmap.categories.map(({ key, parent, position }: Record<string, unknown>) => [key, parent, position]),
    [
      ['web.markup', null, 1],
      ['web.forms', 'web.markup', 2],
      ['web.dates', 'web.forms', 3],
      ['web.tables', 'web.markup', 4],
      ['web.style', null, 5],
      ['web.layout', 'web.style', 6],
    ],
  )
  const answer = await graphql('{ roadmap(track: "web") { categories { key parent { title parent { key } } } } }')
  t.same(answer.data.roadmap.categories.slice(1, 3), [
    { key: 'web.forms', parent: { title: 'Markup', parent: null } },
    { key: 'web.dates', parent: { title: 'Forms', parent: { key: 'web.markup' } } },
  ])
  t.same(await keys('/v1/skills?track=web'), ['web.link', 'web.label', 'web.calendar', 'web.row', 'web.grid'])
  const document = (await app.inject('/v1/tracks/web/document')).json()
  t.same(
    document.categories.map(({ key }: { key: string }) => key),
    readingOrder,
  )
})

t.test('include=parent adds the categories that others are a part of', async t => {
  const { app } = await nestedApp(t)
  const { data, included } = (await app.inject('/v1/categories?track=web&include=parent')).json()
  t.equal(data.length, 6)
  t.same(included.categories.map(({ key }: { key: string }) => key).sort(), ['web.forms', 'web.markup', 'web.style'])
})

t.test('a filter by a category includes those below it, over REST and GraphQL', async t => {
  const { app, keys, graphql } = await nestedApp(t)
  t.same(await keys('/v1/skills?category=web.markup'), ['web.link', 'web.label', 'web.calendar', 'web.row'])
  t.same(await keys('/v1/skills?track=web&category=forms'), ['web.label', 'web.calendar'])
  t.same(await keys('/v1/skills?category=web.dates,web.layout'), ['web.calendar', 'web.grid'])
  t.same(await keys('/v1/skills?category=web.forms,web.dates'), ['web.label', 'web.calendar'], 'each once')
  t.same(await keys('/v1/skills?category=web.forms&tier=beginner'), ['web.calendar'])
  t.same(await keys('/v1/principles?category=web.markup'), ['web.native'])
  const first = (await app.inject('/v1/skills?category=web.markup&limit=3')).json()
  t.equal(first.page.total, 4)
  t.same(await keys(`/v1/skills?category=web.markup&limit=3&after=${first.page.next}`), ['web.row'])
  const answer = await graphql('{ skills(category: "web.forms") { totalCount nodes { key } } }')
  t.same(answer.data.skills, { totalCount: 2, nodes: [{ key: 'web.label' }, { key: 'web.calendar' }] })
})

t.test('the skills of a category in GraphQL are its own', async t => {
  const { graphql } = await nestedApp(t)
  const answer = await graphql('{ category(ref: "web.forms") { skills { key } principles { key } } }')
  t.same(answer.data.category, { skills: [{ key: 'web.label' }], principles: [] })
})

t.test('the skills to start next can be limited to a category and those below it', async t => {
  const { keys, graphql } = await nestedApp(t)
  t.same(await keys('/v1/tracks/web/next?category=markup'), ['web.link', 'web.calendar', 'web.label'])
  const answer = await graphql('{ next(track: "web", category: "style") { skill { key } } }')
  t.same(answer.data.next, [{ skill: { key: 'web.grid' } }])
})

t.test('an export of a category includes those below it, and the categories that it is a part of', async t => {
  const { app } = await nestedApp(t)
  const keysIn = async (scope: string, type: string) => {
    const { body } = await app.inject(`/v1/tracks/web/export/ndjson?${scope}`)
    const lines: { type: string; key: string }[] = body
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    return lines.filter(line => line.type === type).map(({ key }) => key)
  }
  t.same(await keysIn('category=forms', 'category'), ['web.markup', 'web.forms', 'web.dates'])
  t.same(await keysIn('category=forms', 'skill'), ['web.label', 'web.calendar'])
  t.same(await keysIn('category=forms', 'principle'), ['web.native'])
  t.same(await keysIn('tier=senior', 'category'), ['web.markup', 'web.forms'])
})
