import t, { type Test } from 'tap'
import { checkDocument } from '../../src/model/check-document.ts'
import { asAdmin, documentOf, emptyApp } from '../fixtures/app.ts'

const hours = (from: number, to: number | null = from) => ({ unit: 'hour', from, to })

/** A course of two modules, one of which is a part of the other. */
const course = documentOf(
  { slug: 'demo', tiers: [{ tier: 'beginner' }, { tier: 'senior' }].map(one => ({ title: 'A tier', ...one })) },
  {
    category: [
      { slug: 'web' },
      { slug: 'http', parent: 'web' },
      { slug: 'headers', parent: 'http' },
      { slug: 'data' },
      { slug: 'empty' },
    ],
    skill: [
      { slug: 'html', category: 'web', tier: 'beginner', duration: hours(1, 2) },
      { slug: 'verbs', category: 'http', tier: 'beginner', duration: { unit: 'minute', from: 30, to: 30 } },
      { slug: 'etag', category: 'headers', tier: 'senior', prerequisites: ['verbs'] },
      { slug: 'vary', category: 'headers', tier: 'senior', duration: hours(2), prerequisites: ['etag'] },
      { slug: 'sql', category: 'data', tier: 'senior', duration: { ...hours(3, null), approximate: true } },
    ],
    project: [{ slug: 'cache', duration: { unit: 'day', from: 2, to: 3 }, skills: ['vary', 'html'] }],
    plan: [
      { slug: 'basics', kind: 'plan', formerly: ['start'], steps: [step({ skills: ['html', 'verbs'] })] },
      { slug: 'backwards', kind: 'plan', steps: [step({ skills: ['vary'] }), step({ plan: 'basics' })] },
      { slug: 'data-first', kind: 'plan', steps: [step({ skills: ['sql'] }), step({ plan: 'basics' })] },
    ],
  },
)

function step(named: object) {
  return { unit: 'week', from: 1, to: 2, text: 'Learn.', ...named }
}

/** Another track, which has a plan. */
const other = documentOf(
  { slug: 'other' },
  {
    category: [{ slug: 'a' }],
    skill: [{ slug: 'first', category: 'a', tier: 'beginner', duration: hours(5), prerequisites: ['demo.html'] }],
    plan: [{ slug: 'elsewhere', kind: 'plan', steps: [step({ skills: ['first'] })] }],
  },
)

const demoApp = async (t: Test) => {
  const service = await emptyApp(t)
  for (const document of [course, other])
    await service.catalog.replaceTracks(checkDocument(document, (_noun, key) => key))
  const get = async (url: string) => (await service.app.inject(`/v1/tracks/${url}`)).json()
  const query = async (text: string) =>
    (await service.app.inject({ method: 'POST', url: '/graphql', payload: { query: text } })).json()
  return { ...service, get, query }
}

const total = (unit: string, from: number, to: number | null, known: number, unknown: number, approximate = false) => ({
  unit,
  from,
  to,
  approximate,
  known,
  unknown,
})

/** The sums of the course. That of `web` includes `http` and `headers` below it. */
const expected = {
  track: total('minute', 390, null, 4, 1, true),
  tiers: [total('minute', 90, 150, 2, 0), total('hour', 5, null, 2, 1, true)],
  categories: [
    total('minute', 210, 270, 3, 1),
    total('minute', 150, 150, 2, 1),
    total('hour', 2, 2, 1, 1),
    total('hour', 3, null, 1, 0, true),
    total('hour', 0, 0, 0, 0),
  ],
}

interface Summed {
  totalDuration: object
}
interface Roadmap extends Summed {
  tiers: Summed[]
  categories: Summed[]
}

const sumsOf = ({ totalDuration, tiers, categories }: Roadmap) => ({
  track: totalDuration,
  tiers: tiers.map(one => one.totalDuration),
  categories: categories.map(one => one.totalDuration),
})

const fields = 'totalDuration { unit from to approximate known unknown }'

t.test('a roadmap has the sum of the durations of its track, of each tier and of each category', async t => {
  const { app, get, query } = await demoApp(t)
  const roadmap = await get('demo/roadmap')
  t.strictSame(sumsOf(roadmap), expected)
  t.strictSame(roadmap.categories[0].skills.beginner[0].duration, { ...hours(1, 2), approximate: false })
  const { data } = await query(
    `{ roadmap(track: "demo") { ${fields} tiers { ${fields} } categories { ${fields} skills { beginner { duration { from } } } } }
       track(ref: "demo") { tiers { ${fields} } } }`,
  )
  t.strictSame(sumsOf(data.roadmap), expected)
  t.strictSame(data.roadmap.categories[0].skills.beginner, [{ duration: { from: 1 } }])
  t.strictSame(data.track.tiers, [{ totalDuration: null }, { totalDuration: null }], 'only a roadmap has sums')
  t.notMatch((await app.inject('/v1/tracks/demo')).body, 'totalDuration')
})

t.test('the sums follow every change of a skill, a category or its parent', async t => {
  const { app, get } = await demoApp(t)
  const patch = async (path: string, payload: object) =>
    t.equal(
      (await app.inject({ method: 'PATCH', url: `/v1/${path}`, headers: { ...asAdmin, 'if-match': '*' }, payload }))
        .statusCode,
      200,
    )
  const sumOf = async (slug: string) => {
    const { categories } = await get('demo/roadmap')
    return categories.find((one: { slug: string }) => one.slug === slug).totalDuration
  }
  await patch('skills/demo.etag', { duration: hours(1) })
  t.same(await sumOf('web'), total('minute', 270, 330, 4, 0))
  await patch('categories/demo.headers', { parent: null })
  t.same(await sumOf('web'), total('minute', 90, 150, 2, 0))
  await patch('skills/demo.html', { category: 'demo.data', duration: null })
  t.same(await sumOf('web'), total('minute', 30, 30, 1, 0))
  t.same(await sumOf('data'), total('hour', 3, null, 1, 1, true))
  t.same((await get('demo/roadmap')).totalDuration, total('minute', 390, null, 4, 1, true))
})

t.test('a path has the sum of the durations of its skills, over REST and GraphQL', async t => {
  const { app, get, query } = await demoApp(t)
  for (const [question, expected] of [
    ['to=vary', total('minute', 150, 150, 2, 1)],
    ['to=vary&known=etag', total('hour', 2, 2, 1, 0)],
    ['to=project:cache', total('minute', 210, 270, 3, 1)],
    ['to=sql', total('hour', 3, null, 1, 0, true)],
    ['to=sql&known=sql', total('hour', 0, 0, 0, 0)],
  ] as const)
    t.strictSame((await get(`demo/path?${question}`)).duration, expected, question)
  t.strictSame((await get('other/path?to=first')).duration, total('hour', 6, 7, 2, 0), 'skills of other tracks count')
  const payload = { to: ['vary'], known: ['etag'] }
  const posted = (await app.inject({ method: 'POST', url: '/v1/tracks/demo/path', payload })).json()
  t.strictSame(posted.duration, total('hour', 2, 2, 1, 0))
  const { data } = await query(
    '{ pathDuration(track: "demo", to: ["vary"]) { unit from to approximate known unknown } }',
  )
  t.strictSame(data.pathDuration, total('minute', 150, 150, 2, 1))
})

const slugs = ({ data }: { data: { key: string }[] }): string =>
  data.map(({ key }) => key.replace('demo.', '')).join(' ')

t.test('a path follows the order of a plan wherever prerequisites allow it', async t => {
  const { app, get, query } = await demoApp(t)
  const id = (await app.inject('/v1/plans/demo.basics')).json().id
  const to = 'to=vary,html,sql'
  for (const [plan, expected] of [
    ['', 'html verbs etag vary sql'],
    ['&plan=basics', 'html verbs etag vary sql'],
    ['&plan=demo.basics', 'html verbs etag vary sql'],
    ['&plan=start', 'html verbs etag vary sql'],
    [`&plan=${id}`, 'html verbs etag vary sql'],
    ['&plan=backwards', 'verbs etag vary html sql'],
    ['&plan=data-first', 'sql html verbs etag vary'],
    ['&plan=data-first&known=html', 'sql verbs etag vary'],
  ] as const)
    t.equal(slugs(await get(`demo/path?${to}${plan}`)), expected, plan)
  const payload = { to: ['vary', 'html'], plan: 'backwards' }
  const posted = await app.inject({ method: 'POST', url: '/v1/tracks/demo/path', payload })
  t.equal(slugs(posted.json()), 'verbs etag vary html')
  const { data } = await query(
    `{ path(track: "demo", to: ["vary", "html"], plan: "backwards") { skill { slug } }
       pathDuration(track: "demo", to: ["vary", "html"], plan: "backwards") { known } }`,
  )
  t.same(
    data.path.map(({ skill }: { skill: { slug: string } }) => skill.slug),
    ['verbs', 'etag', 'vary', 'html'],
  )
  t.same(data.pathDuration, { known: 3 })
})

t.test('the next skills are those of a plan first, in its order', async t => {
  const { app, get, query } = await demoApp(t)
  for (const [question, expected] of [
    ['', 'verbs html sql'],
    ['?plan=basics', 'html verbs sql'],
    ['?plan=data-first', 'sql html verbs'],
    ['?plan=backwards', 'verbs html sql'],
    ['?plan=backwards&known=verbs', 'etag html sql'],
    ['?plan=data-first&tier=beginner', 'html verbs'],
  ] as const)
    t.equal(slugs(await get(`demo/next${question}`)), expected, question)
  const posted = await app.inject({ method: 'POST', url: '/v1/tracks/demo/next', payload: { plan: 'data-first' } })
  t.equal(slugs(posted.json()), 'sql html verbs')
  const { data } = await query('{ next(track: "demo", plan: "data-first") { skill { slug } } }')
  t.same(
    data.next.map(({ skill }: { skill: { slug: string } }) => skill.slug),
    ['sql', 'html', 'verbs'],
  )
})

t.test('a plan over GraphQL leads from its steps to their skills and projects, and these count as nodes', async t => {
  const { query } = await demoApp(t)
  const { data } = await query(
    `{ plan(ref: "demo.backwards") { steps { plan { slug } skills { title prerequisites { slug } } projects { title } } }
       plans(track: "demo") { nodes { steps { skills { slug } } } } }`,
  )
  t.same(data.plan.steps, [
    { plan: null, skills: [{ title: 'A title', prerequisites: [{ slug: 'etag' }] }], projects: [] },
    { plan: { slug: 'basics' }, skills: [], projects: [] },
  ])
  t.same(data.plans.nodes[0].steps, [{ skills: [{ slug: 'html' }, { slug: 'verbs' }] }])
  const many = Array.from({ length: 10 }, (_, index) => `p${index}: plans { nodes { ...all } }`).join(' ')
  const nested = 'steps { skills { category { skills { category { skills { slug } } } } } }'
  t.strictSame((await query(`{ ${many} } fragment all on Plan { ${nested} }`)).errors, undefined)
})

t.test('a skill or project that a step of a plan names is not removed', async t => {
  const { app } = await demoApp(t)
  const send = (method: 'DELETE' | 'PATCH', url: string, payload?: object) =>
    app.inject({ method, url, headers: { ...asAdmin, 'if-match': '*' }, ...(payload && { payload }) })
  const removed = await send('DELETE', '/v1/skills/demo.sql')
  t.equal(removed.statusCode, 409)
  t.match(removed.json().detail, '"demo.plan.data-first"')
  const steps = [step({ skills: [], projects: ['cache'] })]
  t.equal((await send('PATCH', '/v1/plans/demo.data-first', { steps })).statusCode, 200)
  t.equal((await send('DELETE', '/v1/projects/demo.cache')).statusCode, 409)
  t.equal((await send('DELETE', '/v1/skills/demo.sql')).statusCode, 204, 'no step names it any more')
})

t.test('a mistake in a step of a plan is reported with its pointer', async t => {
  const { app } = await demoApp(t)
  const send = (url: string, payload: object) =>
    app.inject({ method: 'PUT', url, headers: { ...asAdmin, 'if-match': '*' }, payload })
  const steps = [step({ skills: ['html', 'verbs', 'html'], projects: ['chace'] }), step({ skills: ['other.first'] })]
  const errors = (at: string) => [
    { pointer: `${at}/steps/0/projects/0`, message: 'Did you mean "cache"?' },
    { pointer: `${at}/steps/0/skills/2`, message: '"demo.html" is listed twice: remove one of the two' },
    { pointer: `${at}/steps/1/skills/0`, message: '"other.first" is in another track' },
  ]
  const plan = { kind: 'plan', title: 'Basics', steps }
  const one = await send('/v1/plans/demo.basics', plan)
  t.equal(one.statusCode, 422)
  t.match(sorted(one.json().errors), errors(''))
  const document = (await app.inject('/v1/tracks/demo/document')).json()
  document.plans[0].steps = steps
  const whole = await send('/v1/tracks/demo/document', document)
  t.equal(whole.statusCode, 422)
  t.match(sorted(whole.json().errors), errors('/plans/0'))
  for (const [url, payload] of [
    ['/v1/skills/demo.html', { category: 'web', tier: 'beginner', title: 'HTML', duration: hours(2, 1) }],
    ['/v1/projects/demo.cache', { title: 'Cache', duration: hours(2, 1) }],
    ['/v1/exercises/demo.try', { kind: 'exercise', title: 'Try', skills: ['html'], duration: hours(2, 1) }],
  ] as const) {
    const backwards = await app.inject({ method: 'PUT', url, headers: asAdmin, payload })
    const headers = backwards.statusCode === 428 ? { ...asAdmin, 'if-match': '*' } : asAdmin
    t.match((await app.inject({ method: 'PUT', url, headers, payload })).json(), {
      status: 422,
      errors: [
        { pointer: '/duration/to', message: 'It ends (1) before it begins (2): "to" must not be less than "from".' },
      ],
    })
  }
})

const sorted = (errors: { pointer: string }[]) => errors.toSorted((a, b) => (a.pointer < b.pointer ? -1 : 1))

t.test('a renamed skill stays in the steps of plans when a document is loaded', async t => {
  const { app } = await demoApp(t)
  const document = (await app.inject('/v1/tracks/demo/document')).json()
  const sql = document.skills.find((one: { slug: string }) => one.slug === 'sql')
  Object.assign(sql, { slug: 'tables', key: undefined, id: undefined, formerly: ['sql'] })
  const headers = { ...asAdmin, 'if-match': '*' }
  const loaded = await app.inject({ method: 'PUT', url: '/v1/tracks/demo/document', headers, payload: document })
  t.equal(loaded.statusCode, 200, loaded.body)
  t.same((await app.inject('/v1/plans/demo.data-first')).json().steps[0].skills, ['demo.tables'])
})

t.test('a plan that the track does not have is rejected with the nearest one', async t => {
  const { get, query } = await demoApp(t)
  for (const url of ['demo/path?to=vary&plan=', 'demo/next?plan=']) {
    t.match(await get(`${url}basic`), {
      status: 400,
      errors: [{ parameter: 'plan', message: 'There is no plan called "basic" in demo. Did you mean "basics"?' }],
    })
    t.match(await get(`${url}demo.basic`), { status: 400, detail: 'Did you mean "demo.basics"?' })
    t.match(await get(`${url}other.elsewhere`), { status: 400, errors: [{ parameter: 'plan' }] })
    t.match(await get(url), { status: 400, errors: [{ parameter: 'plan' }] })
    t.match(await get(`${url}basics&plan=start`), { status: 400, detail: '"plan" is given twice: once is enough.' })
  }
  for (const field of ['path(track: "demo", to: ["vary"], plan: "basic")', 'next(track: "demo", plan: "basic")'])
    t.match(await query(`{ ${field} { skill { key } } }`), {
      errors: [{ message: 'Did you mean "basics"?', extensions: { code: 'BAD_USER_INPUT' } }],
    })
})
