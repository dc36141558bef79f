import type { BrowserContextOptions, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'
import { axeViolations, desk, launchBrowser, openPage } from '../fixtures/browser.ts'

const browser = await launchBrowser(t)

const { app, catalog } = await testApp(t)
await app.listen({ port: 0, host: '127.0.0.1' })
const origin = app.listeningOrigin

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, colorScheme: 'dark' as const }

/** Opens a page; any error of a script fails the test. */
const open = (t: Test, url: string, options: BrowserContextOptions = desk): Promise<Page> =>
  openPage(t, browser, url, { ...options, fails: true })

t.test('a learner gets from the home page to what to learn next in two clicks', async t => {
  const page = await open(t, `${origin}/`)
  await page.getByRole('link', { name: 'Start the Python roadmap' }).click()
  t.match(page.url(), /\/tracks\/python$/)
  t.ok(await page.getByRole('heading', { name: 'What to learn next' }).isVisible())
})

t.test('the home page shows the progress that this browser stores', async t => {
  const page = await open(t, `${origin}/`)
  t.notOk(await page.locator('.progress').isVisible())
  const id = JSON.parse(String((await catalog.byKeys('track', ['python']))[0]?.json)).id
  await page.evaluate(
    ([track]) => localStorage.setItem(`curriculum:${track}`, JSON.stringify({ known: ['a', 'b', 'c'], target: null })),
    [id],
  )
  await page.reload()
  t.equal(
    await page
      .locator('.progress')
      .textContent()
      .then(text => text?.trim()),
    '3 of 187 learnt',
  )
  t.ok(await page.getByRole('link', { name: 'Continue the Python roadmap' }).isVisible())
})

t.test('with several tracks, each card has its progress', async t => {
  const several = await emptyApp(t)
  for (const slug of ['one', 'two'])
    await several.load(
      documentOf(
        { slug, title: slug },
        { category: [{ slug: 'a' }], skill: [{ slug: 's', category: 'a', tier: 'senior' }] },
      ),
    )
  await several.app.listen({ port: 0, host: '127.0.0.1' })
  const page = await open(t, several.app.listeningOrigin)
  const id = JSON.parse(String((await several.catalog.byKeys('track', ['two']))[0]?.json)).id
  await page.evaluate(([track]) => localStorage.setItem(`curriculum:${track}`, '{"known":["a","b"]}'), [id])
  await page.reload()
  t.same(await page.locator('.track .start').allTextContents(), ['Start', 'Continue'])
  t.equal(await page.getByRole('link', { name: 'Continue the two roadmap' }).count(), 1)
  t.equal(await page.locator('.progress:visible').count(), 1)
  t.same(await axeViolations(page), [])
})

t.test('everything can be searched with the keyboard alone, from any page', async t => {
  const page = await open(t, `${origin}/tracks/python/skills/decorators`)
  const search = page.getByRole('searchbox', { name: 'Search all roadmaps' })
  await search.focus()
  await page.keyboard.type('genrator')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/search\?q=genrator/)
  t.match(await page.getByRole('status').textContent(), /^Showing results for generator: “?genrator/)
  const first = page.locator('.hits a').first()
  await first.focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/tracks\/python\//)
  await page.goBack()
  t.match(page.url(), /\/search\?q=genrator/)
})

t.test('without JavaScript, search and its filters work', async t => {
  const page = await open(t, `${origin}/`, { ...phone, javaScriptEnabled: false })
  await page.getByRole('searchbox').fill('testing')
  await page.getByRole('button', { name: 'Search' }).click()
  await page.getByRole('link', { name: 'Projects' }).click()
  t.match(page.url(), /\/search\?q=testing&noun=project$/)
})

for (const [name, options] of [
  ['desktop', desk],
  ['phone, dark', phone],
] as const)
  t.test(`the home page, search and errors are accessible and fit (${name})`, async t => {
    for (const path of ['/', '/search', '/search?q=decoratr', '/search?q=qqqqq', '/tracks/pyhton', '/nope']) {
      const page = await open(t, origin + path, options)
      t.same(await axeViolations(page), [], path)
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      t.ok(overflow <= 0, `${path} is ${overflow} pixels too wide`)
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('a, button, input, select')]
          .filter(one => !one.matches('.skip, p:not([class]) a'))
          .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height] as const)
          .filter(([, height]) => height > 0 && height < 24),
      )
      t.same(small, [], `${path}: every target is at least 24 pixels high`)
      await page.context().close()
    }
  })

t.test('the API reference is dark in dark mode, and GraphiQL opens with three queries', async t => {
  const docs = await open(t, `${origin}/docs`, phone)
  await docs.locator('.opblock').first().waitFor()
  const background = await docs.evaluate(
    () => getComputedStyle(document.querySelector('.swagger-ui') as Element).backgroundColor,
  )
  t.match(background, /^rgb\(\d{2}, \d{2}, \d{2}\)$/, 'each channel is below 100')
  await docs.getByRole('link', { name: 'To the home page' }).click()
  t.equal(docs.url(), `${origin}/`)
  const graphiql = await open(t, `${origin}/graphiql`)
  await graphiql.getByRole('tab').first().waitFor()
  t.same(
    (await graphiql.getByRole('tab').allTextContents()).map(text => text.split(' ')[0]),
    ['Next', 'Skills', 'Path'],
  )
})

t.test('on tablets the drawing of the home page is beside the text, and on phones there is none', async t => {
  const several = await emptyApp(t)
  for (const slug of ['one', 'two'])
    await several.load(
      documentOf({ slug }, { category: [{ slug: 'a' }], skill: [{ slug: 's', category: 'a', tier: 'senior' }] }),
    )
  await several.app.listen({ port: 0, host: '127.0.0.1' })
  for (const url of [origin, several.app.listeningOrigin]) {
    const page = await open(t, url)
    for (const width of [720, 820, 1024, 1199, 1440]) {
      await page.setViewportSize({ width, height: 800 })
      const { drawing, texts } = await page.evaluate(() => {
        const boxOf = (element: Element | null) => element?.getBoundingClientRect()
        return {
          drawing: boxOf(document.querySelector('.way')),
          texts: [...document.querySelectorAll('.welcome > :not(.way)')].map(boxOf),
        }
      })
      t.ok(drawing && drawing.width > 200, `${width}`)
      for (const text of texts)
        t.ok(
          Number(text?.right) <= Number(drawing?.left) || Number(text?.top) >= Number(drawing?.bottom),
          `${width}: the drawing covers no text`,
        )
    }
    await page.setViewportSize({ width: 390, height: 800 })
    t.notOk(await page.locator('.way').isVisible())
  }
})
