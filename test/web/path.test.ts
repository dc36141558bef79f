import type { FastifyInstance } from 'fastify'
import { parse } from 'parse5'
import t, { type Test } from 'tap'
import { checkDocument } from '../../src/model/check-document.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'
import { hostileApp } from '../fixtures/hostile-track.ts'

const demo = documentOf(
  { slug: 'demo', title: 'Demo' },
  {
    category: [{ slug: 'c' }],
    skill: [
      { slug: 'functions', title: 'Functions', formerly: ['routines'], duration: { unit: 'hour', from: 1, to: 2 } },
      { slug: 'closures', title: 'Closures', prerequisites: ['functions'] },
      { slug: 'decorators', title: 'Decorators', tier: 'senior', prerequisites: ['closures', 'functions'] },
      { slug: 'twin-a', title: 'Twin' },
      { slug: 'twin-b', title: 'Twin' },
      { slug: 'comma', title: 'Maps, filters' },
    ].map(skill => ({ category: 'c', tier: 'beginner', ...skill })),
    project: [
      { slug: 'blog', title: 'Blog', skills: ['closures', 'comma'] },
      { slug: 'nothing', title: 'Nothing', skills: [] },
    ],
  },
)
const german = documentOf(
  { slug: 'web', title: 'Web', language: 'de' },
  {
    category: [{ slug: 'c' }],
    skill: [{ slug: 'handlers', title: 'Handler', category: 'c', tier: 'beginner', prerequisites: ['demo.closures'] }],
  },
)

const demoApp = async (t: Test): Promise<FastifyInstance> => {
  const { app, catalog } = await emptyApp(t)
  for (const document of [demo, german]) await catalog.replaceTracks(checkDocument(document, (_noun, key) => key))
  return app
}

const stepsIn = (html: string): string[] => [...html.matchAll(/<li data-step="([^"]+)"/g)].map(([, slug = '']) => slug)

/** Returns the steps with the titles that each builds on. */
const linesIn = (html: string): string[] =>
  [...html.matchAll(/<li data-step="[^"]+".*?<\/li>/gs)].map(([line]) => line.replace(/<[^>]*>/g, ' ').trim())

t.test('a target in the address shows the path to it as a list and a graph', async t => {
  const app = await demoApp(t)
  const { body, statusCode } = await app.inject('/tracks/demo?to=decorators')
  t.equal(statusCode, 200)
  t.same(stepsIn(body), ['functions', 'closures', 'decorators'])
  t.match(body, '<title>Your path to Decorators · Demo · Curriculum</title>')
  t.match(body, '<link rel="canonical" href="https://curriculum.example/tracks/demo">')
  t.match(body, 'data-targets="decorators"')
  t.match(body, /3 skills · 1–2 hours for 1 of 3 skills/)
  t.match(linesIn(body)[0], /^Functions +1–2 hours$/)
  t.match(linesIn(body)[2], /^Decorators +Builds on Functions and Closures$/)
  t.match(body, '<figure class="graph')
  t.match(body, 'aria-label="Step 3: Decorators (Advanced)"')
  t.match(body, 'href="../tracks/demo/skills/closures?to=decorators"')
  t.notMatch((await app.inject('/tracks/demo')).body, 'data-step=')
})

for (const [to, steps, targets] of [
  ['closures', ['functions', 'closures'], 'closures'],
  ['demo.closures', ['functions', 'closures'], 'closures'],
  ['CLOSURES', ['functions', 'closures'], 'closures'],
  ['routines', ['functions'], 'functions'],
  ['project:blog', ['functions', 'closures', 'comma'], 'project:blog'],
  ['blog', ['functions', 'closures', 'comma'], 'project:blog'],
  ['Blog', ['functions', 'closures', 'comma'], 'project:blog'],
  ['Maps, filters', ['comma'], 'comma'],
  ['closures,comma', ['functions', 'closures', 'comma'], 'closures,comma'],
  [' closures , ,closures', ['functions', 'closures'], 'closures'],
  ['project:nothing', [], 'project:nothing'],
] as const)
  t.test(`?to=${to} names its targets`, async t => {
    const app = await demoApp(t)
    const { body, statusCode } = await app.inject(`/tracks/demo?to=${encodeURIComponent(to)}`)
    t.equal(statusCode, 200)
    t.same(stepsIn(body), steps)
    t.match(body, `data-targets="${targets}"`)
  })

t.test('all spellings of a target share one response', async t => {
  const app = await demoApp(t)
  const etag = async (query: string) => (await app.inject(`/tracks/demo${query}`)).headers.etag
  const expected = await etag('?to=closures,comma')
  for (const query of ['?to=closures&to=comma', '?to=demo.closures,Comma', '?to=closures,comma&utm_source=mail'])
    t.equal(await etag(query), expected, query)
  t.equal(await etag('?to='), await etag(''), 'an empty form shows the overview')
})

t.test('a target that does not exist is answered with suggestions and the form', async t => {
  const app = await demoApp(t)
  for (const [to, suggestion] of [
    ['decoratrs', 'decorators'],
    ['project:blgo', undefined],
    ['Twin', 'twin-a'],
    ['nowhere', undefined],
    ['../<script>"', undefined],
    ['closures,decoratrs', 'decorators'],
  ] as const) {
    const { body, statusCode, headers } = await app.inject(`/tracks/demo?to=${encodeURIComponent(to)}`)
    t.equal(statusCode, 404, to)
    t.equal(headers['cache-control'], 'no-store')
    t.match(body, '<meta name="robots" content="noindex">')
    t.match(body, /There is no skill or project called “.+” in Demo\./)
    t.notMatch(body, '<script>')
    t.match(body, '<input type="text" id="target" name="to"')
    if (suggestion !== undefined) t.match(body, `href="../tracks/demo?to=${suggestion}#path"`)
  }
  const { body } = await app.inject('/tracks/web?to=nirgends')
  t.match(body, 'In Web gibt es kein Thema oder Projekt „nirgends“.')
})

t.test('a path through another track links to its pages, in the language of the track', async t => {
  const app = await demoApp(t)
  const { body } = await app.inject('/tracks/web?to=handlers')
  t.same(stepsIn(body), ['functions', 'closures', 'handlers'])
  t.match(body, 'Dein Weg zu Handler')
  t.match(body, 'href="../tracks/demo/skills/closures"')
  t.match(body, 'href="../tracks/web/skills/handlers?to=handlers"')
  t.same(stepsIn((await app.inject('/tracks/web?to=demo.closures')).body), ['functions', 'closures'])
})

t.test('a page in a frame keeps its path in the frame', async t => {
  const app = await demoApp(t)
  const { body } = await app.inject('/tracks/demo?embed=1&to=decorators')
  t.match(body, '<input type="hidden" name="embed" value="1">')
  t.match(body, 'href="../tracks/demo/skills/closures?to=decorators&amp;embed=1"')
})

t.test('the list is the path of the API, and names every prerequisite among its steps', async t => {
  const { app, catalog } = await testApp(t)
  for (const to of ['architectural-leadership', 'project:url-shortener', 'decorators,metaclasses']) {
    const { body } = await app.inject(`/tracks/python?to=${to}`)
    const { data } = (await app.inject(`/v1/tracks/python/path?to=${to}`)).json<{
      data: { slug: string; key: string; prerequisites: string[] }[]
    }>()
    t.same(
      stepsIn(body),
      data.map(({ slug }) => slug),
    )
    const before = new Set<string>()
    for (const { key, prerequisites } of data) {
      t.ok(
        prerequisites.every(one => before.has(one)),
        `${key} comes after its prerequisites`,
      )
      before.add(key)
    }
    const edges = data.reduce((sum, { prerequisites }) => sum + prerequisites.length, 0)
    const graph = await catalog.graph('python')
    t.equal(
      data.reduce((sum, { key }) => sum + (graph.get(key)?.prerequisites.length ?? 0), 0),
      edges,
    )
    const lanes = body.slice(body.indexOf('class="lanes"'))
    t.equal(lanes.match(/data-from=/g)?.length, edges, 'every edge is drawn')
  }
})

t.test('titles that break careless output are escaped in the list and the graph', async t => {
  const { app } = await hostileApp(t)
  const { body, statusCode } = await app.inject('/tracks/hostile?to=forbidden')
  t.equal(statusCode, 200)
  t.ok(stepsIn(body).length > 10)
  const found: string[] = []
  const path = body.slice(body.indexOf('id="path"'), body.indexOf('</figure>'))
  for (const [name] of path.matchAll(/<(script|b|i|t)\b/g)) found.push(name)
  t.same(found, [])
  // One of the titles holds a noncharacter.
  parse(body, { onParseError: ({ code }) => code !== 'noncharacter-in-input-stream' && t.fail(code) })
})

t.test('a path that is too long for a graph has the list alone', async t => {
  const { app, load } = await emptyApp(t)
  const skill = Array.from({ length: 201 }, (_, index) => ({
    slug: `skill-${index}`,
    category: 'c',
    tier: 'beginner',
    prerequisites: index === 0 ? [] : [`skill-${index - 1}`],
  }))
  await load(documentOf({ slug: 'long' }, { category: [{ slug: 'c' }], skill }))
  const draws = async (to: string) => (await app.inject(`/tracks/long?to=${to}`)).body.includes('<figure class="graph')
  t.ok(await draws('skill-199'))
  t.notOk(await draws('skill-200'))
})
