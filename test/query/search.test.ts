import t from 'tap'
import { correctWords } from '../../src/query/correct-words.ts'
import { search, toSearchTerms } from '../../src/query/search.ts'
import { synonyms } from '../../src/query/synonyms.ts'
import { wordsIn } from '../../src/text/words.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'

interface Body {
  data: { key: string; score: number; snippet: string }[]
  page: { total: number; next: string | null }
}

const skill = (slug: string, title: string, more: object = {}) => ({
  slug,
  title,
  category: 'a',
  tier: 'senior',
  ...more,
})

t.test('a search for a word also finds its synonyms, after the items with the word itself', async t => {
  const { app, load } = await emptyApp(t)
  await load(
    documentOf(
      { slug: 'demo' },
      {
        category: [{ slug: 'a' }],
        skill: [
          skill('expressions', 'Regular expressions', { summary: 'Regular expressions find text.' }),
          skill('mention', 'Text', { summary: `${'Long '.repeat(50)} regex` }),
          skill('irregular', 'Expressions that are not regular'),
          skill('kubernetes', 'Kubernetes'),
          skill('databases', 'Databases'),
          skill('table', 'Tables of a database'),
          skill('browser', 'JavaScript in the browser'),
        ],
      },
    ),
  )
  const found = async (q: string) =>
    (await app.inject({ url: '/v1/search', query: { q } })).json<Body>().data.map(({ key }) => key.slice(5))
  t.same(await found('regex'), ['mention', 'expressions'])
  t.same(await found('Regular Expressions'), ['irregular', 'expressions', 'mention'])
  t.same(await found('regexp'), ['expressions', 'mention'])
  t.same(await found('k8s'), ['kubernetes'])
  t.same((await found('db')).sort(), ['databases', 'table'])
  t.same(await found('js browser'), ['browser'])
  t.same(await found('browser js'), ['browser'])
  t.same(await found('db js'), [])
  const { data } = (await app.inject('/v1/search?q=k8s')).json<Body>()
  t.match(data, [{ snippet: '<mark>Kubernetes</mark>' }])
  const all = (await app.inject('/v1/search?q=regular%20expressions')).json<Body>().data
  t.ok(all.every(({ score }, index) => score > 0 && score <= (all[index - 1]?.score ?? score)))
})

t.test('synonyms are found in a search that is ordered by titles too, and beyond its 2,000 matches', async t => {
  const { app, load } = await emptyApp(t)
  const category = [
    { slug: 'title', title: 'Databases' },
    ...Array.from({ length: 2_050 }, (_, index) => ({
      slug: `c${index}`,
      title: `Title ${index}`,
      summary: 'database',
    })),
    { slug: 'typed', title: 'Last', summary: 'A db' },
  ]
  await load(documentOf({ slug: 'go' }, { category }))
  const { data, page } = (await app.inject('/v1/search?q=db')).json<Body>()
  t.equal(page.total, 2_000)
  t.equal(data[0]?.key, 'go.typed')
  t.equal((await app.inject('/v1/search?q=database')).json<Body>().data.at(0)?.key, 'go.title')
})

t.test('if nothing matches, words that are in no text are corrected', async t => {
  const { app, catalog } = await testApp(t)
  const first = async (q: string) => (await app.inject({ url: '/v1/search', query: { q } })).json<Body>().data[0]?.key
  for (const [typed, meant] of [
    ['decoratr', 'decorator'],
    ['decorater', 'decorator'],
    ['recusrion', 'recursion'],
    ['exeption handling', 'exception handling'],
    ['genrators', 'generators'],
    ['PYHTON', 'python'],
    ['lsit', 'list'],
  ] as const) {
    const { corrected, total } = await search(catalog, { q: typed, limit: 1 })
    t.ok(total > 0, typed)
    t.equal(corrected, meant)
    t.equal(await first(typed), await first(meant))
  }
  const payload = { query: '{ search(q: "decoratr", first: 1) { nodes { key } } }' }
  t.equal(
    (await app.inject({ method: 'POST', url: '/graphql', payload })).json<{
      data: { search: { nodes: { key: string }[] } }
    }>().data.search.nodes[0]?.key,
    await first('decorator'),
  )
  t.equal((await search(catalog, { q: 'decorators', limit: 1 })).corrected, undefined)
  t.match(await search(catalog, { q: 'decoratr', noun: ['source'], limit: 1 }), { total: 0, corrected: undefined })
  for (const nonsense of ['qqqqqqqq', 'xq', 'z'.repeat(200), 'decorator qqqqqqqq', 'decoratr qqqqqqqq'])
    t.same(await search(catalog, { q: nonsense, limit: 1 }).then(({ total, corrected }) => [total, corrected]), [
      0,
      undefined,
    ])
})

t.test('pages of a corrected search follow each other', async t => {
  const { app } = await testApp(t)
  const keys = async (q: string) => {
    const seen: string[] = []
    let after = ''
    for (;;) {
      const { data, page } = (await app.inject(`/v1/search?q=${q}&limit=5${after}`)).json<Body>()
      seen.push(...data.map(({ key }) => key))
      if (page.next === null) return seen
      after = `&after=${page.next}`
    }
  }
  const corrected = await keys('generaotr')
  t.ok(corrected.length > 5)
  t.same(corrected, await keys('generator'))
})

t.test('a correction follows the content', async t => {
  const { catalog, load } = await emptyApp(t)
  const corrected = async () => (await search(catalog, { q: 'closuers', limit: 1 })).corrected
  t.equal(await corrected(), undefined)
  await load(documentOf({ slug: 'demo' }, { category: [{ slug: 'a', title: 'Closures' }] }))
  t.equal(await corrected(), 'closures')
})

t.test('a correction has the fewest mistakes, then the most items', async t => {
  const indexed = (
    [
      ['abcde', 1],
      ['cars', 1],
      ['cart', 9],
      ['care', 3],
      ['cafe', 7],
      ['übung', 1],
    ] as const
  ).toSorted(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
  const corrections: [typed: string, meant: string | undefined][] = [
    ['carx', 'cart'],
    ['cras', 'cars'],
    ['caf', undefined],
    ['caffe', 'cafe'],
    ['abdce', 'abcde'],
    ['badec', undefined],
    ['cy', undefined],
    ['cratx', undefined],
  ]
  for (const [typed, meant] of corrections) t.equal((await correctWords([typed], indexed))?.[0], meant, typed)
  t.same(await correctWords(['carx', 'cars', 'abcd'], indexed), ['cart', 'cars', 'abcd'])
  t.equal(await correctWords(['carx', 'zzz'], indexed), undefined)
  t.equal(await correctWords(['cars', 'abc'], indexed), undefined)
  t.equal(await correctWords(Array(5).fill('carx'), indexed), undefined, 'five unknown words are no typing mistakes')
  const many = Array.from({ length: 25_000 }, (_, index) => [`a${String(index).padStart(6, '0')}`, 1] as const)
  t.same(await correctWords(['b024999'], many), ['a024999'])
})

t.test('each synonym is in one group, and a query has a bounded number of them', async t => {
  const phrases = synonyms.flat().map(phrase => wordsIn(phrase).join(' ').toLowerCase())
  t.same(
    phrases.filter((phrase, index) => phrases.indexOf(phrase) !== index),
    [],
  )
  t.ok(phrases.every(phrase => phrase !== ''))
  t.ok(synonyms.every(group => group.length > 1 && group.length < 15))
  t.same(toSearchTerms(['an', 'end', 'to', 'END', 'ci']), [
    { words: ['an'] },
    { words: ['end', 'to', 'END'], synonyms: ['e2e', 'end to end testing', 'end to end tests'] },
    { words: ['ci'], synonyms: ['continuous integration'] },
  ])
  t.equal(toSearchTerms(['js', 'ts', 'py', 'k8s', 'ci']).filter(({ synonyms: some }) => some !== undefined).length, 3)
})
