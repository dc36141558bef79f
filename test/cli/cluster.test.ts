import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { adminKey, asAdmin } from '../fixtures/app.ts'
import { startPrimary, startReplica } from '../fixtures/libsql.ts'
import { serve, smallFolder, titleOf, waitForTitle } from '../fixtures/service.ts'

/** Starts a primary, and nodes with a replica each on empty disks. */
const startCluster = async (t: Test, count: number) => {
  const folder = smallFolder(t)
  const primary = await startPrimary(join(folder, 'primary'))
  t.teardown(() => primary.kill('SIGKILL'))
  const startNode = async (name: string) => {
    const replica = await startReplica(join(folder, name), primary)
    t.teardown(() => replica.kill('SIGKILL'))
    const service = serve(t, folder, {
      coverage: true,
      env: {
        DATABASE_URL: `file:${replica.file}`,
        PRIMARY_URL: primary.url,
        REPLICA_URL: replica.url,
        ADMIN_KEY: adminKey,
        WEBHOOK_NETWORKS: '127.0.0.0/8',
        WRITE_TIMEOUT_MS: '3000',
      },
    })
    const address = await service.address()
    await waitUntilReady(address)
    return { replica, service, address }
  }
  const nodes = []
  for (let number = 1; number <= count; number += 1) nodes.push(await startNode(`node-${number}`))
  return { primary, nodes }
}

const waitUntilReady = async (address: string): Promise<void> => {
  const end = Date.now() + 30_000
  while (!(await fetch(`${address}/readyz`)).ok)
    if (Date.now() > end) throw new Error('the node did not become ready')
    else await sleep(20)
}

const patch = (address: string, title: string) =>
  fetch(`${address}/v1/skills/python.functions`, {
    method: 'PATCH',
    headers: { ...asAdmin, 'content-type': 'application/merge-patch+json', 'if-match': '*' },
    body: JSON.stringify({ title }),
  })

t.test('nodes of a cluster', async t => {
  const { primary, nodes } = await startCluster(t, 2)
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
  await t.test('without the primary, reads go on, writes get 503 with Retry-After, and nodes stay ready', async t => {
    await primary.kill('SIGKILL')
    for (const { address } of nodes) {
      const rejected = await patch(address, 'D')
      t.equal(rejected.status, 503)
      t.equal(rejected.headers.get('retry-after'), '5')
      t.match(await rejected.json(), { code: 'UNAVAILABLE' })
      t.equal(await titleOf(address, 'python.functions'), 'C')
      t.equal((await fetch(`${address}/readyz`)).status, 200)
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
    const created = await fetch(`${one.address}/v1/webhooks/lms`, {
      method: 'PUT',
      headers: { ...asAdmin, 'content-type': 'application/json' },
      body: JSON.stringify({ url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}` }),
    })
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

const waitFor = async (isTrue: () => boolean): Promise<void> => {
  const end = Date.now() + 30_000
  while (!isTrue())
    if (Date.now() > end) throw new Error('it did not become true')
    else await sleep(20)
}
