import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'

const searched = async (app: FastifyInstance, query: Record<string, string>) =>
  app.inject({ url: '/search', query, headers: { accept: 'text/html' } })

t.test('/search lists results of all kinds with links to their pages', async t => {
  const { app } = await testApp(t)
  const { body, statusCode } = await searched(app, { q: 'decorator' })
  t.equal(statusCode, 200)
  t.match(body, '<meta name="robots" content="noindex">')
  t.match(body, /<title>Search: decorator · Curriculum<\/title>/)
  t.match(body, /<p class="status" role="status">\d+ results<\/p>/)
  t.match(body, '<a href="tracks/python/skills/decorators">Decorators</a>')
  t.match(body, '<mark>decorators</mark>')
  const hits = [...body.matchAll(/<h2[^>]*><a href="([^"]+)">/g)].map(([, href = '']) => href)
  for (const href of hits) t.equal((await app.inject(`/${href.replace(/#.*/, '')}`)).statusCode, 200, href)
})

t.test('/search without words ignores the cursor', async t => {
  const { app, catalog } = await testApp(t)
  const { body } = await app.inject('/search')
  catalog.list = async () => t.fail('it is rendered again') as never
  t.equal((await app.inject('/search?after=nothing')).body, body)
})

t.test('/search follows the filters, and its pages follow each other', async t => {
  const { app } = await testApp(t)
  const { body } = await searched(app, { q: 'test', noun: 'skill' })
  t.match(body, '<a href="search?q=test&amp;noun=skill" aria-current="true">Skills</a>')
  t.match(body, '<input type="hidden" name="noun" value="skill">')
  t.match(body, '<a href="search?q=test">Everything</a>')
  t.ok([...body.matchAll(/<p class="where"><span>([^<]*)/g)].every(([, kind]) => kind === 'Skill'))
  const next = /<a class="button" href="([^"]+)">More results<\/a>/.exec(body)?.[1] ?? ''
  t.match(next, /^search\?q=test&amp;noun=skill&amp;after=/)
  const second = (await app.inject(`/${next.replaceAll('&amp;', '&')}`)).body
  t.match(second, '<a href="search?q=test&amp;noun=skill">Back to the first results</a>')
  const hrefs = (page: string) => [...page.matchAll(/<h2[^>]*><a href="([^"]+)">/g)].map(([, href]) => href)
  t.equal(hrefs(body).length, 20)
  t.notOk(hrefs(second).some(href => hrefs(body).includes(href)))
})

t.test('/search says what it corrected, and what to do if nothing is found', async t => {
  const { app } = await testApp(t)
  t.match(
    (await searched(app, { q: 'decoratr' })).body,
    'Showing results for <strong>decorator</strong>: <q>decoratr</q> is on no roadmap. ',
  )
  const { body } = await searched(app, { q: '<b>qqqqq', noun: 'skill' })
  t.match(body, 'Nothing found for <q>&lt;b&gt;qqqqq</q>.')
  t.match(body, '<a href="search?q=%3Cb%3Eqqqqq">Search everything</a>')
  t.match(body, '<a href="tracks/python" lang="en" dir="auto">Python</a>')
  t.notMatch((await searched(app, { q: 'qqqqq' })).body, 'Search everything')
})

t.test('/search without a query is a form with the roadmaps', async t => {
  const { app } = await testApp(t)
  for (const query of [{}, { q: ' ' }, { q: '', track: '', noun: '' }] as Record<string, string>[]) {
    const { body, statusCode } = await searched(app, query)
    t.equal(statusCode, 200)
    t.match(body, '<form class="search-form" role="search" action="search">')
    t.match(body, '<title>Search · Curriculum</title>')
    t.match(body, '<a href="tracks/python"')
  }
})

t.test('/search rejects unknown filters with a page', async t => {
  const { app } = await testApp(t)
  for (const query of [
    { q: 'x', track: 'pyton' },
    { q: 'x', noun: 'skills' },
    { q: 'x', after: 'nope' },
  ] as Record<string, string>[]) {
    const { body, statusCode } = await searched(app, query)
    t.equal(statusCode, 400)
    t.match(body, '<h1>This address cannot be read</h1>')
  }
})

t.test('/search names the track of each result and filters by it, in the language of the track', async t => {
  const { app, load } = await emptyApp(t)
  const parts = (slug: string, title: string) => ({
    category: [{ slug: 'a', title: 'Bereich' }],
    skill: [
      { slug, title, category: 'a', tier: 'beginner', summary: 'Eine `for`-Schleife' },
      { slug: 'more', category: 'a', tier: 'beginner', summary: 'Eine `kurze` Schleife' },
    ],
  })
  const tiers = [{ tier: 'beginner', title: 'Einstieg' }]
  await load(documentOf({ slug: 'js', title: 'JavaScript', language: 'de', tiers }, parts('schleifen', 'Schleifen')))
  await load(documentOf({ slug: 'go', title: 'Go', language: 'en' }, parts('loops', 'Loops, or Schleifen')))
  const all = (await searched(app, { q: 'schleife' })).body
  t.match(all, '<html lang="en"')
  t.match(all, '<option value="js">JavaScript</option>')
  t.match(all, '<span>Skill</span> · <span>JavaScript</span> · <span>Einstieg</span>')
  t.match(all, '<span>Skill</span> · <span>Go</span></p>')
  const german = (await searched(app, { q: 'schleife', track: 'js' })).body
  t.match(german, '<html lang="de"')
  t.match(german, '<option value="js" selected>JavaScript</option>')
  t.match(german, '2 Treffer')
  t.match(german, '<a href="tracks/js/skills/schleifen"><mark>Schleifen</mark></a>')
  t.match(german, 'Eine <code>for</code>-Schleife')
  t.match(german, 'Eine <code>kurze</code> <mark>Schleife</mark>')
  t.notMatch(german, 'tracks/go/skills')
  const title = (await searched(app, { q: 'JavaScript' })).body
  t.match(title, '<a href="tracks/js"><mark>JavaScript</mark></a>')
})
