import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { parse } from 'yaml'
import { z } from 'zod'
import { asAdmin, emptyApp, testApp } from '../fixtures/app.ts'

const Parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean(),
  schema: z.record(z.string(), z.unknown()),
  explode: z.boolean().optional(),
  example: z.union([z.string().min(1), z.number(), z.array(z.string().min(1)).min(1)]),
})
type Parameter = z.infer<typeof Parameter>

const Operation = z.object({
  parameters: z.array(z.union([Parameter, z.object({ $ref: z.string() })])).default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ example: z.unknown() })) }).optional(),
  responses: z.record(z.string(), z.unknown()),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
})
const Document = z.object({
  servers: z.array(z.object({ url: z.string() })),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({ parameters: z.record(z.string(), Parameter) }),
})

const file: unknown = parse(await readFile(new URL('../../openapi.yaml', import.meta.url), 'utf8'))
const { paths, components, security, servers } = Document.parse(file)

const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    path,
    method: method.toUpperCase() as 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE',
    ...operation,
    parameters: operation.parameters.map(one =>
      'name' in one ? one : (components.parameters[one.$ref.slice(one.$ref.lastIndexOf('/') + 1)] as Parameter),
    ),
  })),
)
type DescribedOperation = (typeof operations)[number]

/** Sends what the examples of these parameters make, as a client made from the description would. */
const send = (
  app: FastifyInstance,
  { path, method, requestBody }: DescribedOperation,
  parameters: readonly Parameter[],
  headers: Record<string, string> = {},
) => {
  const text = ({ example }: Parameter) => String(example)
  const named = (place: Parameter['in']) => parameters.filter(one => one.in === place)
  const query = named('query').map(one => `${one.name}=${encodeURIComponent(text(one))}`)
  const url = named('path').reduce((at, one) => at.replace(`{${one.name}}`, text(one)), path)
  const [type, body] = Object.entries(requestBody?.content ?? {})[0] ?? []
  return app.inject({
    method,
    url: `${url}?${query.join('&')}`,
    headers: {
      ...Object.fromEntries(named('header').map(one => [one.name.toLowerCase(), text(one)])),
      ...(type !== undefined && { 'content-type': type }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body.example) }),
  })
}

const isRead = ({ method, path }: DescribedOperation): boolean =>
  !path.startsWith('/v1/webhooks') && (method === 'GET' || /\/(path|next)$/.test(path))

t.test('every parameter has an example that works, alone and with all others', async t => {
  const { app } = await testApp(t)
  for (const operation of operations.filter(isRead)) {
    const { name, parameters } = operation
    const needed = parameters.filter(({ required }) => required)
    // A cursor belongs to the request with all other examples.
    const alone = parameters.filter(one => one.name !== 'after').map(one => [...new Set([...needed, one])])
    for (const chosen of [needed, parameters, ...alone]) {
      const { statusCode, body } = await send(app, operation, chosen)
      t.equal(statusCode, 200, `${name} with ${chosen.map(one => one.name)}: ${statusCode === 200 ? '' : body}`)
    }
  }
})

t.test('the write examples fail without the current ETag in If-Match, and succeed with it', async t => {
  const { app } = await testApp(t)
  const writes = operations.filter(({ method, path }) => method !== 'GET' && /\{ref\}(\/document)?$/.test(path))
  const before = await app.inject('/v1/tracks/python/document')
  const nouns = writes.filter(({ path }) => !path.startsWith('/v1/webhooks'))
  for (const operation of nouns) t.equal((await send(app, operation, operation.parameters, asAdmin)).statusCode, 412)
  t.equal((await app.inject('/v1/tracks/python/document')).body, before.body)
  // The whole document first, while nothing differs from the files; then the track last, since with it goes everything else.
  const order = ['PUT /v1/tracks/{ref}/document', 'PUT', 'PATCH', 'DELETE']
  const placeOf = ({ name }: DescribedOperation) => order.findIndex(beginning => name.startsWith(beginning))
  for (const operation of nouns.toReversed().sort((one, other) => placeOf(one) - placeOf(other))) {
    const { method, path, name, parameters } = operation
    const [reading] = operations.filter(one => one.path === path && one.method === 'GET')
    const used = parameters.filter(one => one.in !== 'header')
    const { headers } = await send(app, reading as DescribedOperation, used.slice(0, 1))
    const { statusCode, body } = await send(app, operation, used, { ...asAdmin, 'if-match': String(headers.etag) })
    const expected = method === 'DELETE' ? [204, 409] : [200]
    t.ok(expected.includes(statusCode), `${name}: ${body}`)
  }
})

t.test('the webhook examples work for an existing webhook', async t => {
  const { app } = await testApp(t)
  const of = (name: string) => operations.find(one => one.name === name) as DescribedOperation
  for (const [name, status, more] of [
    ['PUT /v1/webhooks/{ref}', 201, []],
    ['GET /v1/webhooks/{ref}', 200, []],
    ['GET /v1/webhooks', 200, []],
    ['GET /v1/webhooks/{ref}/deliveries', 200, ['limit', 'before']],
    ['POST /v1/webhooks/{ref}/secret', 200, []],
    ['POST /v1/webhooks/{ref}/replay', 202, []],
    ['DELETE /v1/webhooks/{ref}', 204, []],
  ] as const) {
    const operation = of(name)
    t.same(
      operation.parameters.filter(one => one.in === 'query').map(one => one.name),
      more,
    )
    const { statusCode, body } = await send(app, operation, operation.parameters, asAdmin)
    t.equal(statusCode, status, `${name}: ${body}`)
  }
})

t.test('a list parameter takes values separated by commas, as OpenAPI describes', t => {
  const lists = operations.flatMap(({ parameters }) => parameters).filter(({ example }) => Array.isArray(example))
  t.ok(lists.length > 20)
  t.ok(lists.every(({ schema, explode }) => schema.type === 'array' && explode === false))
  t.end()
})

t.test('every array in the document has a schema for its items', t => {
  let arrays = 0
  const visit = (value: unknown, place: string): void => {
    if (typeof value !== 'object' || value === null) return
    const { type, items } = value as { type?: unknown; items?: unknown }
    if ([type].flat().includes('array')) {
      arrays += 1
      t.ok(typeof items === 'object' && items !== null, place)
    }
    for (const [name, one] of Object.entries(value)) if (name !== 'example') visit(one, `${place}/${name}`)
  }
  visit(file, '')
  t.ok(arrays > 100)
  t.end()
})

t.test('OpenAPI says whether reads need a key (READ_ACCESS), and names PUBLIC_URL as the server', async t => {
  t.same(
    servers.map(({ url }) => url),
    ['/'],
  )
  t.same(security, [{}, { key: [] }])
  for (const operation of operations) {
    const watched = /^\/(healthz|readyz|metrics)$/.test(operation.path)
    const own = watched ? security : isRead(operation) ? undefined : [{ key: [] }]
    t.same(operation.security, own, operation.name)
  }
  const configuredUrl = 'https://curriculum.example/api'
  for (const [readingNeedsKey, needed] of [
    [true, [{ key: [] }]],
    [false, security],
  ] as const) {
    const { app } = await emptyApp(t, { configuredUrl, readingNeedsKey })
    const served: unknown = (await app.inject('/openapi.json')).json()
    t.match(served, { servers: [{ url: configuredUrl }] })
    t.same(Document.parse(served).security, needed)
    t.ok(
      isDeepStrictEqual(
        { ...(served as object), servers: 0, security: 0 },
        { ...(file as object), servers: 0, security: 0 },
      ),
      'nothing else differs',
    )
    t.match(
      (await app.inject('/docs')).headers['content-security-policy'],
      "connect-src 'self' https://curriculum.example",
    )
  }
  const { app } = await emptyApp(t, { readingNeedsKey: true })
  const served: unknown = parse((await app.inject('/openapi.yaml')).body)
  t.match(served, { servers: [{ url: '/' }], security: [{ key: [] }] })
  t.ok(isDeepStrictEqual((await app.inject('/openapi.json')).json(), served), 'YAML and JSON have the same content')
})
