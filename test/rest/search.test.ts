import Sqlite from 'better-sqlite3'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { search } from '../../src/query/search.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'
import { allCases } from '../fixtures/scope.ts'

interface Body {
  data: { key: string; noun: string; tier: string | null; score: number; snippet: string; title: string }[]
  page: { size: number; total: number; next: string | null }
}

t.test('a search finds titles first, then terms, then texts', async t => {
  const { app, load } = await emptyApp(t)
  const skill = (slug: string, more: object) => ({ slug, category: 'a', tier: 'senior', ...more })
  await load(
    documentOf(
      { slug: 'demo' },
      {
        category: [{ slug: 'a' }],
        skill: [
          skill('text', { title: 'One', summary: 'Speaks of closures at length' }),
          skill('term', { title: 'Two', examples: ['closures'] }),
          skill('title', { title: 'Closures' }),
          skill('other', { title: 'Four' }),
        ],
      },
    ),
  )
  const { data, page } = (await app.inject('/v1/search?q=closures')).json<Body>()
  t.same(
    data.map(({ key }) => key),
    ['demo.title', 'demo.term', 'demo.text'],
  )
  t.ok(data.every(({ score }, index) => index === 0 || score <= (data[index - 1]?.score ?? 0)))
  t.same(page, { size: 3, total: 3, next: null })
})

t.test('a search finds whole words, and words that begin with the last one from three letters on', async t => {
  const { app } = await testApp(t)
  const found = async (q: string) => (await app.inject(`/v1/search?q=${encodeURIComponent(q)}`)).json<Body>().page.total
  t.ok((await found('decorat')) > 0)
  t.equal(await found('decor functions'), 0, 'only the last word is a beginning')
  t.ok((await found('DECORATORS')) > 0, 'upper and lower case are the same')
  t.equal(await found('qu'), await found('qu '), 'two letters are a word')
})

t.test('a search can be filtered and paged', async t => {
  const { app } = await testApp(t)
  const body = async (query: string) => (await app.inject(`/v1/search?q=python&${query}`)).json<Body>()
  t.ok((await body('noun=skill&tier=senior')).data.every(({ noun, tier }) => noun === 'skill' && tier === 'senior'))
  t.ok(
    (await body('track=python&noun=resource,project')).data.every(
      ({ noun }) => noun === 'resource' || noun === 'project',
    ),
  )
  const seen: string[] = []
  let url: string | undefined = '/v1/search?q=python&limit=7'
  let total = 0
  while (url !== undefined) {
    const response: { json<T>(): T; headers: Record<string, unknown> } = await app.inject(url)
    const { data, page } = response.json<Body>()
    seen.push(...data.map(({ noun, key }) => `${noun} ${key}`))
    total = page.total
    url = /<([^>]+)>; rel="next"/.exec(String(response.headers.link))?.[1]
  }
  t.equal(seen.length, total)
  t.equal(new Set(seen).size, total)
})

t.test('a snippet is safe HTML', async t => {
  const { app, load } = await emptyApp(t)
  await load(
    documentOf(
      { slug: 'demo' },
      { category: [{ slug: 'a', title: `<script>alert("x")</script> & 'needle' List<T>` }] },
    ),
  )
  const { data } = (await app.inject('/v1/search?q=needle')).json<Body>()
  t.equal(
    data[0]?.snippet.replace(/\s+/g, ' '),
    '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;<mark>needle</mark>&#39; List&lt;T&gt;',
  )
})

t.test('search text is never interpreted as an operator', async t => {
  const { app } = await testApp(t)
  for (const q of [
    '"',
    '""',
    "'",
    'a" OR "b',
    'NEAR(a b)',
    'title:x',
    '*',
    '^x',
    '-x',
    'x AND',
    '(((',
    '\\',
    '%',
    'async/await',
    'C++',
    '>X%',
    '🐍',
    'ﷺ',
    '\u0000',
    'é',
    'x'.repeat(1_900),
    'a '.repeat(900),
    '__init__',
  ])
    t.equal((await app.inject(`/v1/search?q=${encodeURIComponent(q)}`)).statusCode, 200, JSON.stringify(q.slice(0, 20)))
  t.ok((await app.inject(`/v1/search?q=${encodeURIComponent('async/await')}`)).json<Body>().page.total > 0)
  t.same((await app.inject('/v1/search?q=%22')).json<Body>(), { data: [], page: { size: 0, total: 0, next: null } })
})

t.test('a search without words, or with unknown parameters, is rejected', async t => {
  const { app } = await testApp(t)
  for (const [query, parameter] of [
    ['', 'q'],
    ['q=', 'q'],
    ['q=%20', 'q'],
    ['q=+%09%0A', 'q'],
    ['q=a&q=b', 'q'],
    [`q=${'x'.repeat(2_001)}`, 'q'],
    ['q=x&noun=skills', 'noun'],
    ['q=x&tier=advanced', 'tier'],
    ['q=x&track=nope', 'track'],
    ['q=x&after=nope', 'after'],
    ['q=x&limit=0', 'limit'],
    ['q=x&sort=title', 'sort'],
  ] as const) {
    const response = await app.inject(`/v1/search?${query}`)
    t.equal(response.statusCode, 400, query.slice(0, 30))
    t.equal(response.json<{ errors: { parameter: string }[] }>().errors[0]?.parameter, parameter)
  }
})

t.test('GraphQL rejects a search without words too', async t => {
  const { app } = await testApp(t)
  for (const q of ['', ' ', ' \\t ']) {
    const response = await app.inject({
      method: 'POST',
      url: '/graphql',
      payload: { query: `{ search(q: "${q}") { totalCount } }` },
    })
    t.match(response.json(), {
      errors: [{ message: '"q" must not be empty.', extensions: { code: 'BAD_USER_INPUT' } }],
    })
  }
})

t.test('a search accepts the id or the key of a track', async t => {
  const { app } = await testApp(t)
  const { id } = (await app.inject('/v1/tracks/python')).json<{ id: string }>()
  const [byId, byKey] = [
    await app.inject(`/v1/search?q=python&track=${id}`),
    await app.inject('/v1/search?q=python&track=python'),
  ]
  t.same(byId.json<Body>().data, byKey.json<Body>().data)
})

t.test('a removed noun is no longer found, and a renamed one is found by its new name', async t => {
  const { app, load } = await emptyApp(t)
  const category = (slug: string, title: string, formerly: string[] = []) =>
    documentOf({ slug: 'demo', title: 'Track' }, { category: [{ slug, title, formerly }] })
  const keys = async (q: string) => (await app.inject(`/v1/search?q=${q}`)).json<Body>().data.map(({ key }) => key)
  await load(category('first', 'Zebra'))
  t.same(await keys('zebra'), ['demo.first'])
  await load(category('second', 'Giraffe', ['first']))
  t.same([await keys('zebra'), await keys('giraffe')], [[], ['demo.second']])
  await load(documentOf({ slug: 'demo', title: 'Track' }, {}))
  t.same(await keys('giraffe'), [])
})

t.test('a very common word is found quickly, titles first', async t => {
  const { app, load } = await emptyApp(t)
  const category = Array.from({ length: 2_100 }, (_, index) => ({
    slug: `c${index}`,
    title: index === 1_500 ? 'Everywhere' : `Title ${index}`,
    summary: 'It is everywhere, and & nowhere.',
  }))
  await load(documentOf({ slug: 'go' }, { category }))
  interface Found {
    data: { key: string; score: number; snippet: string }[]
    page: { total: number; next: string | null }
  }
  const first = (await app.inject('/v1/search?q=everywhere&limit=3')).json<Found>()
  t.equal(first.page.total, 2_000)
  t.same(
    first.data.map(({ key }) => key),
    ['go.c1500', 'go.c0', 'go.c1'],
  )
  t.match(first.data[0], { score: 1, snippet: '<mark>Everywhere</mark>' })
  t.match(first.data[1]?.snippet, 'It is <mark>everywhere</mark>, and &amp; nowhere.')
  const next = (await app.inject(`/v1/search?q=everywhere&limit=3&after=${first.page.next}`)).json<Found>()
  t.same(
    next.data.map(({ key }) => key),
    ['go.c2', 'go.c3', 'go.c4'],
  )
  const two = (await app.inject('/v1/search?q=nowhere%20everywhere&limit=1')).json<Found>()
  t.equal(two.data[0]?.key, 'go.c1500')
})

t.test('a rare word among common ones is found, page by page', async t => {
  const { app, load } = await emptyApp(t)
  const category = Array.from({ length: 4_100 }, (_, index) => ({ slug: `c${index}`, summary: 'It is everywhere.' }))
  await load(documentOf({ slug: 'go' }, { category, plan: [{ slug: 'p', kind: 'plan', title: 'Everywhere' }] }))
  const found = async (more: string) => (await app.inject(`/v1/search?q=everywhere${more}`)).json<Body>()
  const plans = await found('&noun=plan')
  t.same([plans.page.total, plans.data.map(({ key }) => key)], [1, ['go.p']])
  t.equal((await found('&noun=resource')).page.total, 0)
  t.equal((await found('&noun=category,plan')).page.total, 2_000)
})

const five = ['one', 'two', 'three', 'four', 'five']
const manyWords = documentOf(
  { slug: 'go' },
  {
    category: Array.from({ length: 120 }, (_, index) => ({
      slug: `c${index}`,
      title: `Title ${five[index % 5]}`,
      summary: `${five.join(' ')} ${five.slice(0, index % 4).join(' ')} ${'more '.repeat(index % 7)}`,
    })),
  },
)

t.test('a search for many words scores as if all were ranked in one statement', async t => {
  const { catalog, load, file } = await emptyApp(t)
  await load(manyWords)
  const database = new Sqlite(file, { readonly: true })
  t.teardown(() => database.close())
  const scored = database.prepare<string, { key: string; score: number }>(
    'select key, -bm25(search, 10.0, 4.0, 1.0) score from search where search match ? order by bm25(search, 10.0, 4.0, 1.0), rowid',
  )
  const { data, total, more } = await search(catalog, { q: five.join(' '), limit: 110 })
  t.same([total, more], [120, true])
  const expected = scored.all('"one" "two" "three" "four" "five"*').slice(0, 110)
  t.same(
    data.map(({ key }) => key),
    expected.map(({ key }) => key),
  )
  for (const [index, { score }] of expected.entries()) {
    const shown = data[index]?.score ?? 0
    t.ok(shown > 0 && Math.abs(shown - score) < score / 1_000, `${shown} is ${score}, rounded`)
  }
  t.ok(data.every(({ snippet }) => snippet.includes('<mark>')))
})

t.test('a noun that is removed during a search is left out', async t => {
  const { catalog, load, file } = await emptyApp(t)
  await load(manyWords)
  const database = new Sqlite(file)
  t.teardown(() => database.close())
  setImmediate(() => database.exec('delete from search'))
  t.same((await search(catalog, { q: five.join(' '), limit: 110 })).data, [])
})

t.test('every hit has a score above 0, best first, however common the words are', async t => {
  const { app, load } = await emptyApp(t)
  const category = Array.from({ length: 2_100 }, (_, index) => ({
    slug: `c${index}`,
    title: index % 700 === 1 ? 'Everywhere' : `Title ${index}`,
    summary: `It is everywhere.${index < 60 ? ' Frequent.' : ''}${index < 1_500 ? ' Ordinary' : ''}${' more'.repeat(index % 5)}`,
  }))
  await load(documentOf({ slug: 'go' }, { category }))
  await load(documentOf({ slug: 'small' }, { category: [{ slug: 'one', title: 'Usual' }] }))
  for (const q of ['everywhere', 'every', 'ordinary', 'ordin', 'freq', 'usu', 'ordinary every']) {
    const { data } = (await app.inject(`/v1/search?q=${encodeURIComponent(q)}&limit=200`)).json<Body>()
    t.ok(data.length > 0 && data.every(({ score }) => score > 0), `${q}: ${data[0]?.score}`)
    t.ok(
      data.every(({ score }, index) => score <= (data[index - 1]?.score ?? score)),
      q,
    )
  }
})

/** Categories that are found, each a little worse than the one before it, and some that are not. */
const haystack = (count: number) => [
  ...Array.from({ length: count }, (_, index) => ({
    slug: `hit-${index}`,
    title: `Hit ${index}`,
    summary: `A needle and a pin${' and hay'.repeat(1 + Math.floor((index * 60) / count))}`,
  })),
  ...Array.from({ length: count }, (_, index) => ({ slug: `other-${index}`, title: `Other ${index}`, summary: 'Hay' })),
]
type Hay = ReturnType<typeof haystack>

/** Changes between one page and the next, with the slugs that they change: only these may come twice or not at all. */
const meanwhile: [name: string, change: (hay: Hay, page: string[], next: string[]) => [Hay, string[]]][] = [
  ['nothing', hay => [hay, []]],
  [
    'a hit that is better than all is new',
    hay => [[{ slug: 'new', title: 'Needle', summary: 'Needle needle pin' }, ...hay], ['new']],
  ],
  [
    'ten hits that are worse than all are new',
    hay => [
      [
        ...hay,
        ...Array.from({ length: 10 }, (_, index) => ({
          slug: `new-${index}`,
          title: 'Much',
          summary: `Needle, pin${' in hay'.repeat(90)}`,
        })),
      ],
      Array.from({ length: 10 }, (_, index) => `new-${index}`),
    ],
  ],
  ['the first hit of the page is removed', (hay, [first = '']) => [without(hay, first), [first]]],
  ['the last hit of the page is removed', (hay, page) => [without(hay, page.at(-1) ?? ''), page.slice(-1)]],
  ['the whole page is removed', (hay, page) => [without(hay, ...page), page]],
  ['the next page is removed', (hay, _, next) => [without(hay, ...next), next]],
  ['both pages are removed', (hay, page, next) => [without(hay, ...page, ...next), [...page, ...next]]],
  [
    'the last hit of the page becomes the best',
    (hay, page) => [rewritten(hay, page.at(-1), 'Needle needle pin'), page.slice(-1)],
  ],
  [
    'the last hit of the page becomes the worst',
    (hay, page) => [rewritten(hay, page.at(-1), `Needle, pin${' in hay'.repeat(90)}`), page.slice(-1)],
  ],
  ['the next hit becomes the best', (hay, _, [next = '']) => [rewritten(hay, next, 'Needle needle pin'), [next]]],
  [
    'the next hit becomes the worst',
    (hay, _, [next = '']) => [rewritten(hay, next, `Needle, pin${' in hay'.repeat(90)}`), [next]],
  ],
  ['what is not found is removed', hay => [hay.filter(({ slug }) => slug.startsWith('hit')), []]],
  [
    'what is not found becomes long',
    hay => [hay.map(one => (one.slug.startsWith('hit') ? one : { ...one, summary: 'Hay '.repeat(40) })), []],
  ],
]
const without = (hay: Hay, ...slugs: string[]) => hay.filter(({ slug }) => !slugs.includes(slug))
const rewritten = (hay: Hay, slug: string | undefined, summary: string) =>
  hay.map(one => (one.slug === slug ? { ...one, summary } : one))

interface Found {
  slugs: string[]
  next: string | null
}

for (const [protocol, pageOf] of [
  [
    'REST',
    async (app, query, limit, after) => {
      const more = after === null ? '' : `&after=${after}`
      const { data, page } = (
        await app.inject(`/v1/search?q=${encodeURIComponent(query)}&limit=${limit}${more}`)
      ).json<Body>()
      return { slugs: data.map(({ key }) => key.slice('go.'.length)), next: page.next }
    },
  ],
  [
    'GraphQL',
    async (app, q, first, after) => {
      const query =
        'query ($q: String!, $first: Int, $after: String) { search(q: $q, first: $first, after: $after) { edges { cursor node { key } } pageInfo { hasNextPage endCursor } } }'
      const payload = { query, variables: { q, first, after } }
      const { search } = (await app.inject({ method: 'POST', url: '/graphql', payload })).json<{
        data: {
          search: {
            edges: { cursor: string; node: { key: string } }[]
            pageInfo: { hasNextPage: boolean; endCursor: string }
          }
        }
      }>().data
      return {
        slugs: search.edges.map(({ node }) => node.key.slice('go.'.length)),
        next: search.pageInfo.hasNextPage ? (search.edges.at(-1)?.cursor ?? null) : null,
      }
    },
  ],
] as ['REST' | 'GraphQL', (app: FastifyInstance, q: string, limit: number, after: string | null) => Promise<Found>][])
  t.test(
    `while content changes, pages of a search repeat and skip no hit that stays as it is (${protocol})`,
    async t => {
      const { app, load } = await emptyApp(t)
      const loadHay = (category: Hay) => load(documentOf({ slug: 'go', title: 'Go' }, { category }))
      const searches: Record<typeof protocol, [count: number, limit: number, q: string][]> = {
        REST: [
          [20, 3, 'needle'],
          ...(allCases
            ? ([
                [150, 40, 'need'],
                [2_050, 200, 'needle'],
              ] satisfies [number, number, string][])
            : []),
        ],
        GraphQL: [[allCases ? 60 : 20, 7, 'pin needle']],
      }
      for (const [count, limit, q] of searches[protocol])
        for (const [name, change] of count > 2_000 ? meanwhile.slice(4, 6) : meanwhile) {
          const walk = async (from: Found): Promise<string[]> => {
            const seen = [...from.slugs]
            for (let { next } = from; next !== null; ) {
              const page = await pageOf(app, q, limit, next)
              seen.push(...page.slugs)
              next = page.next
            }
            return seen
          }
          const hay = haystack(count)
          await loadHay(hay)
          const first = await pageOf(app, q, limit, null)
          const all = await walk(first)
          t.equal(all.length, Math.min(count, 2_000))
          t.equal(new Set(all).size, all.length)
          const [changed, touched] = change(hay, first.slugs, all.slice(limit, 2 * limit))
          await loadHay(changed)
          const seen = await walk(first)
          // Of more than 2,000 matches the first 2,000 are hits: the last of these may not be among them any more.
          const stayed = all.slice(0, 1_900).filter(slug => !touched.includes(slug))
          const wrong = stayed.filter(slug => seen.filter(one => one === slug).length !== 1)
          t.same(wrong, [], `${count} hits of "${q}": ${name}`)
        }
    },
  )

t.test('if all hits are removed and created again, a search continues by their scores', async t => {
  const { app, load } = await emptyApp(t)
  const hay = haystack(20)
  const body = async (more: string) => (await app.inject(`/v1/search?q=needle${more}`)).json<Body>()
  await load(documentOf({ slug: 'go' }, { category: hay }))
  const all = (await body('')).data.map(({ key }) => key)
  const { next } = (await body('&limit=7')).page
  await load(documentOf({ slug: 'go' }, {}))
  await load(documentOf({ slug: 'go' }, { category: hay }))
  t.same(
    (await body(`&after=${next}`)).data.map(({ key }) => key),
    all.slice(6),
    'the last hit of the page is as good as it was, and is not known any more',
  )
})

t.test('an invalid search cursor is rejected, also one of an earlier version', async t => {
  const { app } = await testApp(t)
  const next = async (url: string) => String((await app.inject(url)).json<Body>().page.next)
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const [request] = JSON.parse(Buffer.from(await next('/v1/search?q=python&limit=1'), 'base64url').toString())
  const cursors = [
    Buffer.from('hit 7').toString('base64url'),
    await next('/v1/skills?limit=1'),
    await next('/v1/search?q=python&limit=1&noun=skill'),
    await next('/v1/search?q=test&limit=1'),
    'nope',
    encoded({}),
    encoded([1, [], []]),
    encoded([request]),
    encoded([request, '1', [], []]),
    encoded([request, 1, ['x'], []]),
    encoded([request, 1, Array.from({ length: 10 }, (_, index) => index), []]),
    encoded([request, 1, [], [], 2]),
  ]
  for (const after of cursors) {
    const rejected = await app.inject(`/v1/search?q=python&after=${after}`)
    t.match(rejected.json(), {
      status: 400,
      errors: [{ parameter: 'after', message: /must be the "next" of the previous page/ }],
    })
    const payload = { query: `{ search(q: "python", after: "${after}") { totalCount } }` }
    const { errors } = (await app.inject({ method: 'POST', url: '/graphql', payload })).json<{ errors: object[] }>()
    t.match(errors, [{ message: /must be a cursor from an earlier page/, extensions: { code: 'BAD_USER_INPUT' } }])
  }
  const beyond = (await app.inject(`/v1/search?q=python&after=${encoded([request, -1, [], []])}`)).json<Body>()
  t.match(beyond, { data: [], page: { next: null } })
})

t.test('a search for the code of a skill finds that skill first', async t => {
  const { app, load } = await emptyApp(t)
  const codes = ['PY-101', 'K0001', '3.OA.1', '1.2.3', 'PY-1012', '1.2.3.4']
  const skills = codes.map((code, index) => ({ slug: `s${index}`, title: `Skill ${index}`, code }))
  const decoys = codes.map((code, index) => ({ slug: `d${index}`, title: `${code} ${code}`, outcomes: [code] }))
  const many = Array.from({ length: 2_100 }, (_, index) => ({ slug: `m${index}`, title: `1 2 3 ${index}` }))
  await load(
    documentOf(
      { slug: 'demo' },
      {
        category: [{ slug: 'a' }],
        skill: [...many, ...decoys, ...skills].map(one => ({ category: 'a', tier: 'senior', ...one })),
      },
    ),
  )
  const hits = async (query: Record<string, string>) =>
    (await app.inject({ url: '/v1/search', query })).json<Body>().data
  for (const [index, code] of codes.entries())
    for (const q of [code, ` ${code.toLowerCase()} `]) t.equal((await hits({ q }))[0]?.key, `demo.s${index}`, q)
  t.ok(
    (await hits({ q: 'PY-101' })).every(
      ({ score }, index, all) => index === 0 || score <= Number(all[index - 1]?.score),
    ),
  )
  t.notOk((await hits({ q: '1.2.3', tier: 'beginner' })).length, 'filters apply to it')
  t.notOk((await hits({ q: '1.2.3', noun: 'project' })).length)
  t.notOk((await hits({ q: '...' })).length, 'a query needs a word')
})

t.test(
  'a search finds the targets of the alignments of a skill by code and title, but no URL, type or external id',
  async t => {
    const { app, load } = await emptyApp(t)
    const alignment = {
      framework: 'SFIA',
      code: 'PROG',
      title: 'Programming',
      url: 'https://example.org/sfia',
      type: 'CTDL',
    }
    await load(
      documentOf(
        { slug: 'demo' },
        {
          category: [{ slug: 'a' }],
          skill: [{ slug: 's', category: 'a', tier: 'senior', externalId: 'legacy', alignments: [alignment] }],
        },
      ),
    )
    const found = async (q: string) => (await app.inject({ url: '/v1/search', query: { q } })).json<Body>().page.total
    for (const q of ['SFIA', 'PROG', 'programming']) t.equal(await found(q), 1, q)
    for (const q of ['example', 'CTDL', 'legacy']) t.equal(await found(q), 0, q)
  },
)
