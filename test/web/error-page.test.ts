import t from 'tap'
import { asAdmin, documentOf, emptyApp, testApp } from '../fixtures/app.ts'

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const asBrowser = { accept: browser }

t.test('an address that cannot be decoded is an error page for browsers, and a problem for programs', async t => {
  const { app } = await emptyApp(t, { site: { embedOrigins: ['https://academy.example'] } })
  for (const url of ['/tracks/%ff', '/%zz', `/tracks/${'x'.repeat(300)}`]) {
    const page = await app.inject({ url, headers: { ...asBrowser, 'accept-language': 'de' } })
    t.equal(page.statusCode, url.length > 200 ? 414 : 400, url)
    t.match(page.headers, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': /^default-src 'none'/,
      'x-frame-options': 'SAMEORIGIN',
      'x-request-id': /./,
    })
    t.match(page.body, '<html lang="de"')
    t.match(page.body, 'class="site-header"')
    const problem = await app.inject(url)
    t.equal(problem.headers['content-type'], 'application/problem+json; charset=utf-8')
    t.equal(problem.statusCode, page.statusCode)
  }
  for (const url of ['/v1/skills/%ff', '/graphql/%ff', '/ims/case/v1p1/CFItems/%ff'])
    t.match((await app.inject({ url, headers: asBrowser })).headers['content-type'], /json/, url)
  const framed = await app.inject({ url: '/tracks/%ff?embed=1', headers: asBrowser })
  t.equal(framed.statusCode, 400)
  t.notMatch(framed.body, 'class="site-header"')
  t.notOk('x-frame-options' in framed.headers)
})

t.test('the page for what does not exist, or was removed, lists the tracks', async t => {
  const { app, load } = await emptyApp(t)
  await load(documentOf({ slug: 'go', title: 'Go' }, {}))
  await load(documentOf({ slug: 'ar', title: 'بايثون', language: 'ar' }, {}))
  await load(documentOf({ slug: 'old' }, {}))
  const headers = { ...asAdmin, 'if-match': '*' }
  t.equal((await app.inject({ method: 'DELETE', url: '/v1/tracks/old', headers })).statusCode, 204)
  for (const [url, status] of [
    ['/tracks/nope/skills/nothing', 404],
    ['/tracks/go/skills/nothing', 404],
    ['/one/two/three', 404],
    ['/tracks/old/skills/old', 410],
  ] as const) {
    const { statusCode, body } = await app.inject({ url, headers: asBrowser })
    t.equal(statusCode, status, url)
    const links = [...body.matchAll(/<li><a href="([^"]*)" lang="(\w+)" dir="auto">([^<]*)<\/a><\/li>/g)]
    t.same(
      links.map(([, href, language, title]) => [
        new URL(String(href), `http://localhost${url}`).pathname,
        language,
        title,
      ]),
      [
        ['/tracks/go', 'en', 'Go'],
        ['/tracks/ar', 'ar', 'بايثون'],
      ],
    )
  }
})

t.test('where reading needs a key, an error page does not list the tracks', async t => {
  const { app, load } = await emptyApp(t, { readingNeedsKey: true })
  await load(documentOf({ slug: 'go', title: 'Golang' }, {}))
  const { statusCode, body } = await app.inject({ url: '/assets/nothing', headers: asBrowser })
  t.equal(statusCode, 404)
  t.notMatch(body, 'Golang')
})

t.test('an error page may be in a frame exactly when the page that was requested may', async t => {
  const { app } = await testApp(t, { site: { embedOrigins: ['https://academy.example'] } })
  for (const url of [
    '/tracks/nope',
    '/nope',
    '/tracks/python/skills/nope',
    '/tracks/python?to=nope',
    '/search?track=nope',
  ]) {
    const parameter = url.includes('?') ? '&embed=1' : '?embed=1'
    const framed = await app.inject({ url: `${url}${parameter}`, headers: asBrowser })
    t.ok(framed.statusCode >= 400, url)
    t.match(framed.headers['content-security-policy'], /frame-ancestors https:\/\/academy\.example$/, url)
    t.notOk('x-frame-options' in framed.headers, url)
    const alone = await app.inject({ url, headers: asBrowser })
    t.match(alone.headers, {
      'content-security-policy': /frame-ancestors 'none'$/,
      'x-frame-options': 'SAMEORIGIN',
    })
  }
})
