import t from 'tap'
import { asAdmin, emptyApp } from '../fixtures/app.ts'

t.test('a request with Curriculum-Min-Cursor waits for a change, and then has it', async t => {
  const { app } = await emptyApp(t)
  const put = (title: string) =>
    app.inject({ method: 'PUT', url: `/v1/tracks/${title.toLowerCase()}`, headers: asAdmin, payload: { title } })
  const read = (minCursor: string | number) =>
    app.inject({ url: '/v1/tracks', headers: { 'curriculum-min-cursor': String(minCursor) } })
  const { headers } = await put('Go')
  const cursor = Number(headers['curriculum-cursor'])
  t.match((await read(cursor)).json(), { data: [{ title: 'Go' }] })
  const later = read(cursor + 1)
  await new Promise(resolve => setTimeout(resolve, 100))
  await put('Rust')
  t.match((await later).json(), { data: [{ title: 'Go' }, { title: 'Rust' }] })
  t.equal((await later).headers['curriculum-cursor'], String(cursor + 1))
})

t.test('a change that does not come within a second is 503', async t => {
  const { app } = await emptyApp(t)
  const start = performance.now()
  const response = await app.inject({ url: '/v1/tracks', headers: { 'curriculum-min-cursor': '1' } })
  t.ok(performance.now() - start < 3_000)
  t.equal(response.statusCode, 503)
  t.equal(response.headers['retry-after'], '1')
  t.match(response.json(), { code: 'UNAVAILABLE', detail: /does not have change 1 yet/ })
})

t.test('a response from the cache does not go around Curriculum-Min-Cursor', async t => {
  const { app } = await emptyApp(t)
  const url = `${await app.listen({ port: 0 })}/v1/tracks`
  for (let time = 0; time < 2; time += 1) t.equal((await fetch(url)).status, 200)
  t.equal((await fetch(url, { headers: { 'curriculum-min-cursor': '7' } })).status, 503)
})

t.test('a value that is no cursor is 400', async t => {
  const { app } = await emptyApp(t)
  for (const value of ['x', '-1', '1.5', '9'.repeat(16)]) {
    const response = await app.inject({ url: '/v1/tracks', headers: { 'curriculum-min-cursor': value } })
    t.equal(response.statusCode, 400)
    t.match(response.json(), { code: 'BAD_USER_INPUT', errors: [{ parameter: 'Curriculum-Min-Cursor' }] })
  }
})
