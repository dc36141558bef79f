import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import t, { type Test } from 'tap'
import type { TrackDocument } from '../../src/catalog.ts'
import { loadContent } from '../../src/content/load.ts'
import { readFolder } from '../../src/content/read-folder.ts'
import { picturePath } from '../../src/model/picture.ts'
import { readPicture } from '../../src/query/picture-file.ts'
import { svgProblem } from '../../src/text/svg-safety.ts'
import { exportHtml } from '../../src/web/track/track-page.ts'
import { asAdmin, emptyApp } from '../fixtures/app.ts'
import { startAuthoring, writeTree } from '../fixtures/author.ts'
import { smallTrack } from '../fixtures/small-track.ts'

/** A picture of one pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'

const folderWith = (t: Test, files: Record<string, string | Buffer>): string => {
  const folder = t.testdir({ python: smallTrack() })
  for (const [path, content] of Object.entries(files)) write(join(folder, 'python', path), content)
  return folder
}

/** Starts a service, and writes the small track with these files into a folder. */
const appWith = async (t: Test, files: Record<string, string | Buffer>) => {
  const { app, catalog, file } = await emptyApp(t)
  const folder = join(dirname(file), 'tracks')
  writeTree(join(folder, 'python'), smallTrack())
  for (const [path, content] of Object.entries(files)) write(join(folder, 'python', path), content)
  return { app, catalog, folder }
}

const write = (file: string, content: string | Buffer): void => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}

t.test('pictures are loaded with their track and served with their type, size and ETag', async t => {
  const { app, catalog, folder } = await appWith(t, {
    'images/a b/ünit.png': png,
    'images/flow.svg': svg,
    'images/x.GIF': gif,
  })
  const { loaded, findings } = await loadContent(catalog, folder)
  t.same(findings, [])
  t.match(loaded, [{ slug: 'python' }])
  const { pictures } = (await app.inject('/v1/tracks/python')).json()
  t.match(pictures, [
    { path: 'images/a b/ünit.png', mediaType: 'image/png', size: png.length },
    { path: 'images/flow.svg', mediaType: 'image/svg+xml', size: svg.length },
    { path: 'images/x.GIF', mediaType: 'image/gif', size: gif.length },
  ])
  const response = await app.inject('/tracks/python/files/images/a%20b/%C3%BCnit.png')
  t.same(response.rawPayload, png)
  t.match(response.headers, {
    'content-type': 'image/png',
    'x-content-type-options': 'nosniff',
    etag: `"${pictures[0].hash}"`,
    'cache-control': /^public/,
  })
  t.match(response.headers['content-security-policy'], /sandbox/)
  const again = { url: '/tracks/python/files/images/flow.svg', headers: { 'accept-encoding': 'gzip' } }
  t.equal((await app.inject(again)).headers['content-type'], 'image/svg+xml')
  const { etag } = (await app.inject(again.url)).headers
  t.equal((await app.inject({ url: again.url, headers: { 'if-none-match': String(etag) } })).statusCode, 304)
  t.equal((await app.inject({ method: 'HEAD', url: again.url })).headers['content-length'], String(svg.length))
  const missing = await app.inject('/tracks/python/files/images/none.png')
  t.equal(missing.statusCode, 404)
  t.match(missing.json(), { code: 'NOT_FOUND', detail: 'There is no picture "images/none.png" in python.' })
  for (const url of ['/tracks/python/files/track.yaml', '/tracks/python/files/images/%2e%2e/track.yaml'])
    t.equal((await app.inject(url)).statusCode, 404, url)
})

t.test('pictures are not compressed again, and SVG is', async t => {
  const { app, catalog, folder } = await appWith(t, {
    'images/large.png': Buffer.concat([png, Buffer.alloc(5_000)]),
    'images/large.svg': svg.replace('<rect', `${'<g/>'.repeat(500)}<rect`),
  })
  await loadContent(catalog, folder)
  for (const [path, encoding] of [
    ['large.png', undefined],
    ['large.svg', 'gzip'],
  ] as const) {
    const request = { url: `/tracks/python/files/images/${path}`, headers: { 'accept-encoding': 'gzip' } }
    for (let round = 0; round < 3; round++)
      t.equal((await app.inject(request)).headers['content-encoding'], encoding, path)
  }
})

t.test('a changed, added or removed picture changes the track, and what shows it', async t => {
  const { app, catalog, folder } = await appWith(t, { 'images/one.png': png })
  const load = async () =>
    (await loadContent(catalog, folder)).loaded.map(({ created, changed }) => ({ created, changed }))
  await load()
  t.same(await load(), [], 'nothing changed')
  const url = '/tracks/python/files/images/one.png'
  const before = (await app.inject(url)).headers.etag
  write(join(folder, 'python/images/one.png'), Buffer.concat([png, Buffer.from('more')]))
  t.same(await load(), [{ created: 0, changed: 1 }])
  t.not((await app.inject(url)).headers.etag, before)
  const { data } = (await app.inject('/v1/changes?limit=200')).json()
  t.match(data.at(-1), { type: 'track', key: 'python', op: 'upsert' })
  rmSync(join(folder, 'python/images/one.png'))
  t.same(await load(), [{ created: 0, changed: 1 }])
  t.equal((await app.inject(url)).statusCode, 404)
  t.same((await app.inject('/v1/tracks/python')).json().pictures, [])
})

t.test('a renamed track keeps its pictures, a removed one loses them, and an old address redirects', async t => {
  const author = await startAuthoring(t, { python: smallTrack() })
  write(join(author.content, 'python/images/one.png'), png)
  await author.run('load', author.content)
  const [old, renamed] = [join(author.content, 'python'), join(author.content, 'py')]
  renameSync(old, renamed)
  appendFileSync(join(renamed, 'track.yaml'), 'formerly: [python]\n')
  const source = join(renamed, 'sources/guide.yaml')
  writeFileSync(source, readFileSync(source, 'utf8').replace('python.skill', 'skill'))
  t.match(await author.run('load', author.content), { err: '', out: 'py: ' })
  const moved = await author.app.inject('/tracks/python/files/images/one.png')
  t.equal(moved.statusCode, 308)
  t.equal(moved.headers.location, '../../../../tracks/py/files/images/one.png')
  t.same((await author.app.inject('/tracks/py/files/images/one.png')).rawPayload, png)
  await author.remove('/v1/tracks/py')
  t.equal((await author.app.inject('/tracks/py/files/images/one.png')).statusCode, 410)
})

t.test('a write through the API keeps the pictures', async t => {
  const author = await startAuthoring(t, { python: smallTrack() })
  write(join(author.content, 'python/images/one.png'), png)
  await author.run('load', author.content)
  const document = (await author.app.inject('/v1/tracks/python/document')).json()
  await author.put('/v1/tracks/python/document', document)
  await author.patch('/v1/tracks/python', { summary: 'New.' })
  t.equal((await author.app.inject('/v1/tracks/python')).json().pictures.length, 1)
})

t.test('a dry run names pictures, and export files writes them byte for byte and removes others', async t => {
  const author = await startAuthoring(t, { python: smallTrack() })
  const [one, two] = ['one.png', 'two.png'].map(name => join(author.content, 'python/images', name)) as [string, string]
  write(one, png)
  t.match((await author.run('load', author.content, '--dry-run')).out, 'pictures')
  await author.run('load', author.content)
  write(one, gif)
  write(two, png)
  t.match((await author.run('export', 'files', '--track', 'python')).err, 'GIF', 'files with mistakes are not touched')
  rmSync(one)
  await author.run('export', 'files', '--track', 'python')
  t.same(readFileSync(one), png)
  t.throws(() => readFileSync(two), { code: 'ENOENT' })
  t.match((await author.run('export', 'files', '--track', 'python')).out, 'up to date')
})

t.test('a file that is no picture is refused with the reason', async t => {
  for (const [path, content, words] of [
    ['images/a.bmp', 'BM', 'pictures are PNG, JPEG, WebP, GIF and SVG'],
    ['images/a.png', 'no picture', 'this is no PNG picture'],
    ['images/a.jpg', png, 'this is a PNG picture: rename it so that its name ends in .png'],
    ['images/a.png', svg, 'this is an SVG picture: rename it so that its name ends in .svg'],
    ['images/a.png', Buffer.concat([png, Buffer.alloc(2 * 1024 * 1024)]), 'may have 2097152: make it smaller'],
    ['images/a\\b.png', png, 'no backslash'],
    [`images/${'x'.repeat(190)}.png`, png, 'at most 200 characters'],
    ['images/a.svg', '<svg><script>1</script></svg>', 'the element <script>'],
    ['images/a.svg', '<svg><g></svg>', 'not well formed'],
    ['images/a.svg', '<html><svg></svg></html>', 'this is no SVG picture'],
  ] as const) {
    const folder = folderWith(t, { [path]: content })
    const { tracks, findings } = await readFolder(folder)
    t.equal(tracks.length, 0, path)
    t.match(findings, [{ severity: 'error', file: join(folder, 'python', path), message: words }], words)
  }
})

t.test('pictures are too large together before memory is short', async t => {
  const folder = folderWith(t, {})
  for (let index = 0; index < 33; index++)
    write(join(folder, `python/images/${index}.png`), Buffer.concat([png, Buffer.alloc(2 * 1024 * 1024 - png.length)]))
  const { findings } = await readFolder(folder)
  t.match(findings, [{ message: 'at most 64 MiB together, and these have 66' }])
})

t.test('every type of picture is recognized by its first bytes', async t => {
  const webp = Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBPVP8 '), Buffer.alloc(20)])
  const jpeg = Buffer.from('ffd8ffe000104a46494600', 'hex')
  for (const [path, bytes, mediaType] of [
    ['images/a.png', png, 'image/png'],
    ['images/a.jpg', jpeg, 'image/jpeg'],
    ['images/a.JPEG', jpeg, 'image/jpeg'],
    ['images/a.gif', gif, 'image/gif'],
    ['images/a.webp', webp, 'image/webp'],
    ['images/a.svg', Buffer.from(`<?xml version="1.0"?>\n<!-- drawn -->\n${svg}`), 'image/svg+xml'],
  ] as const)
    t.match(readPicture(path, bytes), { path, mediaType, size: bytes.length })
})

t.test('an SVG that could run code or load something is refused', async t => {
  const ns = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
  for (const [inside, words] of [
    ['<script/>', '<script>'],
    ['<s:script xmlns:s="http://www.w3.org/2000/svg"/>', '<s:script>'],
    ['<foreignObject><p/></foreignObject>', '<foreignObject>'],
    ['<g onclick="a()"/>', 'the event handler onclick'],
    ['<g ONLOAD="a()"/>', 'the event handler ONLOAD'],
    ['<a xlink:href="javascript:a()"><g/></a>', 'the address javascript:a()'],
    ['<a href=" java&#115;cript:a()"><g/></a>', 'the address javascript:a()'],
    ['<image href="https://example.org/x.png"/>', 'the address https://example.org/x.png'],
    ['<image href="data:image/svg+xml,x"/>', 'the address data:image/svg+xml'],
    ['<use href="other.svg#a"/>', 'the address other.svg#a'],
    ['<set attributeName="href" to="javascript:a()"/>', 'an animation of href'],
    ['<style>@import "x.css";</style>', '@import'],
    ['<style>rect { fill: url(https://example.org/x) }</style>', 'the address https://example.org/x'],
    ['<rect style="fill: url( &quot;x.svg#a&quot; )"/>', 'the address x.svg#a'],
    ['<style>@\\69mport "x";</style>', 'escapes in styles'],
    ['<style><![CDATA[@import "x.css";]]></style>', '@import'],
    ['<style><g/>@import "x.css";</style>', '@import'],
    ['<?xml-stylesheet href="x.css"?>', 'the processing instruction'],
  ] as const)
    t.match(svgProblem(`<svg ${ns}>${inside}</svg>`), words, inside)
  t.match(svgProblem(`<!DOCTYPE svg [<!ENTITY a "b">]><svg ${ns}/>`), 'entities')
})

t.test('an ordinary SVG is accepted', async t => {
  const drawn = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="10">
  <title>one = 1 &amp; on</title>
  <style>.a { fill: url(#g); font-family: "x" } @font-face { src: url(data:font/woff2;base64,AA) }</style>
  <defs><linearGradient id="g"><stop offset="0"/></linearGradient></defs>
  <use xlink:href="#g"/><image href="data:image/png;base64,AA"/><rect class="a" style="fill:url(#g)"/>
  <text>on = off, a\\b</text>
</svg>`
  t.equal(svgProblem(drawn), undefined)
})

t.test('an address in Markdown names a picture from the folder of the file or of the track', async t => {
  for (const [address, path] of [
    ['images/a.png', 'images/a.png'],
    ['./images/a.png', 'images/a.png'],
    ['../images/a%20b.png', 'images/a b.png'],
    ['/images/a.png', 'images/a.png'],
    ['images/u\u0308.png#top', 'images/ü.png'],
    ['../../images/a.png', undefined],
    ['pictures/a.png', undefined],
    ['https://example.org/images/a.png', undefined],
    ['images/%zz.png', undefined],
  ] as const)
    t.equal(picturePath(address), path, address)
})

t.test('notes show the pictures of their track on the page, and in an exported file', async t => {
  const { app, catalog, folder } = await appWith(t, {
    'images/a b.png': png,
    'skills/variables.yaml':
      'title: V\nnotes: |\n  ![one](../images/a%20b.png) <img src="images/a b.png" alt="two"> ![three](images/none.png)\n',
  })
  await loadContent(catalog, folder)
  const page = (await app.inject('/tracks/python/skills/variables')).body
  const src = 'tracks/python/files/images/a%20b.png'
  t.equal(page.split(`src="../../../${src}"`).length - 1, 2, 'in Markdown and in HTML, relative to the page')
  t.notMatch(page, 'none.png')
  t.same((await app.inject(`/${src}`)).rawPayload, png)
  const document = (await catalog.document('python')) as TrackDocument
  t.match(
    exportHtml(document, await catalog.pictures('python')),
    `<img src="data:image/png;base64,${png.toString('base64')}"`,
  )
})

t.test('a picture is created, replaced and removed over HTTP', async t => {
  const author = await startAuthoring(t, { python: smallTrack() })
  await author.run('load', author.content)
  const { app } = author
  const url = '/tracks/python/files/images/new%20one.png'
  const send = (
    method: 'PUT' | 'DELETE',
    payload: Buffer | string | undefined,
    headers: Record<string, string> = {},
    to = url,
  ) =>
    app.inject({
      method,
      url: to,
      headers: { ...asAdmin, 'content-type': 'image/png', ...headers },
      ...(payload && { payload }),
    })
  t.equal(
    (await app.inject({ method: 'PUT', url, payload: png, headers: { 'content-type': 'image/png' } })).statusCode,
    401,
  )
  const created = await send('PUT', png)
  t.equal(created.statusCode, 201, created.body)
  t.equal(created.headers.location, `../../../..${url}`)
  const { etag } = created.headers
  t.same((await app.inject(url)).rawPayload, png)
  t.equal((await send('PUT', gif, { 'if-match': '*' })).statusCode, 422, 'GIF is not PNG')
  t.equal((await send('PUT', png)).statusCode, 428)
  t.equal((await send('PUT', png, { 'if-match': '"other"' })).statusCode, 412)
  const larger = Buffer.concat([png, Buffer.from('more')])
  const replaced = await send('PUT', larger, { 'if-match': String(etag) })
  t.equal(replaced.statusCode, 204)
  t.not(replaced.headers.etag, etag)
  t.equal((await send('PUT', Buffer.alloc(3 * 1024 * 1024), { 'if-match': '*' })).statusCode, 413)
  t.match((await send('PUT', undefined, { 'if-match': '*' })).json(), {
    code: 'UNPROCESSABLE',
    detail: 'This is no PNG picture',
  })
  t.equal((await send('PUT', png, {}, '/tracks/python/files/other/a.png')).statusCode, 400)
  t.equal((await send('PUT', png, {}, '/tracks/none/files/images/a.png')).statusCode, 404)
  for (const name of ['..%2f..%2f..%2fa.png', 'a%2f%2fa.png', '.a.png', 'node_modules/a.png', '..%5ca.png']) {
    const outside = await send('PUT', png, {}, `/tracks/python/files/images/${name}`)
    t.match(outside, { statusCode: 422, body: 'rename it' }, name)
  }
  t.match((await app.inject('/v1/tracks/python')).json().pictures, [
    { path: 'images/new one.png', size: larger.length },
  ])
  t.match((await author.run('load', author.content)).err, 'changed through the API')
  await author.run('export', 'files', '--track', 'python')
  t.same(readFileSync(join(author.content, 'python/images/new one.png')), larger)
  t.equal((await send('DELETE', undefined, { 'if-match': String(replaced.headers.etag) })).statusCode, 204)
  t.equal((await app.inject(url)).statusCode, 404)
  t.equal((await send('DELETE', undefined)).statusCode, 404)
})

t.test('a document is copied to another service before its pictures', async t => {
  const { app, catalog, folder } = await appWith(t, { 'images/one.png': png })
  await loadContent(catalog, folder)
  const { app: other } = await emptyApp(t)
  const payload = (await app.inject('/v1/tracks/python/document')).json()
  const copied = await other.inject({ method: 'PUT', url: '/v1/tracks/python/document', headers: asAdmin, payload })
  t.equal(copied.statusCode, 201, copied.body)
  const url = '/tracks/python/files/images/one.png'
  t.equal((await other.inject({ method: 'PUT', url, headers: asAdmin, payload: png })).statusCode, 201)
  const pictures = async (one: typeof app) => (await one.inject('/v1/tracks/python')).json().pictures
  t.same(await pictures(other), await pictures(app))
})

t.test('the pictures of a track are bounded together over HTTP too', async t => {
  const { app, catalog, folder } = await appWith(t, {})
  for (let index = 0; index < 32; index++)
    write(join(folder, `python/images/${index}.png`), Buffer.concat([png, Buffer.alloc(2 * 1024 * 1024 - png.length)]))
  await loadContent(catalog, folder)
  const headers = { ...asAdmin, 'content-type': 'image/png' }
  const response = await app.inject({ method: 'PUT', url: '/tracks/python/files/images/z.png', headers, payload: png })
  t.equal(response.statusCode, 422)
  t.match(response.json().detail, 'at most 64 MiB together')
})

t.test('a write to the earlier address of a track redirects', async t => {
  const { app, catalog, folder } = await appWith(t, { 'images/one.png': png })
  appendFileSync(join(folder, 'python/track.yaml'), 'formerly: [old]\n')
  await loadContent(catalog, folder)
  for (const method of ['PUT', 'DELETE'] as const) {
    const moved = await app.inject({ method, url: '/tracks/old/files/images/a%20b.png', headers: asAdmin })
    t.match(moved, { statusCode: 308, headers: { location: '../../../../tracks/python/files/images/a%20b.png' } })
  }
})

t.test('a cartridge has the pictures that its texts show, under names that every platform finds', async t => {
  const { app, catalog, folder } = await appWith(t, {
    'images/a b.png': png,
    'images/ü.gif': gif,
    'images/unused.svg': svg,
    'skills/variables.yaml': 'title: V\nnotes: |\n  ![one](../images/a%20b.png) <img src="images/ü.gif" alt="two">\n',
  })
  await loadContent(catalog, folder)
  for (const version of ['1.1', '1.3']) {
    const { rawPayload } = await app.inject(`/v1/tracks/python/export/cartridge.imscc?version=${version}`)
    const files = unzipSync(rawPayload)
    const pictures = Object.keys(files).filter(name => name.startsWith('pictures/'))
    t.same(
      pictures.map(name => Buffer.from(files[name] as Uint8Array)).sort(Buffer.compare),
      [gif, png].sort(Buffer.compare),
    )
    const page = Buffer.from(files['pages/variables.html'] as Uint8Array).toString()
    const manifest = Buffer.from(files['imsmanifest.xml'] as Uint8Array).toString()
    for (const name of pictures) {
      t.match(name, /^pictures\/[\w-]+\.(png|gif)$/)
      t.match(page, `src="../${name}"`)
      t.match(manifest, `type="webcontent" href="${name}"><file href="${name}"/></resource>`)
    }
  }
})

t.test('the Markdown export links to the pictures and skills of the service', async t => {
  const { app, catalog, folder } = await appWith(t, {
    'images/a b.png': png,
    'projects/todo-app.yaml':
      'title: Todo\nskills: [functions]\nbrief: |\n  ![one](../images/a%20b.png) <img src="images/none.png"> [f](functions) [w](https://example.org/)\n\n  ```\n  [f](functions)\n  ```\n',
  })
  await loadContent(catalog, folder)
  const { body } = await app.inject('/v1/tracks/python/export/markdown')
  const [, origin] = /!\[one\]\((https:\/\/[^)]+)\/tracks\/python\/files\/images\/a%20b\.png\)/.exec(body) ?? []
  t.ok(origin, body)
  t.match(body, `[f](${origin}/tracks/python/skills/functions) [w](https://example.org/)`)
  t.match(body, 'src="images/none.png"', 'an unknown address stays')
  t.match(body, '```\n[f](functions)\n```', 'code stays as it is')
})
