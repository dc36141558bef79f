import { readdir, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { z } from 'zod'
import { buildApp } from '../../src/app.ts'
import { contracts, allOperations as operations, writeContracts } from '../../src/cli/contracts.ts'
import { openapi } from '../../src/rest/openapi.ts'
import { asAdmin, documentOf, emptyApp, testApp } from '../fixtures/app.ts'

const root = new URL('../..', import.meta.url)

const Header = z.object({ required: z.boolean(), schema: z.record(z.string(), z.unknown()) })
const Response = z.object({
  description: z.string().min(1),
  headers: z.record(z.string(), z.object({ $ref: z.string() })),
  content: z
    .record(z.string(), z.object({ schema: z.object({ $ref: z.string() }), example: z.unknown().optional() }))
    .optional(),
})
const Operation = z.object({
  operationId: z.string().regex(/^[a-z][a-zA-Z0-9]+$/),
  summary: z.string().min(1),
  description: z.string().min(1),
  tags: z.array(z.string()).length(1),
  parameters: z.array(z.record(z.string(), z.unknown())).optional(),
  responses: z.record(z.string(), z.union([z.object({ $ref: z.string() }), Response])),
})
const Document = z.object({
  info: z.object({ description: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({ headers: z.record(z.string(), Header), responses: z.record(z.string(), Response) }),
})

const file = parse(await readFile(new URL('openapi.yaml', root), 'utf8'))
const document = Document.parse(file)

const ajv = new Ajv2020({ strict: false, allErrors: true })
formats.default(ajv)
ajv.addKeyword('x-internal').addSchema({ ...file, $id: 'openapi' }, 'openapi')

const lastOf = (reference: string): string => reference.slice(reference.lastIndexOf('/') + 1)

t.test('every generated file matches the code: npm run generate updates it', async t => {
  const folder = t.testdir()
  await writeContracts(folder)
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter(entry => entry.isFile())
  t.ok(names.length > 9)
  for (const { parentPath, name } of names) {
    const path = `${parentPath}/${name}`.slice(folder.length + 1)
    const [generated, checkedIn] = await Promise.all([
      readFile(`${folder}/${path}`, 'utf8'),
      readFile(new URL(path, root), 'utf8'),
    ])
    t.equal(checkedIn, generated, path)
  }
})

t.test('a description opens with a noun or a verb', async t => {
  const opening =
    /(?:description"?: (?:["']|[|>]-?\s+)?|"""\s*)(?:What|Who|Whose|Whether|How|Where|When|Why|Which|Those)\b.*/g
  for (const path of ['openapi.yaml', ...(await readdir(new URL('schema', root))).map(name => `schema/${name}`)])
    t.same((await readFile(new URL(path, root), 'utf8')).match(opening), null, path)
})

interface Reply {
  statusCode: number
  headers: Record<string, unknown>
  body: string
}

/** Asserts that OpenAPI describes a response: its status, each header, the media type and the body. */
const agree = (t: Test, template: string, method: string, { statusCode, headers, body }: Reply): void => {
  const described = document.paths[template]?.[method]?.responses[String(statusCode)]
  if (described === undefined) return void t.fail(`${method} ${template} describes no ${statusCode}`)
  const response = '$ref' in described ? document.components.responses[lastOf(described.$ref)] : described
  for (const name of Object.keys(response?.headers ?? {})) checkHeader(t, name, headers[name.toLowerCase()], statusCode)
  const known = [...Object.keys(response?.headers ?? {}), ...transport].map(name => name.toLowerCase())
  for (const name of Object.keys(headers).filter(name => !known.includes(name.toLowerCase())))
    t.match(document.info.description.toLowerCase(), `\`${name.toLowerCase()}\``, `the header ${name} is described`)
  if (response?.content === undefined) return void t.equal(body, '', 'there is no body')
  const type = String(headers['content-type']).split(';', 1)[0] ?? ''
  const schema = response.content[type]?.schema.$ref
  if (schema === undefined) return void t.fail(`${method} ${template} ${statusCode} describes no ${type}`)
  const read = readers[type] ?? JSON.parse
  const valid = ajv.validate({ $ref: `openapi${schema}` }, read(body))
  t.ok(valid, `${method} ${template} answers ${statusCode} as described`, { errors: ajv.errors?.slice(0, 3) })
}

const readers: Record<string, (body: string) => unknown> = {
  'application/yaml': parse,
  ...Object.fromEntries(
    ['text/plain', 'text/csv', 'text/markdown', 'text/vnd.mermaid', 'application/x-ndjson', 'application/zip'].map(
      type => [type, (body: string) => body],
    ),
  ),
}

const checkHeader = (t: Test, name: string, sent: unknown, statusCode: number): void => {
  const described = document.components.headers[name]
  // What is no HTTP, or comes too late, never becomes a request that could have an id.
  const required = described?.required !== false && ![408, 431].includes(statusCode)
  if (sent === undefined) return void t.notOk(required, `${name} is sent with ${statusCode}`)
  const value = described?.schema.type === 'integer' ? Number(sent) : sent
  t.ok(ajv.validate(described?.schema ?? false, value), `${name}: ${sent} is as described`)
}

/** How the message travels is HTTP's business, not ours. */
const transport = ['Date', 'Connection', 'Keep-Alive', 'Content-Length', 'Content-Type', 'Transfer-Encoding']

const templateOf = (url: string): string => {
  const path = new URL(url, 'http://localhost').pathname
  const matching = Object.keys(document.paths).filter(template =>
    new RegExp(`^${template.replaceAll('.', '\\.').replace('{ref}', '[^/]+')}$`).test(path),
  )
  return matching.find(template => template === path) ?? matching[0] ?? path
}

t.test('every operation accepts its example, and the response matches its schema', async t => {
  const { app } = await testApp(t, { ratePerMinute: 1_000 })
  for (const { example, types, path } of operations) {
    for (const accept of types) {
      const response = await app.inject({ url: example, headers: { accept, 'accept-encoding': 'identity' } })
      t.equal(response.statusCode, 200, example)
      agree(t, path, 'get', response)
      const unchanged = await app.inject({
        url: example,
        headers: { accept, 'if-none-match': String(response.headers.etag) },
      })
      t.equal(unchanged.statusCode, 304)
      agree(t, path, 'get', unchanged)
    }
    const rejected = await app.inject({ url: example, headers: { accept: 'image/png' } })
    t.equal(rejected.statusCode, 406)
    agree(t, path, 'get', rejected)
  }
})

const requests = [
  ['/v1/skills?limit=200', 200],
  ['/v1/skills?limit=200&include=category,prerequisites,resources,projects,sources', 200],
  ['/v1/resources?limit=200&include=skills', 200],
  ['/v1/projects?limit=200&include=skills', 200],
  ['/v1/principles?limit=200', 200],
  ['/v1/categories?limit=200', 200],
  ['/v1/sources?limit=200', 200],
  ['/v1/plans', 200],
  ['/v1/checklists', 200],
  ['/v1/skills?tier=senior&limit=7&sort=-updatedAt', 200],
  ['/v1/skills?source=matrix&track=python&kind=practical&optional=false', 200],
  ['/v1/skills/python.decorators?include=category', 200],
  ['/v1/search?q=data&limit=200', 200],
  ['/v1/search?q=nothing-of-the-kind', 200],
  ['/v1/skills?limit=201', 400],
  ['/v1/skills?tier=advanced', 400],
  ['/v1/skills?after=x', 400],
  ['/v1/skills?teir=senior&=1&a=b', 400],
  [`/v1/skills?${Array.from({ length: 500 }, (_, index) => `p${index}=1`).join('&')}`, 400],
  ['/v1/skills/python.magic', 404],
  ['/v1/tracks/cobol/roadmap', 404],
  [`/v1/skills/${'x'.repeat(201)}`, 414],
  ['/healthz', 200],
  ['/readyz', 200],
  ['/metrics', 200],
] as const

t.test('responses to all reads match their schemas', async t => {
  const { app } = await testApp(t, { ratePerMinute: 1_000 })
  for (const [url, status] of requests) {
    const response = await app.inject({ url, headers: { 'accept-encoding': 'identity' } })
    t.equal(response.statusCode, status, url)
    agree(t, templateOf(url), 'get', response)
  }
})

t.test('a wrong method is rejected as documented, at every path', async t => {
  const { app } = await testApp(t)
  for (const [template, methods] of Object.entries(document.paths)) {
    const response = await app.inject({
      method: 'delete' in methods ? 'POST' : 'DELETE',
      url: template.replace('{ref}', 'python'),
    })
    t.equal(response.statusCode, 405, template)
    for (const method of Object.keys(methods)) agree(t, template, method, response)
  }
})

t.test('compressed responses have the documented headers', async t => {
  const { app } = await testApp(t)
  for (const encoding of ['br', 'gzip', 'zstd']) {
    const { statusCode, headers } = await app.inject({ url: '/v1/skills', headers: { 'accept-encoding': encoding } })
    const plain = await app.inject({ url: '/v1/skills' })
    t.equal(headers['content-encoding'], encoding)
    agree(t, '/v1/skills', 'get', { statusCode, headers, body: plain.body })
  }
})

t.test('responses to earlier keys, removed nouns and too many requests match the document', async t => {
  const { app, load } = await emptyApp(t, { ratePerMinute: 3 })
  const track = { slug: 'small' }
  const category = [{ slug: 'one' }]
  await load(documentOf(track, { category, skill: [skill('old'), skill('gone')] }))
  await load(documentOf(track, { category, skill: [{ ...skill('new'), formerly: ['old'] }] }))
  for (const [ref, status] of [
    ['old', 308],
    ['gone', 410],
    ['new', 200],
    ['new', 429],
  ] as const) {
    const response = await app.inject({ url: `/v1/skills/small.${ref}` })
    t.equal(response.statusCode, status)
    agree(t, '/v1/skills/{ref}', 'get', response)
  }
})

const skill = (slug: string) => ({ slug, category: 'one', tier: 'beginner' })

t.test('responses to all writes match their schemas', async t => {
  const { app } = await testApp(t)
  const any = { ...asAdmin, 'if-match': '*' }
  const title = { title: 'T' }
  const document = (await app.inject('/v1/tracks/python/document')).json<object>()
  for (const [method, url, headers, payload, status] of [
    ['PUT', '/v1/tracks/go', asAdmin, title, 201],
    ['PUT', '/v1/tracks/go', any, title, 200],
    ['PUT', '/v1/tracks/go', asAdmin, title, 428],
    ['PUT', '/v1/tracks/go', { ...asAdmin, 'if-match': '"x"' }, title, 412],
    ['PUT', '/v1/tracks/go', { ...any, 'if-none-match': '"x"' }, title, 400],
    ['PUT', '/v1/tracks/go', any, {}, 422],
    ['PUT', '/v1/tracks/go', {}, title, 401],
    ['PATCH', '/v1/tracks/go', any, title, 200],
    ['PATCH', '/v1/tracks/rust', any, title, 404],
    ['DELETE', '/v1/tracks/go', any, undefined, 204],
    ['DELETE', '/v1/tracks/go', any, undefined, 410],
    ['DELETE', '/v1/categories/python.error-handling', any, undefined, 409],
    ['PUT', '/v1/tracks/python/document', any, document, 200],
    ['PUT', '/v1/tracks/python/document?dryRun=true', any, document, 200],
    ['PUT', '/v1/tracks/python/document', any, {}, 422],
    ['GET', '/v1/changes?limit=200', asAdmin, undefined, 200],
    ['PUT', '/v1/webhooks/lms', asAdmin, { url: 'https://a.example' }, 201],
    ['PUT', '/v1/webhooks/lms', asAdmin, { url: 'https://b.example' }, 200],
    ['PUT', '/v1/webhooks/lms', asAdmin, {}, 422],
    ['PUT', '/v1/webhooks/lms', {}, {}, 401],
    ['GET', '/v1/webhooks', asAdmin, undefined, 200],
    ['GET', '/v1/webhooks/lms', asAdmin, undefined, 200],
    ['GET', '/v1/webhooks/none', asAdmin, undefined, 404],
    ['POST', '/v1/webhooks/lms/secret', asAdmin, undefined, 200],
    ['GET', '/v1/webhooks/lms/deliveries', asAdmin, undefined, 200],
    ['POST', '/v1/webhooks/lms/replay', asAdmin, { since: '2026-01-01T00:00:00Z' }, 202],
    ['DELETE', '/v1/webhooks/lms', asAdmin, undefined, 204],
    ['GET', '/v1/changes?cursor=x', {}, undefined, 400],
  ] as const) {
    const response = await app.inject({ method, url, headers, ...(payload && { payload }) })
    t.equal(response.statusCode, status, `${method} ${url} ${response.body.slice(0, 200)}`)
    agree(t, templateOf(url), method.toLowerCase(), response)
  }
})

t.test('a body that is sent as it was read matches the schema of requests', async t => {
  const { app } = await testApp(t)
  for (const [url, name] of [
    ['/v1/skills/python.decorators', 'SkillInput'],
    ['/v1/tracks/python', 'TrackInput'],
    ['/v1/sources/python.matrix', 'SourceInput'],
    ['/v1/tracks/python/document', 'DocumentInput'],
  ] as const) {
    const body = (await app.inject(url)).json<object>()
    t.ok(ajv.validate({ $ref: `openapi#/components/schemas/${name}` }, body), name, { errors: ajv.errors?.slice(0, 3) })
  }
  const least = { title: 'T', category: 'basics', tier: 'senior' }
  t.ok(ajv.validate({ $ref: 'openapi#/components/schemas/SkillInput' }, least))
  t.notOk(ajv.validate({ $ref: 'openapi#/components/schemas/SkillInput' }, { title: 'T' }))
  t.ok(ajv.validate({ $ref: 'openapi#/components/schemas/SkillPatch' }, { summary: null }))
})

t.test('responses to queries in a body match the document', async t => {
  const { app } = await testApp(t)
  const to = ['generators']
  const requests = [
    [{ to }, 200],
    [{ to: ['magic'] }, 400],
    [{}, 400],
  ] as const
  for (const [payload, status] of requests) {
    const response = await app.inject({ method: 'POST', url: '/v1/tracks/python/path', payload })
    t.equal(response.statusCode, status, JSON.stringify(payload))
    agree(t, '/v1/tracks/{ref}/path', 'post', response)
  }
  const large = { to, known: Array.from({ length: 200_000 }, () => 'functions') }
  for (const [headers, payload, status] of [
    [{ 'content-type': 'text/csv' }, 'a', 415],
    [{ 'content-type': 'application/json' }, JSON.stringify(large), 413],
  ] as const) {
    const response = await app.inject({ method: 'POST', url: '/v1/tracks/python/path', headers, payload })
    t.equal(response.statusCode, status)
    agree(t, '/v1/tracks/{ref}/path', 'post', response)
  }
})

t.test('a failing database gets the documented problem, with nothing internal', async t => {
  const { catalog, options } = await testApp(t)
  const broken = async () => {
    throw new Error('SQLITE_IOERR at /secret/path')
  }
  const app = await buildApp({ ...catalog, ping: broken, list: broken }, { ...options, cacheBytes: 0 })
  t.teardown(() => app.close())
  for (const [url, status] of [
    ['/readyz', 503],
    ['/v1/skills', 500],
  ] as const) {
    const response = await app.inject({ url })
    t.equal(response.statusCode, status)
    agree(t, url, 'get', response)
    t.notMatch(response.body, /SQLITE|secret/)
  }
})

t.test('too large headers are rejected as documented', async t => {
  const { app } = await testApp(t)
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const reply = await raw(Number(port), `GET /v1/skills HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(17_000)}\r\n\r\n`)
  t.equal(reply.statusCode, 431)
  agree(t, '/v1/skills', 'get', reply)
})

const raw = async (port: number, request: string): Promise<Reply> => {
  const socket = connect(port, '127.0.0.1')
  socket.write(request)
  let text = ''
  for await (const part of socket) text += part
  const [head = '', body = ''] = text.split('\r\n\r\n')
  const [status = '', ...lines] = head.split('\r\n')
  const headers = Object.fromEntries(lines.map(line => [line.split(': ')[0]?.toLowerCase(), line.split(': ')[1]]))
  return { statusCode: Number(status.split(' ')[1]), headers, body }
}

t.test(
  'the document describes /v1, the probes and the metrics and nothing else, each operation with an example',
  async t => {
    for (const [path, methods] of Object.entries(document.paths)) {
      t.match(path, /^\/(v1(\/[a-z0-9{}/.-]+)?|healthz|readyz|metrics)$/)
      for (const { operationId, responses } of Object.values(methods)) {
        const ok = Response.parse(responses['200'] ?? responses['204'] ?? responses['202'])
        for (const [type, { schema, example }] of Object.entries(ok.content ?? {}))
          t.ok(ajv.validate({ $ref: `openapi${schema.$ref}` }, example), `${operationId} has an example of ${type}`)
      }
    }
    for (const [name, { content }] of Object.entries(document.components.responses))
      for (const { example } of Object.values(content ?? {}))
        t.ok(ajv.validate({ $ref: 'openapi#/components/schemas/Problem' }, example), `${name} has an example`)
    const ids = Object.values(document.paths).flatMap(methods => Object.values(methods).map(one => one.operationId))
    t.equal(new Set(ids).size, ids.length, 'operationIds are unique')
  },
)

t.test('a parameter without description or a schema without id is not generated', async t => {
  const [operation] = operations
  if (operation === undefined) throw new Error('There are operations.')
  const service = { version: '1.0.0', description: 'A test.' }
  const documentWith = (changes: Partial<typeof operation>) => () =>
    openapi([{ ...operation, ...changes }], new Map(), service)
  t.doesNotThrow(documentWith({}))
  t.throws(documentWith({ query: z.strictObject({ q: z.string() }) }), {
    message: 'The parameter "q" has no description.',
  })
  t.throws(documentWith({ schema: z.string() }), { message: 'A schema in OpenAPI needs an id.' })
  await t.rejects(contracts([{ ...operation, example: '/v1/nothing' }]), {
    message: /^The example \/v1\/nothing is answered 404/,
  })
  t.throws(documentWith({ problems: ['COST_LIMIT'] }), { message: 'No response describes COST_LIMIT.' })
})
