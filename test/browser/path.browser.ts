import { writeFile } from 'node:fs/promises'
import type { BrowserContextOptions, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { exportHtml } from '../../src/web/track/track-page.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'
import { axeViolations, desk, launchBrowser, openPage } from '../fixtures/browser.ts'

const browser = await launchBrowser(t)

const { app, catalog } = await testApp(t)
await app.listen({ port: 0, host: '127.0.0.1' })
const python = `${app.listeningOrigin}/tracks/python`

const phone = { viewport: { width: 390, height: 740 }, hasTouch: true }

/** Opens a page; any browser error fails the test. */
const open = (t: Test, url: string, options?: BrowserContextOptions): Promise<Page> =>
  openPage(t, browser, url, options)

const picker = (page: Page) => page.locator('#target')
const focusedId = (page: Page) => page.evaluate(() => document.activeElement?.id)

t.test('a target is picked by typing, with mistakes, by the keyboard alone', async t => {
  const page = await open(t, python)
  await picker(page).focus()
  await page.keyboard.type('metaclases')
  const options = page.getByRole('listbox').getByRole('option')
  t.match(await options.first().textContent(), 'Metaclasses')
  t.equal(await picker(page).getAttribute('aria-expanded'), 'true')
  t.match(await page.locator('#target-status').textContent(), /result/)
  await page.keyboard.press('ArrowDown')
  t.equal(await picker(page).getAttribute('aria-activedescendant'), await options.first().getAttribute('id'))
  t.equal(await options.first().getAttribute('aria-selected'), 'true')
  t.equal(await focusedId(page), 'target', 'the focus stays in the input')
  await page.keyboard.press('Escape')
  t.notOk(await page.locator('#target-options').isVisible())
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowDown')
  await Promise.all([page.waitForURL(`${python}?to=metaclasses#path`), page.keyboard.press('Enter')])
  t.equal(await page.locator('#path-title').textContent(), 'Your path to Metaclasses')
  await page.goBack()
  t.equal(await page.locator('#path-title').textContent(), 'Find your path')
  t.match(await page.locator('.resume').textContent(), 'Continue your path to Metaclasses')
  await picker(page).fill('url shortener')
  await options.first().click()
  await page.waitForURL(`${python}?to=project:url-shortener#path`)
})

t.test('what no skill or project matches is left to the server, which answers with a message', async t => {
  const page = await open(t, python)
  page.removeAllListeners('console') // The browser reports the 404.
  await picker(page).fill('qqqqqq')
  t.equal(await page.locator('#target-status').textContent(), 'No skill or project matches.')
  await page.keyboard.press('Enter')
  await page.waitForURL(/to=qqqqqq/)
  t.match(await page.locator('main').textContent(), 'There is no skill or project called “qqqqqq” in Python.')
  await complaints(t, page, 'the page of an unknown target')
})

t.test('known skills are taken off the path, and steps that are ticked stay until the next visit', async t => {
  const page = await open(t, `${python}?to=decorators`)
  const steps = page.locator('#path-steps > li')
  const all = await steps.count()
  t.equal(await page.locator('#path-length').textContent(), `${all} skills left`)
  await page.locator('#path-steps').getByLabel('I know Functions', { exact: true }).check()
  t.ok(await page.locator('[data-step=functions]').isVisible())
  t.equal(await page.locator('[data-step=variables].known').count(), 1, 'what a known skill builds on is known')
  const known = await page.locator('#path-steps > .known').count()
  t.ok(known > 2)
  t.equal(await page.locator('#path-length').textContent(), `${all - known} skills left`)
  t.match(await page.locator('.layers [data-node=functions]').getAttribute('aria-label'), /you know this/)
  t.ok(await page.locator('.stages [data-skill=functions] input').isChecked(), 'the whole page knows it')
  await page.reload()
  t.notOk(await page.locator('[data-step=functions]').isVisible())
  await page.getByRole('button', { name: `Show the ${known} that you know` }).click()
  t.ok(await page.locator('[data-step=functions]').isVisible())
  t.equal(
    await page.locator('.layers .card:not(.known) .badge text').first().textContent(),
    '1',
    'the remaining steps are numbered from 1',
  )
  await page.locator('#path-steps').getByLabel('I know Decorators', { exact: true }).check()
  t.equal(await page.locator('#path-length').textContent(), 'You know everything on this path.')
})

t.test('an old link to a path leads to its new address, also with the panel open', async t => {
  const page = await open(t, `${python}#to=decorators`)
  await page.waitForURL(`${python}?to=decorators#path`)
  await page.goto(`${python}#skill-metaclasses`)
  await page.locator('#panel').getByRole('link', { name: 'Show the path to it' }).click()
  await page.waitForURL(`${python}?to=metaclasses#path`)
})

t.test('the link of a path can be copied', async t => {
  const page = await open(t, `${python}?to=decorators`, { ...desk, permissions: ['clipboard-read', 'clipboard-write'] })
  await page.getByRole('button', { name: 'Copy link' }).click()
  await page.getByRole('button', { name: 'Link copied' }).waitFor()
  t.equal(await page.evaluate(() => navigator.clipboard.readText()), `${python}?to=decorators`)
})

t.test(
  'the graph is zoomed by buttons, keys and the wheel with Ctrl, and the wheel alone scrolls the page',
  async t => {
    const page = await open(t, `${python}?to=web-application-security`)
    const drawing = page.locator('.graph svg:visible')
    const width = async () => Math.round((await drawing.boundingBox())?.width ?? 0)
    const before = await width()
    await page.getByRole('button', { name: 'Zoom in' }).click()
    t.ok(Math.abs((await width()) - before * 1.25) <= 1)
    await page.keyboard.press('0')
    t.equal(await width(), before)
    await page.keyboard.press('-')
    t.ok(Math.abs((await width()) - before * 0.8) <= 1)
    await page.keyboard.press('+')
    t.equal(await width(), before)
    await drawing.hover()
    const scrolled = () => page.evaluate(() => scrollY)
    const start = await scrolled()
    await page.mouse.wheel(0, 200)
    await page.waitForFunction(from => scrollY > from, start)
    t.equal(await width(), before)
    await page.keyboard.down('Control')
    await page.mouse.wheel(0, -100)
    await page.keyboard.up('Control')
    t.ok((await width()) > before)
  },
)

t.test('a card has the focus of the keyboard, highlights its edges, and leads to its page', async t => {
  const page = await open(t, `${python}?to=decorators`)
  const card = page.locator('.graph svg:visible a[data-node=containers]')
  await card.focus()
  t.equal(await page.locator('.graph svg:visible .near').count(), 2, 'a prerequisite and a dependent')
  t.equal(await card.getAttribute('aria-label'), 'Step 6: Containers (Beginner)')
  await page.locator('.graph svg:visible a[data-node=lambdas]').focus()
  t.not(await page.locator('.graph svg:visible .near').count(), 0)
})

for (const width of [320, 390, 768, 1024, 1280, 1440, 1920])
  t.test(`at ${width} pixels the path fits the page, and titles in graphs can be read`, async t => {
    for (const to of [
      'decorators',
      'http-and-web-fundamentals',
      'web-application-security',
      'architectural-leadership',
    ]) {
      const page = await open(t, `${python}?to=${to}`, { viewport: { width, height: 900 } })
      const section = await page.locator('#path').evaluate(path => path.scrollWidth - path.clientWidth)
      t.equal(section, 0, to)
      t.equal(await page.locator('.graph svg:visible').count(), 1)
      const scale = await page
        .locator('.graph svg:visible')
        .evaluate(svg => svg.getBoundingClientRect().width / (svg as SVGSVGElement).viewBox.baseVal.width)
      t.ok(scale >= 0.78, `${to}: ${scale}`)
      await page.close()
    }
  })

t.test('without a script the form, the list and the graph are there', async t => {
  const page = await open(t, python, { ...desk, javaScriptEnabled: false })
  await picker(page).fill('Decorators')
  await page.getByRole('button', { name: 'Show the path' }).click()
  t.match(page.url(), /\?to=Decorators#path$/)
  t.ok((await page.locator('#path-steps > li:visible').count()) > 3)
  t.ok(await page.locator('.graph svg:visible').isVisible())
  t.equal(await page.locator('#path button:visible').count(), 1, 'that of the form')
  await page.locator('#path-steps').getByRole('link', { name: 'Lambdas' }).click()
  t.match(page.url(), /\/skills\/lambdas\?to=decorators$/)
})

t.test('the exported file lists the steps of a path', async t => {
  const document = await catalog.document('python')
  if (document === undefined) throw new Error('no track')
  const file = `${t.testdir()}/python.html`
  await writeFile(file, exportHtml(document))
  const page = await open(t, `file://${file}`)
  await picker(page).fill('decorators')
  await page.keyboard.press('Enter')
  t.equal(await page.locator('#path-title').textContent(), 'Your path to Decorators')
  t.ok((await page.locator('#path-steps > li:visible').count()) > 3)
  t.match(page.url(), /#to=decorators$/)
  t.equal(await focusedId(page), 'path-title', 'the path is where the reader is')
  await page.goto(`file://${file}#to=project:url-shortener`)
  t.match(await page.locator('#path-title').textContent(), 'URL Shortener')
  await page.locator('#path-steps').getByRole('checkbox').first().check()
  t.match(await page.locator('#path-length').textContent(), /skills left$/)
})

t.test('a path in a language from right to left is mirrored', async t => {
  const { app, load } = await emptyApp(t)
  await load(
    documentOf(
      { slug: 'rtl', title: 'بايثون', language: 'ar' },
      {
        category: [{ slug: 'c', title: 'أساسيات' }],
        skill: [
          { slug: 'a', title: 'المتغيرات' },
          { slug: 'b', title: 'الدوال', prerequisites: ['a'] },
          { slug: 'c', title: 'Decorators', prerequisites: ['b', 'a'] },
        ].map(skill => ({ category: 'c', tier: 'beginner', ...skill })),
      },
    ),
  )
  await app.listen({ port: 0, host: '127.0.0.1' })
  const page = await open(t, `${app.listeningOrigin}/tracks/rtl?to=c`, phone)
  for (const card of await page.locator('.lanes .card').all()) {
    const frame = await card.locator('.ground').boundingBox()
    const text = await card.locator('g > text').first().boundingBox()
    if (frame === null || text === null) throw new Error('a card is not visible')
    t.ok(text.x >= frame.x && text.x + text.width <= frame.x + frame.width, 'the title is within its card')
    t.ok(frame.x + frame.width - (text.x + text.width) < 40, 'the title begins at the right')
  }
  await complaints(t, page, 'from right to left')
})

for (const [name, options] of [
  ['light', { ...desk, colorScheme: 'light' }],
  ['on a phone in the dark', { ...phone, colorScheme: 'dark' }],
] as const)
  t.test(`axe finds no violations in a path: ${name}`, async t => {
    const page = await open(t, `${python}?to=web-application-security`, options)
    await page.locator('#path-steps').getByLabel('I know Functions', { exact: true }).check()
    await complaints(t, page, 'with a known step')
    await picker(page).fill('test')
    await page.locator('#target-options').waitFor()
    await complaints(t, page, 'with options')
  })

const complaints = async (t: Test, page: Page, when: string): Promise<void> => {
  t.same(await axeViolations(page), [], when)
}
