import { setTimeout as pause } from 'node:timers/promises'
import { databaseOf, shippedDatabase } from '../../bench/data.ts'
import { table } from '../../bench/report.ts'
import { delayMonitor, maxDelay, type Server, startOurs } from '../../bench/servers.ts'
import { type HostileRequest, hostile } from './hostile-requests.ts'

// Sends hostile requests: none may block the event loop for long or make the service grow.
// `npm run test:hostile`; with `-- --quick` on the shipped track alone, without the database of 100,000 skills.

/** In milliseconds: other clients do not notice such a delay. */
const maxDelayGoal = 50

/** In MB, for all requests of one kind; the caches are small. */
const maxGrowthGoal = 64

/** Each kind is sent so often, with other words every time, so that nothing comes from the cache. The median delay counts; other programs make it longer, so the shortest is shown too: the machine should do nothing else. */
const rounds = 5

interface Measured {
  name: string
  delay: number
  least: number
  grown: number
  statuses: string
}

/** Sends a request, again if it is rejected because the machine is busy. */
const send = async (server: Server, { path, ...request }: HostileRequest): Promise<string> => {
  for (let time = 0; time < 20; time += 1) {
    const status = await fetch(`http://127.0.0.1:${server.port}${path}`, request).then(
      async response => {
        await response.arrayBuffer()
        return String(response.status)
      },
      // A client that goes on sending a body that is too large may not receive the response.
      () => 'cut off',
    )
    if (status !== '503') return status
    await pause(1_000)
    await maxDelay(server)
  }
  return '503'
}

const measure = async (
  server: Server,
  name: string,
  requests: (round: number) => HostileRequest[],
): Promise<Measured> => {
  const delays: number[] = []
  const statuses = new Set<string>()
  const before = server.costs().memory
  for (let round = 0; round < rounds; round += 1) {
    await maxDelay(server)
    for (const request of requests(round)) statuses.add(await send(server, request))
    delays.push(await maxDelay(server))
  }
  const [least = 0, , delay = 0] = delays.sort((a, b) => a - b)
  return { name, delay, least, grown: server.costs().memory - before, statuses: [...statuses].join(' ') }
}

const quick = process.argv.includes('--quick')
const database = quick ? await shippedDatabase() : await databaseOf(1_000)
const track = quick ? 'python' : 'track-7'
// Small caches, so that growth is not a cache.
const server = await startOurs(database, { CACHE_BYTES: '1000000', MEMORY_BYTES: '1000000' }, { preload: delayMonitor })
// Lists are read page by page first: code that is compiled at the first requests, and the heap that V8 takes for any work, do not count.
for (let pages = 0, after = ''; pages < 500; pages += 1) {
  const { page } = (await (await fetch(`http://127.0.0.1:${server.port}/v1/skills?limit=100${after}`)).json()) as {
    page: { next: string | null }
  }
  after = page.next === null ? '' : `&after=${page.next}`
}

const measured: Measured[] = []
for (const [name, requests] of Object.entries(hostile(track))) measured.push(await measure(server, name, requests))
const alive = (await fetch(`http://127.0.0.1:${server.port}/healthz`)).status === 200
await server.stop()

const verdict = ({ delay, grown, statuses }: Measured): string =>
  delay > maxDelayGoal ? 'blocked' : grown > maxGrowthGoal ? 'grown' : /5\d\d/.test(statuses) ? 'failed' : 'ok'
const rows = measured.map(one => [
  one.name,
  one.delay.toFixed(0),
  one.least.toFixed(0),
  one.grown.toFixed(0),
  one.statuses,
  verdict(one),
])
process.stdout.write(
  `${table([['requests', 'blocked, ms', 'least, ms', 'grown, MB', 'status', 'verdict'], ...rows])}\n`,
)
if (!alive || measured.some(one => verdict(one) !== 'ok')) process.exitCode = 1
