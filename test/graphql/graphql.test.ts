import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { getIntrospectionQuery } from 'graphql'
import { serverAudits } from 'graphql-http'
import t from 'tap'
import { parseItems } from '../../src/catalog.ts'
import { type Noun, nouns, plurals } from '../../src/model/vocabulary.ts'
import { asAdmin, documentOf, emptyApp, testApp } from '../fixtures/app.ts'

interface Result {
  // biome-ignore lint/suspicious/noExplicitAny: what a query answers has the shape of the query
  data: any
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string } }[]
}

const accept = 'application/graphql-response+json'

const execute = async (
  app: FastifyInstance,
  query: string,
  more: Record<string, unknown> = {},
): Promise<Result & { status: number }> => {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { accept },
    payload: { query, ...more },
  })
  return { ...response.json<Result>(), status: response.statusCode }
}

t.test('GraphQL and REST return the same senior skills of Web Development with the same ids', async t => {
  const { app } = await testApp(t)
  const rest = (await app.inject('/v1/skills?track=python&category=web-development&tier=senior')).json<{
    data: { id: string; title: string }[]
  }>()
  const { data } = await execute(
    app,
    `{ skills(tier: SENIOR, track: "python", category: "web-development") { totalCount nodes { id title tier } edges { node { id } cursor } }
       category(ref: "python.web-development") { skills(tier: SENIOR) { id title } } }`,
  )
  const expected = rest.data.map(({ id, title }) => ({ id, title }))
  t.same(
    data.skills.nodes,
    expected.map(skill => ({ ...skill, tier: 'SENIOR' })),
  )
  t.same(data.category.skills, expected)
  t.equal(data.skills.totalCount, 3)
})

t.test('every noun has a query for one item and for a page, and `node` finds each item', async t => {
  const { app, catalog } = await testApp(t)
  for (const noun of nouns) {
    const [first] = parseItems<Noun>((await catalog.list(noun, {}, { limit: 1, sort: 'default' })).data)
    const { data } = await execute(
      app,
      `query ($key: ID!, $id: ID!) { a: ${noun}(ref: $key) { id key } b: ${noun}(ref: $id) { id } none: ${noun}(ref: "nope") { id }
         list: ${plurals[noun]}(first: 1) { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } node(id: $id) { __typename id } }`,
      { variables: { key: first?.key, id: first?.id } },
    )
    t.match(
      data,
      { a: { id: first?.id, key: first?.key }, b: { id: first?.id }, none: null, list: { nodes: [{ id: first?.id }] } },
      noun,
    )
    t.equal(data.node.__typename.toLowerCase(), noun)
    t.equal(data.list.pageInfo.startCursor, data.list.pageInfo.endCursor)
  }
  t.same((await execute(app, '{ node(id: "00000000-0000-5000-8000-000000000000") { id } }')).data, { node: null })
})

t.test('pages by cursor neither repeat nor skip an item', async t => {
  const { app } = await testApp(t)
  const seen: string[] = []
  let after: string | null = null
  do {
    const { data }: Result = await execute(
      app,
      'query ($after: String) { skills(first: 7, after: $after, sort: "-title") { totalCount edges { cursor node { key } } pageInfo { hasNextPage endCursor } } }',
      { variables: { after } },
    )
    seen.push(...data.skills.edges.map(({ node }: { node: { key: string } }) => node.key))
    t.equal(data.skills.edges.at(-1).cursor, data.skills.pageInfo.endCursor)
    after = data.skills.pageInfo.hasNextPage ? data.skills.pageInfo.endCursor : null
    if (after === null) t.equal(seen.length, data.skills.totalCount)
  } while (after !== null)
  t.equal(new Set(seen).size, seen.length)
})

t.test('edges lead both ways; a list and any other edge take one database query, for any number of items', async t => {
  const { app, queries } = await testApp(t, { cacheBytes: 0 })
  const counted = async (query: string, expected: number) => {
    queries.length = 0
    const result = await execute(app, query)
    t.equal(result.errors, undefined)
    const read = queries.filter(one => !/max\(/.test(one))
    t.equal(read.length, expected, query)
    return result.data
  }
  for (const first of [1, 10, 100]) {
    await counted(`{ skills(first: ${first}) { nodes { key } } }`, 1)
    await counted(`{ skills(first: ${first}) { nodes { category { title } } } }`, 2)
    await counted(`{ categories(first: ${first}) { nodes { title skills(tier: SENIOR) { title } } } }`, 2)
  }
  await counted(
    '{ skills(first: 100) { nodes { category { title } prerequisites { key dependents { key } } resources { title } } } }',
    5,
  )
  await counted('{ skills(first: 50) { totalCount nodes { mentions { source { title } category { title } } } } }', 4)
  const data = await counted(
    '{ tracks { nodes { categories { key } skills(tier: [BEGINNER]) { tier } principles { key } projects { skills { projects { key } } } plans { steps { plan { key } } } checklists { key } resources { skills { key } } sources { outline { of } } } } }',
    10,
  )
  t.equal(data.tracks.nodes[0].categories.length, 30)
  t.ok(data.tracks.nodes[0].skills.every(({ tier }: { tier: string }) => tier === 'BEGINNER'))
})

t.test('an empty page has no cursors', async t => {
  const { app } = await testApp(t)
  const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null }
  const { data } = await execute(
    app,
    `{ skills(updatedSince: "2999-01-01T00:00:00Z") { nodes { key } pageInfo { ${Object.keys(pageInfo).join(' ')} } } }`,
  )
  t.same(data.skills, { nodes: [], pageInfo })
})

t.test('`first: null` is the default, and `first: 0` is a page without nodes', async t => {
  const { app } = await testApp(t)
  for (const list of ['skills', 'search(q: "python")', 'skills(updatedSince: "2999-01-01T00:00:00Z")']) {
    const name = list.split('(')[0] as string
    const withFirst = (first: string) =>
      list.includes('(') ? list.replace(')', `, first: ${first})`) : `${list}(first: ${first})`
    const page = '{ totalCount nodes { key } edges { cursor } pageInfo { hasNextPage endCursor } }'
    const usual = (await execute(app, `{ ${list} ${page} }`)).data[name]
    const startCursor = null
    const empty = { hasNextPage: usual.totalCount > 0, hasPreviousPage: false, startCursor, endCursor: null }
    for (let round = 0; round < 3; round++) {
      const variables = { first: null }
      const byVariable = `query Round${round} ($first: Int) { ${withFirst('$first')} ${page} }`
      t.same((await execute(app, `{ ${withFirst('null')} ${page} }`)).data[name], usual)
      t.same((await execute(app, byVariable, { variables })).data[name], usual)
      t.same((await execute(app, byVariable)).data[name], usual)
      t.same(
        (
          await execute(
            app,
            `{ ${withFirst('0')} { totalCount nodes { key } edges { cursor } pageInfo { ${Object.keys(empty).join(' ')} } } }`,
          )
        ).data[name],
        { totalCount: usual.totalCount, nodes: [], edges: [], pageInfo: empty },
      )
      for (const first of ['null', '0'])
        t.same((await execute(app, `{ ${withFirst(first)} { totalCount } }`)).data[name], {
          totalCount: usual.totalCount,
        })
    }
  }
})

t.test('a page counts the nodes it has: the default number without `first`, none with 0', async t => {
  const { app } = await testApp(t)
  const pages = (first: string) =>
    `{ ${Array.from({ length: 10 }, (_, index) => `a${index}: categories(first: ${first}) { totalCount nodes { skills { category { skills { key } } } } }`).join(' ')} }`
  t.match((await execute(app, pages('null'))).errors, [{ extensions: { code: 'COST_LIMIT' } }])
  t.equal((await execute(app, pages('0'))).data.a9.totalCount, 30)
})

t.test('a category has the principles about it', async t => {
  const { app } = await testApp(t)
  const { data } = await execute(
    app,
    '{ category(ref: "python.error-handling") { principles { key category { key } } } }',
  )
  t.ok(data.category.principles.length > 0)
  t.ok(
    data.category.principles.every(
      (one: { category: { key: string } }) => one.category.key === 'python.error-handling',
    ),
  )
})

t.test('the order of variables does not change the cache key', async t => {
  const { app, queries } = await testApp(t)
  const query = 'query ($b: [Tier!], $a: Int) { skills(first: $a, tier: $b) { totalCount } }'
  const first = await execute(app, query, { variables: { a: 1, b: ['SENIOR'] } })
  queries.length = 0
  t.same(await execute(app, query, { variables: { b: ['SENIOR'], a: 1 } }), first)
  t.same(queries, [])
})

t.test('an edge has the items whose keys REST lists, in the same order', async t => {
  const { app } = await testApp(t)
  const rest = (await app.inject('/v1/skills/python.decorators')).json<Record<string, string[]>>()
  const { data } = await execute(
    app,
    '{ skill(ref: "python.decorators") { track { key } category { key } prerequisites { key } dependents { key } related { key } resources { key } projects { key } sameAs { key } replacedBy { key } mentions { source { key } } } }',
  )
  for (const edge of ['prerequisites', 'dependents', 'related', 'resources', 'projects', 'sameAs'])
    t.same(
      data.skill[edge].map(({ key }: { key: string }) => key),
      rest[edge],
      edge,
    )
  t.equal(data.skill.track.key, 'python')
  t.equal(data.skill.replacedBy, null)
})

t.test('the roadmap and the search have the shape of REST', async t => {
  const { app } = await testApp(t)
  const { data } = await execute(
    app,
    '{ roadmap(track: "python") { track { key } tiers { tier title } categories { key skills { beginner { key } intermediate { key } senior { key prerequisites { key } } } } projects { key } } none: roadmap(track: "nope") { track { key } } search(q: "decorator", noun: "skill", tier: [INTERMEDIATE], first: 1) { totalCount nodes { noun key title track tier score snippet } pageInfo { hasNextPage endCursor } } }',
  )
  const rest = (await app.inject('/v1/tracks/python/roadmap')).json<{
    categories: { key: string }[]
    projects: object[]
  }>()
  t.same(
    data.roadmap.categories.map(({ key }: { key: string }) => key),
    rest.categories.map(({ key }) => key),
  )
  t.equal(data.roadmap.projects.length, rest.projects.length)
  t.equal(data.none, null)
  t.match(data.search.nodes[0], {
    noun: 'skill',
    key: 'python.decorators',
    track: 'python',
    tier: 'INTERMEDIATE',
    snippet: /<mark>/,
  })
  const more =
    'query ($after: String) { search(q: "python", track: "python", first: 2, after: $after) { nodes { key } pageInfo { endCursor } } }'
  const page = await execute(app, more)
  const next = await execute(app, more, { variables: { after: page.data.search.pageInfo.endCursor } })
  t.equal(new Set([...page.data.search.nodes, ...next.data.search.nodes].map(({ key }) => key)).size, 4)
})

t.test('an earlier key finds the renamed item', async t => {
  const { app, load } = await emptyApp(t)
  await load(
    documentOf(
      { slug: 'demo' },
      { category: [{ slug: 'new', formerly: ['old'] }], skill: [{ slug: 's', category: 'old', tier: 'senior' }] },
    ),
  )
  const { data } = await execute(
    app,
    '{ category(ref: "demo.old") { key } skills(category: "demo.old") { nodes { key } } }',
  )
  t.same(data, { category: { key: 'demo.new' }, skills: { nodes: [{ key: 'demo.s' }] } })
})

t.test('a query beyond a limit is rejected before it is executed, and the process keeps answering', async t => {
  const { app } = await testApp(t)
  const nested = (levels: number) =>
    `{ skills { nodes ${'{ dependents '.repeat(levels)}{ id }${' }'.repeat(levels)} } }`
  const fragments = `{ ...A } fragment A on Query { skills { nodes { ...B } } } fragment B on Skill ${'{ dependents '.repeat(9)}{ id }${' }'.repeat(9)}`
  const wide = `{ ${Array.from({ length: 25 }, (_, index) => `a${index}: skills(first: 100) { nodes { category { skills { category { skills { key } } } } } }`).join(' ')} }`
  for (const [name, query, code] of [
    ['50 levels', nested(50), 'COST_LIMIT'],
    ['9 levels and two above', nested(9), 'COST_LIMIT'],
    ['levels in fragments', fragments, 'COST_LIMIT'],
    [
      'inline fragments',
      `{ skills { nodes { ... on Skill ${'{ dependents '.repeat(9)}{ id }${' }'.repeat(9)} } } }`,
      'COST_LIMIT',
    ],
    ['31 aliases', `{ ${Array.from({ length: 31 }, (_, index) => `a${index}: __typename`).join(' ')} }`, 'COST_LIMIT'],
    ['2,001 tokens', `{ ${'a '.repeat(2_000)} }`, 'GRAPHQL_PARSE_FAILED'],
    ['17 KiB', `{ __typename ${' '.repeat(17 * 1024)} }`, 'COST_LIMIT'],
    ['20,000 nodes', wide, 'COST_LIMIT'],
    ['a fragment in itself', '{ ...A } fragment A on Query { ...A }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a fragment that is not there', '{ ...A }', 'GRAPHQL_VALIDATION_FAILED'],
    ['first 101', '{ skills(first: 101) { totalCount } }', 'BAD_USER_INPUT'],
    ['first -1', '{ skills(first: -1) { totalCount } }', 'BAD_USER_INPUT'],
    ['first -1 of a search', '{ search(q: "python", first: -1) { totalCount } }', 'BAD_USER_INPUT'],
    ['an unknown tier', '{ skills(tier: ADVANCED) { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['an unknown category', '{ skills(category: "python.wbe-development") { totalCount } }', 'BAD_USER_INPUT'],
    ['an unknown cursor', '{ skills(after: "x") { totalCount } }', 'BAD_USER_INPUT'],
    ['an unknown hit', '{ search(q: "x", after: "x") { totalCount } }', 'BAD_USER_INPUT'],
    ['an unknown order', '{ skills(sort: "name") { totalCount } }', 'BAD_USER_INPUT'],
    ['no GraphQL', '{ skills ', 'GRAPHQL_PARSE_FAILED'],
    ['a syntax tree', '{"kind":"Document","definitions":[]}', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ skils { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['several operations', 'query A { __typename } query B { __typename }', 'BAD_USER_INPUT'],
  ] as const) {
    const { errors } = await execute(app, query)
    t.equal(errors?.[0]?.extensions.code, code, name)
  }
  t.equal((await app.inject('/healthz')).statusCode, 200)
})

t.test('a query that reaches too many nodes is rejected once, and its unfinished parts do no harm', async t => {
  const below = (levels: string) => `${levels.replaceAll(' > ', ' { ')} { key${' }'.repeat(levels.split(' > ').length)}`
  const wide = Array.from(
    { length: 25 },
    (_, index) => `a${index}: ${below('skills(first: 100) > nodes > category > skills > category > skills')}`,
  )
  const { app } = await testApp(t)
  for (const query of [
    below('skills(first: 100) > nodes > category > skills > category > skills > dependents > prerequisites'),
    below('track(ref: "python") > skills > category > skills > category > skills > dependents'),
    wide.join(' '),
  ]) {
    const { status, errors, data } = await execute(app, `{ ${query} }`)
    t.equal(status, 200)
    t.same(errors, [
      {
        message: 'The query reaches more than 20000 nodes: request fewer at a time.',
        extensions: { code: 'COST_LIMIT' },
      },
    ])
    t.equal(data, null)
  }
  // The unfinished parts run before the next query is sent.
  await new Promise(resolve => setTimeout(resolve, 50))
  t.equal((await execute(app, '{ track(ref: "python") { key } }')).data.track.key, 'python')
})

t.test('expensive fields run one after the other, and one that fails does not affect the others', async t => {
  const { app } = await testApp(t)
  const searches = await execute(
    app,
    '{ a: search(q: "python", first: 2) { totalCount nodes { key } } b: search(q: "test", first: 2) { totalCount nodes { key } } }',
  )
  const [a, b] = [
    await execute(app, '{ search(q: "python", first: 2) { totalCount nodes { key } } }'),
    await execute(app, '{ search(q: "test", first: 2) { totalCount nodes { key } } }'),
  ]
  t.same(searches.data, { a: a.data.search, b: b.data.search })
  const { errors } = await execute(
    app,
    '{ a: path(track: "python", to: ["nope"]) { skill { key } } b: path(track: "python", to: ["none"]) { skill { key } } }',
  )
  t.equal(errors?.[0]?.extensions.code, 'BAD_USER_INPUT')
  t.equal((await execute(app, '{ track(ref: "python") { key } }')).status, 200)
})

t.test('ordinary pages and developer tools stay below the limits', async t => {
  const { app } = await testApp(t)
  const page = await execute(
    app,
    '{ track(ref: "python") { title tiers { tier title } categories { title skills { title tier prerequisites { title } resources { title url } projects { title } } } } }',
  )
  t.equal(page.errors, undefined)
  t.equal(page.data.track.categories.length, 30)
  t.equal((await execute(app, getIntrospectionQuery())).errors, undefined)
})

t.test('of several operations the named one is executed, every time', async t => {
  const { app } = await testApp(t, { cacheBytes: 0 })
  const query = 'query A { skills { totalCount } } query B { tracks { totalCount } }'
  for (let round = 0; round < 6; round++) {
    t.same(Object.keys((await execute(app, query, { operationName: 'A' })).data), ['skills'])
    t.same(Object.keys((await execute(app, query, { operationName: 'B' })).data), ['tracks'])
  }
  t.equal((await execute(app, query, { operationName: 'C' })).errors?.[0]?.extensions.code, 'BAD_USER_INPUT')
})

t.test(
  'a variable that does not fit has an error that names it, before and after the operation is compiled',
  async t => {
    const { app } = await testApp(t)
    const query = 'query Named($n: Int!, $tiers: [Tier!]) { skills(first: $n, tier: $tiers) { totalCount } }'
    const cases = [
      [{ n: 'x' }, 'Variable "$n" got invalid value "x"; Int cannot represent non-integer value: "x"'],
      [{}, 'Variable "$n" of required type "Int!" was not provided.'],
      [
        { n: null, tiers: ['SENIOR', 'ADVANCED'] },
        'Variable "$n" of non-null type "Int!" must not be null.',
        'Variable "$tiers" got invalid value "ADVANCED" at "tiers[1]"; Value "ADVANCED" does not exist in "Tier" enum.',
      ],
    ] as const
    for (const compiled of [false, true]) {
      for (const [variables, ...messages] of cases) {
        const { status, errors, ...rest } = await execute(app, query, { variables, operationName: 'Named' })
        t.equal(status, 400)
        t.same(
          errors?.map(({ message }) => message),
          messages,
          `compiled: ${compiled}`,
        )
        t.ok(errors?.every(({ extensions }) => extensions.code === 'GRAPHQL_VALIDATION_FAILED'))
        t.same(rest, {}, 'the operation was not executed, so there is no data')
      }
      const { data } = await execute(app, query, { variables: { n: 1 }, operationName: 'Named' })
      t.equal(data.skills.totalCount, 187)
    }
  },
)

t.test('a request that was not executed has a response without data, for each media type', async t => {
  const { app } = await testApp(t)
  for (const [payload, code, message] of [
    [{ query: 'mutation { x }' }, 'GRAPHQL_VALIDATION_FAILED', 'Cannot query field "x" on type "Mutation".'],
    [{ query: 'subscription { x }' }, 'GRAPHQL_VALIDATION_FAILED', 'The schema has no subscription type.'],
    [{ query: '{ nope }' }, 'GRAPHQL_VALIDATION_FAILED', 'Cannot query field "nope" on type "Query".'],
    [{ query: '{ skills(first: "x") { totalCount } }' }, 'GRAPHQL_VALIDATION_FAILED', 'Int cannot represent'],
    [{ query: 'query ($n: Int!) { skills(first: $n) { totalCount } }' }, 'GRAPHQL_VALIDATION_FAILED', '"$n"'],
    [{ query: '{' }, 'GRAPHQL_PARSE_FAILED', 'Syntax Error'],
    [{ query: '{ __typename }', operationName: 'X' }, 'BAD_USER_INPUT', 'The document has no operation "X".'],
    [{ query: 'query A { __typename } query B { __typename }' }, 'BAD_USER_INPUT', 'name one in "operationName"'],
  ] as const)
    for (const [type, status] of [
      [accept, 400],
      ['application/json', 200],
    ] as const)
      for (let round = 0; round < 3; round++) {
        const response = await app.inject({
          method: 'POST',
          url: '/graphql',
          headers: { ...asAdmin, accept: type },
          payload,
        })
        t.equal(response.statusCode, status, `${payload.query} as ${type}`)
        t.same(Object.keys(response.json()), ['errors'])
        t.match(response.json<Result>().errors, [{ message, extensions: { code } }])
        t.match(response.headers, { 'content-type': type, 'cache-control': 'no-store' })
      }
  for (const operation of ['mutation', 'subscription']) {
    const byUrl = `/graphql?query=${encodeURIComponent(`${operation} { x }`)}`
    const rejected = await app.inject({ url: byUrl, headers: { accept: 'application/json' } })
    t.equal(rejected.statusCode, 405)
    t.equal(rejected.headers.allow, 'POST')
    t.same(Object.keys(rejected.json()), ['errors'])
  }
})

t.test('an invalid cursor is an error that names the GraphQL argument', async t => {
  const { app } = await testApp(t)
  const message = '"after" must be a cursor from an earlier page of the same list in the same order.'
  for (const query of [
    '{ skills(after: "x") { totalCount nodes { key } } }',
    '{ search(q: "x", after: "x") { totalCount } }',
  ])
    t.match((await execute(app, query)).errors, [{ message, extensions: { code: 'BAD_USER_INPUT' } }])
  const { data } = await execute(app, '{ skills(first: 1, sort: "title") { pageInfo { endCursor } } }')
  const otherwise = await execute(app, 'query ($after: String) { skills(after: $after) { nodes { key } } }', {
    variables: { after: data.skills.pageInfo.endCursor },
  })
  t.match(otherwise.errors, [{ message }])
})

t.test('a list that fails for another reason has another error', async t => {
  const { app, catalog } = await emptyApp(t)
  catalog.list = async () => {
    throw new Error('of the inside')
  }
  const { errors } = await execute(app, '{ skills(after: "x") { nodes { key } } }')
  t.match(errors, [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }])
  t.notMatch(errors?.[0]?.message, /inside|"after"/)
})

t.test('a field that fails has an error with its path, beside the other data', async t => {
  const { app } = await testApp(t)
  const { status, data, errors } = await execute(
    app,
    '{ a: skill(ref: "python.decorators") { key } skills(first: 500) { totalCount } }',
  )
  t.equal(status, 200)
  t.equal(data, null)
  t.same(errors?.[0]?.path, ['skills'])
  const partly = await execute(app, '{ tracks(first: 1) { nodes { key } } node(id: "x") { id } }')
  t.same(partly.data, { tracks: { nodes: [{ key: 'python' }] }, node: null })
})

t.test('a response to GET has an ETag and may be cached; one to POST may not', async t => {
  const { app } = await testApp(t)
  const url = `/graphql?query=${encodeURIComponent('query ($n: Int) { skills(first: $n) { totalCount } }')}&variables=${encodeURIComponent('{"n":1}')}`
  const get = await app.inject(url)
  t.equal(get.statusCode, 200)
  t.match(get.headers['cache-control'], 'public')
  t.equal(get.headers.vary, 'Accept, Accept-Encoding')
  t.equal((await app.inject({ url, headers: { 'if-none-match': String(get.headers.etag) } })).statusCode, 304)
  const post = await app.inject({
    method: 'POST',
    url: '/graphql',
    payload: { query: '{ __typename }' },
    headers: { 'if-none-match': '*' },
  })
  t.equal(post.statusCode, 200)
  t.equal(post.headers['cache-control'], 'no-store')
  for (const [bad, status] of [
    ['/graphql', 400],
    ['/graphql?query=%7B__typename%7D&variables=%7B', 400],
    ['/graphql?query=%7B__typename%7D&variables=', 200],
    ['/graphql?query=%7B__typename%7D&operationName=', 200],
    ['/graphql?query=%7B__typename%7D&operationName=x', 400],
    ['/graphql?query=a&query=b', 400],
  ] as const)
    t.equal((await app.inject({ url: bad, headers: { accept } })).statusCode, status, bad)
  t.equal(
    (await app.inject({ url: '/graphql?query=%7B__typename%7D', headers: { accept: 'text/html' } })).statusCode,
    406,
  )
  const mutation = await app.inject({
    url: `/graphql?query=${encodeURIComponent('subscription { x }')}`,
    headers: { accept },
  })
  t.equal(mutation.statusCode, 405)
})

t.test('a query is stored by its hash after its first response, and then found by GET and POST', async t => {
  const { app } = await testApp(t)
  const query = '{ tracks { nodes { key } } }'
  const sha256Hash = createHash('sha256').update(query).digest('hex')
  const extensions = { persistedQuery: { version: 1, sha256Hash } }
  const byUrl = `/graphql?extensions=${encodeURIComponent(JSON.stringify(extensions))}`
  const unknown = await app.inject(byUrl)
  t.match(unknown.json<Result>().errors?.[0], {
    message: 'PersistedQueryNotFound',
    extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
  })
  const wrong = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } }
  t.equal((await execute(app, query, { extensions: wrong })).errors?.[0]?.extensions.code, 'BAD_USER_INPUT')
  t.equal(
    (await execute(app, query, { extensions: { persistedQuery: { version: 2 } } })).errors?.[0]?.extensions.code,
    'BAD_USER_INPUT',
  )
  t.ok((await execute(app, query, { extensions })).data)
  t.same((await app.inject(byUrl)).json<Result>().data, { tracks: { nodes: [{ key: 'python' }] } })
  const post = await app.inject({ method: 'POST', url: '/graphql', payload: { extensions } })
  t.same(post.json<Result>().data, { tracks: { nodes: [{ key: 'python' }] } })
})

t.test("all of graphql-http's audits pass", async t => {
  const { app } = await emptyApp(t)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const audits = serverAudits({ url: `${address}/graphql`, fetchFn: fetch })
  for (const audit of audits) {
    const result = await audit.fn()
    t.equal(result.status, 'ok', `${audit.id} ${audit.name}`)
  }
  t.equal(audits.length, 61)
})
