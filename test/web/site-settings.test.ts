import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import t from 'tap'
import { readSite } from '../../src/cli/site.ts'
import { BadConfig, readConfig } from '../../src/config.ts'
import { contrastOn, surfaces } from '../../src/web/page/accent.ts'
import { defaultAccent, editUrlOf, plainSite, type Site } from '../../src/web/page/site.ts'
import { testApp } from '../fixtures/app.ts'
import { runMain } from '../fixtures/service.ts'

const siteOf = (environment: Record<string, string>) => readSite(readConfig(environment))

const problemWith = async (environment: Record<string, string>): Promise<string> => {
  try {
    await siteOf(environment)
    return ''
  } catch (error) {
    if (error instanceof BadConfig) return error.message
    throw error
  }
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><path d="M0 0h120v40H0z"/></svg>'
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

const pageOf = async (t: Parameters<typeof testApp>[0], site: Partial<Site>, url = '/tracks/python') => {
  const { app } = await testApp(t, { site })
  const response = await app.inject({ url, headers: { accept: 'text/html' } })
  return { app, body: response.body, headers: response.headers }
}

t.test('without settings, the site is called Curriculum and may be framed by nobody', async t => {
  t.same(await siteOf({}), { name: 'Curriculum', embedOrigins: [] })
  const { body, headers } = await pageOf(t, await siteOf({}))
  t.match(body, '<title>Python · Curriculum</title>')
  t.match(body, '<a class="brand" href="../">Curriculum</a>')
  t.match(headers['content-security-policy'], /frame-ancestors 'none'$/)
  t.equal(headers['x-frame-options'], 'SAMEORIGIN')
})

t.test('SITE_NAME is in titles, header and previews, and SITE_URL is where it leads', async t => {
  const site = await siteOf({ SITE_NAME: ' Snake & Co <Academy> ', SITE_URL: 'https://academy.example/' })
  const { body } = await pageOf(t, site)
  t.match(body, '<title>Python · Snake &amp; Co &lt;Academy&gt;</title>')
  t.match(body, '<meta property="og:site_name" content="Snake &amp; Co &lt;Academy&gt;">')
  t.match(body, '<a class="brand" href="https://academy.example/">Snake &amp; Co &lt;Academy&gt;</a>')
  t.match(body, '<a class="home" href="../">')
  t.notMatch(body.slice(0, body.indexOf('<main')), 'Curriculum')
})

t.test('a logo file is served with a hash in its address and stands for the name', async t => {
  const folder = t.testdir({ 'logo.svg': svg, 'Logo.PNG': png })
  const other = await siteOf({ SITE_LOGO: join(folder, 'Logo.PNG') })
  const { app, body } = await pageOf(t, await siteOf({ SITE_LOGO: join(folder, 'logo.svg'), SITE_NAME: 'Academy' }))
  const [, address = ''] =
    /<img class="on-light" src="\.\.\/(assets\/logo\?[\w-]+)" alt="Academy" height="40">/.exec(body) ?? []
  const logo = await app.inject(`/${address}`)
  t.equal(logo.body, svg)
  t.match(logo.headers, {
    'content-type': 'image/svg+xml',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-security-policy': /sandbox/,
  })
  t.equal(other.logo?.file?.type, 'image/png')
  t.not(other.logo?.url, address, 'another file has another address')
})

t.test('a logo with colors of its own for dark schemes gets no light ground', async t => {
  const adapting = svg.replace('<path', '<style>@media(prefers-color-scheme:dark){path{fill:#fff}}</style><path')
  const folder = t.testdir({ 'logo.svg': adapting })
  const { body } = await pageOf(t, await siteOf({ SITE_LOGO: join(folder, 'logo.svg') }))
  t.match(body, /<img src="\.\.\/assets\/logo\?/)
})

t.test('a logo can be a URL, which the service does not load', async t => {
  const { app, body } = await pageOf(t, await siteOf({ SITE_LOGO: 'https://academy.example/logo.svg?a=1&b=2' }))
  t.match(body, 'src="https://academy.example/logo.svg?a=1&amp;b=2"')
  t.equal((await app.inject('/assets/logo')).statusCode, 404)
})

t.test('a logo that cannot be served is refused with the reason', async t => {
  const folder = t.testdir({
    'logo.gif': 'GIF89a',
    'logo.png': 'not a picture',
    'logo.jpg': 'not a picture',
    'logo.webp': 'RIFF....WEBM',
    'logo.svg': '<html></html>',
    'large.svg': `${svg}${' '.repeat(512 * 1024)}`,
  })
  for (const [name, reason] of [
    ['logo.gif', 'must be the path of a PNG, SVG, WebP or JPEG file, or an https:// URL'],
    ['logo', 'must be the path of a PNG, SVG, WebP or JPEG file, or an https:// URL'],
    ['logo.png', 'names a file that is no PNG picture'],
    ['logo.jpg', 'names a file that is no JPG picture'],
    ['logo.webp', 'names a file that is no WEBP picture'],
    ['logo.svg', 'names a file that is no SVG picture'],
    ['large.svg', 'names a file of more than 512 KiB'],
    ['missing.png', 'names a file that cannot be read (ENOENT)'],
  ])
    t.equal(await problemWith({ SITE_LOGO: join(folder, String(name)) }), `SITE_LOGO ${reason}.`)
  t.equal(await problemWith({ SITE_LOGO: 'https://' }), 'SITE_LOGO must be a complete URL.')
})

t.test('SITE_ACCENT is the color of links; that of the dark scheme is derived and can be read too', async t => {
  for (const color of [
    '#0057b8',
    '0057b8',
    'rebeccapurple',
    'hsl(10 80% 35%)',
    'oklch(45% 0.12 250)',
    'color(display-p3 0.6 0 0.2)',
    '#000',
  ]) {
    const { accent } = await siteOf({ SITE_ACCENT: color })
    t.ok(accent, color)
    t.ok(contrastOn(surfaces.light, String(accent?.light)) >= 4.5, color)
    t.ok(contrastOn(surfaces.dark, String(accent?.dark)) >= 4.5, color)
    t.ok(contrastOn(['#fff'], String(accent?.light)) >= 4.5, `text on ${color}`)
    t.ok(contrastOn(['#141916'], String(accent?.dark)) >= 4.5, `text on ${color} in the dark`)
  }
  const { body } = await pageOf(t, await siteOf({ SITE_ACCENT: '#0057b8' }))
  t.match(
    body,
    /:root\{--accent:#0057b8\}@media\(prefers-color-scheme:dark\)\{:root\{--accent:#[0-9a-f]{6}\}\}<\/style>/,
  )
})

t.test('a color that cannot be read is refused with its contrast and the nearest readable color', async t => {
  const problem = await problemWith({ SITE_ACCENT: '#ff9900' })
  t.match(
    problem,
    /^SITE_ACCENT cannot be read: it has a contrast of 1\.8 on the light ground of the pages, and needs 4\.5\. The nearest readable color is #[0-9a-f]{6}\.$/,
  )
  const [nearest = ''] = /#[0-9a-f]{6}/.exec(problem) ?? []
  t.equal(await problemWith({ SITE_ACCENT: nearest }), '')
  const contrast = contrastOn(surfaces.light, nearest)
  t.ok(contrast >= 4.5 && contrast < 4.6, `${nearest} is hardly darker than needed`)
  for (const color of ['xyzzy', 'rgb(0 0 0 / 50%)', '#12', 'var(--accent)', 'transparent']) {
    t.match(await problemWith({ SITE_ACCENT: color }), /^SITE_ACCENT must be an opaque CSS color, such as /, color)
    t.notMatch(await problemWith({ SITE_ACCENT: color }), 'xyzzy')
  }
})

t.test('the surfaces and the accent that colors are checked with are those of the style sheet', t => {
  const css = readFileSync(new URL('../../src/web/assets/css/base.css', import.meta.url), 'utf8')
  const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)')
  for (const [part, grounds, accent, onAccent] of [
    [light, surfaces.light, defaultAccent.light, '#ffffff'],
    [dark, surfaces.dark, defaultAccent.dark, '#141916'],
  ] as const) {
    const token = (name: string) => new RegExp(`--${name}: (#[0-9a-f]+);`).exec(part)?.[1]?.replace(/^#fff$/, '#ffffff')
    t.same(['ground', 'card', 'sunk'].map(token), grounds)
    t.equal(token('accent'), accent)
    t.equal(token('on-accent'), onAccent)
    t.ok(contrastOn([onAccent], accent) >= 4.5)
  }
  t.end()
})

t.test('SITE_EDIT_URL leads to the file of an item', async t => {
  const edit = async (pattern: string) =>
    editUrlOf(
      { ...plainSite(() => ''), ...(await siteOf({ SITE_EDIT_URL: pattern })) },
      'python',
      'skill',
      'decorators',
    )
  t.equal(
    await edit('https://git.example/edit/main/seed/{path}'),
    'https://git.example/edit/main/seed/python/skills/decorators.yaml',
  )
  t.equal(
    await edit('https://academy.example/form?t={track}&n={noun}&s={slug}'),
    'https://academy.example/form?t=python&n=skill&s=decorators',
  )
  t.equal(
    editUrlOf(
      plainSite(() => ''),
      'python',
      'skill',
      'decorators',
    ),
    undefined,
  )
  for (const pattern of ['https://git.example/{file}', 'https://git.example/{path', 'https://git.example/{{path}}'])
    t.equal(
      await problemWith({ SITE_EDIT_URL: pattern }),
      'SITE_EDIT_URL may contain no other placeholders than {track}, {noun}, {slug} and {path}.',
    )
  t.match(await problemWith({ SITE_EDIT_URL: 'javascript:alert(1)' }), /^SITE_EDIT_URL must begin with https/)
})

t.test('EMBED_ORIGINS may show embedded pages in frames, and no others', async t => {
  const site = await siteOf({ EMBED_ORIGINS: 'https://Academy.example/, http://localhost:8080' })
  t.same(site.embedOrigins, ['https://academy.example', 'http://localhost:8080'])
  const { app, body, headers } = await pageOf(t, site, '/tracks/python?embed=1')
  t.match(headers['content-security-policy'], /frame-ancestors https:\/\/academy\.example http:\/\/localhost:8080$/)
  t.notOk('x-frame-options' in headers)
  t.notMatch(body, /<(header|footer) class="site-/)
  for (const url of ['/tracks/python', '/tracks/python?embed=0', '/docs', '/v1'])
    t.match(
      (await app.inject(url)).headers,
      { 'content-security-policy': /frame-ancestors 'none'/, 'x-frame-options': 'SAMEORIGIN' },
      url,
    )
  const missing = await app.inject({ url: '/tracks/pyhton?embed=1', headers: { accept: 'text/html' } })
  t.match(missing, { statusCode: 404, headers: { 'content-security-policy': /frame-ancestors https:/ } })
  t.match(missing.body, 'Did you mean <a href="../tracks/python?embed=1">')
  t.notMatch(missing.body, /<(header|footer) class="site-/)
  t.same((await siteOf({ EMBED_ORIGINS: '*' })).embedOrigins, ['*'])
  for (const list of [
    'academy.example',
    'https://academy.example/path',
    '*, https://academy.example',
    "'self'",
    'https://*.example',
    'ftp://academy.example',
    'https://a.example;script-src *',
  ])
    t.equal(
      await problemWith({ EMBED_ORIGINS: list }),
      'EMBED_ORIGINS must be origins separated by commas, such as https://bootcamp.example, or * for any.',
      list,
    )
})

t.test('no origin may frame a page that asks for it without EMBED_ORIGINS', async t => {
  const { headers } = await pageOf(t, await siteOf({}), '/tracks/python?embed=1')
  t.match(headers, { 'content-security-policy': /frame-ancestors 'none'$/, 'x-frame-options': 'SAMEORIGIN' })
})

t.test('serve refuses a color that cannot be read before anything else is done', async t => {
  const folder = t.testdir()
  const env = { ...process.env, PORT: '0', DATABASE_URL: `file:${folder}/curriculum.db`, SITE_ACCENT: 'yellow' }
  for (const workers of ['1', '2']) {
    const { code, out, err } = await runMain(['serve'], { env: { ...env, WORKERS: workers } })
    t.equal(code, 1)
    t.equal(out, '')
    t.match(err, /^SITE_ACCENT cannot be read: [^\n]* The nearest readable color is #[0-9a-f]{6}\.\n$/)
  }
})

t.test('docs/site.md has settings that work, and every custom property and part of the element', async t => {
  const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
  const document = read('docs/site.md')
  const starts = [...document.matchAll(/^(\S.*) npm start$/gm)].map(([, settings = '']) => settings)
  t.equal(starts.length, 2)
  for (const settings of starts) {
    const environment = parseEnv(
      [...settings.matchAll(/\w+=("[^"]*"|\S+)/g)].map(([one]) => one.replace('=#', '=')).join('\n'),
    )
    t.ok(Object.keys(environment).length > 0)
    await t.resolves(siteOf(environment as Record<string, string>))
  }
  const used = (text: string, pattern: RegExp) =>
    [...new Set([...text.matchAll(pattern)].map(([, name]) => name))].sort()
  const table = /custom property.*?\n\n/s.exec(document)?.[0] ?? ''
  t.same(used(table, /`(--curriculum-\w+)`/g), used(read('src/web/browser/embed/style.css'), /(--curriculum-\w+)/g))
  const parts = used(/The parts for.*?`retry`/s.exec(document)?.[0] ?? '', /`(\w[\w-]*)`/g)
  const script = read('src/web/browser/embed/main.ts')
  t.same(
    parts,
    used(script, /part: [`'](?:link )?([\w-]+)/g)
      .concat('project', 'skill')
      .sort(),
  )
})

t.test('the home page and the search have no header and footer in a frame, and their links stay in it', async t => {
  const { app } = await testApp(t, { site: { embedOrigins: ['*'] } })
  for (const url of [
    '/?embed=1',
    '/search?embed=1',
    '/search?q=decorators&embed=1',
    '/search?q=xyzzyx&noun=skill&embed=1',
  ]) {
    const { body, headers } = await app.inject({ url, headers: { accept: 'text/html' } })
    t.match(headers['content-security-policy'], /frame-ancestors \*$/, url)
    t.notMatch(body, /<(header|footer) class="site-/, url)
    t.match(body, '<input type="hidden" name="embed" value="1">', url)
    const links = [...body.slice(body.indexOf('<main')).matchAll(/<a [^>]*href="([^"#][^"]*)"/g)].map(
      ([, href]) => href,
    )
    t.ok(links.length > 0, url)
    t.same(
      links.filter(href => !/[?;]embed=1/.test(String(href))),
      [],
      url,
    )
    t.ok(
      (await app.inject({ url: url.replace(/[?&]embed=1/, ''), headers: { accept: 'text/html' } })).body.includes(
        'site-header',
      ),
    )
  }
})
