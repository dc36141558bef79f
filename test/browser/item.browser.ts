import type { BrowserContextOptions, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { documentOf, testApp } from '../fixtures/app.ts'
import { axeViolations, desk, launchBrowser, openPage } from '../fixtures/browser.ts'

const browser = await launchBrowser(t)

const { app, load } = await testApp(t)
await load(
  documentOf(
    { slug: 'arabic', title: 'بايثون', language: 'ar' },
    {
      category: [{ slug: 'c', title: 'اللغة' }],
      skill: [
        { slug: 'a', title: 'الدوال', category: 'c', tier: 'beginner' },
        {
          slug: 'b',
          title: 'المزخرفات',
          category: 'c',
          tier: 'senior',
          prerequisites: ['a'],
          summary: 'دوال تأخذ دالة.',
          outcomes: ['يكتب دالة.'],
          notes:
            '```python\nvery_long_name = another_very_long_name_of_a_function(argument, another_argument)  # comment\n```',
        },
      ],
    },
  ),
)
await app.listen({ port: 0, host: '127.0.0.1' })
const origin = app.listeningOrigin
const python = `${origin}/tracks/python`

const phone = { viewport: { width: 390, height: 844 } }

/** Opens a page; any browser error fails the test. */
const open = (t: Test, url: string, options?: BrowserContextOptions): Promise<Page> =>
  openPage(t, browser, url, options)

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

for (const [name, options] of [
  ['light', { ...desk, colorScheme: 'light' }],
  ['on a phone in the dark', { ...phone, colorScheme: 'dark' }],
  ['without JavaScript', { ...phone, colorScheme: 'light' }],
] as const)
  t.test(`axe finds no violations, and nothing is wider than the page: ${name}`, async t => {
    for (const path of [
      'skills/decorators',
      'projects/url-shortener',
      'exercises/slowest-pages',
      'exercises/decorators-quiz',
    ]) {
      const page = await open(t, 'about:blank', options)
      // Axe itself is a script, so only that of the page is left out.
      if (name === 'without JavaScript')
        await page.route('**/item-page.js*', route => route.fulfill({ contentType: 'text/javascript', body: '' }))
      await page.goto(`${python}/${path}`)
      await page.locator('details').evaluateAll(all => {
        for (const one of all) one.setAttribute('open', '')
      })
      t.same(await axeViolations(page), [], path)
      t.equal(await overflow(page), 0, path)
    }
  })

t.test('a page is read from right to left, and its code from left to right', async t => {
  const page = await open(t, `${origin}/tracks/arabic/skills/b`, phone)
  t.same(await axeViolations(page), [])
  t.equal(await overflow(page), 0)
  const code = page.locator('pre')
  t.equal(await code.evaluate(one => getComputedStyle(one).direction), 'ltr')
  t.ok(await code.evaluate(one => one.scrollWidth > one.clientWidth), 'wide code scrolls')
  const side = (selector: string) => page.locator(selector).evaluate(one => one.getBoundingClientRect().right)
  t.ok((await side('h1')) > 350)
})

t.test('a skill is ticked with the keyboard, and pages that link to it show it as known', async t => {
  const page = await open(t, `${python}/skills/lambdas`)
  const tick = page.getByLabel('I know this')
  await tick.focus()
  await page.keyboard.press('Space')
  t.ok(await tick.isChecked())
  await page.goto(`${python}/skills/decorators`)
  t.notOk(await page.getByLabel('I know this').isChecked())
  t.equal(await page.getByRole('link', { name: 'Lambdas (You know this)' }).count(), 1)
  await page.getByRole('link', { name: 'Lambdas (You know this)' }).click()
  await page.getByLabel('I know this').uncheck()
  await page.goBack()
  t.equal(await page.getByRole('link', { name: 'Lambdas', exact: true }).count(), 1, 'also after going back')
})

t.test('code is copied with a button, which says so', async t => {
  const page = await open(t, `${python}/skills/decorators`, {
    ...desk,
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const button = page.getByRole('button', { name: 'Copy' })
  await button.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  t.equal(await page.getByRole('status').textContent(), 'Copied')
  t.match(await page.evaluate(() => navigator.clipboard.readText()), /^import functools\nimport time\n/)
  await button.waitFor()
})

t.test('the milestones of a project are ticked, and stay so', async t => {
  const page = await open(t, `${python}/projects/url-shortener`)
  await page.getByLabel('DB schema').check()
  await page.getByLabel('Tests').check()
  await page.getByLabel('Tests').uncheck()
  await page.reload()
  t.ok(await page.getByLabel('DB schema').isChecked())
  t.notOk(await page.getByLabel('Tests').isChecked())
})

t.test('hints and solutions open with the keyboard, one by one', async t => {
  const page = await open(t, `${python}/exercises/slowest-pages`)
  const solution = page.locator('.spoiler').filter({ hasText: 'Solution' })
  const code = solution.getByText('from collections import defaultdict')
  t.notOk(await code.isVisible())
  await solution.locator('summary').focus()
  await page.keyboard.press('Enter')
  t.ok(await code.isVisible())
  t.notOk(await page.locator('.spoiler').filter({ hasText: 'Hint 1' }).locator('p').isVisible())
})

t.test('without JavaScript a page has no buttons, and its links lead to pages', async t => {
  const page = await open(t, `${python}/skills/decorators`, { ...phone, javaScriptEnabled: false })
  t.equal(await page.locator('main :is(button, input):visible').count(), 0)
  await page.getByRole('link', { name: 'Lambdas' }).first().click()
  t.equal(page.url(), `${python}/skills/lambdas`)
  await page.locator('a[rel=next]').click()
  t.match(await page.locator('h1').textContent(), /./)
})

t.test('nothing moves when the script adds its controls', async t => {
  for (const path of ['skills/decorators', 'projects/url-shortener']) {
    const page = await open(t, 'about:blank', phone)
    await page.goto(`${python}/${path}`)
    const shift = await page.evaluate(
      () =>
        new Promise<number>(resolve => {
          let sum = 0
          new PerformanceObserver(list => {
            for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value // a layout shift has it
          }).observe({ type: 'layout-shift', buffered: true })
          setTimeout(() => resolve(sum), 500)
        }),
    )
    t.equal(shift, 0, path)
  }
})

t.test('a skill is printed on one page', async t => {
  const page = await open(t, `${python}/skills/decorators`)
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
  t.equal(pdf.match(/\/Type \/Page\b/g)?.length, 1)
})
