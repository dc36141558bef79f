import { Agent, get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { drainSecondsOf } from '../../src/config.ts'
import { testApp } from '../fixtures/app.ts'
import { workerCounts } from '../fixtures/scope.ts'
import { serve, smallFolder } from '../fixtures/service.ts'

interface Reply {
  status: number | undefined
  connection: string | undefined
  body: string
}

const request = async (url: string, agent?: Agent): Promise<Reply> => {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  get(url, { agent }, resolve).on('error', reject)
  const response = await promise
  return { status: response.statusCode, connection: response.headers.connection, body: await text(response) }
}

/** The code of a failed request; undefined where it was answered. */
const failure = (url: string): Promise<unknown> =>
  request(url).then(
    () => undefined,
    ({ code }: NodeJS.ErrnoException) => code,
  )

t.test('a service drains for 5 seconds by default, and not at all on a terminal', async t => {
  t.equal(drainSecondsOf({ DRAIN_SECONDS: undefined }, false), 5)
  t.equal(drainSecondsOf({ DRAIN_SECONDS: undefined }, true), 0)
  t.equal(drainSecondsOf({ DRAIN_SECONDS: 30 }, true), 30)
})

t.test('while a service drains, it is not ready, and every response closes its connection', async t => {
  let draining = false
  const { app } = await testApp(t, { isDraining: () => draining })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const agent = new Agent({ keepAlive: true })
  t.teardown(() => agent.destroy())
  const paths = {
    '/v1/tracks/python': 200, // made the first time, replayed from the cache from then on
    '/healthz': 200,
    '/readyz': 200,
    '/v1/nothing': 404,
    '/v1/skills/%': 400,
  }
  const read = (path: string) => request(`${address}${path}`, agent)
  for (const [path, status] of Object.entries(paths))
    t.match(await read(path), { status, connection: 'keep-alive' }, path)
  draining = true
  for (const [path, status] of Object.entries({ ...paths, '/readyz': 503 }))
    t.match(await read(path), { status, connection: 'close' }, path)
  t.match((await read('/readyz')).body, '"detail":"The service is shutting down."')
})

for (const WORKERS of workerCounts)
  t.test(`no client notices that a service stops (WORKERS=${WORKERS})`, async t => {
    const service = serve(t, smallFolder(t), { env: { WORKERS, DRAIN_SECONDS: '2', RATE_LIMIT_PER_MINUTE: '0' } })
    const address = await service.address()
    let draining = false
    const failures: unknown[] = []
    const replies: Reply[] = []
    const lasts: Reply[] = []
    // Clients that reuse connections, as a load balancer does.
    const clients = Array.from({ length: 20 }, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      while (!draining) {
        const reply = request(`${address}/v1/skills/python.functions`, agent)
        await reply.then(one => replies.push(one)).catch(error => failures.push(error))
        await sleep(5)
      }
      // The first reply after the signal and `/readyz` report the stop.
      lasts.push(await request(`${address}/v1/skills/python.functions`, agent))
      agent.destroy()
    })
    await sleep(300)
    const stopped = performance.now()
    service.child.kill('SIGTERM')
    while ((await request(`${address}/readyz`)).status === 200) await sleep(10)
    t.ok(performance.now() - stopped < 1_000, 'a balancer sees at once that the service is not ready')
    await sleep(300)
    draining = true
    await Promise.all(clients)
    t.strictSame(failures, [])
    t.ok(replies.length > 100)
    t.ok(replies.every(({ status }) => status === 200))
    // Clients that have not noticed yet are served until the end, each on a new connection.
    while (performance.now() - stopped < 1_700) lasts.push(await request(`${address}/v1/skills/python.functions`))
    t.ok(lasts.every(({ status, connection }) => status === 200 && connection === 'close'))
    await service.exit
    const took = performance.now() - stopped
    t.ok(took > 2_000 && took < 6_000, `${took} ms`)
    t.equal(await failure(`${address}/healthz`), 'ECONNREFUSED')
    t.strictSame(await service.exit, { code: 0, signal: null })
    t.match(await service.waitForLog('stopping'), { signal: 'SIGTERM', drainSeconds: 2 })
    t.notOk(service.logLines().some(({ level }) => level > 30))
  })

for (const WORKERS of workerCounts)
  t.test(`a second signal ends a service that drains at once (WORKERS=${WORKERS})`, async t => {
    const service = serve(t, smallFolder(t), { env: { WORKERS, DRAIN_SECONDS: '20' } })
    const address = await service.address()
    service.child.kill('SIGTERM')
    await service.waitForLog('stopping')
    service.child.kill('SIGINT')
    t.strictSame(await service.exit, { code: 1, signal: null })
    while ((await failure(`${address}/healthz`)) === undefined) await sleep(20)
  })
