import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs'
import { Agent, get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { createRequestCounter } from '../../src/http/rate-limit.ts'
import { createSharedCounts } from '../../src/runtime/workers/shared-request-counts.ts'
import { wholeLines } from '../../src/runtime/workers/worker-process.ts'
import { openRequest, type RunningService, runMain, serve, smallFolder, waitUntil } from '../fixtures/service.ts'

/** The service with two workers. */
const two = (t: Test, folder: string, more: Parameters<typeof serve>[2] = {}): RunningService =>
  serve(t, folder, { ...more, env: { WORKERS: '2', RATE_LIMIT_PER_MINUTE: '0', ...more.env } })

const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

/** One connection to the service, which stays with the worker that took it. */
interface Connection {
  pid: number
  send(path: string): Promise<{ status: number | undefined; body: string; headers: Record<string, unknown> }>
}

const connect = async (t: Test, service: RunningService): Promise<Connection> => {
  const address = await service.address()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())
  const send = async (path: string, id: string = randomUUID()): ReturnType<Connection['send']> => {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    get(`${address}${path}`, { agent, headers: { 'x-request-id': id } }, resolve).on('error', reject)
    const response = await promise
    return { status: response.statusCode, body: await text(response), headers: response.headers }
  }
  const id = randomUUID()
  await send('/healthz', id)
  const line = await waitUntil(
    () => service.logLines().find(({ reqId }) => reqId === id),
    () => 'the request is not in the log',
  )
  return { pid: Number(line.pid), send }
}

/** A connection to each of the two workers. */
const both = async (t: Test, service: RunningService): Promise<[Connection, Connection]> => {
  for (;;) {
    const tried = await Promise.all(Array.from({ length: 8 }, () => connect(t, service)))
    const [one] = tried
    const other = tried.find(({ pid }) => pid !== one?.pid)
    if (one !== undefined && other !== undefined) return [one, other]
  }
}

const listening = (service: RunningService): unknown[] =>
  service
    .logLines()
    .filter(({ msg }) => msg === 'listening')
    .map(({ pid }) => pid)

const requested = 'http_request_duration_seconds_count{route="/v1/skills/:ref",status="200"}'

t.test('several processes serve one port after one of them has loaded the content', async t => {
  const folder = smallFolder(t)
  const service = two(t, folder, { args: ['--watch'], coverage: true })
  const [one, other] = await both(t, service)
  t.same(listening(service).sort(), [one.pid, other.pid].sort())
  t.equal(service.logLines().filter(({ msg }) => msg === 'track loaded').length, 1)
  t.equal(service.logLines().filter(({ msg }) => msg === 'ready').length, 1)
  t.match(await service.waitForLog('ready'), { address: /^http:\/\/localhost:\d+$/, pid: service.child.pid })
  for (const { send } of [one, other]) t.match(await send('/v1/skills/python.functions'), { status: 200 })

  await t.test('any worker returns the metrics of all workers', async t => {
    for (const { send } of [one, one, other]) await send('/v1/skills/python.functions')
    t.equal(await sample(one, requested), 5)
    t.equal(await sample(other, requested), 5)
    t.equal(await sample(one, 'answers_total{from="made"}'), 2)
    t.equal(await sample(one, 'answers_total{from="cache"}'), 3)
  })

  await t.test('a worker that does not answer is included with its last metrics', async t => {
    process.kill(other.pid, 'SIGSTOP')
    await one.send('/v1/skills/python.functions')
    t.equal(await sample(one, requested), 6)
    process.kill(other.pid, 'SIGCONT')
  })

  await t.test('a worker that is killed is replaced, the others do not notice, and no counter falls', async t => {
    process.kill(other.pid, 'SIGKILL')
    const statuses: unknown[] = []
    await waitUntil(
      () => {
        void one.send('/v1/skills/python.functions').then(({ status }) => statuses.push(status))
        return listening(service)[2]
      },
      () => 'nobody took the place of the worker that was killed',
    )
    t.match(await service.waitForLog('worker exited and is replaced'), {
      level: 50,
      worker: other.pid,
      signal: 'SIGKILL',
    })
    // The agent sends one request at a time, so this one is answered after all before.
    statuses.push((await one.send('/v1/skills/python.functions')).status)
    t.same(new Set(statuses), new Set([200]))
    t.equal(await sample(one, requested), 6 + statuses.length)
  })

  await t.test('with --watch, a saved file is served by every worker', async t => {
    const workers = await both(t, service)
    const skill = join(folder, 'content/python/skills/functions.yaml')
    writeFileSync(skill, readFileSync(skill, 'utf8').replace('title: Functions', 'title: Routines'))
    await service.waitForLog('track loaded', 2)
    for (const { send } of workers)
      t.equal(JSON.parse((await send('/v1/skills/python.functions')).body).title, 'Routines')
  })
})

/** A program that each worker runs first. */
const before = (code: string): string[] => [
  '--import',
  `data:text/javascript,import{existsSync}from"node:fs";if(process.argv[1].endsWith("worker.ts")){${code}}`,
]

t.test('a worker with an unexpected error logs it, and is replaced', async t => {
  const service = two(t, smallFolder(t), {
    node: before('process.once("SIGUSR2",()=>{throw new Error("boom")})'),
    coverage: true,
  })
  const [one, other] = await both(t, service)
  process.kill(other.pid, 'SIGUSR2')
  t.match(await service.waitForLog('an unexpected error ends a worker'), {
    level: 60,
    pid: other.pid,
    err: { message: 'boom' },
  })
  t.match(await service.waitForLog('worker exited and is replaced'), { worker: other.pid, code: 1 })
  t.match(await one.send('/healthz'), { status: 200 })
  await service.waitForLog('listening', 3)
})

t.test(
  'workers that keep dying are replaced with exponential backoff, and none is left when the service stops',
  async t => {
    const folder = smallFolder(t)
    const BROKEN = join(folder, 'broken')
    const service = two(t, folder, {
      node: before('if(existsSync(process.env.BROKEN))process.exit(7)'),
      env: { BROKEN },
      coverage: true,
    })
    const [one, other] = await both(t, service)
    writeFileSync(BROKEN, '')
    process.kill(other.pid, 'SIGKILL')
    await service.waitForLog('worker exited and is replaced', 6)
    const pauses = service.logLines().flatMap(({ code, pause }) => (code === 7 ? [Number(pause)] : []))
    t.ok((pauses.at(-1) ?? 0) > (pauses[0] ?? 0), pauses.join(', '))
    t.match(await one.send('/healthz'), { status: 200 })
    service.child.kill('SIGTERM')
    t.strictSame(await service.exit, { code: 0, signal: null })
  },
)

t.test('a replacement worker that cannot start logs why, and starts once it can', async t => {
  const folder = smallFolder(t)
  const service = two(t, folder, { coverage: true })
  const [one, other] = await both(t, service)
  renameSync(join(folder, 'curriculum.db'), join(folder, 'elsewhere.db'))
  mkdirSync(join(folder, 'curriculum.db'))
  process.kill(other.pid, 'SIGKILL')
  t.match(await service.waitForLog('worker could not start'), {
    level: 50,
    reason: /^DATABASE_URL: .* cannot be opened/,
  })
  await service.waitForLog('worker exited and is replaced', 2)
  t.match(await one.send('/v1/skills/python.functions'), { status: 200 })
  rmdirSync(join(folder, 'curriculum.db'))
  renameSync(join(folder, 'elsewhere.db'), join(folder, 'curriculum.db'))
  await service.waitForLog('listening', 3)
})

t.test('a service whose workers cannot start ends with one error sentence', async t => {
  for (const [code, words] of [
    ['process.exit(7)', /^WORKERS cannot be started: a worker ended before it listened\. [^\n]*\n$/],
    ['process.argv.includes=()=>{throw new Error("boom")}', /^WORKERS cannot be started: [^\n]*\n$/],
    ['process.env.HOST="192.0.2.1"', /^HOST is not an address of this machine: [^\n]*\n$/],
  ] as const) {
    const service = two(t, smallFolder(t), { node: before(code), coverage: !code.includes('exit') })
    t.strictSame(await service.exit, { code: 1, signal: null })
    t.match(service.stderr(), words)
    t.notOk(service.logLines().some(({ msg }) => msg === 'ready'))
  }
})

t.test('a write by another process is in the next response of every worker', async t => {
  const folder = smallFolder(t)
  const service = two(t, folder)
  const workers = await both(t, service)
  const skill = join(folder, 'content/python/skills/functions.yaml')
  const written = readFileSync(skill, 'utf8')
  for (const title of ['Functions', 'Routines', 'Procedures']) {
    writeFileSync(skill, written.replace('title: Functions', `title: ${title}`))
    const env = { ...process.env, DATABASE_URL: `file:${folder}/curriculum.db` }
    t.match(await runMain(['load', join(folder, 'content')], { env }), { code: 0 })
    for (const { send } of [...workers, ...workers])
      t.equal(JSON.parse((await send('/v1/skills/python.functions')).body).title, title)
  }
})

/** Sends half a request on so many connections, so that each worker has some. */
const halves = async (t: Test, service: RunningService) => {
  const address = await service.address()
  const workers = await both(t, service)
  const waiting = await Promise.all(
    Array.from({ length: 16 }, () =>
      openRequest(address, 'GET /v1/skills/python.functions HTTP/1.1\r\nHost: localhost\r\n'),
    ),
  )
  // All are accepted shortly after later requests are answered.
  for (const { send } of workers) await send('/healthz')
  await pause(200)
  return { waiting, workers }
}

for (const [who, signalled] of [
  ['the service', () => []],
  ['every process of it', (workers: Connection[]) => workers.map(({ pid }) => pid)],
] as const)
  t.test(
    `when ${who} gets SIGTERM, all workers answer the requests in progress, and the service ends cleanly`,
    async t => {
      const service = two(t, smallFolder(t))
      const { waiting, workers } = await halves(t, service)
      for (const pid of signalled(workers)) process.kill(pid, 'SIGTERM')
      service.child.kill('SIGTERM')
      await pause(200)
      for (const { socket } of waiting) socket.write('\r\n')
      for (const { response } of waiting) t.match(await response, /^HTTP\/1.1 200 .*"title":"Functions"/s)
      t.strictSame(await service.exit, { code: 0, signal: null })
      t.equal(service.stderr(), '')
      t.equal(service.logLines().filter(({ path }) => path === '/v1/skills/python.functions').length, waiting.length)
    },
  )

t.test('workers end with their supervisor', async t => {
  const service = two(t, smallFolder(t), { coverage: true })
  const workers = await both(t, service)
  service.child.kill('SIGKILL')
  await service.exit
  for (const { pid } of workers)
    await waitUntil(
      () => gone(pid),
      () => `${pid} is still there`,
    )
})

const gone = (pid: number): true | undefined => {
  try {
    process.kill(pid, 0)
    return undefined
  } catch {
    return true
  }
}

const sample = async ({ send }: Connection, name: string): Promise<number> => {
  const { body } = await send('/metrics')
  return Number(
    body
      .split('\n')
      .find(line => line.startsWith(`${name} `))
      ?.slice(name.length),
  )
}

t.test('the rate limit of a client applies to all workers together', async t => {
  const service = two(t, smallFolder(t), { env: { RATE_LIMIT_PER_MINUTE: '100' }, coverage: true })
  const [one, other] = await both(t, service)
  const statuses = []
  while (statuses.at(-1) !== 429) statuses.push((await one.send('/v1')).status)
  t.ok(statuses.length > 50)
  // The workers exchange their counts after a short delay.
  await pause(1_000)
  t.match(await other.send('/v1'), { status: 429, headers: { 'retry-after': /^\d+$/ } })
})

t.test('requests are counted by client and minute, including those of other workers', async t => {
  const published: [string, number][][] = []
  const { add, addFromOthers } = createSharedCounts(counts => published.push([...counts]), createRequestCounter(300))
  const counted = (client: string) => add(client, 1).count
  t.same(['a', 'a', 'b'].map(counted), [1, 2, 1])
  addFromOthers(new Map([['a', 5]]))
  t.equal(counted('a'), 8)
  await pause(400)
  t.same(
    published,
    [
      [
        ['a', 3],
        ['b', 1],
      ],
    ],
    'other workers get each count once, and not their own',
  )
  t.equal(counted('a'), 1)
})

t.test('log lines of several workers are not mixed, however long they are', async t => {
  const service = two(t, smallFolder(t))
  const address = await service.address()
  const paths = Array.from({ length: 300 }, (_, index) => `/${String(index).padStart(9_000, '-')}`)
  service.child.stdout?.pause()
  const statuses = Promise.all(paths.map(async path => (await fetch(`${address}${path}`)).status))
  t.same(new Set(await statuses), new Set([404]))
  // The supervisor's last line comes while lines of its workers still wait for the reader.
  service.child.kill('SIGTERM')
  await pause(300)
  service.child.stdout?.resume()
  await service.exit
  const logged = service.lines().map(line => JSON.parse(line) as { path?: string })
  t.same(logged.flatMap(({ path }) => path ?? []).sort(), paths.sort())
})

t.test('a line that was cut off ends before the next begins', async t => {
  const lines = wholeLines()
  const written = text(lines)
  for (const part of ['{"a":1}\n{"b"', ':2', '}\n', '{"c"']) lines.write(Buffer.from(part))
  lines.end()
  t.equal(await written, '{"a":1}\n{"b":2}\n{"c"\n')
})
