import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningService } from '../fixtures/service.ts'

export const key = 'a-key-for-fault-tests-alone-of-32-letters-or-more'

/** What a service that is tried is started with. */
export const env = { ADMIN_KEY: key, RATE_LIMIT_PER_MINUTE: '0' }

const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }

/** What was acknowledged of each noun: the bodies that were answered, the newest last. */
export type Acknowledged = Map<string, string[]>

/** How many writes those are. */
export const writesIn = (acknowledged: Acknowledged): number => [...acknowledged.values()].flat().length

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

/** What is answered to one who reads: who is turned away because the machine is busy asks again. */
export const read = async (address: string, path: string): Promise<Written> => {
  for (let tries = 1; ; tries += 1) {
    const response = await fetch(`${address}${path}`, { headers })
    const body = await response.text()
    if (response.status !== 503 || tries === 50) return { status: response.status, body }
    await sleep(100)
  }
}

/** Several who write nouns of their own as fast as they can, until they are told to stop; each notes what was acknowledged, and what refused. */
export const writers = (
  address: string,
  count: number,
  round: number,
  acknowledged: Acknowledged,
  refused: Written[] = [],
) => {
  let going = true
  const one = async (writer: number): Promise<void> => {
    for (let number = 0; going; number += 1) {
      const path = `/v1/resources/go.r${round}-${writer}-${number % 5}`
      const body = { title: `Round ${round}, writer ${writer}, number ${number}`, kind: 'article' }
      const written = await write(address, 'PUT', path, body, acknowledged.has(path) ? { 'if-match': '*' } : {})
      if (written === undefined) return
      if (written.status < 300) acknowledged.set(path, [...(acknowledged.get(path) ?? []), written.body])
      else refused.push(written)
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
    const { status, body } = await read(address, path)
    if (status !== 200 || numberIn(body) < numberIn(String(bodies.at(-1)))) lost.push(path)
  }
  return lost
}

/** The number of a write, as its title tells it. */
export const numberIn = (body: string): number => Number(/number (\d+)/.exec(body)?.[1] ?? -1)

/** A whole number from 0 to just below a limit: the same ones for the same seed. */
export type Random = (below: number) => number

export const random = (seed: number): Random => {
  let state = seed
  return below => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Kills a service as a power cut would: at once, with all its processes. */
export const killed = async ({ child, exit }: RunningService): Promise<void> => {
  child.kill('SIGKILL')
  await exit
  await sleep(20)
}

/** How many of each, such as `4 of 507, 1 of 503`. */
export const counts = (all: readonly (string | number)[]): string =>
  [...Map.groupBy(all, one => one)].map(([one, these]) => `${these.length} ${one}`).join(', ') || 'none'
