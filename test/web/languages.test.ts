import t from 'tap'
import { asAdmin, documentOf, emptyApp } from '../fixtures/app.ts'

const parts = (title: string) => ({
  category: [{ slug: 'basics' }],
  skill: [
    { slug: 'loops', title, category: 'basics', tier: 'beginner', duration: { unit: 'hour', from: 3, to: 3 } },
    { slug: `only-${title.length}`, category: 'basics', tier: 'beginner', prerequisites: ['loops'] },
  ],
})

const asBrowser = { accept: 'text/html' }

t.test('a page with translations links each language by its name in that language', async t => {
  const { app, load } = await emptyApp(t, { site: { embedOrigins: ['*'] } })
  for (const [language, title] of [
    ['en', 'Loops'],
    ['de', 'Schleifen'],
    ['ar', 'الحلقات'],
  ] as const)
    await load(documentOf({ slug: language, language, title: 'Go' }, parts(title)))
  for (const language of ['de', 'ar']) {
    const headers = { ...asAdmin, 'if-match': '*' }
    const payload = { translationOf: 'en' }
    await app.inject({ method: 'PATCH', url: `/v1/tracks/${language}`, headers, payload })
  }
  const switchOf = async (url: string) => {
    const { body } = await app.inject({ url, headers: asBrowser })
    const [nav = ''] = /<nav class="languages" aria-label="(Languages|Sprachen)">.*?<\/nav>/s.exec(body) ?? []
    return [
      ...nav.matchAll(
        /<a href="([^"]*)" lang="(\w+)" hreflang="(\w+)" dir="auto"( aria-current="page")?>([^<]+)<\/a>/g,
      ),
    ].map(([, href, lang, hreflang, current, name]) => {
      const target = new URL(String(href), `http://localhost${url}`)
      return [`${target.pathname}${target.search}`, lang, hreflang, current !== undefined, name]
    })
  }
  for (const [path, embed] of [
    ['', ''],
    ['/skills/loops', ''],
    ['/skills/loops', '?embed=1'],
  ])
    t.same(await switchOf(`/tracks/de${path}${embed}`), [
      [`/tracks/en${path}${embed}`, 'en', 'en', false, 'English'],
      [`/tracks/de${path}${embed}`, 'de', 'de', true, 'Deutsch'],
      [`/tracks/ar${path}${embed}`, 'ar', 'ar', false, 'العربية'],
    ])
  t.same(await switchOf('/tracks/en/skills/only-5'), [], 'not translated')
})

t.test('facts, and the zoom of a graph, are read in their own direction on a page from right to left', async t => {
  const { app, load } = await emptyApp(t)
  await load(
    documentOf(
      { slug: 'ar', language: 'ar', title: 'Go', tiers: [{ tier: 'beginner', title: 'مبتدئ' }] },
      parts('الحلقات'),
    ),
  )
  const { body } = await app.inject({ url: '/tracks/ar/skills/loops', headers: asBrowser })
  t.match(body, '<p class="where"><bdi>مبتدئ</bdi> · <bdi>A title</bdi> · <bdi>3 hours</bdi></p>')
  const overview = await app.inject({ url: '/tracks/ar', headers: asBrowser })
  t.match(overview.body, /<p class="stage-facts"><bdi>2 skills<\/bdi> · <bdi>3 hours for 1 of 2 skills<\/bdi><\/p>/)
  const percent = new Intl.NumberFormat('ar', { style: 'percent' }).format(1)
  t.match(body, new RegExp(`data-zoom="reset"[^>]*>${percent}</button>`))
})
