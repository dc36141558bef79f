import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { shippedDatabase } from '../../bench/data.ts'
import { table } from '../../bench/report.ts'
import { type Server, startOurs } from '../../bench/servers.ts'
import { hostileDocuments } from './graphql-documents.ts'

// Measures how much the service grows by hostile GraphQL queries: `npm run test:memory`. Exits with 1 above the goal.
// With `-- --snapshot=<path>` it writes a heap snapshot at the end.

/** In megabytes, of resident memory. */
const goal = 64

const snapshot = process.argv.find(one => one.startsWith('--snapshot='))?.slice('--snapshot='.length) ?? null
const database = await shippedDatabase()

/** Starts a service with small caches, so that growth is not a cache. */
const start = async () => {
  const server = await startOurs(
    database,
    { CACHE_BYTES: '1000000', MEMORY_BYTES: '1000000' },
    { preload: fileURLToPath(new URL('heap.ts', import.meta.url)) },
  )
  const send = async (body: string): Promise<number> => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`http://127.0.0.1:${server.port}/graphql`, { method: 'POST', headers, body })
    await response.arrayBuffer()
    return response.status
  }
  // Ordinary queries come first: code that is compiled at the first requests, and the heap that V8 takes for any work, do not count.
  for (let round = 0; round < 500; round += 1)
    await send(
      JSON.stringify({
        query:
          'query ($first: Int, $q: String!) { skills(first: $first) { nodes { title prerequisites { key } } } search(q: $q) { totalCount } }',
        variables: { first: 1 + (round % 100), q: `test ${round}` },
      }),
    )
  return { server, ask: send }
}

/** In megabytes, after a collection of garbage. */
const reachable = async ({ process: child }: Server, path: string | null = null): Promise<number> => {
  child.send(path as unknown as string) // null is a message too
  const [{ reachable: bytes }] = (await once(child, 'message')) as [{ reachable: number }]
  return bytes / 2 ** 20
}

/** Sends all queries to a new server, and returns what `measure` says at its start and after each kind of query. */
const series = async (
  measure: (server: Server) => Promise<number>,
  after: (server: Server) => Promise<unknown> = async () => undefined,
) => {
  const { server, ask } = await start()
  const figures = [await measure(server)]
  const statuses: string[] = []
  for (const bodies of Object.values(hostileDocuments())) {
    const seen = new Set<number>()
    for (const body of bodies) seen.add(await ask(body))
    statuses.push([...seen].join(' '))
    figures.push(await measure(server))
  }
  await after(server)
  await server.stop()
  return { figures, statuses }
}

// One server after the other: V8 gives memory back while a server is idle, and the first figure would be too small. Two servers, because
// the collection of garbage before each figure of the second keeps its resident memory small.
const resident = await series(async server => server.costs().memory)
const heap = await series(reachable, async server => snapshot && reachable(server, snapshot))
const grown = (figures: number[], to: number, from = to - 1): number => Number(figures[to]) - Number(figures[from])
const rows = Object.entries(hostileDocuments()).map(([name, bodies], index) => [
  name,
  String(bodies.length),
  grown(resident.figures, index + 1).toFixed(0),
  grown(heap.figures, index + 1).toFixed(1),
  String(resident.statuses[index]),
])
const most = Math.max(...resident.figures) - Number(resident.figures[0])
rows.push(['all, at most', '', most.toFixed(0), grown(heap.figures, rows.length, 0).toFixed(1), ''])
process.stdout.write(`${table([['queries', 'number', 'grown, MB', 'still reachable, MB', 'status'], ...rows])}\n`)
if (most > goal) process.exitCode = 1
