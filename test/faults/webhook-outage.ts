import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { type RunningService, serve } from '../fixtures/service.ts'
import { env, kill, read, write } from './client.ts'
import { createDatabaseWithTrack } from './kill.ts'
import { type Receiver, startReceiver } from './webhook-receiver.ts'

interface Faults {
  /** The number of kills of the service while it sends an event. */
  kills: number
  /** The number of failures of the receiver in a row, with a kill after each. The first retry comes after 5 seconds, the second after 5 minutes. */
  failures: number
}

/** Kills a service that sends events, has the receiver fail, and checks that every event arrives in the end. */
export const deliverThroughFaults = async (t: Test, { kills, failures }: Faults): Promise<void> => {
  const folder = t.testdir({ content: {} })
  await createDatabaseWithTrack(`${folder}/curriculum.db`)
  const begin = () => serve(t, folder, { env: { ...env, WEBHOOK_NETWORKS: '127.0.0.1' } })
  const receiver = await startReceiver(t)
  let service = begin()
  const first = await changesBehind(await service.address(), 0)
  receiver.secret = await subscribe(await service.address(), receiver)
  const again = async (): Promise<void> => {
    await kill(service)
    service = begin()
  }
  for (let round = 0; round < kills; round += 1) {
    receiver.behavior = 'hanging'
    const { requests } = receiver
    await writeFive(t, service, `kill-${round}`)
    await waitFor(() => receiver.requests > requests, 30, 'nothing was sent')
    await again()
    receiver.behavior = 'healthy'
  }
  const before = receiver.received.length
  receiver.behavior = 'failing'
  await writeFive(t, service, 'outage')
  for (let failure = 1; failure <= failures; failure += 1) {
    await service.waitForLog('event not delivered')
    receiver.behavior = 'resetting'
    await kill(service)
    // On a slow machine another failure would come before the writes are done, and the next attempt 5 minutes later.
    if (failure === failures) receiver.behavior = 'healthy'
    service = begin()
    await writeFive(t, service, `outage-${failure}`)
  }
  const start = performance.now()
  const expected = (await changesBehind(await service.address(), 0)).slice(first.length)
  await waitFor(
    () => expected.every(seq => receiver.received.includes(seq)),
    600,
    `${before} events came before the outage`,
  )
  const duplicates = receiver.received.length - new Set(receiver.received).size
  t.ok(expected.length >= 5 * (kills + 1 + failures), 'every write is in the change feed')
  t.comment(
    `webhook: killed ${kills + failures} times, ${expected.length} events, 0 missing, ${duplicates} duplicates, all received ${Math.round((performance.now() - start) / 1_000)} s after the receiver recovered`,
  )
}

const subscribe = async (address: string, { url }: Receiver): Promise<string> => {
  const created = await write(address, 'PUT', '/v1/webhooks/receiver', { url, events: [] })
  return JSON.parse(String(created?.body)).secret
}

const writeFive = async (t: Test, service: RunningService, name: string): Promise<void> => {
  for (let number = 0; number < 5; number += 1) {
    const path = `/v1/resources/go.${name}-${number}`
    const written = await write(await service.address(), 'PUT', path, { title: name, kind: 'article' })
    t.equal(written?.status, 201)
  }
}

/** Returns the sequence numbers of the changes after a cursor. */
const changesBehind = async (address: string, cursor: number): Promise<number[]> => {
  const { body } = await read(address, `/v1/changes?limit=200&cursor=${cursor}`)
  return JSON.parse(body).data.map(({ seq }: { seq: number }) => seq)
}

const waitFor = async (isThere: () => boolean, seconds: number, otherwise: string): Promise<void> => {
  const end = performance.now() + seconds * 1_000
  while (!isThere())
    if (performance.now() > end) throw new Error(otherwise)
    else await sleep(50)
}
