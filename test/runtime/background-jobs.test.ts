import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startBackgroundJobs } from '../../src/runtime/background-jobs.ts'
import type { Logger } from '../../src/runtime/logger.ts'
import { createDispatcher } from '../../src/runtime/webhooks/dispatcher.ts'
import { decideOutcome } from '../../src/runtime/webhooks/retries.ts'
import { DeliveryError, DeliveryInterrupted, sendEvent } from '../../src/runtime/webhooks/send-event.ts'
import { openDatabase } from '../../src/store/better-sqlite3.ts'
import { ownLease } from '../../src/store/lease.ts'
import { changes, jsonFormats, tables } from '../../src/store/tables.ts'
import { asAdmin, documentOf, emptyApp } from '../fixtures/app.ts'
import { waitUntil } from '../fixtures/service.ts'

const listening = () => {
  const lines: { fields: object; message: string }[] = []
  const note = (fields: object, message: string) => void lines.push({ fields, message })
  return { lines, log: { info: note, warn: note, error: note } as unknown as Logger } // all that is logged with
}

t.test('a service delivers changes to webhooks, and deletes changes older than the retention', async t => {
  const { app, load, file, options, catalog, json, jsonWrites } = await emptyApp(t)
  await load(documentOf({ slug: 'go' }, { category: [{ slug: 'a', title: 'A' }] }))
  const patch = { method: 'PATCH', url: '/v1/categories/go.a', headers: { ...asAdmin, 'if-match': '*' } } as const
  await app.inject({ ...patch, payload: { title: 'Then' } })
  const other = openDatabase(file)
  await other.write(
    async session => void (await session.update(changes).set({ changedAt: '2020-01-01T00:00:00.000Z' })),
  )
  other.close()
  const received: string[] = []
  const server = createServer(async (request, response) => {
    for await (const part of request) received.push(String(part))
    response.end()
  }).listen(0, 'localhost')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const url = `http://localhost:${(server.address() as AddressInfo).port}` // what listens on TCP has a port
  await app.inject({ method: 'PUT', url: '/v1/webhooks/lms', headers: asAdmin, payload: { url } })
  await app.inject({ ...patch, payload: { title: 'B' } })
  const { lines, log } = listening()
  const config = { WEBHOOK_NETWORKS: ['127.0.0.0/8', '::1'], CHANGES_RETENTION_DAYS: 90 }
  const stop = startBackgroundJobs(
    config,
    { ...options.webhooks, ...json },
    { ...options.webhookWrites, ...jsonWrites },
    log,
    ownLease,
  )
  await waitUntil(
    () => received[0],
    () => JSON.stringify(lines),
  )
  await waitUntil(
    () => lines.find(({ message }) => message === 'old changes deleted'),
    () => JSON.stringify(lines),
  )
  await stop()
  t.match(JSON.parse(String(received[0])), { type: 'category.updated', data: { title: 'B' } })
  t.equal(await catalog.oldestCursor(), 2)
  const old = await app.inject('/v1/changes?cursor=1')
  t.equal(old.statusCode, 410, old.body)
  t.match(old.json(), { code: 'GONE', errors: [{ parameter: 'cursor' }] })
  const all = (await app.inject('/v1/changes')).json<{ data: { key: string }[] }>()
  t.same(all.data.map(({ key }) => key).sort(), ['go', 'go.a', 'go.a'])
})

t.test('after an update of the program the service rebuilds the stored JSON', async t => {
  const { load, file, options, json, jsonWrites, app } = await emptyApp(t, { cacheBytes: 0 })
  await load(documentOf({ slug: 'go' }, { category: [{ slug: 'a', title: 'A' }] }))
  const before = await app.inject('/v1/categories/go.a')
  const other = openDatabase(file)
  await other.write(async session => {
    for (const table of [tables.track, tables.category]) await session.update(table).set({ jsonFormat: 'earlier' })
    await session.update(jsonFormats).set({ format: 'earlier' })
  })
  other.close()
  const { lines, log } = listening()
  const config = { WEBHOOK_NETWORKS: [], CHANGES_RETENTION_DAYS: 90 }
  const stop = startBackgroundJobs(
    config,
    { ...options.webhooks, ...json },
    { ...options.webhookWrites, ...jsonWrites },
    log,
    ownLease,
  )
  await waitUntil(
    () => lines.find(({ message }) => message === 'stored JSON rebuilt'),
    () => JSON.stringify(lines),
  )
  await stop()
  t.match(lines, [{ message: 'stored JSON rebuilt', fields: { items: 2 } }])
  t.equal(await json.isJsonOutdated(), false)
  t.equal((await app.inject('/v1/categories/go.a')).body, before.body)
})

t.test('jobs run while the lease is held, and content is loaded once', async t => {
  const { log } = listening()
  const { options, jsonWrites } = await emptyApp(t)
  let isHeld = false
  const done = { loads: 0, runs: 0, claims: 0, releases: 0 }
  const stop = startBackgroundJobs(
    { WEBHOOK_NETWORKS: [], CHANGES_RETENTION_DAYS: 1 },
    { hasDue: async () => true, hasPrunable: async () => false, isJsonOutdated: async () => false },
    {
      ...options.webhookWrites,
      ...jsonWrites,
      queueEvents: async () => {
        done.runs += 1
        if (done.runs === 2) isHeld = false
        return 0
      },
      claimDelivery: async () => {
        done.claims += 1
        return undefined
      },
    },
    log,
    {
      take: async () => isHeld,
      isHeld: () => isHeld,
      release: async () => {
        done.releases += 1
      },
    },
    async () => {
      done.loads += 1
    },
  )
  await sleep(100)
  t.match(done, { loads: 0, runs: 0 })
  isHeld = true
  await waitUntil(
    () => (done.runs === 2 ? true : undefined),
    () => JSON.stringify(done),
  )
  await sleep(100)
  await stop()
  t.match(done, { loads: 1, runs: 2, claims: 1, releases: 1 }, 'nothing is claimed once the lease is lost')
})

t.test('a failing background job is logged and does not end the service', async t => {
  const broken = async () => {
    throw new Error('the disk fails')
  }
  const { lines, log } = listening()
  const { options, jsonWrites } = await emptyApp(t)
  const config = { WEBHOOK_NETWORKS: [], CHANGES_RETENTION_DAYS: 1 }
  const stop = startBackgroundJobs(
    config,
    { hasDue: broken, hasPrunable: broken, isJsonOutdated: broken },
    { ...options.webhookWrites, ...jsonWrites },
    log,
    ownLease,
  )
  await waitUntil(
    () => lines[2],
    () => 'nothing logged',
  )
  await stop()
  t.same(lines.map(({ message }) => message).sort(), [
    'deleting old changes failed',
    'rebuilding stored JSON failed',
    'webhook delivery failed',
  ])
})

t.test('an event that cannot be sent is retried, and the reason is recorded', async t => {
  const settled: unknown[] = []
  const events = [{ id: 'msg_1', webhook: 'lms', url: 'https://a.example', body: '{}', secrets: [], attempts: 0 }]
  const { lines, log } = listening()
  const { run } = createDispatcher({
    queue: {
      queueEvents: async () => 0,
      claimDelivery: async () => events.shift(),
      finishDelivery: async (_id, _at, outcome) => void settled.push(outcome),
    },
    send: async () => {
      throw new DeliveryError('ENOTFOUND')
    },
    log,
  })
  await run()
  t.match(settled, [{ response: 'ENOTFOUND', delivered: false, down: true }])
  t.match(lines, [{ message: 'event not delivered', fields: { answer: 'ENOTFOUND' } }])
  t.match(decideOutcome({ attempts: 9 }, new DeliveryError('x'), new Date(), 0), { disable: /^All 10 attempts / })
})

t.test('an attempt that a stop interrupts is no failure of the receiver', async t => {
  const server = createServer(() => stop.abort()).listen(0, '127.0.0.1')
  const stop = new AbortController()
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a server that listens on TCP has a port
  const events = [{ id: 'msg_1', webhook: 'lms', url, body: '{}', secrets: [], attempts: 0 }]
  const { lines, log } = listening()
  const { run } = createDispatcher({
    queue: {
      queueEvents: async () => 0,
      claimDelivery: async () => events.shift(),
      finishDelivery: async () => void t.fail('the delivery is not finished'),
    },
    send: (event, now) =>
      sendEvent(event, now, { isAllowed: () => true, timeout: 20_000, userAgent: 'x', interrupt: stop.signal }).catch(
        error => {
          t.ok(error instanceof DeliveryInterrupted)
          throw error
        },
      ),
    log,
    stopping: stop.signal,
  })
  await run()
  t.match(lines, [{ message: 'event interrupted', fields: { webhook: 'lms', delivery: 'msg_1' } }])
})

t.test("a receiver's host name is resolved", async t => {
  const server = createServer((_request, response) => response.writeHead(204).end()).listen(0, 'localhost')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const event = {
    id: 'msg_1',
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    body: '{}',
    secrets: [],
  } // as above
  const options = { isAllowed: () => true, timeout: 2_000, userAgent: 'x' }
  t.same(await sendEvent(event, new Date(), options), { status: 204, retryAfter: undefined })
})
