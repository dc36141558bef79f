import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { type RunningService, serve } from '../fixtures/service.ts'
import { seeded } from './kill.ts'
import { type Receiver, receiverOf } from './receiver.ts'
import { env, killed, read, write } from './writers.ts'

interface Faults {
  /** How often the service is killed while it sends an event. */
  kills: number
  /** How often the receiver fails in a row, before and behind another kill: after the first it is asked again in 5 seconds, after the second in 5 minutes. */
  failures: number
}

/** Kills a service that tells a receiver of what is written, has the receiver fail, and looks for every event at its end. */
export const tellThroughFaults = async (t: Test, { kills, failures }: Faults): Promise<void> => {
  const folder = t.testdir({ content: {} })
  await seeded(`${folder}/curriculum.db`)
  const begin = () => serve(t, folder, { env: { ...env, WEBHOOK_NETWORKS: '127.0.0.1' } })
  const receiver = await receiverOf(t)
  let service = begin()
  const first = await changesBehind(await service.address(), 0)
  receiver.secret = await subscribe(await service.address(), receiver)
  const again = async (): Promise<void> => {
    await killed(service)
    service = begin()
  }
  for (let kill = 0; kill < kills; kill += 1) {
    receiver.mood = 'hanging'
    const { asked } = receiver
    await writeSome(t, service, `kill-${kill}`)
    await reached(() => receiver.asked > asked, 30, 'nothing was sent')
    await again()
    receiver.mood = 'well'
  }
  const before = receiver.taken.length
  receiver.mood = 'failing'
  await writeSome(t, service, 'outage')
  for (let failure = 1; failure <= failures; failure += 1) {
    await service.waitForLog('event not delivered')
    receiver.mood = 'away'
    await killed(service)
    // On a slow machine another failure would come before the writes are done, and the next attempt 5 minutes later.
    if (failure === failures) receiver.mood = 'well'
    service = begin()
    await writeSome(t, service, `outage-${failure}`)
  }
  const start = performance.now()
  const expected = (await changesBehind(await service.address(), 0)).slice(first.length)
  await reached(
    () => expected.every(seq => receiver.taken.includes(seq)),
    600,
    `${before} events came before the outage`,
  )
  const twice = receiver.taken.length - new Set(receiver.taken).size
  t.ok(expected.length >= 5 * (kills + 1 + failures), 'every write is among the changes')
  t.comment(
    `webhook: killed ${kills + failures} times, ${expected.length} events, 0 missing, ${twice} told twice, all there ${Math.round((performance.now() - start) / 1_000)} s after the receiver was back`,
  )
}

const subscribe = async (address: string, { url }: Receiver): Promise<string> => {
  const made = await write(address, 'PUT', '/v1/webhooks/receiver', { url, events: [] })
  return JSON.parse(String(made?.body)).secret
}

const writeSome = async (t: Test, service: RunningService, name: string): Promise<void> => {
  for (let number = 0; number < 5; number += 1) {
    const path = `/v1/resources/go.${name}-${number}`
    const written = await write(await service.address(), 'PUT', path, { title: name, kind: 'article' })
    t.equal(written?.status, 201)
  }
}

/** The numbers of the changes behind one. */
const changesBehind = async (address: string, cursor: number): Promise<number[]> => {
  const { body } = await read(address, `/v1/changes?limit=200&cursor=${cursor}`)
  return JSON.parse(body).data.map(({ seq }: { seq: number }) => seq)
}

const reached = async (isThere: () => boolean, seconds: number, otherwise: string): Promise<void> => {
  const end = performance.now() + seconds * 1_000
  while (!isThere())
    if (performance.now() > end) throw new Error(otherwise)
    else await sleep(50)
}
