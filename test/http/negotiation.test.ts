import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { testApp } from '../fixtures/app.ts'

const [json, yaml, html] = ['application/json', 'application/yaml', 'text/html']
const graphqlResponse = 'application/graphql-response+json'
const chrome =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7'

/** The media type of the response, or the status of the error. */
const typeFor = async (app: FastifyInstance, url: string, accept: string): Promise<string | number> => {
  const { statusCode, headers } = await app.inject({ url, headers: { accept } })
  return statusCode === 200 ? (String(headers['content-type']).split(';', 1)[0] as string) : statusCode
}

const document = '/v1/tracks/python/document'
const graphql = '/graphql?query={__typename}'

t.test('the media type is negotiated by RFC 9110, section 12.5.1', async t => {
  const { app } = await testApp(t)
  for (const [url, accept, expected] of [
    // The type that is served, with the parameter it is served with.
    ['/v1/skills', 'application/json; charset=utf-8', json],
    ['/v1/skills', 'application/json;charset=UTF-8', json],
    ['/v1/skills', 'Application/JSON; Charset="utf-8"', json],
    ['/v1/skills', 'application/json;charset=utf8', json],
    ['/v1/tracks/python/export/moodle.csv', 'text/csv; charset=utf-8', 'text/csv'],
    ['/v1/tracks/python/export/cartridge.imscc', 'application/zip', 'application/zip'],
    ['/ims/case/v1p1/CFDocuments', 'application/json; charset=utf-8', json],
    ['/ims/case/v1p1/discovery/imscasev1p1_openapi3_v1p0.json', 'application/json; charset=utf-8', json],
    ['/v1/skills', 'application/json; charset=iso-8859-1', 406],
    ['/v1/skills', 'application/json; profile="https://example.org/a,b;c"', 406],
    ['/v1/skills', 'application/json; profile="https://example.org/a,b;c", application/*;q=0.1', json],
    // Ranges.
    ['/v1/skills', '*/*', json],
    ['/v1/skills', 'application/*', json],
    ['/v1/skills', 'text/*', 406],
    ['/v1/skills', 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2', json],
    ['/v1/skills', 'application/json, text/plain, */*', json],
    ['/v1/skills', '*/json', 406],
    // Weights, wherever they stand.
    [document, 'application/json;q=0.5, application/yaml', yaml],
    [document, 'application/json;q=0.9, application/yaml;q=0.8', json],
    [document, 'application/json;q=0.5;charset=utf-8, application/yaml;q=0.6', yaml],
    [document, 'application/yaml; charset=utf-8; q=1.000, application/json; q=0.999', yaml],
    ['/v1/skills', 'application/json;q=0', 406],
    ['/v1/skills', 'application/json;Q=0.001', json],
    // The most specific range decides, wherever it stands.
    [document, 'application/json;q=0, */*', yaml],
    [document, '*/*, application/json;q=0.1', yaml],
    [document, 'application/*;q=0.2, */*;q=0.9, application/yaml;q=0.1', json],
    [document, 'application/json;q=0.1, application/json;charset=utf-8, application/yaml;q=0.5', json],
    [document, 'application/json, application/json;q=0.1, application/yaml;q=0.5', json],
    // Among equals the client's order, then ours.
    [document, 'application/yaml, application/json', yaml],
    [document, 'application/json, application/yaml', json],
    [document, '*/*, application/yaml', yaml],
    [document, '*/*', json],
    // An empty header.
    ['/v1/skills', '', json],
    ['/v1/skills', '  ', json],
    ['/v1/skills', ', ,', json],
    ['/v1/skills', ' , application/json,, ', json],
    // What is malformed matches nothing, and spoils nothing beside it.
    ['/v1/skills', 'json', 406],
    ['/v1/skills', 'json, application/json', json],
    ['/v1/skills', 'application/json;q=high', 406],
    ['/v1/skills', 'application/json;q=2', 406],
    ['/v1/skills', 'application/json;q=-1', 406],
    ['/v1/skills', 'application/json;charset', 406],
    ['/v1/skills', '"application/json, */*', 406],
    // GraphQL, as Relay's and Apollo's clients ask.
    [graphql, 'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8', graphqlResponse],
    [graphql, 'application/graphql-response+json,application/json;q=0.9', graphqlResponse],
    [graphql, 'application/json; charset=utf-8', json],
    [graphql, '*/*', json],
    [graphql, 'text/html', 406],
    // The first page, for people and programs.
    ['/', chrome, html],
    ['/', 'text/html; charset=utf-8', html],
    ['/', 'application/json; charset=utf-8', json],
    ['/', 'image/png', 406],
  ] as const)
    t.equal(await typeFor(app, url, accept), expected, `${url} ${accept}`)
})

t.test('a 406 lists the available types, and reports an Accept without a media type', async t => {
  const { app } = await testApp(t)
  const detail = async (url: string, accept: string) =>
    (await app.inject({ url, headers: { accept } })).json<{ detail: string }>().detail
  t.equal(await detail(document, 'text/html'), 'This is served as application/json or application/yaml.')
  t.equal(
    await detail('/v1/skills', 'json'),
    'This is served as application/json. Accept has no media type: send one of these, or */*.',
  )
})

t.test('only browsers get an error as a page', async t => {
  const { app } = await testApp(t)
  for (const [accept, type] of [
    [chrome, /^text\/html/],
    ['text/html; charset=utf-8', /^text\/html/],
    ['application/problem+json; charset=utf-8, text/html;q=0.9', /^application\/problem\+json/],
    ['*/*', /^application\/problem\+json/],
  ] as const)
    t.match((await app.inject({ url: '/nowhere', headers: { accept } })).headers['content-type'], type, accept)
})

t.test('a repeated request gets the type of its own Accept, also from the cache', async t => {
  const { app } = await testApp(t)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const send = async (path: string, accept: string) => {
    const { status, headers } = await fetch(address + path, { headers: { accept } })
    return status === 200 ? headers.get('content-type') : status
  }
  for (let round = 0; round < 3; round++) {
    t.equal(await send(document, 'application/json; charset=utf-8'), 'application/json; charset=utf-8')
    t.equal(await send(document, 'application/json;q=0.1, application/yaml;q=0.2'), 'application/yaml')
    t.equal(await send(document, 'application/json; charset=utf-16'), 406)
    t.equal(await send(graphql, `${graphqlResponse}; charset=utf-8`), `${graphqlResponse}; charset=utf-8`)
    t.equal(await send(graphql, 'application/json'), 'application/json; charset=utf-8')
  }
})

t.test('GraphQL by POST responds in the media type that Relay and Apollo request', async t => {
  const { app } = await testApp(t)
  for (const accept of [
    'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8',
    'application/graphql-response+json,application/json;q=0.9',
  ])
    for (const query of ['{ __typename }', '{ nothing }']) {
      const response = await app.inject({ method: 'POST', url: '/graphql', payload: { query }, headers: { accept } })
      t.equal(response.headers['content-type'], `${graphqlResponse}; charset=utf-8`)
      t.equal(response.statusCode, query === '{ nothing }' ? 400 : 200)
    }
})
