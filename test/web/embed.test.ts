import t from 'tap'
import { parseSource, wordsOf } from '../../src/web/browser/embed/address.ts'
import { splitCode, stagesOf, unknownTier } from '../../src/web/browser/embed/content.ts'
import { languages } from '../../src/web/messages/messages.ts'
import { testApp } from '../fixtures/app.ts'

t.test('/embed.js is a module that pages of every origin may load, of at most 5 KB compressed', async t => {
  const { app } = await testApp(t)
  const { headers, body } = await app.inject('/embed.js')
  t.match(headers, {
    'content-type': 'text/javascript; charset=utf-8',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'public, max-age=300, stale-while-revalidate=86400',
  })
  t.notMatch(body, /\beval\(|\bFunction\(|innerHTML|document\.write/)
  const compressed = await app.inject({ url: '/embed.js', headers: { 'accept-encoding': 'br' } })
  t.ok(compressed.rawPayload.length <= 5 * 1024, `${compressed.rawPayload.length} bytes`)
  const again = await app.inject({ url: '/embed.js', headers: { 'if-none-match': String(headers.etag) } })
  t.equal(again.statusCode, 304)
})

t.test('/embed.js has the words of every language and the color of the site', async t => {
  const { app } = await testApp(t, { site: { accent: { light: '#0057b8', dark: '#6ba9ff' } } })
  const { body } = await app.inject('/embed.js')
  for (const { embed } of Object.values(languages)) t.ok(body.includes(JSON.stringify(embed.openPage)))
  t.ok(body.includes('--site-accent-light:#0057b8;--site-accent-dark:#6ba9ff'))
})

t.test('the attribute src is the URL of the page of a track', async t => {
  for (const [src, page, api] of [
    [
      'https://curriculum.example/tracks/python',
      'https://curriculum.example/tracks/python',
      'https://curriculum.example/v1/tracks/python',
    ],
    [
      'https://academy.example/learn/tracks/go/?embed=1#x',
      'https://academy.example/learn/tracks/go',
      'https://academy.example/learn/v1/tracks/go',
    ],
    ['/tracks/python', 'https://host.example/tracks/python', 'https://host.example/v1/tracks/python'],
  ])
    t.match(parseSource(String(src), 'https://host.example/a/b'), { page, api })
  for (const src of [
    '',
    'https://curriculum.example/',
    'https://curriculum.example/tracks/',
    'https://',
    'javascript:/tracks/python',
  ])
    t.notOk(/^https?:/.test(parseSource(src, 'https://host.example/')?.page ?? ''), src)
})

t.test('items lead to their pages, also those of other tracks', async t => {
  const addresses = parseSource('https://curriculum.example/tracks/python', 'https://host.example/')
  t.equal(addresses?.item('skills', 'python.decorators'), 'https://curriculum.example/tracks/python/skills/decorators')
  t.equal(addresses?.item('projects', 'web.shop'), 'https://curriculum.example/tracks/web/projects/shop')
  t.equal(addresses?.project('project:url-shortener'), 'https://curriculum.example/v1/projects/python.url-shortener')
  t.equal(addresses?.project('project:web.shop'), 'https://curriculum.example/v1/projects/web.shop')
  t.equal(addresses?.project('decorators'), undefined)
})

t.test('tiers are separated by spaces or commas', async t => {
  t.same(wordsOf('beginner, senior  intermediate'), ['beginner', 'senior', 'intermediate'])
  t.same(wordsOf(''), [])
  t.same(wordsOf(null), [])
})

const skill = (key: string, tier: string) => ({ key, title: key, tier })

t.test('a roadmap becomes stages: those with skills or projects, of the tiers that are wanted', async t => {
  const { app } = await testApp(t)
  const roadmap = (await app.inject('/v1/tracks/python/roadmap')).json()
  const stages = stagesOf(roadmap, [])
  t.same(
    stages.map(({ tier }) => tier),
    ['beginner', 'intermediate', 'senior'],
  )
  t.same(
    stages.map(({ title }) => title),
    roadmap.tiers.map(({ title }: { title: string }) => title),
  )
  t.equal(
    stages.reduce((sum, { count }) => sum + count, 0),
    (await app.inject('/v1/tracks/python/document')).json().skills.length,
  )
  t.equal(stages.flatMap(({ projects }) => projects).length, roadmap.projects.length)
  t.same(
    stagesOf(roadmap, ['senior', 'beginner']).map(({ tier }) => tier),
    ['beginner', 'senior'],
  )
  t.same(stagesOf(roadmap, ['expert']), [])
  t.equal(unknownTier(['beginner', 'expert']), 'expert')
  t.equal(unknownTier(['beginner', 'intermediate', 'senior']), undefined)
  const track = { title: 'Go', language: 'en', tiers: [] }
  const categories = [{ title: 'Language', skills: { beginner: [], senior: [skill('go.channels', 'senior')] } }]
  const projects = [skill('go.shop', 'intermediate'), { ...skill('go.other', ''), tier: null }]
  t.match(stagesOf({ track, categories, projects }, []), [
    { tier: 'intermediate', title: 'Intermediate', theme: null, areas: [], count: 0, projects: [{ key: 'go.shop' }] },
    {
      tier: 'senior',
      title: 'Senior',
      projects: [{ key: 'go.other' }],
      areas: [{ title: 'Language', skills: [{ key: 'go.channels' }] }],
      count: 1,
    },
  ])
})

t.test('code in titles is found', async t => {
  t.same(splitCode('Using `unittest` and ``a`` now'), ['Using ', 'unittest', ' and ', 'a', ' now'])
  t.same(splitCode('Plain'), ['Plain'])
})
