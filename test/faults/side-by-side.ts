import type { Test } from 'tap'
import { type RunningService, serve, waitUntil } from '../fixtures/service.ts'
import { integrityOf } from './integrity.ts'
import { seeded } from './kill.ts'
import { type Acknowledged, counts, env, killed, lostAt, type Written, writers, writesIn } from './writers.ts'

/** Two services write one file at once, and in each round one of them is killed while the other goes on: nothing is lost. */
export const sideBySide = async (t: Test, rounds: number): Promise<void> => {
  const folder = t.testdir({ content: {} })
  await seeded(`${folder}/curriculum.db`)
  const begin = () => serve(t, folder, { env })
  const acknowledged: Acknowledged = new Map()
  const refused: Written[] = []
  let services: [RunningService, RunningService] = [begin(), begin()]
  for (let round = 0; round < rounds; round += 1) {
    const [staying, leaving] = services
    const addresses = await Promise.all(services.map(service => service.address()))
    const ofEach = addresses.map((): Acknowledged => new Map())
    const stops = ofEach.map((of, index) => writers(String(addresses[index]), 2, round * 2 + index, of, refused))
    await waitUntil(
      () => (areWriting(ofEach.map(writesIn)) ? true : undefined),
      () => `they acknowledged ${ofEach.map(writesIn)}`,
    )
    await killed(leaving)
    for (const stop of stops) await stop()
    services = [begin(), staying]
    const ofBoth: Acknowledged = new Map(ofEach.flatMap(of => [...of]))
    for (const service of services) t.same(await lostAt(await service.address(), ofBoth), [])
    t.equal(integrityOf(`${folder}/curriculum.db`), 'ok')
    for (const [path, bodies] of ofBoth) acknowledged.set(path, bodies)
  }
  t.same(
    refused.filter(({ status }) => status !== 503),
    [],
    'who has to wait too long is told to come again',
  )
  for (const service of services)
    t.same(await lostAt(await service.address(), acknowledged), [], 'each serves what any acknowledged')
  t.comment(
    `two services, ${rounds} kills of one: ${writesIn(acknowledged)} writes acknowledged, 0 lost; refused: ${counts(refused.map(({ status }) => status))}`,
  )
}

/** Both, as a rule. SQLite does not see to it that they take turns: while one writes without a pause, the other may wait for long. */
const areWriting = (writes: number[]): boolean => {
  const [least, most] = [Math.min(...writes), Math.max(...writes)]
  return most >= 10 && (least > 0 || most >= 200)
}
