import { setTimeout as pause } from 'node:timers/promises'
import { databaseOf, shippedDatabase } from './data.ts'
import { hostile, type Wish } from './hostile/cases.ts'
import { longestHold, watched } from './servers/held.ts'
import { startOurs } from './servers/ours.ts'
import type { Server } from './servers/server.ts'
import { textTable } from './table.ts'

// What nobody in good faith would ask, and anybody may: no request holds the event loop for long or makes the service grow.
// `npm run test:hostile`; with `-- --quick` on the shipped track alone, without the database of 100,000 skills.

/** In milliseconds: a client that comes meanwhile does not notice it. */
const longest = 50

/** In megabytes, for all that is asked of one kind: what a cache may keep is not more than it is given. */
const most = 64

/** Each is asked so often, in other words every time, so that nothing is answered from what was kept. The middle hold counts; what other programs do makes it longer, so the shortest is shown too: the machine should do nothing else. */
const rounds = 5

interface Measured {
  name: string
  held: number
  least: number
  grown: number
  statuses: string
}

/** The port is tried once before anything is opened: that somebody listens says nothing yet. */
const ready = async ({ port }: Server): Promise<void> => {
  for (let time = 0; time < 200; time += 1) {
    const answered = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (answered) return
    await pause(100)
  }
  throw new Error('The service is not ready within 20 seconds.')
}

/** What is turned away because the machine is busy was not carried out: it is asked again. */
const ask = async (server: Server, { path, ...request }: Wish): Promise<string> => {
  for (let time = 0; time < 20; time += 1) {
    const status = await fetch(`http://127.0.0.1:${server.port}${path}`, request).then(
      async response => {
        await response.arrayBuffer()
        return String(response.status)
      },
      // Who goes on sending what is too large may not hear why.
      () => 'cut off',
    )
    if (status !== '503') return status
    await pause(1_000)
    await longestHold(server)
  }
  return '503'
}

const measure = async (server: Server, name: string, wishes: (round: number) => Wish[]): Promise<Measured> => {
  const holds: number[] = []
  const statuses = new Set<string>()
  const before = server.costs().memory
  for (let round = 0; round < rounds; round += 1) {
    await longestHold(server)
    for (const wish of wishes(round)) statuses.add(await ask(server, wish))
    holds.push(await longestHold(server))
  }
  const [least = 0, , held = 0] = holds.sort((a, b) => a - b)
  return { name, held, least, grown: server.costs().memory - before, statuses: [...statuses].join(' ') }
}

const quick = process.argv.includes('--quick')
const database = quick ? await shippedDatabase() : await databaseOf(1_000)
const track = quick ? 'python' : 'track-7'
// Little is kept, so that what grows is no cache.
const server = await startOurs(database, { CACHE_BYTES: '1000000', MEMORY_BYTES: '1000000' }, watched)
await ready(server)
// What is compiled at the first requests, and the heap that Node takes for any work at all, is no request's fault: lists are read page by page first.
for (let pages = 0, after = ''; pages < 500; pages += 1) {
  const { page } = (await (await fetch(`http://127.0.0.1:${server.port}/v1/skills?limit=100${after}`)).json()) as {
    page: { next: string | null }
  }
  after = page.next === null ? '' : `&after=${page.next}`
}

const measured: Measured[] = []
for (const [name, wishes] of Object.entries(hostile(track))) measured.push(await measure(server, name, wishes))
const alive = (await fetch(`http://127.0.0.1:${server.port}/healthz`)).status === 200
await server.stop()

const verdict = ({ held, grown, statuses }: Measured): string =>
  held > longest ? 'held' : grown > most ? 'grown' : /5\d\d/.test(statuses) ? 'failed' : 'well'
const rows = measured.map(one => [
  one.name,
  one.held.toFixed(0),
  one.least.toFixed(0),
  one.grown.toFixed(0),
  one.statuses,
  verdict(one),
])
process.stdout.write(
  `${textTable([['asked for', 'held, ms', 'least, ms', 'grown, MB', 'status', 'verdict'], ...rows])}\n`,
)
if (!alive || measured.some(one => verdict(one) !== 'well')) process.exitCode = 1
