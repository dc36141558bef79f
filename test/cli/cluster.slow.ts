import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, cpSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import type { Test } from 'tap'
import { type Cluster, type Node, startCluster, waitFor, write } from '../fixtures/cluster.ts'
import { libsqlTest } from '../fixtures/libsql.ts'
import { createNetwork, networkObstacle } from '../fixtures/network.ts'
import { waitForTitle } from '../fixtures/service.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The number of loads that were started: each writes its own items. */
let loads = 0

/** Reads from all nodes and writes to all nodes until it is stopped. */
const startLoad = ({ nodes }: Cluster, { writes = true } = {}) => {
  loads += 1
  const names = nodes.map((_, index) => `w${loads}-${index}`)
  let isStopped = false
  let reads = 0
  const failedReads: unknown[] = []
  const acknowledged: string[] = []
  const rejections: { at: number; status: number; retryAfter: string | null; body: string }[] = []
  /** The highest cursor that each node has answered. */
  const cursors = new Map<Node, number>()
  const backwards: number[] = []
  const read = async (node: Node): Promise<void> => {
    while (!isStopped) {
      const response = await fetch(`${node.address}/v1/skills?limit=10`).catch((failure: unknown) => failure)
      reads += 1
      if (!(response instanceof Response) || response.status !== 200) failedReads.push(response)
      if (!(response instanceof Response)) continue
      await response.arrayBuffer()
      const cursor = Number(response.headers.get('curriculum-cursor'))
      if (cursor < (cursors.get(node) ?? 0)) backwards.push(cursor)
      cursors.set(node, cursor)
    }
  }
  const writeTo = async (node: Node, name: string): Promise<void> => {
    for (let number = 1; !isStopped; number += 1) {
      const slug = `${name}-${number}`
      const body = { title: slug, kind: 'site', url: 'https://example.org/' }
      const response = await write(node.address, 'PUT', `/v1/resources/python.${slug}`, body)
      const { status, headers } = response
      if (status === 201) acknowledged.push(slug)
      else
        rejections.push({
          at: performance.now(),
          status,
          retryAfter: headers.get('retry-after'),
          body: await response.text(),
        })
      await sleep(20)
    }
  }
  const work = Promise.all(
    nodes.flatMap((node, index) => [read(node), ...(writes ? [writeTo(node, String(names[index]))] : [])]),
  )
  return {
    failedReads,
    acknowledged,
    rejections,
    backwards,
    reads: () => reads,
    hasWrittenToAll: () => names.every(name => acknowledged.includes(`${name}-1`)),
    stop: async () => {
      isStopped = true
      await work
    },
  }
}

/** Returns the slugs of all resources of a node. */
const slugsOf = async ({ address }: Node): Promise<Set<string>> => {
  const slugs = new Set<string>()
  for (let after = ''; ; ) {
    const response = await fetch(`${address}/v1/resources?limit=200${after && `&after=${after}`}`)
    const { data, page } = (await response.json()) as { data: { slug: string }[]; page: { next: string | null } }
    for (const { slug } of data) slugs.add(slug)
    if (page.next === null) return slugs
    after = page.next
  }
}

/** Returns the sequence numbers of the change feed of a node. */
const feedOf = async ({ address }: Node): Promise<number[]> => {
  const numbers: number[] = []
  for (let cursor = '0'; ; ) {
    const response = await fetch(`${address}/v1/changes?limit=200&cursor=${cursor}`)
    const { data, page } = (await response.json()) as { data: { seq: number }[]; page: { next: string } }
    numbers.push(...data.map(({ seq }) => seq))
    if (data.length === 0) return numbers
    cursor = page.next
  }
}

const checkNodes = async (t: Test, { nodes }: Cluster, acknowledged: readonly string[]): Promise<void> => {
  for (const node of nodes) {
    await waitFor(async () => {
      const slugs = await slugsOf(node)
      return acknowledged.every(slug => slugs.has(slug))
    })
    const feed = await feedOf(node)
    t.ok(feed.length >= acknowledged.length)
    t.same(
      feed.filter((number, index) => number !== index + 1),
      [],
      'the feed has no gap',
    )
  }
}

libsqlTest('the primary is killed five times: no read fails, no acknowledged write is lost', async t => {
  const cluster = await startCluster(t, 3)
  const load = startLoad(cluster)
  // The first write of a node starts its write thread.
  await waitFor(load.hasWrittenToAll)
  const firstRejections: number[] = []
  const recoveries: number[] = []
  for (let time = 0; time < 5; time += 1) {
    await sleep(1_000)
    const killedAt = performance.now()
    const before = load.rejections.length
    await cluster.primary.kill('SIGKILL')
    await waitFor(() => load.rejections.length > before)
    firstRejections.push(Math.round(Number(load.rejections[before]?.at) - killedAt))
    await sleep(1_000)
    await cluster.primary.restart()
    const restartedAt = performance.now()
    const written = load.acknowledged.length
    await waitFor(() => load.acknowledged.length > written)
    recoveries.push(Math.round(performance.now() - restartedAt))
  }
  while (load.reads() < 20_000) await sleep(100)
  await load.stop()
  t.comment(`${load.reads()} reads, ${load.acknowledged.length} writes, ${load.rejections.length} rejected`)
  t.comment(`the first 503 came after ${firstRejections} ms, the first write after the restart after ${recoveries} ms`)
  t.same(load.failedReads, [])
  t.same(load.backwards, [], 'no cursor runs backwards')
  t.same(
    load.rejections.filter(({ status, retryAfter }) => status !== 503 || retryAfter !== '5'),
    [],
  )
  for (const time of firstRejections) t.ok(time < 1_000)
  for (const time of recoveries) t.ok(time < 3_000)
  await checkNodes(t, cluster, load.acknowledged)
})

libsqlTest('replicas are killed and emptied, and all nodes restart: no read fails', async t => {
  const cluster = await startCluster(t, 3)
  const load = startLoad(cluster)
  for (let time = 0; time < 5; time += 1) {
    const { replica } = cluster.nodes[time % 3] as Node
    await replica.kill('SIGKILL')
    await sleep(500)
    if (time > 2) rmSync(join(replica.folder, 'dbs'), { recursive: true })
    await replica.restart()
    await sleep(500)
  }
  await load.stop()
  t.comment(`${load.reads()} reads, ${load.acknowledged.length} writes, ${load.rejections.length} rejected`)
  t.same(load.failedReads, [])
  t.same(load.backwards, [])
  t.ok(load.acknowledged.length > 0)
  await checkNodes(t, cluster, load.acknowledged)
  for (const node of cluster.nodes) {
    const others = startLoad({ ...cluster, nodes: cluster.nodes.filter(one => one !== node) })
    await cluster.restart(node, 'SIGTERM')
    await others.stop()
    t.same(others.failedReads, [])
  }
})

/** Copies the program, and adds a migration to it as a newer version would. */
const createNewerVersion = (folder: string): string => {
  for (const name of ['src', 'dist', 'migrations', 'package.json'])
    cpSync(join(root, name), join(folder, name), { recursive: true })
  writeFileSync(
    join(folder, 'migrations/9999_songs.sql'),
    'ALTER TABLE `tracks` ADD `motto` text;--> statement-breakpoint\nCREATE TABLE `songs` (`title` text NOT NULL);',
  )
  const file = join(folder, 'migrations/meta/_journal.json')
  const journal = JSON.parse(readFileSync(file, 'utf8'))
  const entry = { idx: 9_999, version: '6', when: Date.UTC(2100, 0), tag: '9999_songs', breakpoints: true }
  writeFileSync(file, JSON.stringify({ ...journal, entries: [...journal.entries, entry] }))
  return join(folder, 'src/main.js')
}

const tablesOf = ({ replica }: Node): unknown[] => {
  const file = new Sqlite(replica.file, { readonly: true })
  const names = file.prepare("select name from sqlite_master where type = 'table'").pluck().all()
  file.close()
  return names
}

libsqlTest('nodes are updated one after another: those of the version before go on, and can start again', async t => {
  const cluster = await startCluster(t, 3)
  const newer = createNewerVersion(join(t.testdirName, 'newer'))
  const [first, second, third] = cluster.nodes as [Node, Node, Node]
  const restart = async (node: Node, program?: string): Promise<void> => {
    const load = startLoad({ ...cluster, nodes: cluster.nodes.filter(one => one !== node) })
    await cluster.restart(node, 'SIGTERM', program)
    await waitFor(() => load.acknowledged.length > 1)
    await load.stop()
    t.same(load.failedReads, [])
    t.same(load.rejections, [])
    await checkNodes(t, cluster, load.acknowledged)
  }
  await restart(first, newer)
  for (const node of cluster.nodes) await waitFor(() => tablesOf(node).includes('songs'))
  for (const node of cluster.nodes)
    t.equal((await write(node.address, 'PATCH', '/v1/skills/python.functions', { title: node.address })).status, 200)
  await restart(second)
  await restart(second, newer)
  await restart(third, newer)
})

libsqlTest('the primary hangs: reads go on, and writes get 503 until it goes on', async t => {
  const cluster = await startCluster(t, 2)
  const load = startLoad(cluster)
  await waitFor(load.hasWrittenToAll)
  await cluster.primary.kill('SIGSTOP')
  const before = load.rejections.length
  await sleep(5_000)
  await cluster.primary.kill('SIGCONT')
  const acknowledged = load.acknowledged.length
  await waitFor(() => load.acknowledged.length > acknowledged)
  await load.stop()
  t.ok(load.rejections.length > before)
  t.same(
    load.rejections.filter(({ status, retryAfter }) => status !== 503 || retryAfter !== '5'),
    [],
  )
  t.same(load.failedReads, [])
  t.same(load.backwards, [])
  await checkNodes(t, cluster, load.acknowledged)
})

libsqlTest('a damaged replica is filled again once its files are deleted', async t => {
  const cluster = await startCluster(t, 2)
  const [node, other] = cluster.nodes as [Node, Node]
  const change = (title: string) => write(other.address, 'PATCH', '/v1/skills/python.functions', { title })
  t.equal((await change('A')).status, 200)
  await waitForTitle(node.address, 'python.functions', 'A')
  await node.replica.kill('SIGKILL')
  const size = statSync(node.replica.file).size
  const file = openSync(node.replica.file, 'r+')
  writeSync(file, randomBytes(size - 4096), 0, size - 4096, 4096)
  closeSync(file)
  t.equal((await change('B')).status, 200, 'the other node does not notice')
  rmSync(node.replica.folder, { recursive: true })
  await node.replica.restart()
  await waitForTitle(node.address, 'python.functions', 'B')
  t.equal((await fetch(`${node.address}/readyz`)).status, 200)
})

libsqlTest(
  'when the nodes that deliver webhooks die, every event arrives, and none twice but the one in progress',
  async t => {
    const cluster = await startCluster(t, 3)
    const received: string[] = []
    const receiver = createServer(async (request, response) => {
      received.push(String(request.headers['webhook-id']))
      request.resume()
      await sleep(100)
      response.end()
    }).listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    t.teardown(() => receiver.close())
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
    const last = cluster.nodes.at(-1) as Node
    t.equal((await write(last.address, 'PUT', '/v1/webhooks/lms', { url })).status, 201)
    const holds = async ({ address }: Node): Promise<boolean> =>
      (await (await fetch(`${address}/metrics`)).text()).includes('\nlease_held 1\n')
    let kills = 0
    for (let number = 1; number <= 40; number += 1) {
      t.equal((await write(last.address, 'PATCH', '/v1/skills/python.functions', { title: `T${number}` })).status, 200)
      if (number !== 10 && number !== 25) continue
      await waitFor(() => received.length > 0)
      for (const node of cluster.nodes)
        if (node !== last && (await holds(node))) {
          await cluster.restart(node, 'SIGKILL')
          kills += 1
        }
    }
    t.ok(kills > 0)
    await waitFor(() => new Set(received).size === 40)
    await sleep(1_000)
    t.comment(`${received.length} deliveries of 40 events, ${kills} kills`)
    t.ok(received.length <= 40 + kills)
  },
)

libsqlTest(
  'a node that is cut off from the primary serves its state, and catches up',
  async t => {
    const network = createNetwork(t)
    const cluster = await startCluster(t, 2, { network })
    const [near, distant] = cluster.nodes as [Node, Node]
    const load = startLoad({ ...cluster, nodes: [distant] }, { writes: false })
    const nearLoad = startLoad({ ...cluster, nodes: [near] })
    await waitFor(() => nearLoad.acknowledged.length > 3)
    // The first write of a node starts its write thread.
    t.ok((await write(distant.address, 'PATCH', '/v1/skills/python.functions', { title: 'First' })).ok)
    network.setLink('down')
    const cutAt = nearLoad.acknowledged.length
    const start = performance.now()
    const rejected = await write(distant.address, 'PATCH', '/v1/skills/python.functions', { title: 'A' })
    t.equal(rejected.status, 503)
    t.ok(performance.now() - start < 4_000)
    t.equal((await fetch(`${distant.address}/readyz`)).status, 200)
    await sleep(10_000 - (performance.now() - start))
    t.notOk((await slugsOf(distant)).has(String(nearLoad.acknowledged.at(-1))))
    network.setLink('up')
    const joinedAt = performance.now()
    await nearLoad.stop()
    await checkNodes(t, cluster, nearLoad.acknowledged)
    t.comment(
      `${nearLoad.acknowledged.length - cutAt} writes later, caught up after ${Math.round(performance.now() - joinedAt)} ms`,
    )
    await waitFor(async () => (await write(distant.address, 'PATCH', '/v1/skills/python.functions', { title: 'B' })).ok)
    await load.stop()
    t.comment(`${load.reads()} reads`)
    t.same(load.failedReads, [])
    t.same(load.backwards, [])
  },
  networkObstacle,
)
