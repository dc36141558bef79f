import { setTimeout as sleep } from 'node:timers/promises'
import type { Running } from '../service.ts'

export const key = 'a-key-for-fault-tests-alone-of-32-letters-or-more'
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }

/** What was acknowledged of each noun: the bodies that were answered, the newest last. */
export type Acknowledged = Map<string, string[]>

export interface Written {
  status: number
  body: string
}

/** One request that writes; undefined where no answer came. */
export const write = async (
  address: string,
  method: 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
  more: Record<string, string> = {},
): Promise<Written | undefined> => {
  try {
    const response = await fetch(`${address}${path}`, {
      method,
      headers: { ...headers, ...more },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.text() }
  } catch {
    return undefined
  }
}

/** Several who write nouns of their own as fast as they can, until they are told to stop; each notes what was acknowledged. */
export const writers = (address: string, count: number, round: number, acknowledged: Acknowledged) => {
  let going = true
  const one = async (writer: number): Promise<void> => {
    for (let number = 0; going; number += 1) {
      const path = `/v1/resources/go.r${round}-${writer}-${number % 5}`
      const body = { title: `Round ${round}, writer ${writer}, number ${number}`, kind: 'article' }
      const written = await write(address, 'PUT', path, body, number < 5 ? {} : { 'if-match': '*' })
      if (written === undefined) return
      if (written.status < 300) acknowledged.set(path, [...(acknowledged.get(path) ?? []), written.body])
    }
  }
  const all = Array.from({ length: count }, (_, writer) => one(writer))
  return async (): Promise<void> => {
    going = false
    await Promise.all(all)
  }
}

/** What was acknowledged and is not there: neither as it was acknowledged last, nor as something sent after it. */
export const lostAt = async (address: string, acknowledged: Acknowledged): Promise<string[]> => {
  const lost: string[] = []
  for (const [path, bodies] of acknowledged) {
    const response = await fetch(`${address}${path}`)
    const now = numberIn(await response.text())
    const last = numberIn(String(bodies.at(-1)))
    if (response.status !== 200 || now < last) lost.push(path)
  }
  return lost
}

const numberIn = (body: string): number => Number(/number (\d+)/.exec(body)?.[1] ?? -1)

export const random = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Kills a service as a power cut would: at once, with all its processes. */
export const killed = async ({ child, exit }: Running): Promise<void> => {
  child.kill('SIGKILL')
  await exit
  await sleep(20)
}
