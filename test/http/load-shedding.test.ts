import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createTurnScheduler } from '../../src/graphql/turn-scheduler.ts'
import { watchEventLoopDelay } from '../../src/http/load-shedding.ts'
import { testApp } from '../fixtures/app.ts'
import { openRequest } from '../fixtures/service.ts'

t.test(
  'while the event loop is late, many concurrent requests are rejected, and health is always answered',
  async t => {
    let late = false
    const { app } = await testApp(t, { isOverloaded: () => late })
    const statuses = async (urls: string[]) => {
      // Requests of one turn of the event loop count together.
      await nextTurn()
      const responses = await Promise.all(urls.map(url => app.inject(url)))
      const refused = responses.filter(({ statusCode }) => statusCode === 503)
      for (const response of refused) {
        t.equal(response.headers['retry-after'], '2')
        t.match(response.json(), { code: 'UNAVAILABLE' })
      }
      return { answered: responses.length - refused.length, refused: refused.length }
    }
    const many = Array.from({ length: 40 }, (_, index) => `/v1/skills?limit=${index + 1}`)
    t.same(await statuses(many), { answered: 40, refused: 0 })
    late = true
    t.same(await statuses(many), { answered: 10, refused: 30 })
    t.same(await statuses([...Array(20).fill('/healthz'), '/readyz', '/metrics']), { answered: 22, refused: 0 })
    late = false
    t.same(await statuses(many), { answered: 40, refused: 0 })
  },
)

t.test('a single client is answered however late the event loop is, such as during a load', async t => {
  const { app } = await testApp(t, { isOverloaded: () => true })
  for (let index = 0; index < 30; index += 1)
    for (const url of ['/tracks/python', '/v1/tracks/python/export/json', `/v1/skills?limit=${index + 1}`])
      t.equal((await app.inject(url)).statusCode, 200, url)
})

t.test('a request in progress counts until it is answered or aborted', async t => {
  const { app } = await testApp(t, { isOverloaded: () => true })
  const address = await app.listen({ port: 0 })
  const head = 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{'
  const waiting = await Promise.all(Array.from({ length: 10 }, () => openRequest(address, head)))
  const statusOnceChanged = async (before: number): Promise<number> => {
    const end = Date.now() + 20_000
    // A finished answer is sent again whatever else is under way.
    for (let limit = 1; ; limit = (limit % 200) + 1) {
      const { status } = await fetch(`${address}/v1/skills?limit=${limit}`)
      if (status !== before || Date.now() > end) return status
    }
  }
  t.equal(await statusOnceChanged(200), 503)
  for (const { socket } of waiting) socket.destroy()
  t.equal(await statusOnceChanged(503), 200)
})

t.test('a blocked event loop is detected, and so is its recovery', async t => {
  const { isOverloaded, stop } = watchEventLoopDelay()
  t.equal(isOverloaded(), false)
  const hold = (until: number) => {
    while (Date.now() < until);
  }
  await sleep(1)
  hold(Date.now() + 3_000)
  await sleep(1)
  t.equal(isOverloaded(), true)
  await sleep(1_200)
  t.equal(isOverloaded(), false)
  stop()
})

t.test('a query that reaches many nodes counts as several requests', async t => {
  const { app } = await testApp(t, { ratePerMinute: 100 })
  const ask = async (query: string) => {
    const { headers } = await app.inject({ method: 'POST', url: '/graphql', payload: { query } })
    return Number(/r=(\d+)/.exec(String(headers.ratelimit))?.[1])
  }
  t.equal(await ask('{ track(ref: "python") { title } }'), 99)
  const many = '{ track(ref: "python") { skills { prerequisites { dependents { resources { key } } } } } }'
  const left = await ask(many)
  t.ok(left < 98, `${left}`)
  t.equal(await ask(many), left - 1, 'a cached response counts as one request')
})

t.test(
  'the nodes of one query are spread over turns of the event loop, and a look-up waits for all of them',
  async t => {
    const { waitForTurn, whenIdle } = createTurnScheduler(300)
    const order: number[] = []
    const turns: number[] = []
    let turn = 0
    const counting = setInterval(() => {
      turn += 1
    }, 0)
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        await waitForTurn(100)
        order.push(index)
        turns.push(turn)
        const end = performance.now() + 1
        while (performance.now() < end);
      }),
    )
    clearInterval(counting)
    t.same(order, [0, 1, 2, ...Array.from({ length: 37 }, (_, index) => 39 - index)])
    t.ok(new Set(turns).size > 3, 'others had their turn between')
    let answered = 0
    for (let index = 0; index < 10; index += 1) void waitForTurn(300)?.then(() => (answered += 1))
    t.equal(answered, 0)
    await new Promise<void>(whenIdle)
    t.ok(answered >= 9)
  },
)
