import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContextOptions, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { documentOf, testApp } from '../fixtures/app.ts'
import { axeViolations, launchBrowser, openPage } from '../fixtures/browser.ts'

const browser = await launchBrowser(t)

/** Serves pages of a bootcamp on an origin of its own, with a strict policy. */
const bootcampSite = async (t: Test) => {
  let service = ''
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(String(request.url), 'http://localhost')
    const body = pathname === '/style.css' ? String(searchParams.get('css')) : page(service, searchParams)
    response.setHeader('content-type', pathname === '/style.css' ? 'text/css' : 'text/html; charset=utf-8')
    response.setHeader(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; script-src ${service}; connect-src ${service}; frame-src ${service}`,
    )
    response.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    embed: (origin: string) => {
      service = origin
    },
  }
}

const page = (service: string, parameters: URLSearchParams): string => `<!doctype html>
<html lang="${parameters.get('lang') ?? 'en'}">
<head><meta charset="utf-8"><title>Snake Academy</title><link rel="stylesheet" href="/style.css?css=${encodeURIComponent(parameters.get('css') ?? '')}">
<script type="module" src="${service}/embed.js"></script></head>
<body><main><h1>Snake Academy</h1>${parameters.get('html')?.replaceAll('SERVICE', service)}</main></body>
</html>`

const allowed = await bootcampSite(t)
const other = await bootcampSite(t)
const { app, load } = await testApp(t, { site: { embedOrigins: [allowed.origin] } })
const text = (title: string) => ({ title, tier: 'beginner' as const, category: 'basics' })
await load(
  documentOf(
    { slug: 'deutsch', title: 'Deutsch', language: 'de' },
    { category: [{ slug: 'basics', title: 'Grundlagen' }], skill: [{ slug: 'eins', ...text('Das `Eins`') }] },
  ),
)
await load(
  documentOf(
    { slug: 'arabic', title: 'بايثون', language: 'ar' },
    { category: [{ slug: 'basics', title: 'الأساسيات' }], skill: [{ slug: 'one', ...text('المتغيرات') }] },
  ),
)
await load(documentOf({ slug: 'empty', title: 'Nothing yet' }, {}))
await app.listen({ port: 0, host: '127.0.0.1' })
const service = app.listeningOrigin
for (const site of [allowed, other]) site.embed(service)

interface Visit extends BrowserContextOptions {
  lang?: string
  css?: string
  /** True if the browser reports errors on purpose. */
  fails?: boolean
}

/** Opens a page of a site that contains some HTML. */
const visit = async (t: Test, site: { origin: string }, html: string, { lang, css, ...options }: Visit = {}) => {
  const parameters = new URLSearchParams({ html, ...(lang && { lang }), ...(css && { css }) })
  return openPage(t, browser, `${site.origin}/?${parameters}`, options)
}

const element = (attributes: string, track = 'python') =>
  `<curriculum-roadmap src="SERVICE/tracks/${track}" ${attributes}></curriculum-roadmap>`
const hrefs = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll(links => links.map(link => (link as HTMLAnchorElement).href))

t.test('the roadmap is shown by stage on a page of another origin with a strict policy', async t => {
  const page = await visit(t, other, element(''))
  await page.getByRole('heading', { level: 2, name: 'Python' }).waitFor()
  t.same(await page.locator('.stage h3').evaluateAll(all => all.map(one => one.firstChild?.textContent)), [
    'Beginner',
    'Intermediate',
    'Advanced',
  ])
  const skills = app.inject('/v1/tracks/python/document').then(response => response.json().skills)
  t.equal(await page.locator('a[part~=skill]').count(), (await skills).length)
  t.ok((await hrefs(page, 'a[part~=skill]')).includes(`${service}/tracks/python/skills/decorators`))
  t.ok((await hrefs(page, 'a[part~=project]')).includes(`${service}/tracks/python/projects/url-shortener`))
  t.notOk(await page.getByRole('link', { name: 'Decorators', exact: true }).isVisible(), 'only the first stage is open')
  await page.locator('summary').nth(1).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.getByRole('link', { name: 'Decorators', exact: true }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(`${service}/tracks/python/skills/decorators`)
})

t.test('tier selects stages, target a path, and a change of an attribute shows the new content', async t => {
  const page = await visit(t, other, element('tier="senior"'))
  await page.locator('.stage').first().waitFor()
  t.equal(await page.locator('.stage').count(), 1)
  await page.locator('curriculum-roadmap').evaluate(one => one.setAttribute('target', 'decorators'))
  await page.getByRole('heading', { name: 'Your path to Decorators' }).waitFor()
  const steps = (await app.inject('/v1/tracks/python/path?to=decorators')).json().data
  t.same(
    await hrefs(page, '.step a'),
    steps.map(({ slug }: { slug: string }) => `${service}/tracks/python/skills/${slug}`),
  )
  t.same((await hrefs(page, '.more a'))[0], `${service}/tracks/python?to=decorators`)
  await page.locator('curriculum-roadmap').evaluate(one => one.setAttribute('target', 'project:url-shortener'))
  await page.getByRole('heading', { name: 'Your path to URL Shortener' }).waitFor()
  await page.locator('curriculum-roadmap').evaluate(one => {
    one.removeAttribute('target')
    one.removeAttribute('tier')
  })
  await page.locator('.stage').nth(2).waitFor()
})

t.test('words and direction follow the language of the track', async t => {
  const german = await visit(t, other, element('', 'deutsch'))
  await german.getByText('Den ganzen Lernweg öffnen').waitFor()
  t.equal(await german.locator('.facts').textContent(), '1 Thema')
  t.equal(await german.locator('a[part~=skill] code').textContent(), 'Eins')
  const arabic = await visit(t, other, element('', 'arabic'))
  const mark = await arabic.locator('.mark').boundingBox()
  const heading = await arabic.locator('h3').boundingBox()
  t.ok(Number(mark?.x) > Number(heading?.x), 'the line is on the right')
})

t.test('loading, missing and empty roadmaps are said in words, and a failed one can be tried again', async t => {
  const missing = await visit(t, other, element('', 'nope'), { fails: true, lang: 'de' })
  await missing.getByRole('alert').getByText('Diesen Lernweg gibt es nicht').waitFor()
  const wrong = await visit(t, other, element('target="nope"'), { fails: true })
  await wrong.getByRole('alert').getByText('has no such skill or project').waitFor()
  const mistaken = await visit(t, other, element('tier="advanced"'), { fails: true })
  await mistaken.getByRole('alert').waitFor()
  const unnamed = await visit(t, other, '<curriculum-roadmap></curriculum-roadmap>', { fails: true })
  await unnamed.getByText('The roadmap could not be loaded.').waitFor()
  const empty = await visit(t, other, element('', 'empty'))
  await empty.getByText('There is nothing to learn here yet.').waitFor()
  const context = await browser.newContext()
  t.teardown(() => context.close())
  const page = await context.newPage()
  let isReachable = false
  let release = () => {}
  const held = new Promise<void>(resolve => {
    release = resolve
  })
  await page.route('**/roadmap', async route => {
    if (isReachable) return route.continue()
    await held
    return route.abort()
  })
  await page.goto(`${other.origin}/?${new URLSearchParams({ html: element('') })}`)
  await page.getByRole('status').getByText('Loading the roadmap…').waitFor()
  t.equal(await page.locator('curriculum-roadmap').getAttribute('aria-busy'), 'true')
  release()
  await page.getByRole('alert').waitFor()
  isReachable = true
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.locator('.stage').nth(2).waitFor()
  t.equal(await page.locator('curriculum-roadmap').getAttribute('aria-busy'), null)
})

t.test('without the script, the content of the element is shown', async t => {
  const html =
    '<curriculum-roadmap src="SERVICE/tracks/python"><a href="SERVICE/tracks/python">Python</a></curriculum-roadmap>'
  const page = await visit(t, other, html, { javaScriptEnabled: false })
  t.ok(await page.getByRole('link', { name: 'Python' }).isVisible())
})

t.test('colors follow the color scheme of the page, custom properties and parts', async t => {
  const ground = (page: Page) =>
    page.locator('curriculum-roadmap').evaluate(one => getComputedStyle(one).backgroundColor)
  const color = (page: Page, part: string) =>
    page
      .locator(`[part~=${part}]`)
      .first()
      .evaluate(one => getComputedStyle(one).color)
  const show = async (css: string, colorScheme: 'light' | 'dark') => {
    const page = await visit(t, other, element(''), { css, colorScheme })
    await page.locator('.stage').first().waitFor()
    return page
  }
  t.equal(await ground(await show(':root{color-scheme:light dark}', 'light')), 'rgb(255, 255, 255)')
  t.equal(await ground(await show(':root{color-scheme:light dark}', 'dark')), 'rgb(27, 33, 30)')
  t.equal(await ground(await show('', 'dark')), 'rgb(255, 255, 255)', 'a page with light colors alone')
  const themed = await show(
    'curriculum-roadmap{--curriculum-accent:#b3261e;--curriculum-ground:#fff7f5;--curriculum-radius:3px}',
    'light',
  )
  t.equal(await ground(themed), 'rgb(255, 247, 245)')
  t.equal(await color(themed, 'skill'), 'rgb(179, 38, 30)')
  const parts = await show('curriculum-roadmap::part(title){color:#123456}', 'light')
  t.equal(await color(parts, 'title'), 'rgb(18, 52, 86)')
})

t.test('axe finds nothing in any state, and the element fits a phone', async t => {
  const phone = { viewport: { width: 390, height: 800 } }
  for (const colorScheme of ['light', 'dark'] as const)
    for (const [attributes, track, state] of [
      ['', 'python', '.stage'],
      ['target="decorators"', 'python', '.step'],
      ['', 'arabic', '.stage'],
      ['', 'nope', '[role=alert]'],
    ] as const) {
      const css = ':root{color-scheme:light dark;font-family:sans-serif}'
      const page = await visit(t, other, element(attributes, track), { ...phone, css, colorScheme, fails: true })
      await page.locator(state).first().waitFor()
      t.same(await axeViolations(page), [], `${state} ${colorScheme}`)
      t.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, 'no part is wider')
    }
})

t.test('an allowed origin may show embedded pages in a frame, another may not', async t => {
  const frame = '<iframe src="SERVICE/tracks/python?embed=1" title="Roadmap" width="900" height="700"></iframe>'
  const page = await visit(t, allowed, frame)
  const inside = page.frameLocator('iframe')
  await inside.getByRole('heading', { level: 1, name: 'Python' }).waitFor()
  t.equal(await inside.locator('.site-header, .site-footer').count(), 0)
  const links = await inside
    .locator('main a')
    .evaluateAll(all => all.map(one => (one as HTMLAnchorElement).href).filter(href => !href.includes('#')))
  const own = links.filter(href => href.startsWith(service))
  t.ok(own.length > 100)
  t.same(
    own.filter(href => !href.includes('embed=1')),
    [],
  )
  const forbidden = await visit(t, other, frame, { fails: true })
  await forbidden.waitForTimeout(500)
  t.equal(await forbidden.frameLocator('iframe').getByText('Python').count(), 0)
  const full = await visit(t, allowed, frame.replace('?embed=1', ''), { fails: true })
  await full.waitForTimeout(500)
  t.equal(await full.frameLocator('iframe').getByText('Python').count(), 0, 'only embedded pages')
})

t.test('the examples of docs/site.md work', async t => {
  const document = readFileSync(new URL('../../docs/site.md', import.meta.url), 'utf8')
  const examples = [...document.matchAll(/^```html\n(.*?)^```$/gms)].map(([, text = '']) =>
    text.replaceAll('https://curriculum.example', 'SERVICE'),
  )
  const [stages = '', path = '', frame = ''] = examples
  const withStages = await visit(t, other, stages)
  await withStages.getByRole('heading', { name: 'Beginner' }).waitFor()
  t.equal(await withStages.locator('.stage').count(), 1)
  const [style, css = ''] = /<style>(.*?)<\/style>/s.exec(path) ?? []
  const withPath = await visit(t, other, path.replace(String(style), ''), { css })
  const title = withPath.locator('[part=title]')
  await title.waitFor()
  t.equal(await title.evaluate(one => getComputedStyle(one).textTransform), 'uppercase')
  t.equal(
    await withPath
      .locator('.step a')
      .first()
      .evaluate(one => getComputedStyle(one).color),
    'rgb(179, 38, 30)',
  )
  const withFrame = await visit(t, allowed, frame)
  await withFrame.frameLocator('iframe').getByRole('heading', { level: 1, name: 'Python' }).waitFor()
})
