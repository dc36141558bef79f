import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { serve, waitUntil } from '../fixtures/service.ts'
import { integrityOf } from './integrity.ts'
import { type Acknowledged, env, killed, lostAt, random, write, writers, writesIn } from './writers.ts'

/** Kills a service while it is written to, again and again, and looks for every write it had acknowledged. */
export const killRounds = async (t: Test, rounds: number, more: Record<string, string> = {}) => {
  const folder = t.testdir({ content: {} })
  const acknowledged: Acknowledged = new Map()
  const pick = random(17)
  const database = `${folder}/curriculum.db`
  await seeded(database)
  let slowest = 0
  const lost = new Set<string>()
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now()
    const service = serve(t, folder, { env: { ...env, ...more } })
    const address = await service.address()
    slowest = Math.max(slowest, performance.now() - start)
    const before: Acknowledged = new Map([...acknowledged].slice(-40))
    for (const path of await lostAt(address, before)) lost.add(path)
    const stop = writers(address, 4, round, acknowledged)
    const known = acknowledged.size
    await waitUntil(
      () => (acknowledged.size > known ? true : undefined),
      () => 'nothing was acknowledged',
    )
    await sleep(pick(400))
    await killed(service)
    await stop()
    t.equal(integrityOf(database), 'ok')
  }
  const last = serve(t, folder, { env: { ...env, ...more } })
  for (const path of await lostAt(await last.address(), acknowledged)) lost.add(path)
  const writes = writesIn(acknowledged)
  t.same([...lost], [])
  t.comment(
    `${rounds} kills, ${writes} writes acknowledged, ${lost.size} lost, slowest start ${Math.round(slowest)} ms`,
  )
  return { writes, slowest }
}

/** A track to write into, so that there is something to serve. */
export const seeded = async (file: string): Promise<void> => {
  const { openStore } = await import('../../src/store/open-store.ts')
  const { createWriter } = await import('../../src/write/writer.ts')
  const store = openStore(`file:${file}`)
  await createWriter(store.catalog).put(
    'track',
    'go',
    { title: 'Go' },
    { by: 'test', ifMatch: undefined, mustNotExist: false },
  )
  store.close()
}

/** Of several who write with one tag, how many were served each time. */
export const races = async (t: Test, addresses: string[], times: number, each: number): Promise<void> => {
  const path = '/v1/resources/go.contended'
  const [first = ''] = addresses
  await write(first, 'PUT', path, { title: 'Nobody', kind: 'article' })
  for (let time = 0; time < times; time += 1) {
    const tag = String((await fetch(`${first}${path}`)).headers.get('etag'))
    const all = await Promise.all(
      Array.from({ length: each }, (_, writer) =>
        write(
          addresses[writer % addresses.length] as string,
          'PUT',
          path,
          { title: `${time} ${writer}`, kind: 'article' },
          { 'if-match': tag },
        ),
      ),
    )
    const statuses = all.map(one => one?.status).sort()
    t.same(statuses, [200, ...Array(each - 1).fill(412)])
    const winner = all.find(one => one?.status === 200)
    t.equal(await (await fetch(`${first}${path}`)).text(), winner?.body)
  }
}
