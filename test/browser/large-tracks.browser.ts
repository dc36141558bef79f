import t from 'tap'
import { emptyApp } from '../fixtures/app.ts'
import { axeViolations, desk, launchBrowser, openPage } from '../fixtures/browser.ts'
import { largeTrack } from '../fixtures/large-track.ts'

const browser = await launchBrowser(t)

const { app, load } = await emptyApp(t)
await load(largeTrack(310))
await app.listen({ port: 0, host: '127.0.0.1' })
const large = `${app.listeningOrigin}/tracks/large`
const phone = { viewport: { width: 390, height: 740 }, hasTouch: true }
const last = 'skill-about-queues-308'
const first = 'skill-about-requests-0'

for (const [name, options] of [
  ['on a wide screen', desk],
  ['on a phone', phone],
] as const)
  t.test(`the areas of a large track are closed, and links and the search open them ${name}`, async t => {
    const page = await openPage(t, browser, large, options)
    const skill = (slug: string) => page.locator(`[data-skill="${slug}"]`)
    await page.locator('.journey-count').first().getByText('0 / ').waitFor()
    t.equal(await page.locator('details.area[open]').count(), 0)
    t.equal(await page.locator('.tick').count(), 0, 'checkboxes come when an area is opened')
    const elements = await page.evaluate(() => document.querySelectorAll('*').length)
    t.ok(elements < 1_700, `${elements} elements`)
    t.same(await axeViolations(page), [])

    await page.locator('#stage-beginner').getByText('Part 0', { exact: true }).click()
    await skill(first).getByRole('checkbox').check()
    t.match(await page.locator('#stage-beginner .area-count').first().textContent(), /^1 \/ 16$/)
    t.equal(await page.locator('details.area[open]').count(), 1)

    await page.goto('about:blank')
    await page.goto(`${large}#skill-${last}`)
    await skill(last).waitFor()
    t.equal(await page.locator('#panel-title').textContent(), 'Skill about queues 308')
    await page.keyboard.press('Escape')

    await page.goto('about:blank')
    await page.goto(large)
    await page.getByRole('combobox', { name: 'Search this roadmap' }).fill('about queues 308')
    await page.keyboard.press('Enter')
    await skill(last).waitFor()
    await page.keyboard.press('Escape')
    await page.getByLabel('Area').selectOption('Part 1')
    await skill('skill-about-threads-48').waitFor()
  })

t.test('without a script, an area of a large track opens, and its links lead to pages', async t => {
  const page = await openPage(t, browser, large, { ...phone, javaScriptEnabled: false })
  await page.locator('#stage-beginner').getByText('Part 0', { exact: true }).click()
  await page.locator(`[data-skill="${first}"] > a`).click()
  t.equal(page.url(), `${large}/skills/${first}`)
})
