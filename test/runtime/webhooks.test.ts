import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook as Receiver } from 'standardwebhooks'
import t, { type Test } from 'tap'
import { createAddressFilter } from '../../src/http/public-networks.ts'
import type { ClaimedDelivery } from '../../src/model/webhook.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { createDispatcher } from '../../src/runtime/webhooks/dispatcher.ts'
import { decideOutcome, retryDelays } from '../../src/runtime/webhooks/retries.ts'
import { DeliveryError, type ReceiverResponse, sendEvent } from '../../src/runtime/webhooks/send-event.ts'
import { asAdmin, documentOf, emptyApp, type TestApp } from '../fixtures/app.ts'

const log = createLogger('silent', { write: () => undefined })

const go = () =>
  documentOf(
    { slug: 'go' },
    { category: [{ slug: 'basics' }], skill: [{ slug: 'types', title: 'Types', category: 'basics', tier: 'senior' }] },
  )

const createAdminClient = ({ app }: TestApp) => {
  const send = (method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE', url: string, payload?: object) =>
    app.inject({
      method,
      url,
      headers: { ...asAdmin, ...(method === 'PUT' ? {} : { 'if-match': '*' }) },
      ...(payload && { payload }),
    })
  return {
    send,
    make: async (slug: string, url: string, more: object = {}) =>
      (await send('PUT', `/v1/webhooks/${slug}`, { url, ...more })).json<{ secret: string }>().secret,
    webhook: async (slug: string) =>
      (await send('GET', `/v1/webhooks/${slug}`)).json<{
        disabled: boolean
        disabledBecause: string | null
        pending: number
      }>(),
    log: async (slug: string) =>
      (await send('GET', `/v1/webhooks/${slug}/deliveries?limit=200`)).json<{
        data: {
          id: string
          type: string
          state: string
          attempts: number
          lastAnswer: string | null
          nextAt: string | null
        }[]
        page: { size: number; next: string | null }
      }>(),
    rename: (title: string) => send('PATCH', '/v1/skills/go.types', { title }),
  }
}

/** A receiver with a configurable response, which stores the requests it gets. */
const receiver = async (
  t: Test,
  respond: () => { status: number; headers?: Record<string, string> } = () => ({ status: 204 }),
) => {
  const received: { headers: IncomingHttpHeaders; body: string }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    received.push({ headers: request.headers, body })
    const { status, headers } = respond()
    response.writeHead(status, headers).end('x'.repeat(100_000))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` } // what listens on TCP has a port
}

const send = (event: ClaimedDelivery, now: Date): Promise<ReceiverResponse> =>
  sendEvent(event, now, { isAllowed: createAddressFilter(['127.0.0.1']), timeout: 2_000, userAgent: 'curriculum/test' })

t.test('a receiver gets each change, with a signature that the Standard Webhooks library verifies', async t => {
  const service = await emptyApp(t)
  await service.load(go())
  const { make, rename, send: call, log: deliveries } = createAdminClient(service)
  const { received, url } = await receiver(t)
  const secret = await make('lms', url)
  t.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  const { run } = createDispatcher({ queue: service.options.webhookWrites, send, log })
  await run()
  t.equal(received.length, 0, 'earlier changes are not sent')
  await rename('All types')
  await call('PUT', '/v1/skills/go.maps', { title: 'Maps', category: 'basics', tier: 'senior' })
  await call('DELETE', '/v1/skills/go.maps')
  await run()
  const delivered = received.map(({ headers, body }) => {
    const verified = new Receiver(secret).verify(body, headers as Record<string, string>)
    t.equal(headers['content-type'], 'application/json')
    return verified as { type: string; timestamp: string; data: { key: string; title: string; seq: number } }
  })
  t.match(delivered, [
    { type: 'skill.updated', data: { type: 'skill', key: 'go.types', track: 'go', title: 'All types' } },
    { type: 'skill.created', data: { key: 'go.maps' } },
    { type: 'skill.deleted', data: { key: 'go.maps', title: 'Maps' } },
  ])
  t.throws(() => new Receiver(secret).verify(`${received[0]?.body} `, received[0]?.headers as Record<string, string>))
  t.equal(new Set(received.map(({ headers }) => headers['webhook-id'])).size, 3)
  t.ok(received.every(({ headers }) => !String(headers['webhook-id']).includes('.')))
  const { data } = await deliveries('lms')
  t.same(
    data.map(({ state, attempts, lastAnswer }) => [state, attempts, lastAnswer]),
    Array(3).fill(['delivered', 1, '204']),
  )
  await run()
  t.equal(received.length, 3, 'no event is sent twice')
})

t.test('a webhook receives only the events and tracks it subscribes to', async t => {
  const service = await emptyApp(t)
  await service.load(go())
  const { make, rename, send: call } = createAdminClient(service)
  const { received, url } = await receiver(t)
  await make('exact', url, { events: ['skill.updated'] })
  await make('nouns', url, { events: ['track.*', 'category.*'], tracks: ['go'] })
  await make('other', url, { events: ['*'], tracks: ['go'] })
  const { run } = createDispatcher({ queue: service.options.webhookWrites, send, log })
  await rename('New')
  await call('PUT', '/v1/tracks/rust', { title: 'Rust' })
  await call('PUT', '/v1/categories/go.more', { title: 'More' })
  await run()
  t.same(received.map(({ body }) => (JSON.parse(body) as { type: string }).type).sort(), [
    'category.created',
    'category.created',
    'skill.updated',
    'skill.updated',
  ])
})

t.test('webhooks are created, updated, listed and deleted with an admin key, and a secret is shown once', async t => {
  const service = await emptyApp(t)
  await service.load(go())
  const { send: call } = createAdminClient(service)
  const url = 'https://lms.example/hook'
  const created = await call('PUT', '/v1/webhooks/lms', { url, events: ['skill.*'], tracks: ['go'] })
  t.equal(created.statusCode, 201, created.body)
  t.equal(created.headers.location, '../../v1/webhooks/lms')
  t.equal(created.headers['cache-control'], 'no-store')
  t.match(created.json(), { slug: 'lms', url, secret: /^whsec_/, disabled: false, pending: 0 })
  const { secret: _, ...shown } = created.json<Record<string, unknown>>()
  t.same((await call('GET', '/v1/webhooks/lms')).json(), shown)
  t.same((await call('GET', '/v1/webhooks')).json(), { data: [shown] })
  const changed = await call('PUT', '/v1/webhooks/lms', { ...shown, url: `${url}/2`, disabled: true })
  t.equal(changed.statusCode, 200, changed.body)
  t.match(changed.json(), { url: `${url}/2`, disabled: true })
  t.notOk('secret' in changed.json<object>())
  t.equal((await call('DELETE', '/v1/webhooks/lms')).statusCode, 204)
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/secret'],
    ['GET', '/deliveries'],
    ['POST', '/replay'],
  ] as const)
    t.equal((await call(method, `/v1/webhooks/lms${path}`)).statusCode, 404, path)
  t.equal((await service.app.inject('/v1/webhooks')).statusCode, 401)
})

t.test('an invalid webhook is rejected with all its errors', async t => {
  const service = await emptyApp(t)
  const { send: call } = createAdminClient(service)
  for (const [slug, body, pointer] of [
    ['lms', {}, '/url'],
    ['lms', { url: 'ftp://a' }, '/url'],
    ['lms', { url: 'https://a.example', events: ['skil.updated'] }, '/events/0'],
    ['lms', { url: 'https://a.example', tracks: ['nowhere'] }, '/tracks/0'],
    ['lms', { url: 'https://a.example', secret: 'x' }, '/secret'],
    ['Not a slug', { url: 'https://a.example' }, undefined],
  ] as const) {
    const response = await call('PUT', `/v1/webhooks/${encodeURIComponent(slug)}`, body)
    t.equal(response.statusCode, 422, response.body)
    t.equal(response.json<{ errors: { pointer: string }[] }>().errors[0]?.pointer, pointer)
  }
})

t.test('a receiver at a private address is rejected on creation and update, with the way to allow it', async t => {
  const service = await emptyApp(t, { webhookNetworks: [] })
  const { send: call } = createAdminClient(service)
  for (const [host, address] of [
    ['127.0.0.1', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['127.0.0.1.', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['0x7f000001', '127.0.0.1'],
    ['0177.0.0.1', '127.0.0.1'],
    ['localhost', '127.0.0.1'],
    ['LOCALHOST.', '127.0.0.1'],
    ['hooks.localhost', '127.0.0.1'],
    ['0', '0.0.0.0'],
    ['169.254.169.254', '169.254.169.254'],
    ['10.0.0.1', '10.0.0.1'],
    ['172.31.255.255', '172.31.255.255'],
    ['192.168.1.1', '192.168.1.1'],
    ['100.64.0.1', '100.64.0.1'],
    ['[::1]', '::1'],
    ['[::]', '::'],
    ['[::127.0.0.1]', '::7f00:1'],
    ['[fe80::1]', 'fe80::1'],
    ['[fd00::1]', 'fd00::1'],
    ['[::ffff:127.0.0.1]', '::ffff:7f00:1'],
    ['[::ffff:a9fe:a9fe]', '::ffff:a9fe:a9fe'],
    ['[64:ff9b::a00:1]', '64:ff9b::a00:1'],
  ] as const) {
    const response = await call('PUT', '/v1/webhooks/lms', { url: `https://${host}:8443/hook` })
    t.equal(response.statusCode, 422, host)
    const message = `"url" leads to ${address}, which is not an address on the public internet. If the receiver is there, the operator of the service must allow its network: WEBHOOK_NETWORKS=${address}.`
    t.match(response.json(), { code: 'UNPROCESSABLE', detail: message, errors: [{ pointer: '/url', message }] })
  }
  t.equal((await call('GET', '/v1/webhooks/lms')).statusCode, 404)
  for (const host of [
    'lms.example',
    'localhost.example',
    'mylocalhost',
    '8.8.8.8',
    '[2606:4700::1111]',
    '[::ffff:8.8.8.8]',
  ])
    t.match((await call('PUT', '/v1/webhooks/lms', { url: `https://${host}/hook` })).statusCode, /^20[01]$/, host)
  const changed = await call('PUT', '/v1/webhooks/lms', { url: 'http://127.0.0.1/hook' })
  t.equal(changed.statusCode, 422)
  t.match((await call('GET', '/v1/webhooks/lms')).json(), { url: 'https://[::ffff:8.8.8.8]/hook' })
  const allowing = createAdminClient(await emptyApp(t, { webhookNetworks: ['10.0.0.0/8', '::1'] }))
  for (const [host, status] of [
    ['10.1.2.3', 201],
    ['[::1]', 200],
    ['[::ffff:10.0.0.1]', 200],
    ['127.0.0.1', 422],
  ] as const)
    t.equal((await allowing.send('PUT', '/v1/webhooks/lms', { url: `http://${host}/hook` })).statusCode, status, host)
})

t.test('after a rotation events are signed with both secrets until the old one expires', async t => {
  const service = await emptyApp(t)
  await service.load(go())
  const { make, rename, send: call } = createAdminClient(service)
  const { received, url } = await receiver(t)
  const old = await make('lms', url)
  const rotated = (await call('POST', '/v1/webhooks/lms/secret')).json<{ secret: string; oldUntil: string }>()
  await rename('One')
  const clock = { now: new Date(Date.now() + 1_000) }
  const { run } = createDispatcher({ queue: service.options.webhookWrites, send, log, now: () => clock.now })
  await run()
  for (const secret of [old, rotated.secret])
    t.ok(new Receiver(secret).verify(String(received[0]?.body), received[0]?.headers as Record<string, string>))
  await rename('Two')
  clock.now = new Date(Date.parse(rotated.oldUntil) + 1_000)
  await run()
  t.equal(String(received[1]?.headers['webhook-signature']).split(' ').length, 1)
})

t.test(
  'a receiver that is down for days gets every event in order once it is back, without a burst of requests',
  async t => {
    const service = await emptyApp(t)
    await service.load(go())
    const { make, rename, webhook } = createAdminClient(service)
    let status = 503
    const { received, url } = await receiver(t, () => ({ status }))
    await make('lms', url)
    const clock = { now: new Date() }
    // As after a restart: all state is in the database.
    const run = () => createDispatcher({ queue: service.options.webhookWrites, send, log, now: () => clock.now }).run()
    for (let hour = 0; hour < 70; hour += 1) {
      if (hour < 20) await rename(`Title ${hour}`)
      clock.now = new Date(Date.now() + hour * 3_600_000)
      await run()
    }
    t.ok(received.length < 12, `${received.length} attempts in 70 hours`)
    t.match(await webhook('lms'), { disabled: false, pending: 20 })
    received.length = 0
    status = 200
    clock.now = new Date(Date.now() + 100 * 3_600_000)
    await run()
    t.same(
      received.map(({ body }) => (JSON.parse(body) as { data: { title: string } }).data.title),
      Array.from({ length: 20 }, (_, hour) => `Title ${hour}`),
    )
  },
)

t.test(
  'a receiver that answers 410, or fails for more than three days, is disabled, and gets the missed events when enabled again',
  async t => {
    const service = await emptyApp(t)
    await service.load(go())
    const { make, rename, webhook, send: call, log: deliveries } = createAdminClient(service)
    let status = 410
    const { received, url } = await receiver(t, () => ({ status }))
    await make('lms', url)
    const clock = { now: new Date(Date.now() + 60_000) }
    const { run } = createDispatcher({ queue: service.options.webhookWrites, send, log, now: () => clock.now })
    await rename('One')
    await run()
    t.match(await webhook('lms'), { disabled: true, disabledBecause: /410/ })
    await rename('Two')
    await run()
    t.equal(received.length, 1)
    status = 500
    await call('PUT', '/v1/webhooks/lms', { url })
    for (let day = 0; day < 12; day += 1) {
      await run()
      clock.now = new Date(clock.now.getTime() + 25 * 3_600_000)
    }
    t.match(await webhook('lms'), {
      disabled: true,
      disabledBecause: /All 10 attempts in more than three days failed; the last result was: 500/,
    })
    t.match((await deliveries('lms')).data, [
      { state: 'waiting', attempts: 0 },
      { state: 'failed', attempts: 10, lastAnswer: '500' },
    ])
    status = 200
    received.length = 0
    await call('PUT', '/v1/webhooks/lms', { url })
    await run()
    t.same(
      received.map(({ body }) => (JSON.parse(body) as { data: { title: string } }).data.title),
      ['One', 'Two'],
    )
    t.ok((await deliveries('lms')).data.every(({ state }) => state === 'delivered'))
  },
)

t.test('one event that a receiver rejects does not delay the others', async t => {
  const service = await emptyApp(t)
  await service.load(go())
  const { make, rename, log: deliveries } = createAdminClient(service)
  const statuses = [400]
  const { url } = await receiver(t, () => ({ status: statuses.shift() ?? 200 }))
  await make('lms', url)
  await rename('One')
  await rename('Two')
  const { run } = createDispatcher({ queue: service.options.webhookWrites, send, log })
  await run()
  t.same(
    (await deliveries('lms')).data.map(({ state, lastAnswer }) => [state, lastAnswer]),
    [
      ['delivered', '200'],
      ['waiting', '400'],
    ],
  )
})

t.test('deliveries are listed page by page, and resent on request', async t => {
  const service = await emptyApp(t)
  await service.load(go())
  const { make, rename, send: call, log: deliveries } = createAdminClient(service)
  const { received, url } = await receiver(t)
  await make('lms', url)
  for (const title of ['One', 'Two', 'Three']) await rename(title)
  const { run } = createDispatcher({ queue: service.options.webhookWrites, send, log })
  await run()
  const { data } = await deliveries('lms')
  const first = (await call('GET', '/v1/webhooks/lms/deliveries?limit=2')).json<typeof page>()
  const page = { data: data.slice(0, 2), page: { size: 2, next: String(data[1]?.id) } }
  t.same(first, page)
  const rest = (await call('GET', `/v1/webhooks/lms/deliveries?limit=2&before=${first.page.next}`)).json<{
    data: unknown[]
  }>()
  t.same(rest, { data: data.slice(2), page: { size: 1, next: null } })
  t.equal((await call('GET', '/v1/webhooks/lms/deliveries?before=msg_x')).json<{ data: unknown[] }>().data.length, 3)
  const one = await call('POST', '/v1/webhooks/lms/replay', { delivery: data[0]?.id })
  t.equal(one.statusCode, 202)
  t.same(one.json(), { queued: 1 })
  t.same((await call('POST', '/v1/webhooks/lms/replay', { since: '2020-01-01T00:00:00Z' })).json(), { queued: 3 })
  t.equal((await call('POST', '/v1/webhooks/lms/replay', { delivery: 'msg_x' })).statusCode, 404)
  t.equal((await call('POST', '/v1/webhooks/lms/replay', { since: 'yesterday' })).statusCode, 422)
  const unknown = await call('POST', '/v1/webhooks/lms/replay', { since: '2020-01-01T00:00:00Z', until: 'now' })
  t.match(unknown.json(), { status: 422, detail: 'There is no field "until" here. The fields are since, delivery.' })
  received.length = 0
  await run()
  t.equal(received.length, 3)
  t.ok(
    received.some(({ headers }) => headers['webhook-id'] === data[0]?.id),
    'under the same id',
  )
})

t.test('a delivery in progress when the service died is sent by the next one', async t => {
  const service = await emptyApp(t)
  await service.load(go())
  const { make, rename } = createAdminClient(service)
  const { received, url } = await receiver(t)
  await make('lms', url)
  await rename('One')
  const queue = service.options.webhookWrites
  const died = createDispatcher({
    queue,
    send: async () => {
      throw new Error('killed')
    },
    log,
  })
  await died.run()
  const soon = createDispatcher({ queue, send, log })
  await soon.run()
  t.equal(received.length, 0, 'it stays claimed for a minute')
  await createDispatcher({ queue, send, log, now: () => new Date(Date.now() + 61_000) }).run()
  t.equal(received.length, 1)
})

t.test('several receivers are served concurrently, each with one event at a time', async t => {
  const service = await emptyApp(t)
  await service.load(go())
  const { make, rename } = createAdminClient(service)
  for (let index = 0; index < 10; index += 1) await make(`hook-${index}`, 'https://lms.example')
  await rename('One')
  await rename('Two')
  const under = new Map<string, number>()
  let [most, sent] = [0, 0]
  const { promise: allBusy, resolve: answer } = Promise.withResolvers<void>()
  const slow = async ({ webhook }: ClaimedDelivery): Promise<ReceiverResponse> => {
    under.set(webhook, (under.get(webhook) ?? 0) + 1)
    t.equal(under.get(webhook), 1)
    most = Math.max(most, [...under.values()].filter(count => count > 0).length)
    if (most === 8) answer()
    await allBusy
    await new Promise(resolve => setTimeout(resolve, 5))
    under.set(webhook, 0)
    sent += 1
    return { status: 200, retryAfter: undefined }
  }
  await createDispatcher({ queue: service.options.webhookWrites, send: slow, log }).run()
  t.equal(sent, 20)
  t.equal(most, 8)
})

t.test('no event is sent to a private address, whatever the host name', async t => {
  const isPublic = createAddressFilter([])
  for (const address of [
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.0.1',
    '169.254.169.254',
    '0.0.0.0',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ])
    t.equal(isPublic(address), false, address)
  for (const address of ['8.8.8.8', '93.184.216.34', '2606:4700::1111', '::ffff:8.8.8.8'])
    t.equal(isPublic(address), true, address)
  t.equal(createAddressFilter(['10.0.0.0/8', '::1'])('10.1.2.3'), true)
  t.equal(createAddressFilter(['10.0.0.0/8', '::1'])('::1'), true)
  t.equal(createAddressFilter(['10.0.0.0/8', '::1'])('127.0.0.1'), false)
  const event = { id: 'msg_1', body: '{}', secrets: ['whsec_AA=='] }
  const options = { isAllowed: isPublic, timeout: 1_000, userAgent: 'x' }
  const { url, received } = await receiver(t)
  const { port } = new URL(url)
  for (const host of ['127.0.0.1', '[::1]', 'localhost', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]'])
    await t.rejects(
      sendEvent({ ...event, url: `http://${host}:${port}` }, new Date(), options),
      /is not an address on the public internet/,
      host,
    )
  t.equal(received.length, 0)
  type Lookup = NonNullable<Parameters<typeof sendEvent>[2]['lookup']>
  const leading = (...addresses: { address: string; family: number }[]) =>
    ((_name: string, _options: object, callback: (error: null, found: typeof addresses) => void) =>
      callback(null, addresses)) as unknown as Lookup // as the system's is called here
  const mixed = leading({ address: '8.8.8.8', family: 4 }, { address: '10.0.0.1', family: 4 })
  await t.rejects(
    sendEvent({ ...event, url: 'http://a.example' }, new Date(), { ...options, lookup: mixed }),
    /a\.example leads to 10\.0\.0\.1/,
  )
  const nowhere = ((_name: string, _options: object, callback: (error: Error) => void) =>
    callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }))) as unknown as Lookup // as above
  await t.rejects(
    sendEvent({ ...event, url: 'http://b.example' }, new Date(), { ...options, lookup: nowhere }),
    new DeliveryError('ENOTFOUND'),
  )
})

t.test('a redirect is not followed, and a receiver that does not answer has failed', async t => {
  const target = await receiver(t)
  const { url, received } = await receiver(t, () => ({ status: 302, headers: { location: target.url } }))
  const event = { id: 'msg_1', url, body: '{}', secrets: ['whsec_AA=='] }
  t.same(await send(event as ClaimedDelivery, new Date()), { status: 302, retryAfter: undefined })
  t.equal(received.length, 1)
  t.equal(target.received.length, 0)
  const silent = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => silent.closeAllConnections())
  t.teardown(() => silent.close())
  const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}` // as above
  const options = { isAllowed: () => true, timeout: 200, userAgent: 'x' }
  await t.rejects(
    sendEvent({ ...event, url: address }, new Date(), options),
    new DeliveryError('no answer within 0.2 seconds'),
  )
  await t.rejects(
    sendEvent({ ...event, url: 'http://127.0.0.1:1' }, new Date(), options),
    new DeliveryError('ECONNREFUSED'),
  )
  await t.rejects(sendEvent({ ...event, url: address.replace('http', 'https') }, new Date(), options), {
    message: 'EPROTO',
  })
})

t.test('the retry delays are those of the specification, with 10 % jitter, or longer with Retry-After', t => {
  const now = new Date('2026-11-21T12:00:00Z')
  const wait = (attempts: number, status: number, retryAfter?: string, random = 0.5) => {
    const { nextAt } = decideOutcome({ attempts }, { status, retryAfter }, now, random)
    return nextAt === undefined ? undefined : (Date.parse(nextAt) - now.getTime()) / 1000
  }
  t.same(
    retryDelays.map((_, attempts) => wait(attempts, 500)),
    [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400],
  )
  t.equal(wait(9, 500), undefined)
  t.same([wait(0, 500, undefined, 0), wait(0, 500, undefined, 1)], [4.5, 5.5])
  t.equal(wait(0, 429, '120'), 120)
  t.equal(wait(0, 503, 'Sat, 21 Nov 2026 13:00:00 GMT'), 3_600)
  t.equal(wait(0, 503, 'soon'), 5)
  t.equal(wait(0, 503, '999999999'), 86_400)
  t.equal(wait(1, 503, '1'), 300)
  t.equal(decideOutcome({ attempts: 0 }, { status: 404, retryAfter: undefined }, now, 0).down, true)
  t.equal(decideOutcome({ attempts: 0 }, { status: 422, retryAfter: undefined }, now, 0).down, false)
  t.end()
})
