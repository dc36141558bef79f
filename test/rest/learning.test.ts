import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { checkDocument } from '../../src/model/check-document.ts'
import { type GraphSkill, learningPath, nextSkills, type SkillGraph } from '../../src/model/path.ts'
import { tiers } from '../../src/model/tiers.ts'
import { documentOf, emptyApp } from '../fixtures/app.ts'

const skill = (slug: string, category: string, tier: string, prerequisites: string[] = [], more = {}) => ({
  slug,
  title: slug,
  category,
  tier,
  prerequisites,
  ...more,
})

/** Seven skills in two categories, a project, and an earlier name each for the track and a skill. */
const demo = documentOf(
  { slug: 'demo', formerly: ['sample'] },
  {
    category: [{ slug: 'language' }, { slug: 'objects', formerly: ['things'] }],
    skill: [
      skill('functions', 'language', 'beginner', [], { formerly: ['routines'] }),
      skill('closures', 'language', 'intermediate', ['functions']),
      skill('decorators', 'language', 'senior', ['closures']),
      skill('classes', 'objects', 'beginner', ['functions']),
      skill('names', 'objects', 'beginner'),
      skill('metaclasses', 'objects', 'senior', ['decorators', 'classes']),
      skill('mixins', 'objects', 'senior', ['classes', 'names']),
    ],
    project: [
      { slug: 'framework', formerly: ['library'], skills: ['mixins', 'closures'] },
      { slug: 'nothing', skills: [] },
    ],
  },
)

/** A track that goes on from the other. */
const web = documentOf(
  { slug: 'web' },
  {
    category: [{ slug: 'basics' }],
    skill: [skill('http', 'basics', 'beginner'), skill('handlers', 'basics', 'beginner', ['http', 'demo.closures'])],
    project: [{ slug: 'site', skills: ['handlers', 'demo.names'] }],
  },
)

const demoApp = async (t: Test) => {
  const service = await emptyApp(t)
  for (const document of [demo, web]) await service.catalog.replaceTracks(checkDocument(document, (_noun, key) => key))
  return service
}

interface Answered {
  data: { key: string; title: string; prerequisites: string[]; unlocks: string[] }[]
  errors: Record<string, string>[]
  detail: string
}

const get = async (app: FastifyInstance, url: string, track = 'demo') =>
  (await app.inject(`/v1/tracks/${track}/${url}`)).json<Answered>()

const slugs = ({ data }: Answered): string => data.map(({ key }) => key.replace('demo.', '')).join(' ')

const post = (app: FastifyInstance, url: string, payload: object | undefined) =>
  app.inject({ method: 'POST', url: `/v1/tracks/demo/${url}`, ...(payload && { payload }) })

const query = async (app: FastifyInstance, text: string) =>
  (await app.inject({ method: 'POST', url: '/graphql', payload: { query: text } })).json<{
    data: Record<string, { skill: { key: string }; unlocks: { key: string }[] }[]> | null
    errors?: { message: string; extensions: { code: string } }[]
  }>()

t.test('the path to a skill has every prerequisite first, each with the skills it unlocks', async t => {
  const { app } = await demoApp(t)
  const way = await get(app, 'path?to=metaclasses')
  t.same(
    way.data.map(({ key, unlocks }) => [key, unlocks]),
    [
      ['demo.functions', ['demo.closures', 'demo.classes']],
      ['demo.classes', ['demo.metaclasses']],
      ['demo.closures', ['demo.decorators']],
      ['demo.decorators', ['demo.metaclasses']],
      ['demo.metaclasses', []],
    ],
    'among equals the easier tier first',
  )
  const { unlocks, ...noun } = way.data[1] as Answered['data'][number]
  t.same(noun, (await app.inject('/v1/skills/demo.classes')).json(), 'a step is the whole skill')
})

t.test('a path can have several targets or a project, and skips known skills', async t => {
  const { app } = await demoApp(t)
  for (const [query, expected] of [
    ['to=metaclasses,mixins', 'functions classes names closures decorators metaclasses mixins'],
    ['to=mixins&to=metaclasses', 'functions classes names closures decorators metaclasses mixins'],
    ['to=closures,functions', 'functions closures'],
    ['to=project:framework', 'functions classes names closures mixins'],
    ['to=project:demo.framework', 'functions classes names closures mixins'],
    ['to=project:library,decorators', 'functions classes names closures decorators mixins'],
    ['to=project:nothing', ''],
    ['to=demo.metaclasses&known=demo.classes', 'closures decorators metaclasses'],
    ['to=metaclasses&known=closures', 'classes decorators metaclasses'],
    ['to=mixins&known=classes,names', 'mixins'],
    ['to=closures&known=closures', ''],
    ['to=functions&known=metaclasses', ''],
    ['to=project:framework&known=mixins,closures', ''],
    ['to=routines', 'functions'],
    ['to=demo.routines', 'functions'],
    ['to=sample.routines', 'functions'],
    ['to=closures&known=routines', 'closures'],
  ] as const)
    t.equal(slugs(await get(app, `path?${query}`)), expected, query)
})

t.test('the prerequisites of a known skill count as known', async t => {
  const { app } = await demoApp(t)
  // "metaclasses" needs "classes", and that needs "functions", which "closures" needs too.
  t.equal(slugs(await get(app, 'path?to=metaclasses,functions&known=classes')), 'closures decorators metaclasses')
  t.equal(slugs(await get(app, 'next?known=decorators')), 'classes names')
})

t.test('a path leads through other tracks, and to skills in them', async t => {
  const { app } = await demoApp(t)
  t.equal(slugs(await get(app, 'path?to=handlers', 'web')), 'web.http functions closures web.handlers')
  t.equal(slugs(await get(app, 'path?to=handlers&known=demo.closures', 'web')), 'web.http web.handlers')
  t.equal(
    slugs(await get(app, 'path?to=web.handlers,mixins')),
    'functions classes names web.http closures web.handlers mixins',
  )
  t.equal(slugs(await get(app, 'path?to=project:site', 'web')), 'web.http functions names closures web.handlers')
  t.equal(slugs(await get(app, 'next', 'web')), 'web.http', 'what to start with is of the track itself')
  t.equal(slugs(await get(app, 'next?known=demo.closures,http', 'web')), 'web.handlers')
})

t.test('the next skills are sorted by the number of skills that they unlock', async t => {
  const { app } = await demoApp(t)
  const first = await get(app, 'next')
  t.same(
    first.data.map(({ key, unlocks }) => [key, unlocks]),
    [
      ['demo.functions', ['demo.closures', 'demo.classes']],
      ['demo.names', ['demo.mixins']],
    ],
  )
  for (const [query, expected] of [
    ['known=functions', 'classes names closures'],
    ['known=functions,names', 'classes closures'],
    ['known=functions&tier=intermediate', 'closures'],
    ['known=functions&tier=beginner,intermediate', 'classes names closures'],
    ['known=functions&category=language', 'closures'],
    ['known=functions&category=demo.objects', 'classes names'],
    ['known=functions&category=things', 'classes names'],
    ['known=functions&category=objects&tier=senior', ''],
    ['known=metaclasses,mixins', ''],
  ] as const)
    t.equal(slugs(await get(app, `next?${query}`)), expected, query)
})

t.test('a query can be sent as a body, with thousands of known skills', async t => {
  const { app, load } = await emptyApp(t)
  const names = Array.from({ length: 6_000 }, (_, index) => `skill-${index}`)
  await load(
    documentOf(
      { slug: 'demo' },
      {
        category: [{ slug: 'a' }],
        skill: names.map((slug, index) => skill(slug, 'a', 'beginner', index === 0 ? [] : [`skill-${index - 1}`])),
      },
    ),
  )
  const known = names.slice(0, 5_990)
  const way = await post(app, 'path', { to: ['skill-5999'], known })
  t.equal(way.statusCode, 200)
  t.equal(slugs(way.json()), names.slice(5_990).join(' '))
  t.equal(slugs((await post(app, 'path', { to: ['skill-2'] })).json()), 'skill-0 skill-1 skill-2')
  t.equal(slugs((await post(app, 'next', { known: known.map(slug => `demo.${slug}`) })).json()), 'skill-5990')
  t.equal(slugs((await post(app, 'next', {})).json()), 'skill-0')
  t.equal(slugs((await post(app, 'next', { known: [], tier: ['senior'] })).json()), '')
  t.equal((await get(app, 'path?to=skill-5999')).data.length, 6_000, 'a long chain is no trouble')
})

t.test('an invalid body is rejected with every invalid place', async t => {
  const { app } = await demoApp(t)
  const to = ['classes']
  const tiers = 'beginner, intermediate, senior'
  const list = 'must be a list, even of one item'
  for (const [url, payload, pointer, message] of [
    ['path', {}, '/to', '"to" is missing.'],
    ['path', { to: [] }, '/to', '"to" must not be empty.'],
    ['path', { to: 'classes' }, '/to', `"to" ${list}.`],
    ['path', { to: '' }, '/to', `"to" ${list}.`],
    ['path', { to: ['classes', 1] }, '/to/1', '"to", item 2 must be a text.'],
    ['path', { to, known: [''] }, '/known/0', '"known", item 1 must not be empty.'],
    ['path', { to, known: ['x'.repeat(84)] }, '/known/0', '"known", item 1 must have at most 83 characters.'],
    ['path', { to, known: null }, '/known', '"known" must be a list.'],
    ['path', { to, knwon: [] }, '/knwon', 'There is no field "knwon" here. Did you mean "known"?'],
    ['path', { to, 'a/~b': 1 }, '/a~1~0b', 'There is no field "a/~b" here. The fields are to, known, plan.'],
    ['path', { to: Array.from({ length: 20_001 }, () => 'a') }, '/to', '"to" must have at most 20000 items.'],
    ['path', [], '', 'The body must be an object with the fields to, known, plan.'],
    ['path', undefined, '', 'The body is missing: it must be an object with the fields to, known, plan.'],
    ['next', { tier: ['wizard'] }, '/tier/0', `"tier", item 1 must be one of ${tiers}.`],
    ['next', { tier: ['senoir'] }, '/tier/0', 'Did you mean "senior"?'],
    ['next', { tier: [1] }, '/tier/0', `"tier", item 1 must be one of ${tiers}.`],
    ['next', { category: [] }, '/category', '"category" must not be empty.'],
  ] as const) {
    const response = await post(app, url, payload)
    t.equal(response.statusCode, 400, JSON.stringify(payload)?.slice(0, 60))
    t.match(response.json(), { code: 'BAD_USER_INPUT', errors: [{ pointer, message }], detail: message })
    t.equal(response.json<Answered>().errors.length, 1)
  }
  const twice = (await post(app, 'path', { to: 1, known: [2], other: 3 })).json<Answered>()
  t.same(
    twice.errors.map(({ pointer }) => pointer),
    ['/to', '/known/0', '/other'],
    'everything at once',
  )
  const many = Array.from({ length: 500 }, () => 1)
  t.equal((await post(app, 'path', { to: many })).json<Answered>().errors.length, 20, 'or enough of it')
  t.match((await post(app, 'path?to=classes', { to: ['classes'] })).json(), { errors: [{ parameter: 'to' }] })
  const long = await post(app, 'path', { to: ['classes'], known: Array.from({ length: 20_000 }, () => 'x'.repeat(83)) })
  t.equal(long.statusCode, 413)
})

t.test('a body with thousands of unknown names is rejected with the first of them', async t => {
  const { app } = await demoApp(t)
  const known = Array.from({ length: 2_100 }, (_, index) => `unknown-${index}`)
  const response = await post(app, 'path', { to: ['metaclasses'], known })
  t.equal(response.statusCode, 400)
  t.match(response.json(), { detail: 'There is no skill called "unknown-0" in demo.' })
})

t.test('an unknown name is rejected with the nearest one', async t => {
  const { app } = await demoApp(t)
  for (const [url, parameter, words] of [
    ['path?to=metaclases', 'to', 'There is no skill called "metaclases" in demo. Did you mean "metaclasses"?'],
    ['path?to=demo.metaclases', 'to', 'Did you mean "demo.metaclasses"?'],
    ['path?to=zzzzzz', 'to', 'There is no skill called "zzzzzz" in demo.'],
    ['path?to=project:framewrok', 'to', 'no project called "framewrok" in demo. Did you mean "project:framework"?'],
    ['path?to=project:qqq', 'to', 'There is no project called "qqq" in demo.'],
    ['path?to=classes&known=closure', 'known', 'Did you mean "closures"?'],
    ['path?known=closures', 'to', '"to" is missing.'],
    ['path?to=classes&form=x', 'form', 'There is no parameter "form" here.'],
    ['next?known=clases', 'known', 'Did you mean "classes"?'],
    ['next?tier=wizard', 'tier', 'it must be one of beginner, intermediate, senior'],
    ['next?category=object', 'category', 'Did you mean "objects"?'],
    ['next?to=classes', 'to', 'The parameters are known, plan, tier, category'],
  ] as const) {
    const response = await app.inject(`/v1/tracks/demo/${url}`)
    t.equal(response.statusCode, 400, url)
    const { errors, detail } = response.json<Answered>()
    t.equal(errors[0]?.parameter, parameter, url)
    t.ok(detail.includes(words), detail)
  }
  t.match((await post(app, 'path', { to: ['metaclases'] })).json(), { detail: 'Did you mean "metaclasses"?' })
})

t.test('a skill, category, project or track can be named by id or key', async t => {
  const { app } = await demoApp(t)
  const idOf = async (url: string) => (await app.inject(`/v1/${url}`)).json<{ id: string }>().id
  const [metaclasses, classes] = [await idOf('skills/demo.metaclasses'), await idOf('skills/demo.classes')]
  const [framework, objects] = [await idOf('projects/demo.framework'), await idOf('categories/demo.objects')]
  const track = await idOf('tracks/demo')
  for (const [query, expected] of [
    [`path?to=${metaclasses}&known=${classes}`, 'closures decorators metaclasses'],
    [`path?to=${metaclasses.toUpperCase()}&known=classes`, 'closures decorators metaclasses'],
    [`path?to=project:${framework},decorators`, 'functions classes names closures decorators mixins'],
    [`next?known=functions&category=${objects}`, 'classes names'],
  ] as const) {
    t.equal(slugs(await get(app, query)), expected, query)
    t.equal(slugs(await get(app, query, track)), expected, 'of a track by its id')
  }
  t.equal(
    slugs((await post(app, 'path', { to: [metaclasses], known: [classes] })).json()),
    'closures decorators metaclasses',
  )
  const { data } = await query(
    app,
    `{ path(track: "${track}", to: ["${metaclasses}"], known: ["${classes}"]) { skill { key } unlocks { key } }
       next(track: "${track}", known: ["functions"], category: "${objects}") { skill { key } unlocks { key } } }`,
  )
  t.equal(data?.path?.length, 3)
  t.equal(data?.next?.length, 2)
  const nobody = '00000000-0000-5000-8000-000000000000'
  for (const [query, noun] of [
    [`path?to=${nobody}`, 'skill'],
    [`path?to=${framework}`, 'skill'],
    [`path?to=project:${classes}`, 'project'],
    [`next?category=${nobody}`, 'category'],
  ] as const)
    t.match(await get(app, query), { detail: new RegExp(`^There is no ${noun} called "`) }, query)
  const ids = Array.from({ length: 501 }, (_, index) => `${nobody.slice(0, -3)}${String(index).padStart(3, '0')}`)
  t.match((await post(app, 'path', { to: ['classes'], known: ids })).json(), {
    detail: '"known" takes at most 500 ids; slugs and keys are not limited.',
  })
})

t.test('an unknown track is 404, and a renamed track redirects with the same query', async t => {
  const { app } = await demoApp(t)
  for (const url of ['/v1/tracks/dema/path?to=classes', '/v1/tracks/dema/next']) {
    t.equal((await app.inject(url)).statusCode, 404)
    const moved = await app.inject(url.replace('dema', 'sample'))
    t.equal(moved.statusCode, 308)
    t.equal(moved.headers.location, `../../..${url.replace('dema', 'demo')}`)
  }
  const moved = await app.inject({ method: 'POST', url: '/v1/tracks/sample/path', payload: { to: ['classes'] } })
  t.equal(moved.statusCode, 308, 'the method and the body stay')
  t.equal(moved.headers.location, '../../../v1/tracks/demo/path')
})

t.test('GraphQL has the same paths, with skills instead of keys', async t => {
  const { app } = await demoApp(t)
  const { data } = await query(
    app,
    `{ path(track: "demo", to: ["metaclasses"], known: ["classes"]) { skill { key } unlocks { key } }
       all: path(track: "demo", to: ["project:framework"]) { skill { key } unlocks { key } }
       none: path(track: "sample", to: ["routines"], known: ["demo.functions"]) { skill { key } unlocks { key } }
       next(track: "demo", known: ["functions"], tier: [BEGINNER], category: "objects") { skill { key } unlocks { key } }
       start: next(track: "demo") { skill { key } unlocks { key } } }`,
  )
  const steps = (name: string) =>
    data?.[name]?.map(({ skill, unlocks }) => [skill.key, ...unlocks.map(({ key }) => key)])
  t.same(steps('path'), [
    ['demo.closures', 'demo.decorators'],
    ['demo.decorators', 'demo.metaclasses'],
    ['demo.metaclasses'],
  ])
  t.same(
    steps('all')?.map(([key]) => key),
    (await get(app, 'path?to=project:framework')).data.map(({ key }) => key),
  )
  t.same(steps('none'), [])
  t.same(steps('next'), [
    ['demo.classes', 'demo.metaclasses', 'demo.mixins'],
    ['demo.names', 'demo.mixins'],
  ])
  t.same(steps('start'), [
    ['demo.functions', 'demo.closures', 'demo.classes'],
    ['demo.names', 'demo.mixins'],
  ])
})

t.test('a path that is computed while the content changes is computed again', async t => {
  const { app, catalog, load } = await emptyApp(t)
  await load(demo)
  const { graph } = catalog
  let changes = 0
  catalog.graph = async track => {
    const before = await graph(track)
    if (changes++ === 0)
      await load({ ...demo, skills: demo.skills.filter(({ slug }) => slug === 'functions'), projects: [] })
    return before
  }
  const { data, errors } = await query(app, '{ next(track: "demo") { skill { key } unlocks { key } } }')
  t.equal(errors, undefined)
  t.same(data?.next, [{ skill: { key: 'demo.functions' }, unlocks: [] }])
  t.equal(changes, 2)
})

t.test('GraphQL rejects an unknown name with the nearest one', async t => {
  const { app } = await demoApp(t)
  for (const [field, words] of [
    ['path(track: "demo", to: ["metaclases"])', 'Did you mean "metaclasses"?'],
    ['path(track: "demo", to: ["classes"], known: ["closure"])', 'Did you mean "closures"?'],
    ['path(track: "dema", to: ["classes"])', 'Did you mean "demo"?'],
    ['next(track: "demo", known: ["clases"])', 'Did you mean "classes"?'],
    ['next(track: "dema")', 'Did you mean "demo"?'],
    ['next(track: "demo", category: "object")', 'Did you mean "objects"?'],
  ] as const) {
    const { errors } = await query(app, `{ ${field} { skill { key } } }`)
    t.match(errors, [{ message: words, extensions: { code: 'BAD_USER_INPUT' } }], field)
  }
})

/** The same numbers on every run (mulberry32). */
const randomFrom = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** Creates a graph without cycles: edges lead to skills created before. The order of the skills is shuffled, so that it gives no hint. */
const randomGraph = (random: (below: number) => number): SkillGraph => {
  const size = 1 + random(30)
  const places = Array.from({ length: size }, (_, index) => index)
  for (const index of places.keys()) {
    const other = random(size)
    ;[places[index], places[other]] = [places[other] ?? 0, places[index] ?? 0]
  }
  const skills = places.map((order, index): GraphSkill => {
    const prerequisites = new Set(Array.from({ length: index === 0 ? 0 : random(4) }, () => `t.${random(index)}`))
    return {
      key: `t.${index}`,
      tier: tiers[random(3)] ?? 'beginner',
      category: 't.c',
      order,
      prerequisites: [...prerequisites],
    }
  })
  return new Map(skills.sort((a, b) => a.order - b.order).map(one => [one.key, one]))
}

const withAllBefore = (graph: SkillGraph, keys: readonly string[]): Set<string> => {
  const found = new Set(keys)
  for (const key of found) for (const before of graph.get(key)?.prerequisites ?? []) found.add(before)
  return found
}

const easierOrEarlier = (a: GraphSkill, b: GraphSkill) =>
  tiers.indexOf(a.tier) - tiers.indexOf(b.tier) || a.order - b.order

t.test(
  'in any graph a path has exactly the needed skills, each after its prerequisites, in the order of a plan',
  async t => {
    const random = randomFrom(20_260_801)
    for (let round = 0; round < 500; round++) {
      const graph = randomGraph(random)
      const some = (most: number) => Array.from({ length: random(most) }, () => `t.${random(graph.size)}`)
      const [targets, known] = [[`t.${random(graph.size)}`, ...some(3)], some(5)]
      const learnt = withAllBefore(graph, known)
      const needed = new Set([...withAllBefore(graph, targets)].filter(key => !learnt.has(key)))
      const plan = some(4)
      const place = (key: string) => {
        const at = plan.findIndex(planned => withAllBefore(graph, [planned]).has(key))
        return at < 0 ? plan.length : at
      }
      const inOrder = (a: GraphSkill, b: GraphSkill) => place(a.key) - place(b.key) || easierOrEarlier(a, b)
      const way = learningPath(graph, targets, new Set(known), plan)

      const expected: { key: string; unlocks: string[] }[] = []
      const open = new Map([...graph].filter(([key]) => needed.has(key)))
      while (open.size > 0) {
        const ready = [...open.values()].filter(one => !one.prerequisites.some(key => open.has(key)))
        const [next] = ready.sort(inOrder) as [GraphSkill] // an acyclic graph always has one
        open.delete(next.key)
        const unlocks = [...graph.values()].filter(one => needed.has(one.key) && one.prerequisites.includes(next.key))
        expected.push({ key: next.key, unlocks: unlocks.map(({ key }) => key) })
      }
      if (JSON.stringify(way) !== JSON.stringify(expected)) t.same(way, expected, `round ${round}`)
      const done = new Set(learnt)
      const early = way.filter(({ key }) => {
        done.add(key)
        return !graph.get(key)?.prerequisites.every(before => done.has(before))
      })
      if (early.length > 0) t.same(early, [], `round ${round}: before its prerequisites`)

      const startable = [...graph.values()].filter(
        one => !learnt.has(one.key) && one.prerequisites.every(key => learnt.has(key)),
      )
      const now = nextSkills(graph, new Set(known), () => true)
      const counts = now.map(({ unlocks }) => unlocks.length)
      if (
        now
          .map(({ key }) => key)
          .sort()
          .join() !==
        startable
          .map(({ key }) => key)
          .sort()
          .join()
      )
        t.fail(`round ${round}: what can be started`)
      if (counts.join() !== [...counts].sort((a, b) => b - a).join()) t.fail(`round ${round}: most first`)
    }
    t.pass('500 graphs')
  },
)
