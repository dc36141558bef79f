import { type IncomingHttpHeaders, request } from 'node:http'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { emptyApp, testApp } from '../fixtures/app.ts'

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'

const detailOf = async (app: FastifyInstance, url: string): Promise<string> => {
  const response = await app.inject(url)
  if (response.statusCode !== 404) throw new Error(`${url} is ${response.statusCode}`)
  return response.json<{ detail: string }>().detail
}

t.test('a 404 suggests the nearest address', async t => {
  const { app } = await emptyApp(t)
  for (const [url, meant] of [
    ['/v1/skillz', '/v1/skills'],
    ['/v1/skill', '/v1/skills'],
    ['/v1/category/python.testing', '/v1/categories/python.testing'],
    ['/v1/tracks/python/raodmap', '/v1/tracks/python/roadmap'],
    ['/V1/Skills?tier=senior', '/v1/skills'],
    ['/skills', '/v1/skills'],
    ['/skill/python.x', '/v1/skills/python.x'],
    ['/graphq', '/graphql'],
    ['/openapi.jsno', '/openapi.json'],
    ['/track/python', '/tracks/python'],
    ['/v1/skillz/', '/v1/skills'],
  ] as const)
    t.equal(await detailOf(app, url), `There is nothing at ${url.split('?')[0]}. Did you mean "${meant}"?`)
  for (const url of ['/nowhere', '/v1/tracks/python/zzzzzz', '/v1//python.x', '/v1/tracks/a/b/c/d', '/v1/*'])
    t.equal(await detailOf(app, url), `There is nothing at ${url}. /v1 lists the paths.`)
  const long = `/v1/skillz/${'x'.repeat(1_000)}`
  t.equal(await detailOf(app, long), `There is nothing at ${long.slice(0, 200)}. /v1 lists the paths.`)
})

t.test('the 404 of a noun suggests the nearest key', async t => {
  const { app } = await testApp(t)
  for (const [url, words] of [
    ['/v1/skills/python.decorater', 'There is no skill called "python.decorater". Did you mean "python.decorators"?'],
    ['/v1/skills/decorators', 'There is no skill called "decorators". Did you mean "python.decorators"?'],
    ['/v1/skills/decorater', 'There is no skill called "decorater". Did you mean "python.decorators"?'],
    ['/v1/skills/pyhton.decorators', 'There is no skill called "pyhton.decorators". Did you mean "python.decorators"?'],
    ['/v1/tracks/pyhton', 'There is no track called "pyhton". Did you mean "python"?'],
    ['/v1/tracks/pyhton/roadmap', 'There is no track called "pyhton". Did you mean "python"?'],
    ['/v1/skills/python.zzzzzzzz', 'There is no skill called "python.zzzzzzzz".'],
    ['/v1/skills/zzzzzzzz', 'There is no skill called "zzzzzzzz".'],
    ['/v1/skills/', 'The path names no skill; /v1/skills, without a slash at the end, lists them all.'],
  ] as const)
    t.equal(await detailOf(app, url), words)
})

t.test('a slash at the end redirects pages, and is a 404 with advice for programs', async t => {
  const { app } = await testApp(t)
  for (const [url, location] of [
    ['//', '../'],
    ['/docs/', '../docs'],
    ['/openapi.json/', '../openapi.json'],
    ['/tracks/python/', '../../tracks/python'],
    ['/tracks/python.svg/?tier=senior', '../../tracks/python.svg?tier=senior'],
  ] as const)
    for (const method of ['GET', 'HEAD'] as const) {
      const moved = await app.inject({ method, url, headers: { accept: browser } })
      t.equal(moved.statusCode, 308, `${method} ${url}`)
      t.equal(moved.headers.location, location)
      t.equal(moved.headers['cache-control'], 'no-store')
    }
  for (const [method, url] of [
    ['GET', '/v1/'],
    ['GET', '/v1/search/?q=x'],
    ['GET', '/v1/skills/python.decorators/'],
    ['GET', '/graphql/?query=%7B__typename%7D'],
    ['POST', '/graphql/'],
    ['POST', '/v1/tracks/python/path/'],
    ['POST', '/docs/'],
  ] as const) {
    const rejected = await app.inject({ method, url })
    t.equal(rejected.statusCode, 404, `${method} ${url}`)
    t.match(rejected.json<{ detail: string }>().detail, 'Remove the slash at the end.')
  }
})

t.test('no URL redirects a browser to another site', async t => {
  const { app } = await testApp(t)
  for (const url of ['//evil.example/', '//evil.example//', '/\\evil.example/', '///', '//docs/']) {
    const { statusCode, headers } = await app.inject({ url: `http://localhost${url}`, headers: { accept: browser } })
    t.equal(statusCode, 404, url)
    t.equal(headers.location, undefined)
  }
})

t.test('a 404 is a page for browsers and a problem for programs', async t => {
  const { app } = await emptyApp(t)
  const page = await app.inject({ url: '/nowhere?x=<b>', headers: { accept: browser } })
  t.equal(page.statusCode, 404)
  t.match(page.headers, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    vary: 'Accept, Accept-Language',
    'content-security-policy': /^default-src 'none'/,
  })
  t.match(page.body, '<h1>This page does not exist</h1>')
  t.match(page.body, '<a href="./">To the home page</a>')
  t.notMatch((await app.inject({ url: '/<script>', headers: { accept: browser } })).body, '<script')
  for (const [url, accept] of [
    ['/nowhere', '*/*'],
    ['/nowhere', 'application/json'],
    ['/nowhere', 'image/avif,image/webp'],
    ['/v1/nowhere', browser],
    ['/graphql/nowhere', browser],
  ] as const) {
    const problem = await app.inject({ url, headers: { accept } })
    t.equal(problem.statusCode, 404)
    t.equal(problem.headers['content-type'], 'application/problem+json; charset=utf-8', `${url} ${accept}`)
  }
  t.equal((await app.inject('/nowhere')).headers['content-type'], 'application/problem+json; charset=utf-8')
})

t.test('errors are never cached: each request gets its own page or problem', async t => {
  const { app } = await testApp(t)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const send = (path: string, accept: string) =>
    new Promise<{ status: number | undefined; headers: IncomingHttpHeaders }>((resolve, reject) => {
      const outgoing = request(`${address}${path}`, { headers: { accept, connection: 'close' } }, response => {
        response.resume()
        resolve({ status: response.statusCode, headers: response.headers })
      })
      outgoing.on('error', reject)
      outgoing.end()
    })
  for (const path of ['/nowhere', '/tracks/pyhton', '/tracks/python.svg?x=1'])
    for (const [accept, type] of [
      [browser, 'text/html; charset=utf-8'],
      ['application/json', 'application/problem+json; charset=utf-8'],
      [browser, 'text/html; charset=utf-8'],
      ['*/*', 'application/problem+json; charset=utf-8'],
    ] as const) {
      const { status, headers } = await send(path, accept)
      t.ok(status === 404 || status === 400, path)
      t.match(headers, { 'content-type': type, 'cache-control': 'no-store', vary: /Accept/ }, `${path} ${accept}`)
      t.equal(headers.etag, undefined)
    }
})
