import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { asAdmin, documentOf, emptyApp } from '../fixtures/app.ts'

t.test(
  'redirects and the addresses of what was created are right behind a proxy that serves under a prefix',
  async t => {
    const { app, load } = await emptyApp(t)
    const parts = { category: [{ slug: 'a' }] }
    await load(documentOf({ slug: 'old' }, { ...parts, skill: [{ slug: 'x', category: 'a', tier: 'senior' }] }))
    await load(
      documentOf(
        { slug: 'new', formerly: ['old'] },
        { ...parts, skill: [{ slug: 'y', formerly: ['x'], category: 'a', tier: 'senior' }] },
      ),
    )
    const prefix = '/curriculum'
    const proxy = createServer(async (request, response) => {
      const { url = '', method, headers } = request
      if (!url.startsWith(`${prefix}/`)) {
        response.writeHead(404).end('not the service')
        return
      }
      const chunks = await request.toArray()
      const answer = await app.inject({
        method: method as 'GET',
        url: url.slice(prefix.length),
        headers,
        ...(chunks.length > 0 && { payload: Buffer.concat(chunks) }),
      })
      response.writeHead(answer.statusCode, { ...answer.headers, connection: 'close' }).end(answer.rawPayload)
    }).listen(0, '127.0.0.1')
    t.teardown(() => proxy.close())
    await once(proxy, 'listening')
    const origin = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    for (const [from, to] of [
      ['/v1/tracks/old', '/v1/tracks/new'],
      ['/v1/skills/old.x?include=category', '/v1/skills/new.y?include=category'],
      ['/v1/tracks/old/export/canvas.csv', '/v1/tracks/new/export/canvas.csv'],
      ['/v1/tracks/old/path?to=y', '/v1/tracks/new/path?to=y'],
      ['/openapi.json/', '/openapi.json'],
      ['/tracks/new/', '/tracks/new'],
      ['/tracks/old', '/tracks/new'],
      ['/tracks/old.svg', '/tracks/new.svg'],
      ['/tracks/old.png', '/tracks/new.png'],
      ['/tracks/old/skills/x/?embed=1', '/tracks/new/skills/y?embed=1'],
      ['/tracks/old/skills/x.png', '/tracks/new/skills/y.png'],
    ] as const) {
      const { status, url, redirected } = await fetch(`${origin}${prefix}${from}`)
      t.match({ status, url, redirected }, { status: 200, url: `${origin}${prefix}${to}`, redirected: true }, from)
    }
    const created = await fetch(`${origin}${prefix}/v1/categories/new.b`, {
      method: 'PUT',
      headers: { ...asAdmin, 'content-type': 'application/json', 'if-none-match': '*' },
      body: JSON.stringify({ title: 'B' }),
    })
    t.equal(created.status, 201, await created.text())
    const { status } = await fetch(new URL(String(created.headers.get('location')), created.url))
    t.equal(status, 200)
  },
)
