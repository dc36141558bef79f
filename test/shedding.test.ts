import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { pacer } from '../src/graphql/pace.ts'
import { watchDelay } from '../src/http/shedding.ts'
import { testApp } from './app.ts'
import { begun, serve, small } from './service.ts'

t.test(
  'where more is asked than can be answered, new requests are turned away, and who watches is told how it is',
  async t => {
    let late = false
    const { app } = await testApp(t, { isLate: () => late })
    t.equal((await app.inject('/v1')).statusCode, 200)
    late = true
    const refused = await app.inject('/v1/skills')
    t.equal(refused.statusCode, 503)
    t.equal(refused.headers['retry-after'], '2')
    t.match(refused.json(), { code: 'UNAVAILABLE' })
    for (const url of ['/healthz', '/readyz', '/metrics']) t.equal((await app.inject(url)).statusCode, 200)
    late = false
    t.equal((await app.inject('/v1/skills')).statusCode, 200)
  },
)

t.test('an event loop that is held is noticed, and so is its end', async t => {
  const { isLate, stop } = watchDelay()
  t.equal(isLate(), false)
  const hold = (until: number) => {
    while (Date.now() < until);
  }
  await sleep(1)
  hold(Date.now() + 3_000)
  await sleep(1)
  t.equal(isLate(), true)
  await sleep(1_200)
  t.equal(isLate(), false)
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
  t.equal(await ask(many), left - 1, 'what is kept costs as little as anything')
})

t.test('what one query answers is spread over turns, and a look-up waits for all of them', async t => {
  const { pace, afterAll } = pacer(300)
  const order: number[] = []
  const turns: number[] = []
  let turn = 0
  const counting = setInterval(() => {
    turn += 1
  }, 0)
  await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      await pace(100)
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
  for (let index = 0; index < 10; index += 1) void pace(300)?.then(() => (answered += 1))
  t.equal(answered, 0)
  await new Promise<void>(afterAll)
  t.ok(answered >= 9)
})

t.test('who sends nothing, or too slowly, is cut off within fifteen seconds', async t => {
  const service = serve(t, small(t))
  const { port } = new URL(await service.address())
  const lasted = async (text: string, trickle: string): Promise<number> => {
    const start = Date.now()
    const socket = connect(Number(port), 'localhost')
    socket.on('error', () => undefined)
    if (text !== '') socket.write(text)
    const timer = trickle === '' ? undefined : setInterval(() => socket.write(trickle), 1_000)
    socket.resume()
    await new Promise(resolve => socket.once('close', resolve))
    clearInterval(timer)
    return Date.now() - start
  }
  const body = 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n'
  const times = await Promise.all([
    lasted('', ''),
    lasted('GET /v1 HTTP/1.1\r\nHost: x\r\n', 'X-A: b\r\n'),
    lasted(body, '{'),
  ])
  for (const time of times) t.ok(time < 16_000, `${time}`)
})

t.test('a connection that hangs does not keep a service from ending well within ten seconds', async t => {
  const service = serve(t, small(t))
  const address = await service.address()
  const { answer } = await begun(
    address,
    'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{',
  )
  const start = Date.now()
  service.child.kill('SIGTERM')
  t.same(await service.exit, { code: 0, signal: null })
  t.ok(Date.now() - start < 10_000)
  await answer
})
