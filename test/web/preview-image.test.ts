import { monitorEventLoopDelay } from 'node:perf_hooks'
import t, { type Test } from 'tap'
import { readSite } from '../../src/cli/site.ts'
import { readConfig } from '../../src/config.ts'
import { textWidth } from '../../src/web/graph/text-lines.ts'
import { plainSite } from '../../src/web/page/site.ts'
import { previewSvg } from '../../src/web/preview/preview-image.ts'
import { createRasterizer } from '../../src/web/preview/rasterizer.ts'
import { asAdmin, documentOf, emptyApp, testApp } from '../fixtures/app.ts'

const site = { ...plainSite(() => ''), name: 'Snake Academy' }
const rasterizer = (t: Test, ...options: Parameters<typeof createRasterizer>) => {
  const created = createRasterizer(...options)
  t.teardown(() => created.close())
  return created
}

/** Returns the width and height in the header of a PNG. */
const sizeOf = (png: Buffer): [number, number] => [png.readUInt32BE(16), png.readUInt32BE(20)]

const linesOf = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, line = '']) => line.replaceAll(/<[^>]+>/g, ''))

t.test('every page has a picture of 1200 × 630 pixels, which it names for link previews', async t => {
  const { app } = await testApp(t)
  for (const path of [
    'tracks/python',
    'tracks/python/skills/decorators',
    'tracks/python/projects/url-shortener',
    'tracks/python/exercises/call-counter',
  ]) {
    const page = await app.inject({ url: `/${path}`, headers: { accept: 'text/html' } })
    t.ok(page.body.includes(`<meta property="og:image" content="https://curriculum.example/${path}.png">`), path)
    const { statusCode, headers, rawPayload } = await app.inject(`/${path}.png`)
    t.equal(statusCode, 200)
    t.match(headers, {
      'content-type': 'image/png',
      'cache-control': 'public, max-age=3600, stale-while-revalidate=86400',
    })
    t.notOk('content-encoding' in headers)
    t.same(sizeOf(rawPayload), [1200, 630])
    t.ok(rawPayload.length < 100_000)
    const again = await app.inject({ url: `/${path}.png`, headers: { 'if-none-match': String(headers.etag) } })
    t.equal(again.statusCode, 304)
  }
  t.match((await app.inject('/')).body, '<meta property="og:image" content="https://curriculum.example/site.png">')
  const home = await app.inject('/site.png')
  t.same(sizeOf(home.rawPayload), [1200, 630])
})

t.test('a picture changes with the title of its page', async t => {
  const { app } = await testApp(t)
  const before = await app.inject('/tracks/python/skills/decorators.png')
  await app.inject({
    method: 'PATCH',
    url: '/v1/skills/python.decorators',
    headers: { ...asAdmin, 'if-match': '*' },
    payload: { title: 'Wrapping functions' },
  })
  const after = await app.inject('/tracks/python/skills/decorators.png')
  t.not(after.headers.etag, before.headers.etag)
})

t.test('the picture of a renamed item is at its current address, and one that does not exist is 404', async t => {
  const { app, load } = await emptyApp(t)
  await load(
    documentOf(
      { slug: 'go', formerly: ['golang'], title: 'Go' },
      {
        category: [{ slug: 'basics' }],
        skill: [{ slug: 'goroutines', formerly: ['threads'], category: 'basics', tier: 'beginner' }],
      },
    ),
  )
  for (const [url, location] of [
    ['/tracks/golang.png', '../tracks/go.png'],
    ['/tracks/golang/skills/goroutines.png?a=1', '../../../tracks/go/skills/goroutines.png?a=1'],
    ['/tracks/go/skills/threads.png', '../../../tracks/go/skills/goroutines.png'],
  ]) {
    const { statusCode, headers } = await app.inject(String(url))
    t.equal(statusCode, 308)
    t.equal(headers.location, location)
  }
  for (const url of ['/tracks/python.png', '/tracks/go/skills/channels.png', '/tracks/go/exercises/goroutines.png'])
    t.equal((await app.inject(url)).statusCode, 404, url)
  t.equal((await app.inject('/tracks/go.png')).statusCode, 200)
  t.equal((await app.inject('/tracks/go/skills/goroutines.png')).statusCode, 200, 'its tier has no title')
})

t.test('an item that is removed while its picture is drawn is 404', async t => {
  const { app, catalog } = await testApp(t)
  catalog.byKeys = async () => []
  t.equal((await app.inject('/tracks/python.png')).statusCode, 404)
})

t.test('the picture of a site in one language is in that language', async t => {
  const { app, load } = await emptyApp(t, { site: { name: 'Schule' } })
  const empty = await app.inject('/site.png')
  const content = { category: [{ slug: 'basics' }], skill: [{ slug: 'eins', category: 'basics', tier: 'beginner' }] }
  await load(documentOf({ slug: 'eins', language: 'de' }, content))
  const german = await app.inject('/site.png')
  t.not(german.headers.etag, empty.headers.etag)
  await load(documentOf({ slug: 'one', language: 'en' }, {}))
  t.not((await app.inject('/site.png')).headers.etag, german.headers.etag)
})

t.test('a picture has the name of the site, its color, the title and its tier', async t => {
  const accent = { light: '#0057b8', dark: '#6ba9ff' }
  const preview = {
    language: 'en',
    label: 'Skill · Advanced',
    tier: 'senior',
    title: 'Using `try` & <co>',
    facts: 'Python',
  } as const
  const svg = previewSvg({ ...site, accent }, preview)
  t.match(svg, 'fill="#0057b8"')
  t.same(linesOf(svg), ['Snake Academy', 'Skill · Advanced', 'Using try &amp; &lt;co&gt;', 'Python'])
  t.equal(svg.match(/r="32" fill-opacity="1"/g)?.length, 1, 'the step of its tier')
  t.equal(linesOf(previewSvg(site, { ...preview, title: site.name })).filter(line => line === site.name).length, 1)
})

t.test('long texts do not reach the steps, and are within the picture, in both directions', t => {
  const arabic = 'تعلم كيفية كتابة الدوال في لغة بايثون واستخدام المزخرفات '.repeat(5)
  for (const [language, text] of [
    ['en', words(60)],
    ['ar', arabic],
    ['ar', `${arabic}Python`],
    ['he', 'ללמוד לכתוב פונקציות בפייתון ולהשתמש '.repeat(8)],
  ] as const) {
    const svg = previewSvg(
      { ...site, name: `A ${text}` },
      { language, label: text, tier: 'beginner', title: text, facts: text },
    )
    const steps = [...svg.matchAll(/<circle cx="(\d+)" cy="\d+" r="(\d+)"/g)].map(([, x, r]) => Number(x) - Number(r))
    t.equal(steps.length, 3)
    const lines = [...svg.matchAll(/<text x="(\d+)"[^>]*font-size="(\d+)"[^>]*>(.*?)<\/text>/g)]
    t.equal(lines.length, 7)
    for (const [, x, size, line = ''] of lines) {
      const shown = line.replaceAll(/<[^>]+>|[\u202b\u202c]/g, '')
      // From right to left, steps and text are mirrored.
      t.ok(Number(x) + textWidth(shown, Number(size)) < Math.min(...steps), shown)
    }
  }
  t.end()
})

t.test('a logo that can be drawn stands for the name, on a white ground', async t => {
  const wide = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 120"><path d="M0 0h600v120H0z"/></svg>'
  const folder = t.testdir({
    'wide.svg': wide,
    'tall.svg': wide.replace('600 120', '60 120'),
    'none.svg': wide.replace(' viewBox="0 0 600 120"', ' width="0" height="0"'),
    'broken.svg': `${wide}<`,
    'square.png': await rasterizer(t).toPng('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    'logo.webp': Buffer.from('UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA', 'base64'),
  })
  const preview = { language: 'en', label: 'Skill', title: 'Decorators', facts: 'Python' }
  for (const [logo, size, x] of [
    [`${folder}/wide.svg`, [240, 48], 92],
    [`${folder}/tall.svg`, [24, 48], 92],
    [`${folder}/square.png`, [48, 48], 92],
    [`${folder}/none.svg`, undefined, undefined],
    [`${folder}/broken.svg`, undefined, undefined],
    [`${folder}/logo.webp`, undefined, undefined],
    ['https://academy.example/logo.svg', undefined, undefined],
  ] as const) {
    const academy = { ...site, ...(await readSite(readConfig({ SITE_LOGO: logo, SITE_NAME: site.name }))) }
    const svg = previewSvg(academy, preview)
    const [, imageX, width, height, png] =
      /<image x="(\d+)" y="\d+" width="(\d+)" height="(\d+)" href="data:image\/png;base64,([^"]*)"/.exec(svg) ?? []
    t.equal(linesOf(svg).includes(site.name), size === undefined, logo)
    t.same(
      png && [sizeOf(Buffer.from(png, 'base64')), Number(width), Number(height), Number(imageX)],
      size && [size, ...size, x],
    )
    t.same(sizeOf(await rasterizer(t).toPng(svg)), [1200, 630])
    if (size === undefined) continue
    const mirrored = /<image x="(\d+)"/.exec(previewSvg(academy, { ...preview, language: 'ar' }))
    t.equal(Number(mirrored?.[1]), 1200 - 92 - size[0], 'on the right from right to left')
  }
})

const words = (count: number): string => Array(count).fill('word').join(' ')

t.test('characters that are not allowed in XML are replaced', async t => {
  const svg = previewSvg(site, { language: 'en', label: 'Skill', title: 'A\uffff \ufffe', facts: 'Python' })
  t.ok(linesOf(svg).includes('A\ufffd \ufffd'))
  t.same(sizeOf(await rasterizer(t).toPng(svg)), [1200, 630])
})

t.test('a long title is drawn smaller, on more lines, and cut at last', async t => {
  const sizes = ['Go', 'A title of some words', words(12), words(20), words(200)].map(title => {
    const svg = previewSvg(site, { language: 'en', label: 'Skill', title, facts: 'Python' })
    const [, size] = /font-size="(\d+)" font-weight="700">(?:Go|A|word)/.exec(svg) ?? []
    return { size: Number(size), lines: linesOf(svg).length - 3, isCut: svg.includes('…') }
  })
  t.match(sizes, [
    { size: 92, lines: 1, isCut: false },
    { size: 92, lines: 2, isCut: false },
    { size: 72, lines: 3, isCut: false },
    { size: 58, isCut: false },
    { size: 58, lines: 4, isCut: true },
  ])
})

t.test('letters of many scripts are drawn, and languages from right to left begin on the right', async t => {
  const { toPng } = rasterizer(t)
  const of = (title: string, language = 'en') => toPng(previewSvg(site, { language, label: '', title, facts: '' }))
  const missing = (await of('\u{e000}\u{e000}')).toString('base64')
  for (const [title, language] of [
    ['Zażółć', 'pl'],
    ['Γειά', 'el'],
    ['Привет', 'ru'],
    ['مرحبا', 'ar'],
    ['שלום', 'he'],
  ])
    t.not((await of(String(title), language)).toString('base64'), missing, String(title))
  // The fonts of the system may have these.
  t.same(sizeOf(await of('関数', 'ja')), [1200, 630])
  t.match(previewSvg(site, { language: 'ar', label: 'x', title: 'مرحبا', facts: 'x' }), /<g text-anchor="end"/)
})

t.test('equal pictures are drawn once, and too many at once are rejected with 503', async t => {
  const { toPng } = rasterizer(t)
  const svg = (number: number) => `<svg xmlns="http://www.w3.org/2000/svg" width="${number + 1}" height="1"/>`
  const [one, same] = await Promise.all([toPng(svg(0)), toPng(svg(0))])
  t.equal(one, same)
  t.equal(await toPng(svg(0)), one, 'stored')
  const results = await Promise.allSettled(Array.from({ length: 150 }, (_, number) => toPng(svg(number + 1))))
  t.equal(results.filter(({ status }) => status === 'fulfilled').length, 100)
  t.match(
    results.find(({ status }) => status === 'rejected'),
    { reason: { code: 'UNAVAILABLE', status: 503, headers: { 'retry-after': '5' } } },
  )
})

t.test('a picture that cannot be drawn fails alone, and the next one starts the thread again', async t => {
  const { toPng } = rasterizer(t)
  const [bad, good] = await Promise.allSettled([
    toPng('no picture'),
    toPng('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'),
  ])
  t.equal(bad.status, 'rejected')
  t.equal(good.status, 'fulfilled')
})

t.test('an idle thread is stopped, and started again when it is needed', async t => {
  const { toPng } = rasterizer(t, undefined, 10)
  const svg = (width: number) => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="1"/>`
  t.same(sizeOf(await toPng(svg(1))), [1, 1])
  await new Promise(resolve => setTimeout(resolve, 500))
  t.same(sizeOf(await toPng(svg(2))), [2, 1])
})

t.test('while many pictures are drawn, the event loop is free', async t => {
  const { toPng } = rasterizer(t)
  const svgs = Array.from({ length: 40 }, (_, number) =>
    previewSvg(site, { language: 'en', label: 'Skill', title: `The skill with the number ${number}`, facts: 'Python' }),
  )
  await toPng(String(svgs[0]))
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  await Promise.all(svgs.map(toPng))
  delay.disable()
  t.ok(delay.percentile(50) < 20e6, `the median delay is ${delay.percentile(50) / 1e6} ms`)
})
