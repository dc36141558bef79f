import { readFile } from 'node:fs/promises'
import t from 'tap'
import { parse } from 'yaml'
import { documentOf, emptyApp, testApp } from '../fixtures/app.ts'

t.test('/ links a person to the APIs and the tracks', async t => {
  const { app } = await testApp(t)
  const response = await app.inject({ url: '/', headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
  t.equal(response.statusCode, 200)
  t.match(response.headers, { 'content-type': 'text/html; charset=utf-8', vary: 'Accept, Accept-Encoding' })
  t.match(response.body, /<h3>Python<\/h3>/)
  for (const [, link = ''] of response.body.matchAll(/href="([^"]+)"/g)) {
    const followed = await app.inject({ url: `/${link.replaceAll('&amp;', '&')}` })
    t.equal(followed.statusCode, 200, `the link to ${link} works`)
  }
  t.equal((await app.inject({ url: '/' })).body, response.body, 'a client that accepts anything gets the page')
})

t.test('/ returns a program the same JSON as /v1', async t => {
  const { app } = await testApp(t)
  const root = await app.inject({ url: '/', headers: { accept: 'application/json, text/html;q=0.5' } })
  t.equal(root.body, (await app.inject({ url: '/v1' })).body)
  const image = await app.inject({ url: '/', headers: { accept: 'image/png' } })
  t.equal(image.statusCode, 406)
  t.equal(image.json().code, 'NOT_ACCEPTABLE')
})

t.test('/ is a page without tracks too, and escapes the titles of tracks', async t => {
  const { app, load } = await emptyApp(t)
  t.match((await app.inject({ url: '/' })).body, /No track is loaded yet/)
  await load(documentOf({ slug: 'plain', title: '<script>"&' }, { skill: [], category: [{ slug: 'one' }] }))
  const { body } = await app.inject({ url: '/' })
  t.match(body, '<h3>&lt;script&gt;&quot;&amp;</h3>')
  t.match(body, '<strong>1</strong> category')
})

t.test('/openapi.yaml is the file in the repository, and /openapi.json has the same content', async t => {
  const { app } = await testApp(t)
  const file = await readFile(new URL('../../openapi.yaml', import.meta.url), 'utf8')
  const yaml = await app.inject({ url: '/openapi.yaml' })
  t.equal(yaml.body, file)
  t.equal(yaml.headers['content-type'], 'application/yaml')
  t.match(yaml.headers['cache-control'], /^public/)
  const json = await app.inject({ url: '/openapi.json' })
  t.same(json.json(), parse(file))
  const again = await app.inject({ url: '/openapi.json', headers: { 'if-none-match': String(json.headers.etag) } })
  t.equal(again.statusCode, 304)
  const small = await app.inject({ url: '/openapi.json', headers: { 'accept-encoding': 'br' } })
  t.equal(small.headers['content-encoding'], 'br')
  t.ok(small.rawPayload.length * 5 < json.rawPayload.length)
})

t.test('the pages load nothing from other hosts, run no inline script, and all their assets exist', async t => {
  const { app } = await testApp(t)
  for (const url of ['/', '/docs', '/graphiql']) {
    const { body, headers, statusCode } = await app.inject({ url, headers: { accept: 'text/html' } })
    t.equal(statusCode, 200, url)
    const policy = String(headers['content-security-policy'])
    t.match(policy, /^default-src 'none'/)
    t.notMatch(policy, /unsafe|https?:|\*/)
    t.notMatch(body, /<script(?![^>]* src=)|<style| style=| on[a-z]+="|(src|href)="(https?:)?\/\//)
    for (const [, asset = ''] of body.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)) {
      const loaded = await app.inject({ url: `/${asset}` })
      t.equal(loaded.statusCode, 200, asset)
      t.match(loaded.headers['content-type'], /^(text\/css|text\/javascript|image\/svg)/)
      t.equal(loaded.headers['cache-control'], 'public, max-age=31536000, immutable')
      t.notOk(loaded.headers['curriculum-cursor'])
    }
  }
})

t.test('only the files a page needs are served', async t => {
  const { app } = await testApp(t)
  for (const url of ['/assets/package.json', '/assets/..%2fpages.ts', '/assets/swagger-ui.js', '/assets/'])
    t.equal((await app.inject({ url })).statusCode, 404, url)
})

t.test('GraphiQL can be switched off', async t => {
  const { app } = await testApp(t, { graphiql: false })
  t.equal((await app.inject({ url: '/graphiql' })).statusCode, 404)
  t.notMatch((await app.inject({ url: '/' })).body, /graphiql/i)
})
