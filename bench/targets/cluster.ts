import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Primary, type Replica, startPrimary, startReplica } from '../../test/fixtures/libsql-servers.ts'
import { casesOf } from '../cases.ts'
import { copyOf, databaseOf } from '../data.ts'
import { startGenerator } from '../load.ts'
import { type Bench, interleaved, median, percentile, ratioOf, timeOf } from '../measure.ts'
import { formatted, measuredHeading, measuredRows } from '../report.ts'
import { type Server, startOurs } from '../servers.ts'
import { adminKey, track, write } from './writes.ts'

/** Compares nodes of a cluster with a single node, on the same content. */
export const cluster = async (bench: Bench): Promise<void> => {
  const database = await databaseOf(10)
  const folder = mkdtempSync(join(tmpdir(), 'bench-cluster-'))
  const primary = await startPrimary(join(folder, 'primary'))
  const replicas: Replica[] = []
  const servers: Server[] = []
  const start = async (file: string, environment: Record<string, string> = {}): Promise<Server> => {
    const server = await startOurs(file, { ADMIN_KEY: adminKey, ...environment })
    servers.push(server)
    return server
  }
  try {
    await replaceFile(primary, join(folder, 'primary'), database)
    bench.log('a cluster of three nodes')
    const single = await start(copyOf(database))
    const nodes: Server[] = []
    for (const name of ['one', 'two', 'three']) {
      const replica = await startReplica(join(folder, name), primary)
      replicas.push(replica)
      nodes.push(await start(replica.file, { PRIMARY_URL: primary.url, REPLICA_URL: replica.url }))
    }
    const [one, two] = nodes as [Server, Server]
    await measureReads(bench, single, one)
    await measureWrites(bench, single, one, two)
    await measureNodes(bench, nodes)
  } finally {
    for (const server of servers) await server.stop()
    for (const server of [primary, ...replicas]) await server.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Gives a primary the file of a single node. */
const replaceFile = async (primary: Primary, folder: string, database: string): Promise<void> => {
  await primary.kill('SIGTERM')
  const file = join(folder, 'dbs', '127', 'data')
  for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true })
  rmSync(join(dirname(file), 'wallog'), { force: true })
  copyFileSync(database, file)
  await primary.restart()
}

const measureReads = async (bench: Bench, single: Server, node: Server): Promise<void> => {
  const rows = bench.report.table('Reads of a node of a cluster', measuredHeading)
  const { skill, 'list of 50': list, search } = casesOf(1)
  for (const [name, request] of Object.entries({ skill, 'list of 50': list, search })) {
    const measured = await interleaved(bench, {
      'single node': { server: single, request },
      'node of a cluster': { server: node, request },
    })
    rows.push(...measuredRows(name, measured))
    const ratio = ratioOf(measured['node of a cluster'], measured['single node'], '× a single node')
    bench.report.atLeast(`${name}, node of a cluster`, ratio, 0.9)
  }
}

/** Writes to a single node and to a node of a cluster in turn, and reads each write from another node. */
const measureWrites = async ({ report, quick, log }: Bench, single: Server, node: Server, other: Server) => {
  const rows = report.table('Writes of a node of a cluster', ['', 'median ms', 'p99 ms'])
  const [local, remote, elsewhere]: [number[], number[], number[]] = [[], [], []]
  const patch = (server: Server, summary: string) =>
    write(server, 'PATCH', `/v1/skills/${track}.skill-44`, { summary }).then(({ headers }) =>
      String(headers.get('curriculum-cursor')),
    )
  const read = async (cursor: string): Promise<void> => {
    const url = `http://127.0.0.1:${other.port}/v1/skills/${track}.skill-44`
    const response = await fetch(url, { headers: { 'curriculum-min-cursor': cursor } })
    if (!response.ok) throw new Error(`${url}: ${response.status}`)
    await response.arrayBuffer()
  }
  for (const server of [single, node]) await patch(server, 'The first write starts the write thread.')
  const count = quick ? 50 : 500
  log(`${count} writes`)
  for (let number = 1; number <= count; number += 1) {
    local.push(await timeOf(() => patch(single, `Summary ${number}.`)))
    let cursor = ''
    remote.push(
      await timeOf(async () => {
        cursor = await patch(node, `Summary ${number}.`)
      }),
    )
    elsewhere.push(await timeOf(() => read(cursor)))
  }
  for (const [name, times] of Object.entries({
    'PATCH, single node': local,
    'PATCH, node of a cluster': remote,
    'from its response to that of the other node': elsewhere,
  }))
    rows.push([name, formatted(median(times)), formatted(percentile(times, 0.99))])
  report.atMost('PATCH of a node of a cluster', { value: median(remote) / median(local), unit: '× a single node' }, 2.5)
  const value = percentile(elsewhere, 0.99)
  report.atMost('acknowledged write, read from the other node', { value, unit: 'ms', by: `p99 of ${count}` }, 250)
}

/** Sends requests to one node, then to all at once. If they need more cores than there are, only the CPU time of a request counts. */
const measureNodes = async ({ report, generator, pace }: Bench, nodes: readonly Server[]): Promise<void> => {
  const rows = report.table('One node and three', ['list of 50', 'req/s', 'µs CPU per request'])
  const requests = [casesOf(1)['list of 50']]
  const generators = [generator, startGenerator(), startGenerator()]
  for (const used of [nodes.slice(0, 1), nodes]) {
    const before = used.map(server => server.costs().cpu)
    const results = await Promise.all(
      used.map(({ port }, index) =>
        generators[index]?.run({ port, requests, duration: pace.seconds * 2, connections: 12 }),
      ),
    )
    const perSecond = results.reduce((sum, result) => sum + (result?.perSecond ?? 0), 0)
    const spent = used.reduce((sum, server, index) => sum + server.costs().cpu - Number(before[index]), 0)
    const cpu = spent / (perSecond * pace.seconds * 2)
    rows.push([used.length === 1 ? 'one node' : `${used.length} nodes at once`, formatted(perSecond), formatted(cpu)])
  }
  for (const other of generators.slice(1)) other.stop()
}
