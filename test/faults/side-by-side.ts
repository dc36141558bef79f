import type { Test } from 'tap'
import { type RunningService, serve, waitUntil } from '../fixtures/service.ts'
import {
  type Acknowledged,
  countWrites,
  env,
  formatCounts,
  kill,
  lostWrites,
  startWriters,
  type WriteResponse,
} from './client.ts'
import { createDatabaseWithTrack } from './kill.ts'
import { checkIntegrity } from './sqlite-file.ts'

/** Writes through two services on one file, kills one of them in each round, and checks that no acknowledged write is lost. */
export const killOneOfTwo = async (t: Test, rounds: number): Promise<void> => {
  const folder = t.testdir({ content: {} })
  await createDatabaseWithTrack(`${folder}/curriculum.db`)
  const begin = () => serve(t, folder, { env })
  const acknowledged: Acknowledged = new Map()
  const rejected: WriteResponse[] = []
  let services: [RunningService, RunningService] = [begin(), begin()]
  for (let round = 0; round < rounds; round += 1) {
    const [staying, leaving] = services
    const addresses = await Promise.all(services.map(service => service.address()))
    const ofEach = addresses.map((): Acknowledged => new Map())
    const stops = ofEach.map((of, index) => startWriters(String(addresses[index]), 2, round * 2 + index, of, rejected))
    await waitUntil(
      () => (areWriting(ofEach.map(countWrites)) ? true : undefined),
      () => `they acknowledged ${ofEach.map(countWrites)}`,
    )
    await kill(leaving)
    for (const stop of stops) await stop()
    services = [begin(), staying]
    const ofBoth: Acknowledged = new Map(ofEach.flatMap(of => [...of]))
    for (const service of services) t.same(await lostWrites(await service.address(), ofBoth), [])
    t.equal(checkIntegrity(`${folder}/curriculum.db`), 'ok')
    for (const [path, bodies] of ofBoth) acknowledged.set(path, bodies)
  }
  t.same(
    rejected.filter(({ status }) => status !== 503),
    [],
    'a write that waits too long is rejected with 503',
  )
  for (const service of services)
    t.same(await lostWrites(await service.address(), acknowledged), [], 'each serves the writes of both')
  t.comment(
    `two services, ${rounds} kills of one: ${countWrites(acknowledged)} writes acknowledged, 0 lost; rejected: ${formatCounts(rejected.map(({ status }) => status))}`,
  )
}

/** Returns true once both have written, or one has written a lot: SQLite is not fair, so the other one may wait long. */
const areWriting = (writes: number[]): boolean => {
  const [least, most] = [Math.min(...writes), Math.max(...writes)]
  return most >= 10 && (least > 0 || most >= 200)
}
