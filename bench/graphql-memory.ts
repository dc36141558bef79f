import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { shippedDatabase } from './data.ts'
import { hostileDocuments } from './hostile/graphql-documents.ts'
import { startOurs } from './servers/ours.ts'
import { textTable } from './table.ts'

// How much a service grows by GraphQL queries that nobody in good faith sends: `npm run test:memory`.
// With `-- --snapshot=<path>` the heap is written there at the end.

/** In megabytes, of resident memory. */
const goal = 64

const snapshot = process.argv.find(one => one.startsWith('--snapshot='))?.slice('--snapshot='.length) ?? null
const database = await shippedDatabase()

/** Starts a service as `npm start` does, but with small caches, so that what grows is no cache. */
const start = async () => {
  const server = await startOurs(
    database,
    { CACHE_BYTES: '1000000', MEMORY_BYTES: '1000000' },
    {
      messages: true,
      options: ['--max-semi-space-size=16', '--import', fileURLToPath(new URL('servers/heap.ts', import.meta.url))],
    },
  )
  const ask = async (body: string): Promise<number> => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`http://127.0.0.1:${server.port}/graphql`, { method: 'POST', headers, body })
    await response.arrayBuffer()
    return response.status
  }
  // What is compiled at the first requests, and the heap that Node takes for any work at all, is no query's fault: ordinary queries come first.
  for (let round = 0; round < 500; round += 1)
    await ask(
      JSON.stringify({
        query:
          'query ($first: Int, $q: String!) { skills(first: $first) { nodes { title prerequisites { key } } } search(q: $q) { totalCount } }',
        variables: { first: 1 + (round % 100), q: `test ${round}` },
      }),
    )
  return { server, ask }
}

/** In megabytes, after a collection of garbage. */
const reachable = async ({ process: child }: Awaited<ReturnType<typeof startOurs>>, path: string | null = null) => {
  child.send(path as unknown as string) // null is a message too
  const [{ reachable: bytes }] = (await once(child, 'message')) as [{ reachable: number }]
  return bytes / 2 ** 20
}

/** Collections would keep the resident memory small: so what is reachable is asked of another process. */
const [growing, holding] = [await start(), await start()]
const rows: string[][] = []
const first = { memory: growing.server.costs().memory, heap: await reachable(holding.server) }
let [memory, most, heap] = [first.memory, first.memory, first.heap]
for (const [name, bodies] of Object.entries(hostileDocuments())) {
  const statuses = new Set<number>()
  for (const body of bodies) {
    statuses.add(await growing.ask(body))
    await holding.ask(body)
  }
  const now = { memory: growing.server.costs().memory, heap: await reachable(holding.server) }
  const [grown, held] = [(now.memory - memory).toFixed(0), (now.heap - heap).toFixed(1)]
  rows.push([name, String(bodies.length), grown, held, [...statuses].join(' ')])
  ;[memory, most, heap] = [now.memory, Math.max(most, now.memory), now.heap]
}
if (snapshot !== null) await reachable(holding.server, snapshot)
await Promise.all([growing.server.stop(), holding.server.stop()])
rows.push(['all', '', (most - first.memory).toFixed(0), (heap - first.heap).toFixed(1), ''])
process.stdout.write(`${textTable([['queries', 'number', 'grown, MB', 'still reachable, MB', 'status'], ...rows])}\n`)
if (most - first.memory > goal) process.exitCode = 1
