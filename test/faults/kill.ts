import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { serve, waitUntil } from '../fixtures/service.ts'
import { type Acknowledged, countWrites, env, kill, lostWrites, random, startWriters, write } from './client.ts'
import { checkIntegrity } from './sqlite-file.ts'

/** Kills a service during writes, several times, and checks every write that it acknowledged. */
export const killWhileWriting = async (t: Test, rounds: number, more: Record<string, string> = {}) => {
  const folder = t.testdir({ content: {} })
  const acknowledged: Acknowledged = new Map()
  const pick = random(17)
  const database = `${folder}/curriculum.db`
  await createDatabaseWithTrack(database)
  let slowest = 0
  const lost = new Set<string>()
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now()
    const service = serve(t, folder, { env: { ...env, ...more } })
    const address = await service.address()
    slowest = Math.max(slowest, performance.now() - start)
    const before: Acknowledged = new Map([...acknowledged].slice(-40))
    for (const path of await lostWrites(address, before)) lost.add(path)
    const stop = startWriters(address, 4, round, acknowledged)
    const known = acknowledged.size
    await waitUntil(
      () => (acknowledged.size > known ? true : undefined),
      () => 'nothing was acknowledged',
    )
    await sleep(pick(400))
    await kill(service)
    await stop()
    t.equal(checkIntegrity(database), 'ok')
  }
  const last = serve(t, folder, { env: { ...env, ...more } })
  for (const path of await lostWrites(await last.address(), acknowledged)) lost.add(path)
  const writes = countWrites(acknowledged)
  t.same([...lost], [])
  t.comment(
    `${rounds} kills, ${writes} writes acknowledged, ${lost.size} lost, slowest start ${Math.round(slowest)} ms`,
  )
  return { writes, slowest }
}

/** Creates a database with one track to write into. */
export const createDatabaseWithTrack = async (file: string): Promise<void> => {
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

/** Sends several writes with the same ETag at once, and checks that exactly one succeeds each time. */
export const writeConcurrently = async (t: Test, addresses: string[], times: number, each: number): Promise<void> => {
  const path = '/v1/resources/go.contended'
  const [first = ''] = addresses
  await write(first, 'PUT', path, { title: 'Nobody', kind: 'article' })
  for (let time = 0; time < times; time += 1) {
    const etag = String((await fetch(`${first}${path}`)).headers.get('etag'))
    const all = await Promise.all(
      Array.from({ length: each }, (_, writer) =>
        write(
          addresses[writer % addresses.length] as string,
          'PUT',
          path,
          { title: `${time} ${writer}`, kind: 'article' },
          { 'if-match': etag },
        ),
      ),
    )
    const statuses = all.map(one => one?.status).sort()
    t.same(statuses, [200, ...Array(each - 1).fill(412)])
    const winner = all.find(one => one?.status === 200)
    t.equal(await (await fetch(`${first}${path}`)).text(), winner?.body)
  }
}
