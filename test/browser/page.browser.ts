import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { learningPath } from '../../src/model/path.ts'
import { exportHtml } from '../../src/web/track-page.ts'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'
import { nestedTrack } from '../fixtures/nested-track.ts'
import { served } from '../fixtures/served.ts'

const browser: Browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
t.teardown(() => browser.close())

const { app, catalog } = await testApp(t)
await app.listen({ port: 0, host: '127.0.0.1' })
const python = `${app.listeningOrigin}/tracks/python`

const desk = { viewport: { width: 1440, height: 900 } }
const phone = { viewport: { width: 360, height: 740 }, hasTouch: true }

/** Opens a page in a new browser context; any browser error fails the test. */
const open = async (t: Test, url: string, options: BrowserContextOptions = desk): Promise<Page> => {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  t.teardown(() => context.close())
  const page = await context.newPage()
  page.on('pageerror', error => t.fail(error.message))
  page.on('console', message => message.type() === 'error' && t.fail(message.text()))
  page.on('dialog', dialog => dialog.accept())
  await page.goto(url)
  return page
}

const shownSkills = (page: Page) => page.locator('.matrix [data-skill]:visible').count()
const title = (page: Page) => page.locator('#panel-title')
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim())

t.test('search, tiers and area filter the matrix, and one button shows all again', async t => {
  const page = await open(t, python)
  const all = await shownSkills(page)
  t.ok(all > 100)
  await page.keyboard.press('/')
  await page.keyboard.type('décorat')
  t.ok(await page.locator('[data-skill=decorators]').isVisible())
  t.notOk(await page.locator('[data-skill=variables]').isVisible())
  t.match(await page.locator('#shown').textContent(), /^\d+ of \d+ skills$/)
  await page.getByRole('button', { name: 'Advanced' }).click()
  t.notOk(await page.locator('[data-skill=decorators]').isVisible())
  t.ok(await page.locator('[data-skill=decorator-stacks]').isVisible())
  t.notOk(await page.locator('.column[data-tier=beginner]').isVisible())
  await page.getByLabel('Area').selectOption('Testing')
  t.equal(await shownSkills(page), 0)
  await page.getByRole('button', { name: 'Show all' }).click()
  t.equal(await shownSkills(page), all)
  await page.getByLabel('Area').selectOption('Testing')
  t.equal(await page.locator('.row:visible').count(), 1)
})

t.test('Enter in the search opens the best match', async t => {
  const page = await open(t, python)
  await page.getByRole('searchbox').fill('decorators')
  await page.keyboard.press('Enter')
  t.equal(await title(page).textContent(), 'Decorators')
})

t.test('a skill has an address, a panel, and a place in the history', async t => {
  const page = await open(t, python)
  await page.getByRole('link', { name: 'Decorators', exact: true }).first().click()
  t.match(page.url(), /#skill-decorators$/)
  const panel = page.locator('#panel')
  for (const text of ['You will be able to', 'In depth', 'First learn', 'Learn more', 'functools.wraps'])
    t.ok(await panel.getByText(text, { exact: true }).first().isVisible(), text)
  t.equal(await focused(page), 'Decorators', 'who listens hears where they are')
  await panel.getByRole('link', { name: 'Lambdas' }).click()
  t.equal(await title(page).textContent(), 'Lambdas')
  await page.goBack()
  t.equal(await title(page).textContent(), 'Decorators')
  await page.keyboard.press('Escape')
  t.notOk(await panel.isVisible())
  t.equal(await focused(page), 'Decorators', 'focus is where it came from')
  t.notMatch(page.url(), /#/)
  await page.goBack()
  t.equal(await title(page).textContent(), 'Decorators')
  await page.goto(`${python}#project-url-shortener`)
  t.match(await title(page).textContent(), 'URL Shortener')
  await page.getByRole('button', { name: 'Close' }).click()
  t.notOk(await panel.isVisible())
  await page.goto(`${python}#category-testing`)
  t.equal(await title(page).textContent(), 'Testing')
  await page.goto(`${python}#skill-no-such-thing`)
  t.notOk(await panel.isVisible())
})

t.test('on a phone the panel covers the page and keeps the focus', async t => {
  const page = await open(t, `${python}#skill-decorators`, phone)
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
    'where there is room it lies beside the matrix',
  )
  await page.setViewportSize(phone.viewport)
  await page.keyboard.press('Escape')
  t.notOk(await page.locator('#panel').isVisible())
})

t.test('the page fits the width of a phone', async t => {
  const page = await open(t, python, phone)
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  t.equal(await wide(), 0)
  await page.getByLabel('The way to').selectOption('Metaclasses')
  for (const details of await page.locator('details:visible').all())
    await details.evaluate(one => one.setAttribute('open', ''))
  t.equal(await wide(), 0)
})

t.test('the path to a target equals that of the API, is numbered, and skips known skills', async t => {
  const page = await open(t, python)
  const response = await app.inject('/v1/tracks/python/path?to=project:url-shortener&known=functions')
  const slugs = response.json<{ data: { slug: string }[] }>().data.map(({ slug }) => slug)
  await page.getByLabel('I know Functions', { exact: true }).check()
  await page.getByLabel('The way to').selectOption('URL Shortener')
  const way = page.locator('#way a')
  t.same(await way.evaluateAll(links => links.map(link => link.getAttribute('href')?.replace('#skill-', ''))), slugs)
  t.match(await page.locator('#way-length').textContent(), `${slugs.length} skills`)
  for (const [index, slug] of slugs.entries())
    t.equal(await page.locator(`[data-skill="${slug}"] .step`).textContent(), `step ${index + 1}`)
  t.equal(await page.locator('.step').count(), slugs.length)
  await way.first().click()
  t.match(await page.locator('#panel .where').textContent(), `Step 1 of ${slugs.length}`)
  t.ok(await page.getByRole('button', { name: 'The skill before' }).isDisabled())
  await page.getByRole('button', { name: 'The skill after' }).click()
  t.match(page.url(), `#skill-${slugs[1]}`)
  await page.goto(`${python}#to=metaclasses`)
  const graph = await catalog.graph('python')
  const steps = learningPath(graph, ['python.metaclasses'], new Set(['python.functions']))
  t.equal(await way.count(), steps.length)
  await page.goto(`${python}#skill-generators`)
  await page.getByRole('button', { name: 'Show the way' }).click()
  t.equal(await page.getByLabel('The way to').inputValue(), 'generators')
  await page.getByLabel('I know Generators', { exact: true }).check()
  t.equal(await page.locator('#way-length').textContent(), 'You know all it takes.')
})

t.test('ticks survive a reload, are counted, and are not sent to the server', async t => {
  const page = await open(t, python)
  const start = () => page.locator('#next a').evaluateAll(links => links.map(link => link.textContent))
  t.ok((await start()).includes('Variables'))
  await page.getByLabel('I know Variables', { exact: true }).check()
  t.notOk((await start()).includes('Variables'))
  t.ok((await start()).includes('Functions'), 'what it opens can be started now')
  await page.goto(`${python}#skill-functions`)
  await page.locator('#panel').getByLabel('I know this').check()
  t.ok(await page.getByLabel('I know Functions', { exact: true }).isChecked(), 'the same in panel and matrix')
  await page.keyboard.press('Escape')
  const sent: string[] = []
  page.on('request', request => sent.push(request.url()))
  await page.getByLabel('The way to').selectOption('Metaclasses')
  t.same(sent, [])
  await page.goto(python)
  await page.reload()
  t.ok(await page.getByLabel('I know Variables', { exact: true }).isChecked())
  t.match(await page.locator('#known').textContent(), /^2 of \d+ skills$/)
  t.equal(await page.getByLabel('The way to').inputValue(), 'metaclasses')
  const other = await page.context().newPage()
  await other.goto(python)
  await other.getByLabel('I know Control Flow', { exact: true }).check()
  await page.locator('[data-skill=control-flow].known').waitFor()
  await page.getByRole('button', { name: 'Untick all' }).click()
  t.equal(await page.locator('.known').count(), 0)
  t.match(await page.locator('#known').textContent(), /^0 of/)
})

t.test('the page works with the keyboard alone', async t => {
  const page = await open(t, python)
  await page.keyboard.press('Tab')
  t.equal(await focused(page), 'To the roadmap')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  t.equal(await focused(page), 'Language Proficiency', 'past the controls to the first area')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  t.ok(await page.getByLabel('I know Variables', { exact: true }).isChecked())
  await page.keyboard.press('Tab')
  t.equal(await focused(page), 'Variables')
  t.not(await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle), 'none')
  await page.keyboard.press('Enter')
  t.equal(await title(page).textContent(), 'Variables')
  await page.keyboard.press('Escape')
  t.equal(await focused(page), 'Variables')
})

t.test('without a script every skill can be read, and no useless control is shown', async t => {
  const page = await open(t, python, { ...desk, javaScriptEnabled: false })
  t.notOk(await page.getByRole('searchbox').isVisible())
  t.equal(await page.locator('button:visible, input:visible, select:visible').count(), 0)
  await page.locator('.matrix').getByRole('link', { name: 'Decorators', exact: true }).click()
  t.ok(await page.locator('#skill-decorators').isVisible(), 'a link unfolds what it leads to')
  await page
    .locator('#skills summary')
    .filter({ hasText: /^Metaclasses/ })
    .click()
  t.ok(await page.locator('#skill-metaclasses').isVisible())
})

t.test('in print everything is expanded and no control is shown', async t => {
  const page = await open(t, python)
  await page.getByRole('searchbox').fill('decorators')
  await page.emulateMedia({ media: 'print' })
  t.notOk(await page.getByRole('searchbox').isVisible())
  t.equal(await page.locator('button:visible, input:visible, select:visible').count(), 0)
  t.equal(await shownSkills(page), await page.locator('.matrix [data-skill]').count(), 'a filter is for the screen')
  t.equal(await page.locator('.entry:visible').count(), await page.locator('.entry').count())
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
  t.equal(await page.locator('details:not([open], .spoiler)').count(), 0)
  t.equal(await page.locator('.spoiler[open], .spoiler:visible').count(), 0, 'no solution is printed')
  await page.evaluate(() => dispatchEvent(new Event('afterprint')))
  t.equal(await page.locator('details[open]').count(), 0)
})

t.test('an exercise opens in the panel, and its solution with the keyboard', async t => {
  const page = await open(t, `${python}#exercise-slowest-pages`)
  t.equal(await title(page).textContent(), 'The slowest pages of a log')
  const solution = page.locator('#panel .spoiler').filter({ hasText: 'Solution' })
  t.notOk(await solution.getByText('from collections import defaultdict').isVisible())
  await solution.locator('summary').focus()
  await page.keyboard.press('Enter')
  t.ok(await solution.getByText('from collections import defaultdict').isVisible())
  await complaints(t, page, 'with the solution unfolded')
  await page.goto(`${python}#exercise-decorators-quiz`)
  for (const summary of await page.locator('#panel .spoiler > summary').all()) await summary.click()
  await complaints(t, page, 'with the answers of a quiz unfolded')
  await page.locator('#panel').getByRole('link', { name: 'Decorators' }).click()
  await page.locator('#panel').getByRole('link', { name: 'A decorator that counts calls' }).click()
  t.equal(await title(page).textContent(), 'A decorator that counts calls')
})

for (const [name, options] of [
  ['light', { ...desk, colorScheme: 'light' }],
  ['dark', { ...desk, colorScheme: 'dark' }],
  ['on a phone', { ...phone, colorScheme: 'light' }],
  ['on a phone in the dark', { ...phone, colorScheme: 'dark' }],
] as const)
  t.test(`axe finds no violations: ${name}`, async t => {
    const page = await open(t, python, options)
    await complaints(t, page, 'at first')
    await page.getByLabel('I know Variables', { exact: true }).check()
    await page.getByLabel('The way to').selectOption('URL Shortener')
    await complaints(t, page, 'with a way and a tick')
    await page.goto(`${python}#skill-decorators`)
    await complaints(t, page, 'with the panel open')
    await page.goto(`${python}#skill-control-flow`)
    await page.locator('#panel .sources summary').click()
    await complaints(t, page, 'with the sources unfolded')
    await page.keyboard.press('Escape')
    for (const summary of await page.locator('main > .part:not(#skills) > details > summary').all())
      await summary.click()
    await complaints(t, page, 'with all sections unfolded')
  })

t.test('axe finds no violations without a script', async t => {
  const page = await open(t, 'about:blank')
  // Axe itself is a script, so the page's own script is removed.
  await page.route(python, async route => {
    const response = await route.fetch()
    await route.fulfill({ response, body: (await response.text()).replace(/<script type="module">.*<\/script>/s, '') })
  })
  await page.goto(python)
  await complaints(t, page, 'folded')
  await page.locator('details').evaluateAll(all => {
    for (const one of all) one.setAttribute('open', '')
  })
  await complaints(t, page, 'unfolded')
})

const complaints = async (t: Test, page: Page, when: string): Promise<void> => {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(
    () =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(document, { rules: { 'target-size': { enabled: true } } }), // axe.source made it
  )
  t.same(
    violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)]),
    [],
    when,
  )
}

t.test('the exported file works from a disk', async t => {
  const document = await catalog.document('python')
  if (document === undefined) throw new Error('no track')
  const file = `${t.testdir()}/python.html`
  await writeFile(file, exportHtml(document))
  const page = await open(t, `file://${file}`)
  await page.getByLabel('I know Variables', { exact: true }).check()
  await page.getByRole('link', { name: 'Decorators', exact: true }).first().click()
  t.match(page.url(), /#skill-decorators$/)
  await page.keyboard.press('Escape')
  t.notMatch(page.url(), /#/)
  await page.reload()
  t.ok(await page.getByLabel('I know Variables', { exact: true }).isChecked())
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

t.test('the filter by an area includes those below it, under the headings of those above', async t => {
  const file = `${t.testdir()}/web.html`
  await writeFile(file, exportHtml(await served(t, nestedTrack())))
  const page = await open(t, `file://${file}`)
  const rows = () => page.locator('.row:visible > :is(h3, h4, h5)').allTextContents()
  const skills = () => page.locator('.matrix [data-skill]:visible > a').allTextContents()
  t.same(await rows(), ['Markup', 'Forms', 'Dates', 'Tables', 'Style', 'Layout'])
  await page.getByLabel('Area').selectOption('forms')
  t.same(await rows(), ['Markup', 'Forms', 'Dates'])
  t.same(await skills(), ['Label', 'Calendar'])
  t.same(await page.locator('#next li').allTextContents(), ['Calendar', 'Label'])
  await page.getByRole('button', { name: 'senior' }).click()
  t.same(await rows(), ['Markup', 'Forms'])
  await page.getByLabel('Area').selectOption('')
  await page.getByRole('button', { name: 'senior' }).click()
  t.same(await rows(), ['Markup', 'Forms', 'Dates', 'Tables', 'Style', 'Layout'])
  await complaints(t, page, 'nested areas')
  await page.goto(`file://${file}#category-dates`)
  t.equal(await title(page).textContent(), 'Dates')
  await page.locator('#panel').getByRole('link', { name: 'Forms' }).click()
  t.equal(await title(page).textContent(), 'Forms')
  await page.goto(`file://${file}#skill-calendar`)
  t.match(await page.locator('#panel .where').textContent(), /beginner · Dates/)
})

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
  await page.getByLabel('The way to').selectOption('a')
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
  t.equal(
    await alone.locator('.ground').evaluate(one => getComputedStyle(one).fill),
    'rgb(251, 250, 247)',
    'its style is allowed',
  )
})
