import Sqlite from 'better-sqlite3'
import t from 'tap'
import { documentOf, emptyApp, testApp } from './app.ts'

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

t.test('a search takes whole words, and the last as a beginning from three letters on', async t => {
  const { app } = await testApp(t)
  const found = async (q: string) => (await app.inject(`/v1/search?q=${encodeURIComponent(q)}`)).json<Body>().page.total
  t.ok((await found('decorat')) > 0)
  t.equal(await found('decorat functions'), 0, 'only the last word is a beginning')
  t.ok((await found('DECORATORS')) > 0, 'upper and lower case are the same')
  t.equal(await found('qu'), await found('qu '), 'two letters are a word')
})

t.test('a search can be narrowed and paged', async t => {
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

t.test('a snippet is HTML that harms nobody', async t => {
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

t.test('whatever is typed is a question, never a command', async t => {
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

t.test('a search without words, or with what it does not take, is refused', async t => {
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

t.test('a search without words is refused by GraphQL too', async t => {
  const { app } = await testApp(t)
  for (const q of ['', ' ', ' \\t ']) {
    const response = await app.inject({
      method: 'POST',
      url: '/graphql',
      payload: { query: `{ search(q: "${q}") { totalCount } }` },
    })
    t.match(response.json(), { errors: [{ message: '"q" is empty.', extensions: { code: 'BAD_USER_INPUT' } }] })
  }
})

t.test('a search takes the id of a track as well as its key', async t => {
  const { app } = await testApp(t)
  const { id } = (await app.inject('/v1/tracks/python')).json<{ id: string }>()
  const [byId, byKey] = [
    await app.inject(`/v1/search?q=python&track=${id}`),
    await app.inject('/v1/search?q=python&track=python'),
  ]
  t.same(byId.json<Body>().data, byKey.json<Body>().data)
})

t.test('what was removed or renamed is found no more, or under its new name', async t => {
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

t.test('what is nearly everywhere is told quickly, first where it is in the title', async t => {
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

t.test('what is rare among much that is everywhere is found, in pieces', async t => {
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

t.test('of many words each counts, as if all were looked for at once', async t => {
  const { catalog, load, file } = await emptyApp(t)
  await load(manyWords)
  const database = new Sqlite(file, { readonly: true })
  t.teardown(() => database.close())
  const scored = database.prepare(
    'select key, round(-bm25(search, 10.0, 4.0, 1.0), 4) score from search where search match ? order by bm25(search, 10.0, 4.0, 1.0), rowid',
  )
  const { data, total, more } = await catalog.search({ q: five.join(' '), limit: 110, offset: 0 })
  t.same([total, more], [120, true])
  const shown = data.map(({ key, score }) => ({ key, score }))
  t.same(shown, scored.all('"one" "two" "three" "four" "five"*').slice(0, 110))
  t.ok(data.every(({ snippet }) => snippet.includes('<mark>')))
})

t.test('what is removed while it is looked for is left out', async t => {
  const { catalog, load, file } = await emptyApp(t)
  await load(manyWords)
  const database = new Sqlite(file)
  t.teardown(() => database.close())
  setImmediate(() => database.exec('delete from search'))
  t.same((await catalog.search({ q: five.join(' '), limit: 110, offset: 0 })).data, [])
})
