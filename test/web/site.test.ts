import { readFile } from 'node:fs/promises'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import t from 'tap'
import { parse } from 'yaml'
import { buildApp } from '../../src/app.ts'
import { plainSite } from '../../src/web/page/site.ts'
import { listOperations } from '../../src/web/site/openapi-file.ts'
import { sitemap } from '../../src/web/site/sitemap.ts'
import { asAdmin, documentOf, emptyApp, testApp } from '../fixtures/app.ts'

t.test('/ leads a learner to the only track, and everybody else to what they need', async t => {
  const { app } = await testApp(t)
  const response = await app.inject({ url: '/', headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
  t.equal(response.statusCode, 200)
  t.match(response.headers, { 'content-type': 'text/html; charset=utf-8', vary: 'Accept, Accept-Encoding' })
  t.match(response.body, '<h1>Learn Python, step by step</h1>')
  t.match(response.body, '<a class="button start" href="tracks/python">Start the Python roadmap</a>')
  t.match(response.body, /<span>187 skills<\/span> <span>8 projects<\/span>/)
  t.match(response.body, /<li data-tier="beginner">\n<h3>Beginner<\/h3>/)
  const links = [...response.body.matchAll(/(?:href|src|action)="([^"]+)"/g)].map(([, link = '']) => link)
  for (const link of [
    'docs',
    'graphiql',
    'v1',
    'docs#/export',
    'v1/tracks/python/document',
    'ims/case/v1p1/CFDocuments',
    'search',
  ])
    t.ok(links.includes(link), link)
  for (const link of links.filter(one => !one.startsWith('https:') && !one.startsWith('#')))
    t.equal(
      (await app.inject({ url: `/${link.replaceAll('&amp;', '&')}` })).statusCode,
      200,
      `the link to ${link} works`,
    )
  t.equal((await app.inject({ url: '/' })).body, response.body, 'a client that accepts anything gets the page')
})

const skills = (language: string, more: object = {}) => ({
  category: [{ slug: 'a' }],
  skill: [
    { slug: 'one', category: 'a', tier: 'beginner', duration: { unit: 'hour', from: 2, to: 3 } },
    { slug: 'two', category: 'a', tier: 'senior', title: language },
  ],
  ...more,
})

t.test('/ offers several tracks as cards, in the language that they share', async t => {
  const { app, load } = await emptyApp(t)
  const tiers = [
    { tier: 'beginner', title: 'Los' },
    { tier: 'senior', title: '`Ziel`' },
  ]
  await load(documentOf({ slug: 'one', title: 'Eins', language: 'de', summary: 'Der *erste*', tiers }, skills('de')))
  await load(documentOf({ slug: 'two', title: '<script>"&', language: 'de-AT' }, skills('de')))
  const german = (await app.inject({ url: '/' })).body
  t.match(german, '<html lang="de"')
  t.match(german, '<h1>Was möchtest du lernen?</h1>')
  t.match(german, '<a class="button start" href="tracks/one" aria-label="Lernweg Eins beginnen">Beginnen</a>')
  t.match(german, '<li data-tier="beginner"><span>Los</span> <small>1</small></li>')
  t.match(german, '<span><code>Ziel</code></span>')
  t.match(german, '<span>2 Themen</span> <span>2–3 Stunden für 1 von 2 Themen</span>')
  t.match(german, '&lt;script&gt;&quot;&amp;')
  t.notMatch(german, 'class="language"')
  await load(documentOf({ slug: 'three', title: 'Three', language: 'fr' }, {}))
  const english = (await app.inject({ url: '/' })).body
  t.match(english, '<html lang="en"')
  t.match(english, '<p class="language">Austrian German</p>')
  t.match(english, '<p class="language">French</p>')
})

t.test('/ describes the tiers of the only track, with the hours of each', async t => {
  const { app, catalog, load, options } = await emptyApp(t)
  const tiers = [
    { tier: 'beginner', title: 'First', theme: '`Basics`', goal: 'Know them' },
    { tier: 'senior', title: 'Last' },
  ]
  await load(documentOf({ slug: 'go', title: 'Go', tiers }, skills('en')))
  const { body } = await app.inject('/')
  t.match(body, '<p class="lead">Roadmaps for developers')
  t.match(body, '<p class="theme"><code>Basics</code></p>\n<p>Know them</p>')
  t.match(body, '<p class="numbers"><span>1 skill</span> <span>2–3 hours</span></p>')
  const vanishing = await buildApp({ ...catalog, trackSizes: async () => new Map() }, options)
  t.teardown(() => vanishing.close())
  t.match((await vanishing.inject('/')).body, 'No roadmap yet', 'also if it is removed during the request')
  t.match((await vanishing.inject('/sitemap.xml')).body, '<loc>https://curriculum.example/tracks/go</loc>')
})

t.test('/ counts the items of 200 tracks with a few queries', async t => {
  const { app, load, queries } = await emptyApp(t)
  for (let index = 0; index < 30; index++) await load(documentOf({ slug: `t${index}` }, skills('en')))
  queries.length = 0
  const { body } = await app.inject({ url: '/' })
  t.equal(body.match(/<li class="track"/g)?.length, 30)
  t.ok(queries.length < 10, `${queries.length} queries`)
})

t.test('/ returns a program the same JSON as /v1', async t => {
  const { app } = await testApp(t)
  const root = await app.inject({ url: '/', headers: { accept: 'application/json, text/html;q=0.5' } })
  t.equal(root.body, (await app.inject({ url: '/v1' })).body)
  const image = await app.inject({ url: '/', headers: { accept: 'image/png' } })
  t.equal(image.statusCode, 406)
  t.equal(image.json().code, 'NOT_ACCEPTABLE')
})

t.test('/ helps the person who has just started a service without tracks', async t => {
  const { app } = await emptyApp(t)
  const { body, statusCode } = await app.inject({ url: '/' })
  t.equal(statusCode, 200)
  t.match(body, '<h1>No roadmap yet</h1>')
  t.match(body, 'npm run -s curriculum -- new track my-roadmap')
  t.notMatch(body, 'class="button start"')
})

t.test('/openapi.yaml is the file in the repository, and /openapi.json has the same content', async t => {
  const { app } = await testApp(t)
  const file = await readFile(new URL('../../openapi.yaml', import.meta.url), 'utf8')
  const yaml = await app.inject({ url: '/openapi.yaml' })
  t.equal(yaml.body, file)
  t.equal(yaml.headers['content-type'], 'application/yaml')
  t.match(yaml.headers['cache-control'], /^public/)
  const json = await app.inject({ url: '/openapi.json' })
  t.same(json.json(), parse(file))
  const again = await app.inject({ url: '/openapi.json', headers: { 'if-none-match': String(json.headers.etag) } })
  t.equal(again.statusCode, 304)
  const small = await app.inject({ url: '/openapi.json', headers: { 'accept-encoding': 'br' } })
  t.equal(small.headers['content-encoding'], 'br')
  t.ok(small.rawPayload.length * 5 < json.rawPayload.length)
})

t.test('the pages load nothing from other hosts, run no inline script, and all their assets exist', async t => {
  const { app } = await testApp(t)
  for (const url of ['/', '/search?q=decorator', '/docs', '/graphiql']) {
    const { body, headers, statusCode } = await app.inject({ url, headers: { accept: 'text/html' } })
    t.equal(statusCode, 200, url)
    const policy = String(headers['content-security-policy'])
    t.match(policy, /^default-src 'none'/)
    t.notMatch(policy, /unsafe|\*/)
    t.notMatch(body, /<script(?![^>]*( src=|type="application\/))| style=| on[a-z]+="|src="(https?:)?\/\//)
    for (const [, asset = ''] of body.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)) {
      const loaded = await app.inject({ url: `/${asset}` })
      t.equal(loaded.statusCode, 200, asset)
      t.match(loaded.headers['content-type'], /^(text\/css|text\/javascript|image\/svg)/)
      t.equal(loaded.headers['cache-control'], 'public, max-age=31536000, immutable')
      t.notOk(loaded.headers['curriculum-cursor'])
    }
  }
})

t.test('only the files a page needs are served', async t => {
  const { app } = await testApp(t)
  for (const url of ['/assets/package.json', '/assets/..%2fpages.ts', '/assets/swagger-ui.js', '/assets/'])
    t.equal((await app.inject({ url })).statusCode, 404, url)
})

t.test('/docs lists the operations without JavaScript, and both tools lead back to the home page', async t => {
  const { app } = await emptyApp(t, { configuredUrl: 'https://school.example/learn' })
  const docs = await app.inject('/docs')
  t.match(docs.headers['content-security-policy'], "connect-src 'self' https://school.example;")
  t.match(docs.body, /<noscript>.*<li><code><b>GET<\/b> \/v1\/search<\/code> Search all nouns<\/li>.*<\/noscript>/s)
  const { paths } = (await app.inject('/openapi.json')).json<{ paths: Record<string, object> }>()
  for (const path of Object.keys(paths)) t.match(docs.body, `</b> ${path}</code>`)
  for (const url of ['/docs', '/graphiql'])
    t.match((await app.inject(url)).body, '<a href="./" aria-label="To the home page">← Curriculum</a>')
})

t.test('the three queries in which GraphiQL opens find something', async t => {
  const { app } = await testApp(t)
  const script = (await app.inject('/assets/graphiql-page.js')).body
  const queries = [...script.matchAll(/`(#[^`]+)`/g)].map(([, query = '']) => query)
  t.equal(queries.length, 3)
  for (const query of queries) {
    const { data, errors } = (await app.inject({ method: 'POST', url: '/graphql', payload: { query } })).json<{
      data: Record<string, unknown[]>
      errors?: object[]
    }>()
    t.equal(errors, undefined)
    t.ok(JSON.stringify(data).length > 300)
  }
})

t.test('GraphiQL can be switched off', async t => {
  const { app } = await testApp(t, { graphiql: false })
  t.equal((await app.inject({ url: '/graphiql' })).statusCode, 404)
  t.notMatch((await app.inject({ url: '/' })).body, /graphiql/i)
})

t.test('/favicon.ico holds three sizes, and /apple-touch-icon.png is a picture of 180 pixels', async t => {
  const { app } = await emptyApp(t)
  const { rawPayload: icon, headers } = await app.inject('/favicon.ico')
  t.match(headers, { 'content-type': 'image/vnd.microsoft.icon', 'cache-control': 'public, max-age=86400' })
  t.same([icon.readUInt16LE(0), icon.readUInt16LE(2)], [0, 1])
  const sizes = Array.from({ length: icon.readUInt16LE(4) }, (_, index) => {
    const [length, offset] = [icon.readUInt32LE(6 + index * 16 + 8), icon.readUInt32LE(6 + index * 16 + 12)]
    return pngSize(icon.subarray(offset, offset + length))
  })
  t.same(sizes, ['16×16', '32×32', '48×48'])
  const touch = await app.inject('/apple-touch-icon.png')
  t.equal(touch.headers['content-type'], 'image/png')
  t.equal(pngSize(touch.rawPayload), '180×180')
})

/** Returns the size in the header of a PNG. */
const pngSize = (png: Buffer): string => {
  if (png.toString('latin1', 1, 4) !== 'PNG') throw new Error('It is no PNG.')
  return `${png.readUInt32BE(16)}×${png.readUInt32BE(20)}`
}

t.test('/robots.txt names the sitemap; if reading needs a key, it keeps crawlers out', async t => {
  const { app } = await emptyApp(t, { publicUrl: () => 'https://school.example/learn' })
  const open = await app.inject('/robots.txt')
  t.match(open.headers, { 'content-type': 'text/plain; charset=utf-8' })
  t.equal(open.body, 'User-agent: *\nDisallow: /learn/search?\n\nSitemap: https://school.example/learn/sitemap.xml\n')
  const closed = await emptyApp(t, { readingNeedsKey: true })
  t.equal((await closed.app.inject('/robots.txt')).body, 'User-agent: *\nDisallow: /\n')
  t.equal((await closed.app.inject('/sitemap.xml')).statusCode, 401)
})

t.test('/sitemap.xml lists every page that search engines should show', async t => {
  const { app } = await testApp(t)
  const { body, headers } = await app.inject('/sitemap.xml')
  t.match(headers, { 'content-type': 'application/xml; charset=utf-8' })
  const urls = [...body.matchAll(/<url><loc>https:\/\/curriculum\.example(\/[^<]*)<\/loc><lastmod>([^<]+)<\/lastmod>/g)]
  t.equal(urls.length, body.match(/<url>/g)?.length)
  t.equal(urls.length, 2 + 187 + 8 + 3)
  t.ok(urls.every(([, , time]) => time === new Date(String(time)).toISOString()))
  for (const [, path = ''] of [...urls.slice(0, 5), ...urls.slice(-5)]) {
    const page = await app.inject({ url: path, headers: { accept: 'text/html' } })
    t.equal(page.statusCode, 200, path)
    t.match(page.body, `<link rel="canonical" href="https://curriculum.example${path}">`)
  }
})

t.test('a sitemap names the translations of a track, and is divided above its limit', async t => {
  const { app, catalog, load } = await emptyApp(t)
  t.match((await app.inject('/sitemap.xml')).body, '<url><loc>https://curriculum.example/</loc></url>')
  await load(documentOf({ slug: 'one', language: 'en' }, skills('en')))
  await load(documentOf({ slug: 'eins', language: 'de' }, skills('de')))
  await load(documentOf({ slug: 'other' }, skills('en')))
  await app.inject({
    method: 'PATCH',
    url: '/v1/tracks/eins',
    headers: { ...asAdmin, 'if-match': '*', 'content-type': 'application/merge-patch+json' },
    payload: { translationOf: 'one' },
  })
  const { body } = await app.inject('/sitemap.xml')
  t.equal(
    body.match(/<xhtml:link rel="alternate" hreflang="de" href="https:\/\/curriculum\.example\/tracks\/eins"\/>/g)
      ?.length,
    2,
  )
  const locations = (xml: unknown) => [...String(xml).matchAll(/<loc>([^<]+)/g)].map(([, url]) => url)
  const all = locations(body)
  t.equal(all.length, 10)
  const site = plainSite(() => 'https://curriculum.example')
  const index = await sitemap(catalog, site, undefined, 4)
  t.match(index.body, '<sitemapindex')
  t.same(
    locations(index.body),
    [1, 2, 3].map(part => `https://curriculum.example/sitemap.xml?part=${part}`),
  )
  const parts = await Promise.all([1, 2, 3].map(part => sitemap(catalog, site, part, 4)))
  t.same(
    parts.flatMap(part => locations(part.body)),
    all,
  )
  t.equal((await app.inject('/sitemap.xml?part=1')).body, body)
  t.equal((await app.inject('/sitemap.xml?part=2')).statusCode, 404)
  t.equal((await app.inject('/sitemap.xml?part=x')).statusCode, 400)
})

t.test('a sitemap has the structure of sitemaps.org: elements, their order, and absolute, escaped URLs', async t => {
  const { catalog, load } = await emptyApp(t)
  await load(documentOf({ slug: 'one', language: 'en' }, skills('en')))
  await load(documentOf({ slug: 'two', language: 'en' }, skills('en')))
  const site = plainSite(() => 'https://curriculum.example/a&b')
  const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false })
  const childrenOf = (element: Record<string, unknown>) =>
    Object.entries(element)
      .filter(([name]) => name !== ':@')
      .map(([name, content]) => ({ name, content: content as Record<string, unknown>[] }))
  for (const [part, limit, root, entry] of [
    [undefined, 50_000, 'urlset', 'url'],
    [2, 3, 'urlset', 'url'],
    [undefined, 3, 'sitemapindex', 'sitemap'],
  ] as const) {
    const body = String((await sitemap(catalog, site, part, limit)).body)
    t.equal(XMLValidator.validate(body), true)
    t.ok(Buffer.byteLength(body) / body.split('<loc>').length < 1_000, '50,000 URLs are less than 50 MB')
    const [, document, ...others] = parser.parse(body) as Record<string, unknown>[]
    t.same(others, [])
    t.match(document, { ':@': { '@_xmlns': 'http://www.sitemaps.org/schemas/sitemap/0.9' } })
    const [element] = childrenOf(document ?? {})
    t.equal(element?.name, root)
    const entries = element?.content.flatMap(childrenOf) ?? []
    t.ok(entries.length > 0 && entries.length <= limit)
    for (const { name, content } of entries) {
      t.equal(name, entry)
      const names = content.flatMap(one => childrenOf(one).map(child => child.name)).join(' ')
      t.match(names, root === 'urlset' ? /^loc( lastmod)?( xhtml:link)*$/ : /^loc( lastmod)?$/)
    }
    for (const [, location = ''] of body.matchAll(/<loc>([^<]*)<\/loc>/g))
      t.match(location, /^https:\/\/curriculum\.example\/a&amp;b\/[\w./?=-]*$/)
  }
})

t.test('a page that does not exist links what was probably meant, in a language that the client reads', async t => {
  const { app } = await testApp(t)
  const page = async (url: string, language = 'en') =>
    app.inject({ url, headers: { accept: 'text/html', 'accept-language': language } })
  const english = await page('/tracks/pyhton')
  t.equal(english.statusCode, 404)
  t.match(english.headers, { vary: 'Accept, Accept-Language', 'cache-control': 'no-store' })
  t.match(english.body, 'Did you mean <a href="../tracks/python">Python</a>?')
  t.match(english.body, '<input type="search" name="q" value="pyhton"')
  const german = await page('/tracks/python/skills/decorater', 'fr, de-AT;q=0.9, en;q=0.5')
  t.match(german.body, '<html lang="de"')
  t.match(german.body, 'Meintest du <a href="../../../tracks/python/skills/decorators">Decorators</a>?')
  t.match((await page('/doc')).body, 'Did you mean <a href="docs">/docs</a>?')
  t.match((await page('/a/b%20c.html', 'xx')).body, '<html lang="en"')
  t.match((await page('/nope/list-comprehensions.html')).body, 'value="list comprehensions"')
  await app.inject({ method: 'DELETE', url: '/v1/tracks/python', headers: { ...asAdmin, 'if-match': '*' } })
  const removed = await page('/tracks/python', 'de')
  t.equal(removed.statusCode, 410)
  t.match(removed.body, '<h1>Diese Seite wurde entfernt</h1>')
  t.notMatch(removed.body, 'class="meant"')
})

t.test('a page for an invalid request says what is wrong with it', async t => {
  const { app } = await testApp(t)
  const page = async (url: string) => app.inject({ url, headers: { accept: 'text/html' } })
  const refused = await page('/tracks/python.svg?tier=none')
  t.equal(refused.statusCode, 400)
  t.match(refused.body, /<h1>This address cannot be read<\/h1>\n<p class="lead" lang="en">&quot;tier&quot; cannot be/)
  const limited = await testApp(t, { ratePerMinute: 1 })
  const pages = await Promise.all(
    [1, 2].map(() => limited.app.inject({ url: '/tracks/python', headers: { accept: 'text/html' } })),
  )
  const last = pages.find(({ statusCode }) => statusCode === 429)
  t.match(last?.body, '<h1>This did not work</h1>')
  t.ok(Number(last?.headers['retry-after']) > 0)
  const wrongMethod = await app.inject({ method: 'POST', url: '/docs', headers: { accept: 'text/html' } })
  t.equal(wrongMethod.statusCode, 405)
  t.match(wrongMethod.headers, { allow: /GET/ })
})

t.test('/docs lists every operation of the description, with its summary, below its tag', async t => {
  const { tags, paths } = parse(await readFile('openapi.yaml', 'utf8')) as {
    tags: { name: string; description: string }[]
    paths: Record<string, Record<string, { tags: string[]; summary: string }>>
  }
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({
      tag: one.tags[0],
      method: method.toUpperCase(),
      path,
      summary: one.summary,
    })),
  )
  t.same(
    await listOperations(),
    tags.map(({ name, description }) => ({
      name,
      description,
      operations: operations.filter(one => one.tag === name),
    })),
  )
})
