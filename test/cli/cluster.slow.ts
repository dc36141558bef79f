import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { type Cluster, type Node, startCluster, waitFor, write } from '../fixtures/cluster.ts'
import { libsqlTest } from '../fixtures/libsql.ts'

/** Reads from all nodes and writes to all nodes until it is stopped. */
const startLoad = ({ nodes }: Cluster, { writes = true } = {}) => {
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
    nodes.flatMap((node, index) => [read(node), ...(writes ? [writeTo(node, `w${index}`)] : [])]),
  )
  return {
    failedReads,
    acknowledged,
    rejections,
    backwards,
    reads: () => reads,
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
  await waitFor(() => cluster.nodes.every((_, index) => load.acknowledged.includes(`w${index}-1`)))
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
