import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { baseUrl, rawUrl, readSource } from '../../src/cli/read-source.ts'

/** Starts a server on this machine and returns its URL. */
const serve = async (t: Test, listener: RequestListener): Promise<string> => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const refused = (t: Test, ...[location, options, message]: [string, Parameters<typeof readSource>[1], RegExp]) =>
  t.rejects(readSource(location, options), { name: 'Refused', message })

t.test('a source is a file or a URL, whose redirects are followed', async t => {
  const folder = t.testdir({ 'a.md': 'text' })
  t.same(await readSource(join(folder, 'a.md')), { name: join(folder, 'a.md'), bytes: Buffer.from('text') })
  const url = await serve(t, ({ url: path }, response) => {
    if (path === '/old') response.writeHead(302, { location: '/new/list.md' })
    response.end('a list')
  })
  const local = url.replace('127.0.0.1', 'localhost')
  const { name, bytes, url: end } = await readSource(`${local}/old`, { allowPrivate: true })
  t.same([name, bytes.toString(), end?.href], [`${local}/old`, 'a list', `${local}/new/list.md`])
})

t.test('the page of a file on GitHub stands for the file', async t => {
  const raw = (url: string) => rawUrl(new URL(url)).href
  t.equal(raw('https://github.com/a/b/blob/main/docs/x.md'), 'https://raw.githubusercontent.com/a/b/main/docs/x.md')
  for (const url of ['https://github.com/a/b', 'https://example.org/a/b/blob/main/x.md']) t.equal(raw(url), url)
  const [page, file] = [new URL('https://github.com/a/b/blob/main/x.md'), new URL('https://example.org/x.md')]
  t.equal(baseUrl(page, file), page, 'links are relative to the page')
  t.equal(baseUrl(file, page), page)
})

t.test('addresses outside the public internet are refused, also after a redirect', async t => {
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '10.0.0.1', '0x7f.1', '169.254.169.254'])
    await refused(
      t,
      `http://${host}/x`,
      {},
      /leads to .*, which is not an address on the public internet: add --allow-private/,
    )
  const url = await serve(t, (_, response) => response.writeHead(301, { location: 'ftp://example.org/x' }).end())
  await refused(t, url, { allowPrivate: true }, /ftp:\/\/example.org\/x is not an address of the web/)
})

t.test('a source that is too large, too slow or broken is refused', async t => {
  const url = await serve(t, ({ url: path }, response) => {
    if (path === '/slow') return
    if (path === '/missing') response.writeHead(404).end()
    else if (path === '/loop') response.writeHead(307, { location: '/loop' }).end()
    else if (path === '/invalid') response.writeHead(308, { location: 'http://[' }).end()
    else if (path === '/nowhere') response.writeHead(303).end()
    else if (path === '/broken') {
      response.write('a')
      setTimeout(() => response.destroy(), 50)
    } else response.end('x'.repeat(2_000))
  })
  const options = { allowPrivate: true, limit: 1_024, timeout: 1_000 }
  await refused(t, `${url}/large`, options, /large has more than 0.0009765625 MiB/)
  await refused(t, `${url}/slow`, options, /slow cannot be read: it took too long/)
  await refused(t, `${url}/missing`, options, /missing answered 404, and a file is expected/)
  await refused(t, `${url}/loop`, options, /loop redirects more than 5 times/)
  await refused(t, `${url}/invalid`, options, /invalid redirects to an invalid URL/)
  await refused(t, `${url}/nowhere`, options, /nowhere answered 303/)
  await refused(t, `${url}/broken`, options, /broken cannot be read: ECONNRESET/)
  await refused(t, url.replace('http:', 'https:'), options, /cannot be read: /)
  await refused(t, 'http://', options, /is not a valid URL/)
  const folder = t.testdir({ 'a.md': 'x'.repeat(2_000) })
  await refused(t, join(folder, 'a.md'), options, /a.md has more than/)
})
