import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContextOptions, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { exportHtml } from '../../src/web/track/track-page.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'
import { axeViolations, desk, launchBrowser, openPage } from '../fixtures/browser.ts'
import { nestedTrack } from '../fixtures/nested-track.ts'
import { served } from '../fixtures/served.ts'

const browser = await launchBrowser(t)

const { app, catalog } = await testApp(t)
await app.listen({ port: 0, host: '127.0.0.1' })
const python = `${app.listeningOrigin}/tracks/python`

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true }

/** Opens a page and accepts its dialogs; any browser error fails the test. */
const open = async (t: Test, url: string, options?: BrowserContextOptions): Promise<Page> => {
  const page = await openPage(t, browser, url, options)
  page.on('dialog', dialog => dialog.accept())
  return page
}

const item = (page: Page, slug: string) => page.locator(`.stages [data-skill="${slug}"]`)
const link = (page: Page, slug: string) => item(page, slug).locator('> a')
/** Opens the area of a skill, which is closed on a phone. */
const openArea = async (page: Page, slug: string): Promise<void> => {
  const area = page.locator(`details.area:has([data-skill="${slug}"])`)
  await page.locator('.journey-count').first().getByText(' / ').waitFor()
  if ((await area.getAttribute('open')) === null) await area.locator('summary').click()
}
const title = (page: Page) => page.locator('#panel-title')
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim())
const next = (page: Page) => page.locator('#next a').allTextContents()

t.test('the first thing to do is the skill to learn next, and it leads to its page', async t => {
  const page = await open(t, python)
  const start = page.locator('#start')
  t.equal(await start.textContent(), 'Start with Python Syntax and REPL')
  t.equal((await next(page))[0], 'Python Syntax and REPL')
  await item(page, 'python-syntax-and-repl').getByRole('checkbox').check()
  t.match(await start.textContent(), /^Continue with /)
  t.notOk((await next(page)).includes('Python Syntax and REPL'))
  await start.click()
  t.match(page.url(), /\/tracks\/python\/skills\/[a-z-]+$/)
  await page.goBack()
  t.match(page.url(), /\/tracks\/python$/)
})

t.test('an item opens beside the overview with the content of its page, and has a place in the history', async t => {
  const page = await open(t, python)
  const panel = page.locator('#panel')
  await link(page, 'decorators').click()
  t.match(page.url(), /#skill-decorators$/)
  t.equal(await title(page).textContent(), 'Decorators')
  await panel.getByText('functools.wraps', { exact: true }).first().waitFor()
  t.equal(await panel.locator('.where').textContent(), 'Intermediate · Language Proficiency')
  t.equal(await focused(page), 'Decorators', 'who listens hears where they are')
  t.equal(await link(page, 'decorators').getAttribute('aria-current'), 'true')
  t.equal(await panel.getByRole('link', { name: 'Open the page' }).getAttribute('href'), `${python}/skills/decorators`)
  await panel.locator('.entry').getByRole('link', { name: 'Lambdas' }).click()
  t.equal(await title(page).textContent(), 'Lambdas')
  await page.goBack()
  t.equal(await title(page).textContent(), 'Decorators')
  await page.goForward()
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'hidden' })
  t.equal(page.url(), python, 'closing goes back to the overview')
  t.equal(await focused(page), 'Decorators', 'focus is where it came from')
  t.equal(await page.locator('[aria-current]').count(), 0)
  await link(page, 'lambdas').click()
  await page.goBack()
  await panel.waitFor({ state: 'hidden' })
})

t.test('a deep link opens an item in its place', async t => {
  const page = await open(t, `${python}#skill-systems-design-with-python`)
  await title(page).waitFor()
  t.equal(await title(page).textContent(), 'Systems Design with Python')
  t.equal(await focused(page), 'Systems Design with Python', 'the focus is in the panel')
  const box = await item(page, 'systems-design-with-python').boundingBox()
  t.ok(box !== null && box.y > 0 && box.y < 900, 'it is in sight')
  await page.goto(`${python}#project-url-shortener`)
  await title(page).filter({ hasText: 'URL Shortener' }).waitFor()
  await page.getByRole('button', { name: 'Close' }).click()
  await page.locator('#panel').waitFor({ state: 'hidden' })
  t.notMatch(page.url(), /#/)
  await page.goto(`${python}#category-testing`)
  await title(page)
    .filter({ hasText: /^Testing$/ })
    .waitFor()
  await page.goto(`${python}#skill-no-such-thing`)
  t.notOk(await page.locator('#panel').isVisible())
})

t.test('a click with the modifier key opens the page in a tab', async t => {
  const page = await open(t, python)
  const [tab] = await Promise.all([
    page.context().waitForEvent('page'),
    link(page, 'decorators').click({ modifiers: ['Control'] }),
  ])
  await tab.waitForLoadState()
  t.equal(tab.url(), `${python}/skills/decorators`)
  t.notOk(await page.locator('#panel').isVisible())
})

t.test('an item whose content cannot be fetched opens as a page', async t => {
  const page = await open(t, python)
  const isOverview = () => page.url().startsWith(`${python}#`) || page.url() === python
  await page.route('**/skills/decorators', async route =>
    route.request().resourceType() === 'fetch' ? route.fulfill({ status: 503 }) : route.continue(),
  )
  page.removeAllListeners('console')
  await link(page, 'decorators').click()
  await page.waitForURL('**/skills/decorators')
  t.notOk(isOverview())
})

t.test('the search forgives typing mistakes, knows synonyms and works with the keyboard', async t => {
  const page = await open(t, python)
  const results = page.locator('#results [role=option]')
  const best = () => results.first().locator('.title').textContent()
  await page.keyboard.press('/')
  for (const [query, expected] of [
    ['décorators', 'Decorators'],
    ['decroators', 'Decorators'],
    ['regex', 'Regular Expressions'],
    ['oop', 'Basic OOP'],
    ['k8s', 'Kubernetes Deployment'],
    ['url short', 'C URL Shortener'],
    ['counts calls', 'A decorator that counts calls'],
  ] as const) {
    await page.getByRole('combobox', { name: 'Search this roadmap' }).fill(query)
    t.equal(await best(), expected, query)
    t.ok(
      await results.first().evaluate(option => option.getBoundingClientRect().bottom < innerHeight),
      'it is in sight',
    )
  }
  await page.getByRole('combobox', { name: 'Search this roadmap' }).fill('deco')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  const second = await results.nth(1).locator('.title').textContent()
  t.equal(await page.locator('#results [aria-selected=true] .title').textContent(), second)
  await complaints(t, page, 'with results')
  await page.keyboard.press('Enter')
  t.equal(await title(page).textContent(), second)
  await page.keyboard.press('Escape')
  await page.getByRole('combobox', { name: 'Search this roadmap' }).fill('zzzz')
  t.match(await page.locator('#found').textContent(), 'Nothing found for “zzzz”')
  await page.keyboard.press('Escape')
  t.equal(await page.locator('#search').inputValue(), '')
  t.notOk(await page.locator('#results').isVisible())
})

t.test('the filter shows an area with those below it in all stages', async t => {
  const page = await open(t, python)
  await page.getByLabel('Area').selectOption('Testing')
  t.equal(await page.locator('.area:visible').count(), 3)
  t.same(await page.locator('.stage:visible h2').allTextContents(), ['Beginner', 'Intermediate', 'Advanced'])
  await page.getByLabel('Area').selectOption('All areas')
  t.ok((await page.locator('.area:visible').count()) > 60)
  const file = `${t.testdir()}/web.html`
  await writeFile(file, exportHtml(await served(t, nestedTrack())))
  await page.goto(`file://${file}`)
  const areas = () => page.locator('.area:visible > :is(h4, h5), .area:visible > summary > h3').allTextContents()
  await page.getByLabel('Area').selectOption('forms')
  t.same(await areas(), ['Markup', 'Forms', 'Dates', 'Markup', 'Forms'])
  await page.getByLabel('Area').selectOption('tables')
  t.same(await areas(), ['Markup', 'Tables'])
  await complaints(t, page, 'nested areas')
  await page.goto(`file://${file}#category-dates`)
  t.equal(await title(page).textContent(), 'Dates')
  await page.locator('#panel').getByRole('link', { name: 'Forms' }).click()
  t.equal(await title(page).textContent(), 'Forms')
})

t.test('on a phone the panel covers the page and keeps the focus', async t => {
  const page = await open(t, `${python}#skill-decorators`, phone)
  await page.locator('#panel .full-page').waitFor()
  t.equal((await page.locator('#panel').boundingBox())?.width, 360)
  for (let pressed = 0; pressed < 40; pressed++) {
    await page.keyboard.press('Tab')
    t.ok(
      await page.evaluate(
        () => document.activeElement === document.body || !!document.activeElement?.closest('#panel'),
      ),
    )
  }
  await page.setViewportSize(desk.viewport)
  t.ok(await page.locator('#panel').isVisible())
  t.notOk(
    await page.evaluate(() => document.querySelector('#panel')?.matches(':modal')),
    'where there is room it lies beside the overview',
  )
  await page.setViewportSize(phone.viewport)
  await page.keyboard.press('Escape')
  t.notOk(await page.locator('#panel').isVisible())
})

t.test('the page fits the width of a phone, and nothing moves while it loads', async t => {
  const page = await open(t, 'about:blank', phone)
  await page.addInitScript(() => {
    const shifts: number[] = []
    Object.assign(globalThis, { shifts })
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value) // a layout shift
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await page.goto(python)
  await page.locator('.area:not([open])').first().waitFor({ state: 'attached' })
  t.same(await page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts), []) // set above
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  t.equal(await wide(), 0)
  for (const details of await page.locator('details').all()) await details.evaluate(one => one.setAttribute('open', ''))
  t.equal(await wide(), 0)
  const elements = await page.evaluate(() => document.querySelectorAll('*').length)
  t.ok(elements < 4000, `${elements} elements`)
})

t.test('ticks are counted for the track and each stage, survive a reload, and are not sent to the server', async t => {
  const page = await open(t, python)
  const sent: string[] = []
  page.on('request', request => !request.url().includes('/assets/') && sent.push(request.url()))
  await item(page, 'variables').getByRole('checkbox', { name: 'I know Variables' }).check()
  t.match(await page.locator('#known').textContent(), /^1 of \d+ skills$/)
  t.match(await page.locator('.journey [data-tier=beginner] .journey-count').textContent(), /^1 \/ \d+$/)
  t.same(sent, [])
  await link(page, 'functions').click()
  await page.locator('#panel').getByLabel('I know this').check()
  t.ok(await item(page, 'functions').getByRole('checkbox').isChecked(), 'the same in panel and overview')
  t.match(await page.locator('#panel .known-count').textContent(), /^2 of \d+ skills$/, 'the panel shows the progress')
  await page.goto(`${python}/skills/variables`)
  await page.goto(python)
  t.ok(await item(page, 'variables').getByRole('checkbox').isChecked())
  const other = await page.context().newPage()
  await other.goto(python)
  await item(other, 'control-flow').getByRole('checkbox').check()
  await page.locator('[data-skill=control-flow].known').waitFor()
  await page.getByRole('button', { name: 'Reset progress' }).click()
  t.equal(await page.locator('.known').count(), 0)
  t.match(await page.locator('#known').textContent(), /^0 of/)
})

t.test('the page works with the keyboard alone', async t => {
  const page = await open(t, python)
  await page.keyboard.press('Tab')
  t.equal(await focused(page), 'Skip to the content')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  t.equal(await focused(page), 'Start with Python Syntax and REPL', 'first what to do next')
  await item(page, 'variables').getByRole('checkbox').focus()
  await page.keyboard.press('Space')
  t.ok(await item(page, 'variables').getByRole('checkbox').isChecked())
  await page.keyboard.press('Tab')
  t.equal(await focused(page), 'Variables')
  t.not(await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle), 'none')
  await page.keyboard.press('Enter')
  t.equal(await title(page).textContent(), 'Variables')
  await page.keyboard.press('Escape')
  await page.locator('#panel').waitFor({ state: 'hidden' })
  t.equal(await focused(page), 'Variables')
})

t.test('without a script links lead to pages, and no useless control is shown', async t => {
  const page = await open(t, python, { ...desk, javaScriptEnabled: false })
  t.equal(
    await page.locator('main :is(button, input, select):visible:not(.path-form *)').count(),
    0,
    'but the form of the path, which the server answers',
  )
  await link(page, 'decorators').click()
  t.equal(page.url(), `${python}/skills/decorators`)
})

t.test('in print the overview is short, and no control is shown', async t => {
  const page = await open(t, python)
  await page.getByLabel('Area').selectOption('Testing')
  await page.emulateMedia({ media: 'print' })
  t.equal(await page.locator('button:visible, select:visible, [type=search]:visible').count(), 0)
  t.equal(
    await page.locator('[data-skill] > a:visible').count(),
    await page.locator('[data-skill]').count(),
    'a filter is for the screen',
  )
  t.equal(await page.locator('.entry:visible').count(), 0)
  const pages = (pdf: Buffer) => Number(/\/Count (\d+)/.exec(pdf.toString('latin1'))?.[1])
  t.ok(pages(await page.pdf({ format: 'A4' })) <= 4)
})

t.test('an exercise opens in the panel, and its solution with the keyboard', async t => {
  const page = await open(t, `${python}#exercise-slowest-pages`)
  t.equal(await title(page).textContent(), 'The slowest pages of a log')
  const solution = page.locator('#panel .spoiler').filter({ hasText: 'Solution' })
  await solution.waitFor()
  t.notOk(await solution.getByText('from collections import defaultdict').isVisible())
  await solution.locator('summary').focus()
  await page.keyboard.press('Enter')
  t.ok(await solution.getByText('from collections import defaultdict').isVisible())
  await complaints(t, page, 'with the solution unfolded')
})

for (const [name, options] of [
  ['light', { ...desk, colorScheme: 'light' }],
  ['on a phone in the dark', { ...phone, colorScheme: 'dark' }],
] as const)
  t.test(`axe finds no violations: ${name}`, async t => {
    const page = await open(t, python, options)
    await openArea(page, 'variables')
    await item(page, 'variables').getByRole('checkbox').check()
    await complaints(t, page, 'at first')
    await page.goto(`${python}#skill-decorators`)
    await page.locator('#panel .full-page').waitFor()
    await complaints(t, page, 'with the panel open')
    await page.keyboard.press('Escape')
    for (const details of await page.locator('main details').all())
      await details.evaluate(one => one.setAttribute('open', ''))
    await page.evaluate(() => scrollTo(0, 0)) // nothing is under the bar
    await complaints(t, page, 'with all sections unfolded')
  })

t.test('in a narrow frame the overview is whole, and its links stay in the frame', async t => {
  const page = await open(t, `${python}?embed=1`, { viewport: { width: 320, height: 600 } })
  t.equal(await page.locator('.site-header, .site-footer').count(), 0)
  t.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0)
  await openArea(page, 'decorators')
  await link(page, 'decorators').click()
  await page.locator('#panel .full-page').waitFor()
  t.match(await page.locator('#panel .full-page a').getAttribute('href'), /skills\/decorators\?embed=1$/)
  await complaints(t, page, 'in a frame')
})

t.test('a page from right to left is mirrored', async t => {
  const file = `${t.testdir()}/ar.html`
  const { track, ...rest } = nestedTrack()
  await writeFile(file, exportHtml(await served(t, { ...rest, track: { ...track, language: 'ar' } })))
  const page = await open(t, `file://${file}#skill-grid`)
  t.equal((await page.locator('#panel').boundingBox())?.x, 0)
  t.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0)
  await complaints(t, page, 'from right to left')
})

const complaints = async (t: Test, page: Page, when: string): Promise<void> => {
  t.same(await axeViolations(page), [], when)
}

t.test('the exported file works from a disk, also without its script', async t => {
  const document = await catalog.document('python')
  if (document === undefined) throw new Error('no track')
  const file = `${t.testdir()}/python.html`
  await writeFile(file, exportHtml(document))
  const page = await open(t, `file://${file}`)
  await item(page, 'variables').getByRole('checkbox').check()
  await link(page, 'decorators').click()
  t.match(page.url(), /#skill-decorators$/)
  t.equal(await title(page).textContent(), 'Decorators')
  t.ok(await page.locator('#panel').getByText('functools.wraps', { exact: true }).first().isVisible())
  await page.locator('#panel').getByRole('link', { name: 'Lambdas' }).click()
  t.equal(await title(page).textContent(), 'Lambdas')
  await page.keyboard.press('Escape')
  await page.locator('#panel').waitFor({ state: 'hidden' })
  t.notMatch(page.url(), /#/)
  await page.reload()
  t.ok(await item(page, 'variables').getByRole('checkbox').isChecked())
  const plain = await open(t, `file://${file}#skill-metaclasses`, { ...desk, javaScriptEnabled: false })
  t.ok(await plain.locator('#skill-metaclasses').isVisible(), 'a link unfolds what it leads to')
  await link(plain, 'decorators').click()
  t.ok(await plain.locator('#skill-decorators').isVisible())
})

t.test(
  'notes with everything that Markdown may have are accessible, and their footnotes stay in the panel',
  async t => {
    const notes = [
      '# One\n\n## Two\n\n### Three\n\nText[^1] with <kbd>Ctrl</kbd>, H<sub>2</sub>O, <mark>this</mark> and https://example.org.',
      '- [ ] to do\n- [x] done\n\n| a | b |\n| - | -: |\n| 1 | 2 |\n\n<details open><summary>More</summary>\n\nHidden.\n\n</details>',
      '```ts\n// A comment\n@decorated() export class A<T> extends B { x = `a`; y: RegExp = /a+/u; z = null; f(n: number) { return n } }\n```',
      '```diff\n@@ -1 +1 @@\n-a\n+b\n```\n\n```css\n@media print { a.b#c::before { color: #fff !important; width: calc(1px + var(--x)) } }\n```',
      '```bash\n#!/bin/bash\nfor x in "$@"; do echo $x | grep -E \'a\'; done\n```\n\n```html\n<!doctype html>\n<a href="x">&amp;</a>\n```',
      '```python\n@d\ndef f(x: int = 1) -> str:\n    """Doc."""\n    return f"{x!r}" if True else None\n```\n\n[^1]: The note.',
    ].join('\n\n')
    const skill = { slug: 'a', category: 'c', tier: 'senior', notes }
    const document = await served(
      t,
      documentOf({ slug: 'a' }, { category: [{ slug: 'c' }], skill: [skill, { ...skill, slug: 'b' }] }),
    )
    const file = `${t.testdir()}/a.html`
    await writeFile(file, exportHtml(document))
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open(t, `file://${file}#skill-a`, { ...desk, colorScheme })
      await complaints(t, page, `the panel, ${colorScheme}`)
      const panel = page.locator('#panel')
      t.equal(await panel.getByRole('heading', { name: 'One', level: 4 }).count(), 1)
      t.equal(await panel.getByRole('heading', { name: 'Three', level: 6 }).count(), 1)
      t.equal(await panel.getByRole('checkbox', { name: 'Completed task' }).isDisabled(), true)
      await panel.getByRole('link', { name: '[1]' }).click()
      t.match(await focused(page), 'The note.')
      t.equal(await panel.isVisible(), true)
      const ids = await page.locator('[id]').evaluateAll(all => all.map(({ id }) => id))
      t.equal(new Set(ids).size, ids.length, 'every id is unique')
      await page.keyboard.press('Escape')
      await page.locator('main details').evaluateAll(all => {
        for (const one of all) (one as HTMLDetailsElement).open = true
      })
      await complaints(t, page, `the page, ${colorScheme}`)
      t.equal(await page.locator('main h6[aria-level="8"]').count(), 2)
      t.equal(await page.locator('#fn-b-1').count(), 1)
    }
  },
)

t.test('text from a document is never executed', async t => {
  const bad = `<img src=x onerror="alert(1)"><script>alert(2)</script>"'\``
  const document = await served(
    t,
    documentOf(
      { slug: 'a', title: bad, summary: bad },
      {
        category: [{ slug: 'c', title: bad }],
        skill: [
          {
            slug: 'a',
            category: 'c',
            tier: 'senior',
            title: bad,
            summary: bad,
            outcomes: [bad],
            notes: `${bad}\n\n[x](javascript:alert(3))`,
          },
        ],
      },
    ),
  )
  const file = `${t.testdir()}/a.html`
  await writeFile(file, exportHtml(document))
  const page = await open(t, 'about:blank')
  page.on('dialog', dialog => t.fail(dialog.message()))
  await page.goto(`file://${file}#skill-a`)
  t.equal(await title(page).textContent(), bad)
  await page.keyboard.press('Escape')
  t.equal(await page.locator('img').count(), 0)
  t.equal(await page.locator('a[href^=javascript]').count(), 0)
})

t.test('with --watch, an open page reloads when its content changes, with the same entry open', async t => {
  const { app, load } = await emptyApp(t, { watch: true })
  const track = (title: string) =>
    documentOf(
      { slug: 'a', title },
      { category: [{ slug: 'c' }], skill: [{ slug: 'a', category: 'c', tier: 'senior' }] },
    )
  await load(track('Before'))
  await app.listen({ port: 0, host: '127.0.0.1' })
  const page = await open(t, `${app.listeningOrigin}/tracks/a#skill-a`)
  await page.waitForResponse(response => response.request().method() === 'HEAD')
  await load(track('After'))
  await page.getByRole('heading', { name: 'After', level: 1 }).waitFor()
  t.match(page.url(), /#skill-a$/)
  t.ok(await page.locator('#panel').isVisible())
})

t.test('a README can show the SVG roadmap, light or dark', async t => {
  const readme: Server = createServer((_request, response) => {
    response
      .setHeader('content-type', 'text/html')
      .end(`<!doctype html><img alt="Roadmap" src="${python}.svg?tier=senior">`)
  }).listen(0, '127.0.0.1')
  await once(readme, 'listening')
  t.teardown(() => readme.close())
  const { port } = readme.address() as AddressInfo // it listens on a port
  const page = await open(t, `http://127.0.0.1:${port}/readme`)
  const picture = page.locator('img')
  t.ok(
    await picture.evaluate(
      (image: HTMLImageElement) => image.complete && image.naturalWidth > 400 && image.naturalHeight > 400,
    ),
  )
  const light = await picture.screenshot()
  await page.emulateMedia({ colorScheme: 'dark' })
  t.not((await picture.screenshot()).toString('base64'), light.toString('base64'))
  const alone = await open(t, `${python}.svg`)
  const lines = await alone.locator('text').evaluateAll(all => all.map(one => one.getBoundingClientRect().right))
  const edge = await alone.evaluate(() => document.documentElement.getBoundingClientRect().right)
  t.ok(
    lines.every(right => right <= edge),
    'no line runs out of the picture',
  )
  t.not(
    await alone.locator('.paper').evaluate(one => getComputedStyle(one).fill),
    'rgb(0, 0, 0)',
    'its style is allowed',
  )
})
