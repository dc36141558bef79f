import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { checkDocument } from '../../src/model/check-document.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'
import { visibleText } from '../fixtures/visible-text.ts'

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

t.test('every skill, project and exercise has a page with all of it', async t => {
  const { app, catalog } = await testApp(t)
  const document = await catalog.document('python')
  const items = [
    ...(document?.skills ?? []).map(({ slug, title, outcomes }) => ({
      path: `skills/${slug}`,
      title,
      texts: outcomes,
    })),
    ...(document?.projects ?? []).map(({ slug, title, features, milestones, acceptance }) => ({
      path: `projects/${slug}`,
      title,
      texts: [...features, ...milestones, ...acceptance],
    })),
    ...(document?.exercises ?? []).map(({ slug, title, criteria, hints }) => ({
      path: `exercises/${slug}`,
      title,
      texts: [...criteria, ...hints],
    })),
  ]
  t.ok(items.length > 190)
  const missing: string[] = []
  for (const { path, title, texts } of items) {
    const { statusCode, body } = await app.inject(`/tracks/python/${path}`)
    const read = visibleText(body)
    const unread = [title, ...texts].filter(text => !read.includes(text.replaceAll('`', '')))
    if (statusCode !== 200 || unread.length > 0) missing.push(`${path}: ${statusCode}, ${unread}`)
  }
  t.same(missing, [])
})

t.test('the page of a skill says when a document has it under another tier', async t => {
  const { app } = await testApp(t)
  const page = async (slug: string) => visibleText((await app.inject(`/tracks/python/skills/${slug}`)).body)
  t.match(await page('creating-and-using-virtual-environments'), 'has it under Beginner.')
  t.notMatch(await page('variables'), 'has it under')
})

/** Two tracks, of which one refers to the other, with renamed and nested parts. */
const tracks = [
  documentOf(
    { slug: 'go', title: 'Go' },
    {
      category: [{ slug: 'c', title: 'Basics' }],
      skill: [{ slug: 'loops', title: 'Loops', category: 'c', tier: 'senior' }],
    },
  ),
  documentOf(
    {
      slug: 'js',
      formerly: ['javascript'],
      title: 'JavaScript',
      tiers: [
        { tier: 'beginner', title: 'Start' },
        { tier: 'senior', title: 'Expert' },
      ],
    },
    {
      category: [
        { slug: 'c', title: 'Language' },
        { slug: 'd', title: 'Values `&` types', parent: 'c' },
      ],
      skill: [
        {
          slug: 'arrays',
          title: 'Arrays',
          formerly: ['lists'],
          category: 'd',
          tier: 'senior',
          kind: 'theoretical',
          optional: true,
          duration: { unit: 'hour', from: 2, to: 3 },
          prerequisites: ['values'],
          related: ['go.loops'],
          sameAs: ['go.loops'],
          notes:
            'See [values](primitives), [loops](go.loops), [none](nothing), [web](https://example.org/).\n\n```js\nlet a\n```',
        },
        {
          slug: 'values',
          title: 'Values',
          formerly: ['primitives'],
          category: 'd',
          tier: 'beginner',
          outcomes: ['Uses `1`.'],
        },
        { slug: 'vectors', title: 'Vectors', category: 'd', tier: 'senior', replacedBy: 'arrays' },
        { slug: 'syntax', title: 'Syntax', category: 'c', tier: 'beginner', summary: 'How it is written.' },
      ],
      project: [
        {
          slug: 'site',
          title: 'A site',
          tier: 'senior',
          skills: ['arrays'],
          milestones: ['Begin', 'End'],
          features: ['Shows'],
        },
        {
          slug: 'game',
          title: 'A game',
          phases: [
            { title: 'Plan', parts: [] },
            { tier: 'senior', title: 'Build', parts: ['Rules'] },
          ],
        },
      ],
      exercise: [{ slug: 'sum', kind: 'exercise', title: 'Sum', skills: ['arrays'], criteria: ['It adds.'] }],
    },
  ),
]

const loaded = async (t: Parameters<typeof emptyApp>[0], options: Parameters<typeof emptyApp>[1] = {}) => {
  const service = await emptyApp(t, options)
  await service.catalog.replaceTracks(...tracks.map(track => checkDocument(track, (_, key) => key)))
  const page = async (path: string) => (await service.app.inject(path)).body
  return { ...service, page }
}

t.test('a skill says where it belongs, and links to what it needs, also in other tracks', async t => {
  const { page } = await loaded(t)
  const body = await page('/tracks/js/skills/arrays')
  t.match(body, '<title>Arrays · Curriculum</title>')
  t.match(body, '<meta property="og:image" content="https://curriculum.example/tracks/js/skills/arrays.png">')
  t.match(body, '<article class="item" id="skill-arrays" data-tier="senior">')
  t.match(
    body,
    '<p class="where"><bdi>Expert</bdi> · <bdi>Values &amp; types</bdi> · <bdi>Theory</bdi> · <bdi>Optional</bdi> · <bdi>2–3 hours</bdi></p>',
  )
  t.match(
    body,
    /<nav class="breadcrumbs"[^>]*><ol><li dir="auto"><a href="..\/..\/..\/">All roadmaps<\/a><\/li><li dir="auto"><a href="..\/..\/..\/tracks\/js">JavaScript<\/a><\/li><li dir="auto"><a href="[^"]*tracks\/js#category-c">Language<\/a><\/li><li dir="auto"><a [^>]*>Values <code>&amp;<\/code> types<\/a><\/li><li dir="auto"><span aria-current="page">Arrays/,
  )
  t.match(
    body,
    /<h2>First learn<\/h2>\n<ul class="links"><li dir="auto"><a href="..\/..\/..\/tracks\/js\/skills\/values" data-tier="beginner" data-id="[\w-]{36}">Values/,
  )
  const loops = '<a href="../../../tracks/go/skills/loops" data-tier="senior">Loops</a> <span class="aside">Go</span>'
  t.match(body, `<h2>See also</h2>\n<ul class="links"><li dir="auto">${loops}`)
  t.match(body, `<h2>In other roadmaps</h2>\n<ul class="links"><li dir="auto">${loops}`)
  t.match(
    body,
    'See <a href="../../../tracks/js/skills/values">values</a>, <a href="../../../tracks/go/skills/loops">loops</a>, none, <a href="https://example.org/"',
    'a link in Markdown leads to the page of a skill, also by its earlier slug',
  )
  t.match(body, '<pre tabindex="0"><code class="language-js"><span class="hljs-keyword">let</span> a')
  t.match(
    body,
    /<h2>Practise<\/h2>\n<ul class="practice">.*exercises\/sum">Sum<\/a> <span class="aside">Exercise<\/span>.*projects\/site" data-tier="senior">A site<\/a> <span class="aside">Project/,
  )
  t.match(body, '<a class="to-path" href="../../../tracks/js?to=arrays#path">Path to this skill</a>')
})

t.test('a skill names the one that replaced it, and a project its phases', async t => {
  const { page } = await loaded(t)
  t.match(
    await page('/tracks/js/skills/vectors'),
    '<p class="replaced">This skill was replaced by <a href="../../../tracks/js/skills/arrays"',
  )
  const game = await page('/tracks/js/projects/game')
  t.match(game, '<h2>Plan</h2>')
  t.match(game, '<h2>Expert: Build</h2>\n<ul class="texts"><li dir="auto">Rules</li></ul>')
})

t.test('a page without a summary is described by its first words', async t => {
  const { page, load } = await loaded(t)
  const description = async (path: string) => /<meta name="description" content="([^"]*)"/.exec(await page(path))?.[1]
  t.equal(await description('/tracks/js/skills/syntax'), 'How it is written.')
  t.equal(await description('/tracks/js/skills/values'), 'Uses 1.')
  t.equal(await description('/tracks/js/skills/arrays'), 'See values, loops, none, web.')
  t.equal(await description('/tracks/js/projects/site'), 'Shows')
  t.equal(await description('/tracks/js/projects/game'), undefined)
  t.equal(await description('/tracks/js/exercises/sum'), 'It adds.')
  t.equal(await description('/tracks/go/skills/loops'), undefined)
  await load(
    documentOf(
      { slug: 'long' },
      {
        category: [{ slug: 'c' }],
        skill: [{ slug: 'a', category: 'c', tier: 'senior', outcomes: ['word '.repeat(60).trim()] }],
      },
    ),
  )
  t.match(await description('/tracks/long/skills/a'), /^(word ){29,31}word…$/)
})

t.test('previous and next follow the order of the curriculum by tier, or the path to a target', async t => {
  const { page } = await loaded(t)
  const neighbours = async (path: string) =>
    [...(await page(path)).matchAll(/rel="(prev|next)" href="([^"]*)"/g)].map(([, relation, href = '']) => [
      relation,
      href.replace('../../../tracks/js/', ''),
    ])
  t.same(await neighbours('/tracks/js/skills/syntax'), [['next', 'skills/values']])
  t.same(await neighbours('/tracks/js/skills/values'), [
    ['prev', 'skills/syntax'],
    ['next', 'skills/arrays'],
  ])
  t.same(await neighbours('/tracks/js/skills/values?to=arrays'), [['next', 'skills/arrays?to=arrays']])
  t.same(await neighbours('/tracks/js/skills/arrays?to=project:site'), [['prev', 'skills/values?to=project:site']])
  for (const other of ['syntax', 'nothing', 'project:nothing', 'game'])
    t.equal((await neighbours(`/tracks/js/skills/values?to=${other}`)).length, 2, other)
  t.match(
    await page('/tracks/js/skills/arrays?to=project:site'),
    '<p class="on-path"><a href="../../../tracks/js?to=project:site#path">Step 2 of 2 on the path to A site</a>',
  )
  t.match(await page('/tracks/js/skills/arrays?to=arrays&to=syntax'), 'Step 3 of 3 on the path to Arrays and Syntax')
  t.same(await neighbours('/tracks/js/projects/game'), [['prev', 'projects/site']])
  t.same(await neighbours('/tracks/js/exercises/sum'), [])
})

t.test('pages that differ only in targets that do not exist are stored once', async t => {
  const { app, catalog } = await loaded(t)
  const page = await app.inject('/tracks/js/skills/values?to=nothing')
  catalog.graph = async () => t.fail('it is rendered again') as never
  for (const query of ['', '?to=', '?to=other', '?to=nothing,other'])
    t.equal((await app.inject(`/tracks/js/skills/values${query}`)).body, page.body, query)
})

t.test('earlier slugs of the track and the item redirect to the page with its query', async t => {
  const { app } = await loaded(t)
  for (const path of ['js/skills/lists', 'javascript/skills/lists', 'javascript/skills/arrays']) {
    const { statusCode, headers } = await app.inject(`/tracks/${path}?to=arrays`)
    t.equal(statusCode, 308)
    t.equal(headers.location, '../../../tracks/js/skills/arrays?to=arrays')
  }
  t.equal((await app.inject('/tracks/javascript/projects/site')).headers.location, '../../../tracks/js/projects/site')
})

t.test('an unknown item is 404 with the nearest, a removed one 410', async t => {
  const { app, catalog, options } = await loaded(t)
  const unknown = await app.inject({ url: '/tracks/js/skills/arays', headers: { accept: browser } })
  t.equal(unknown.statusCode, 404)
  t.match(unknown.body, /Did you mean <a href="..\/..\/..\/tracks\/js\/skills\/arrays">/)
  t.equal((await app.inject('/tracks/none/skills/arrays')).statusCode, 404)
  t.equal((await app.inject('/tracks/js/skills/')).statusCode, 404)
  t.equal((await app.inject({ method: 'POST', url: '/tracks/js/skills/arrays' })).statusCode, 405)
  const vanished = await buildApp({ ...catalog, byKeys: async () => [] }, options)
  t.teardown(() => vanished.close())
  t.equal(
    (await vanished.inject('/tracks/js/skills/arrays')).statusCode,
    404,
    'also if it is removed during the request',
  )
  const list: typeof catalog.list = async () => ({ data: [], more: false, cursorAfter: () => '' })
  const unlisted = await buildApp({ ...catalog, list }, options)
  t.teardown(() => unlisted.close())
  t.notMatch((await unlisted.inject('/tracks/js/projects/game')).body, 'rel="prev"')
  await catalog.transaction(transaction =>
    transaction.removeItem('project', 'js.game', { name: 'test', track: 'js', fromFiles: false }),
  )
  t.equal((await app.inject('/tracks/js/projects/game')).statusCode, 410)
})

t.test('a page links to its file where a change can be suggested', async t => {
  const { page } = await loaded(t, {
    site: { editUrl: 'https://git.example/edit/{path}?a={noun}-{slug}' },
  })
  t.match(
    await page('/tracks/js/exercises/sum'),
    'href="https://git.example/edit/js/exercises/sum.yaml?a=exercise-sum"',
  )
})

t.test('a page in a frame has no header, and its links stay in the frame', async t => {
  const { page } = await loaded(t)
  const body = await page('/tracks/js/skills/arrays?embed=1')
  t.notMatch(body, /class="site-header"|>All roadmaps|Suggest/)
  t.match(body, 'href="../../../tracks/js/skills/values?embed=1"')
  t.match(body, 'href="../../../tracks/js?to=arrays&amp;embed=1#path"')
})
