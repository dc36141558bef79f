import t from 'tap'
import { asAdmin, emptyApp, testApp } from '../fixtures/app.ts'

interface Problem {
  code: string
  detail: string
  errors: { parameter: string; message: string }[]
}

t.test('every list parameter may be written with brackets', async t => {
  const { app } = await testApp(t)
  for (const [plain, others] of [
    [
      '/v1/skills?tier=beginner,senior&limit=3',
      [
        'tier[]=beginner&tier[]=senior&limit=3',
        'tier%5B%5D=beginner&tier%5b%5d=senior&limit=3',
        'tier[0]=senior&tier[1]=beginner&limit=3',
        'tier=senior&tier[]=beginner&limit=3',
        'tier[]=senior,beginner&limit=3',
      ],
    ],
    ['/v1/skills/python.decorators?include=category,sources', ['include[]=category&include[]=sources']],
    ['/v1/search?q=test&noun=skill,project', ['q=test&noun[]=skill&noun[]=project']],
    ['/v1/tracks/python/path?to=decorators,generators', ['to[]=decorators&to[]=generators']],
    ['/v1/tracks/python/next?known=functions&tier=beginner', ['known[]=functions&tier[]=beginner']],
    ['/v1/tracks/python/export/csv?tier=senior,beginner', ['tier[]=senior&tier[]=beginner']],
    ['/v1/changes?types=skill,project&limit=2', ['types[]=skill&types[]=project&limit=2']],
    ['/tracks/python.svg?tier=senior,beginner', ['tier[]=senior&tier[]=beginner']],
    ['/ims/case/v1p1/CFDocuments?fields=identifier,title', ['fields[]=identifier&fields[]=title']],
  ] as const) {
    const expected = await app.inject(plain)
    t.equal(expected.statusCode, 200, plain)
    for (const other of others) {
      const response = await app.inject(`${plain.split('?', 1)[0]}?${other}`)
      t.equal(response.body, expected.body, other)
      t.equal(response.headers.link, expected.headers.link)
    }
  }
})

t.test('campaign parameters and cache busters are ignored', async t => {
  const { app, queries } = await testApp(t, { cacheBytes: 10_000_000 })
  const added = 'utm_source=news&utm_medium=&utm_x&_=1700000000&_'
  for (const path of [
    '/v1/skills?limit=2',
    '/v1/skills/python.decorators',
    '/v1/tracks/python/export/moodle.csv',
    '/v1/tracks/python/document',
    '/v1/search?q=decorator',
    '/v1/changes?limit=1',
    '/tracks/python.svg?tier=senior',
    '/tracks/python',
    '/ims/case/v1p1/CFDocuments',
    '/graphql?query={__typename}',
    '/openapi.json',
    '/',
  ]) {
    const expected = await app.inject(path)
    const queriesBefore = queries.length
    const mark = path.includes('?') ? '&' : '?'
    for (const url of [`${path}${mark}${added}`, path.replace(/\?|$/, `?${added}&`), `${path}${mark}utm%5Fsource=x`]) {
      const response = await app.inject(url)
      t.equal(response.statusCode, 200, url)
      t.equal(response.body, expected.body, url)
      t.equal(response.headers.link, expected.headers.link, url)
    }
    if (!path.startsWith('/v1/changes'))
      t.same(
        // A page first finds its track by key.
        queries.slice(queriesBefore).filter(query => !query.includes('max(') && !query.includes('from "tracks"')),
        [],
        `${path} is made once`,
      )
  }
  const webhooks = await app.inject({ url: '/v1/webhooks?_=1&utm_source=x', headers: asAdmin })
  t.equal(webhooks.statusCode, 200)
})

t.test('any other unknown parameter is rejected with the nearest one', async t => {
  const { app } = await testApp(t)
  for (const [query, parameter, message] of [
    ['tierr=senior', 'tierr', 'Did you mean "tier"?'],
    ['tierr[]=senior', 'tierr', 'Did you mean "tier"?'],
    ['utm=1', 'utm', 'The parameters are'],
    ['__=1', '__', 'The parameters are'],
    ['constructor=1', 'constructor', 'The parameters are'],
    ['=1', '', 'The parameters are'],
    ['limit=1&limit[]=2', 'limit', 'is given twice'],
    ['limit=1&limit=2&limit=3', 'limit', 'is given twice'],
  ] as const) {
    const rejected = await app.inject(`/v1/skills?${query}`)
    t.equal(rejected.statusCode, 400, query)
    t.match(rejected.json<Problem>().errors, [{ parameter, message: new RegExp(message.replace('?', '\\?')) }])
  }
  for (const nothing of ['?', '?&', '?&&limit=50&', '?limit=50#x'])
    t.equal((await app.inject(`/v1/skills${nothing}`)).statusCode, 200, nothing)
})

t.test('a query that is not UTF-8 is rejected with the parameter and the correct encoding', async t => {
  const { app } = await testApp(t)
  const utf8 = 'is not UTF-8: percent-encode the bytes of UTF-8, for example é as %C3%A9.'
  const percent = 'has a % without two hexadecimal digits behind it; a percent sign is written as %25.'
  for (const [query, parameter, message] of [
    ['q=%FF', 'q', utf8],
    ['q=caf%E9', 'q', utf8],
    ['q=%ED%A0%80', 'q', utf8],
    ['q=%C0%AF', 'q', utf8],
    ['q=a&limit=%f4%90%80%80', 'limit', utf8],
    ['%FF=a', '%FF', utf8],
    ['q=100%', 'q', percent],
    ['q=%zz', 'q', percent],
    ['q=a&utm_source=%FF', 'utm_source', utf8],
  ] as const)
    for (const path of ['/v1/search', '/v1/skills', '/graphql', '/tracks/python.svg', '/openapi.json']) {
      const rejected = await app.inject(`${path}?${query}`)
      t.equal(rejected.statusCode, 400, `${path}?${query}`)
      t.match(rejected.json<Problem>(), {
        code: 'BAD_USER_INPUT',
        detail: `"${parameter}" ${message}`,
        errors: [{ parameter, message: `"${parameter}" ${message}` }],
      })
    }
  const standard = await app.inject('/ims/case/v1p1/CFDocuments?filter=%FF')
  t.equal(standard.statusCode, 400)
  t.match(standard.json(), { imsx_description: `"filter" ${utf8}` })
  for (const path of ['python.%FF', 'python.%ED%A0%80', 'python.%C0%AF'])
    t.equal((await app.inject(`/v1/skills/${path}`)).statusCode, 400, path)
  t.equal((await app.inject('/nowhere?q=%FF')).statusCode, 404, 'an unknown path is 404 whatever its query')
  t.equal((await app.inject('/v1/search?q=caf%C3%A9+%F0%9F%98%80%20100%25')).statusCode, 200)
  t.equal((await app.inject('/v1/skills?limit=%32')).json<{ data: unknown[] }>().data.length, 2)
})

t.test('requests that differ only in a cache buster share a cache entry', async t => {
  const { app } = await emptyApp(t)
  let routed = 0
  app.addHook('onRequest', async () => {
    routed += 1
  })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  for (let round = 0; round < 4; round++) {
    const { status, headers } = await fetch(`${address}/v1/tracks?_=${round}&limit=1&utm_source=${round}`)
    t.equal(status, 200)
    t.match(headers.get('link'), '</v1/tracks?limit=1>')
  }
  t.equal(routed, 1, 'all but the first are answered ahead of the router')
})
