import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { createLogger } from '../../src/runtime/logger.ts'
import { startTracing } from '../../src/runtime/tracing/start.ts'
import { testApp } from '../fixtures/app.ts'
import { openRequest, serve, smallFolder, waitUntil } from '../fixtures/service.ts'

interface Attribute {
  key: string
  value: { stringValue?: string; intValue?: number }
}
interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: Attribute[]
  status: { code: number }
}
interface Batch {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: Span[] }[] }[]
}

/** A collector that receives traces by OTLP over HTTP. */
const receiver = async (t: Test, status = 200) => {
  const types: unknown[] = []
  const batches: Batch[] = []
  const server = createServer(async (request, response) => {
    types.push(`${request.method} ${request.url} ${request.headers['content-type']}`)
    const body = await text(request)
    if (request.headers['content-type'] === 'application/json') batches.push(JSON.parse(body))
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
  }).listen(0, 'localhost')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const resources = () => batches.flatMap(({ resourceSpans }) => resourceSpans)
  const spans = () => resources().flatMap(({ scopeSpans }) => scopeSpans.flatMap(scope => scope.spans))
  return { address: `http://localhost:${(server.address() as AddressInfo).port}`, types, resources, spans }
}

const named = (attributes: Attribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]))

const [serverKind, clientKind] = [2, 3]

t.test(
  'traces are sent when the standard variables enable them: a span per request, with child spans for the database',
  async t => {
    const { address: collector, types, resources, spans } = await receiver(t)
    const service = serve(t, smallFolder(t), {
      coverage: true,
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_SERVICE_NAME: 'bootcamp',
        OTEL_BSP_SCHEDULE_DELAY: '100',
      },
    })
    const address = await service.address()
    await service.waitForLog('traces are sent')
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const traceparent = `00-${traceId}-b7ad6b7169203331-01`
    const ofRoute = (route: string) => spans().filter(({ name }) => name === `GET ${route}`)
    for (let time = 0; time < 2; time += 1)
      await fetch(`${address}/v1/skills?track=python&limit=3`, { headers: { traceparent } })
    for (const query of ['query Tracks { __typename }', '{ __typename }'])
      await fetch(
        `${address}/graphql?query=${encodeURIComponent(query)}${query.includes('Tracks') ? '&operationName=Tracks' : ''}`,
      )
    await fetch(`${address}/nowhere`)
    const waiting = await openRequest(address, 'GET /readyz HTTP/1.1\r\nHost: localhost\r\n')
    await waitUntil(
      () => (spans().some(({ name }) => name === 'GET') ? true : undefined),
      () => 'no span of what is nowhere',
    )
    // Once a second the service looks for webhook events to send.
    await sleep(1_500)
    service.child.kill('SIGTERM')
    await service.waitForLog('stopping')
    waiting.socket.write('\r\n')
    t.match(await waiting.response, /^HTTP\/1.1 503 /)
    t.strictSame(await service.exit, { code: 0, signal: null })

    t.same(new Set(types), new Set(['POST /v1/traces application/json']))
    t.match(named(resources()[0]?.resource.attributes ?? []), { 'service.name': 'bootcamp', 'service.version': /^\d/ })
    const lists = ofRoute('/v1/skills')
    t.equal(lists.length, 2, 'also requests that are answered before Fastify')
    for (const span of lists) {
      t.match(span, { traceId, parentSpanId: 'b7ad6b7169203331', kind: serverKind, status: { code: 0 } })
      t.match(named(span.attributes), {
        'http.request.method': 'GET',
        'http.route': '/v1/skills',
        'http.response.status_code': 200,
        'url.path': '/v1/skills',
      })
    }
    t.match(
      ofRoute('/graphql').map(span => named(span.attributes)),
      [
        { 'graphql.operation.type': 'query', 'graphql.operation.name': 'Tracks' },
        { 'graphql.operation.type': 'query', 'graphql.operation.name': undefined },
      ],
    )
    t.notMatch(JSON.stringify(lists), 'limit=3', 'a query is nobody else’s')
    const below = spans().filter(({ parentSpanId }) => parentSpanId === lists[0]?.spanId)
    t.ok(
      below.some(span => String(named(span.attributes)['db.query.text']).includes('?')),
      'values are left out',
    )
    for (const span of below) {
      t.match(span, { traceId, name: 'SELECT', kind: clientKind })
      t.match(named(span.attributes), { 'db.system.name': 'sqlite', 'db.query.text': /^select / })
      t.ok(BigInt(span.startTimeUnixNano) >= BigInt(lists[0]?.startTimeUnixNano ?? 0))
      t.ok(BigInt(span.endTimeUnixNano) <= BigInt(lists[0]?.endTimeUnixNano ?? 0))
    }
    const alone = spans().filter(({ kind, parentSpanId }) => kind === clientKind && !parentSpanId)
    t.same(alone, [], 'what the database does beside requests is in no trace')
    const [nowhere] = spans().filter(({ name }) => name === 'GET')
    t.match(named(nowhere?.attributes ?? []), { 'http.response.status_code': 404, 'url.path': '/nowhere' })
    const [ready] = ofRoute('/readyz')
    t.match(ready, { status: { code: 2 } }, 'a request in progress at the end has a span with an error')
    t.match(named(ready?.attributes ?? []), { 'http.response.status_code': 503, 'error.type': '503' })
  },
)

t.test('a write has a span as well', async t => {
  const { address: collector, spans } = await receiver(t)
  const key = 'an-admin-key-of-thirty-two-letters'
  const service = serve(t, smallFolder(t), {
    coverage: true,
    env: {
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector}/v1/traces`,
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '100',
      ADMIN_KEY: key,
    },
  })
  const address = await service.address()
  const url = `${address}/v1/categories/python.written`
  const init = { method: 'PUT', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } }
  t.equal((await fetch(url, { ...init, body: JSON.stringify({ title: 'Written' }) })).status, 201)
  const write = await waitUntil(
    () => spans().find(({ name }) => name === 'PUT /v1/categories/:ref'),
    () => `no span of the write in ${spans().map(({ name }) => name)}`,
  )
  t.match(
    spans().filter(({ parentSpanId, name }) => parentSpanId === write.spanId && name !== 'SELECT'),
    [{ kind: clientKind }],
  )
})

/** Sends requests over a socket while traces are recorded, and returns the spans that arrive. */
const tracedIn = async (t: Test, environment: Record<string, string>, status = 200) => {
  const collector = await receiver(t, status)
  const before = { ...process.env }
  // OpenTelemetry's packages read these variables themselves.
  Object.assign(process.env, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.address, ...environment })
  t.teardown(() => {
    process.env = before
  })
  const lines: string[] = []
  const log = createLogger('info', { write: (line: string) => void lines.push(line) })
  const { app } = await testApp(t)
  await app.listen({ port: 0 })
  const stop = await startTracing(process.env, log)
  const { port } = app.server.address() as AddressInfo
  t.equal((await fetch(`http://localhost:${port}/v1/skills/python.decorators`)).status, 200)
  t.equal((await app.inject('/v1')).statusCode, 200)
  await stop()
  return { ...collector, lines }
}

t.test('traces are sent as Protobuf by default', async t => {
  const { types } = await tracedIn(t, {})
  t.same(types, ['POST /v1/traces application/x-protobuf'])
})

for (const [environment, recorded] of [
  [{ OTEL_TRACES_SAMPLER: 'always_on' }, true],
  [{ OTEL_TRACES_SAMPLER: 'always_off' }, false],
  [{ OTEL_TRACES_SAMPLER: 'parentbased_always_off' }, false],
  [{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }, false],
  [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '1' }, true],
  [{ OTEL_TRACES_EXPORTER: 'none' }, false],
  [{ OTEL_SDK_DISABLED: 'true' }, false],
] as const)
  t.test(`with ${JSON.stringify(environment)} spans are ${recorded ? '' : 'not '}sent`, async t => {
    const { spans } = await tracedIn(t, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', ...environment })
    t.equal(spans().length > 0, recorded)
    if (recorded) t.equal(spans().filter(({ kind }) => kind === serverKind).length, 1)
  })

t.test('a collector that rejects traces is reported in the log, and the service continues', async t => {
  const { lines } = await tracedIn(t, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 400)
  t.ok(lines.some(line => line.includes('traces could not be sent')))
})

for (const [environment, sentence] of [
  [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER must be one of otlp, none.'],
  [
    { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_TRACES_SAMPLER_ARG: '2' },
    'OTEL_EXPORTER_OTLP_PROTOCOL must be one of http/protobuf, http/json; OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1.',
  ],
] as const)
  t.test(`an invalid tracing setting ends the start with an error sentence: ${sentence}`, async t => {
    const service = serve(t, smallFolder(t), { env: environment, coverage: true })
    t.strictSame(await service.exit, { code: 1, signal: null })
    t.equal(service.stderr(), `${sentence}\n`)
  })
