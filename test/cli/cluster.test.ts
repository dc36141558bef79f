import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startCluster, waitFor, write } from '../fixtures/cluster.ts'
import { libsqlTest } from '../fixtures/libsql.ts'
import { titleOf, waitForTitle } from '../fixtures/service.ts'

const patch = (address: string, title: string) => write(address, 'PATCH', '/v1/skills/python.functions', { title })

libsqlTest('nodes of a cluster', async t => {
  const { primary, nodes } = await startCluster(t, 2, { coverage: true })
  const [one, other] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
  await t.test('the content is loaded by one of them', async t => {
    const loaded = nodes.flatMap(({ service }) => service.logLines().filter(({ msg }) => msg === 'track loaded'))
    t.equal(loaded.length, 1)
    for (const { address } of nodes) t.equal(await titleOf(address, 'python.functions'), 'Functions')
  })
  await t.test('a write is in the next read of its node, and in that of another for its cursor', async t => {
    for (const title of ['A', 'B', 'C']) {
      const written = await patch(other.address, title)
      t.equal(written.status, 200)
      t.equal(await titleOf(other.address, 'python.functions'), title)
      const cursor = String(written.headers.get('curriculum-cursor'))
      const read = await fetch(`${one.address}/v1/skills/python.functions`, {
        headers: { 'curriculum-min-cursor': cursor },
      })
      t.match(await read.json(), { title })
    }
  })
  const gauge = async (address: string, name: string): Promise<number | undefined> => {
    const metrics = await (await fetch(`${address}/metrics`)).text()
    const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1]
    return value === undefined ? undefined : Number(value)
  }
  await t.test('the metrics have the state of the replica', async t => {
    for (const { address } of nodes) {
      t.equal(await gauge(address, 'primary_reachable'), 1)
      await waitFor(async () => (await gauge(address, 'replica_lag_writes')) === 0)
      t.ok(Number(await gauge(address, 'replica_lag_seconds')) < 10)
      t.ok(Number(await gauge(address, 'lease_expiry_timestamp_seconds')) > Date.now() / 1_000)
    }
  })
  await t.test('one of them holds the lease', async t => {
    const held = await Promise.all(nodes.map(({ address }) => gauge(address, 'lease_held')))
    t.same(held.sort(), [0, 1])
  })
  await t.test('without the primary, reads go on, writes get 503 with Retry-After, and nodes stay ready', async t => {
    await primary.kill('SIGKILL')
    for (const { address } of nodes) {
      const rejected = await patch(address, 'D')
      t.equal(rejected.status, 503)
      t.equal(rejected.headers.get('retry-after'), '5')
      t.match(await rejected.json(), { code: 'UNAVAILABLE' })
      t.equal(await titleOf(address, 'python.functions'), 'C')
      t.equal((await fetch(`${address}/readyz`)).status, 200)
      t.equal(await gauge(address, 'primary_reachable'), 0)
      t.equal(await gauge(address, 'replica_lag_writes'), undefined)
      t.ok(Number(await gauge(address, 'replica_lag_seconds')) >= 0)
    }
    await primary.restart()
    const end = Date.now() + 10_000
    while ((await patch(one.address, 'E')).status !== 200 && Date.now() < end) await sleep(50)
    await waitForTitle(one.address, 'python.functions', 'E')
    await waitForTitle(other.address, 'python.functions', 'E')
  })
  await t.test('when the node that delivers webhooks dies, another one goes on', async t => {
    const received: string[] = []
    const receiver = createServer(async (request, response) => {
      let body = ''
      for await (const part of request) body += part
      received.push(JSON.parse(body).data.title)
      response.end()
    }).listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    t.teardown(() => receiver.close())
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
    const created = await write(one.address, 'PUT', '/v1/webhooks/lms', { url })
    t.equal(created.status, 201)
    await patch(other.address, 'F')
    await waitFor(() => received.length === 1)
    one.service.child.kill('SIGKILL')
    await one.service.exit
    await patch(other.address, 'G')
    await waitFor(() => received.length === 2)
    t.same(received, ['F', 'G'], 'each event arrives once')
  })
})
