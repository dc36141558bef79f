import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningService } from '../fixtures/service.ts'

export const key = 'a-key-for-fault-tests-alone-of-32-letters-or-more'

/** The environment of the services under test. */
export const env = { ADMIN_KEY: key, RATE_LIMIT_PER_MINUTE: '0' }

const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }

/** The response bodies of acknowledged writes by path, the newest last. */
export type Acknowledged = Map<string, string[]>

/** Returns the number of acknowledged writes. */
export const countWrites = (acknowledged: Acknowledged): number => [...acknowledged.values()].flat().length

export interface WriteResponse {
  status: number
  body: string
}

/** Sends one write; returns undefined if no response came. */
export const write = async (
  address: string,
  method: 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
  more: Record<string, string> = {},
): Promise<WriteResponse | undefined> => {
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

/** Reads a path, and tries again while the server is overloaded. */
export const read = async (address: string, path: string): Promise<WriteResponse> => {
  for (let tries = 1; ; tries += 1) {
    const response = await fetch(`${address}${path}`, { headers })
    const body = await response.text()
    if (response.status !== 503 || tries === 50) return { status: response.status, body }
    await sleep(100)
  }
}

/** Starts writers that write as fast as they can, each to separate resources, and record responses. The returned function stops them. */
export const startWriters = (
  address: string,
  count: number,
  round: number,
  acknowledged: Acknowledged,
  rejected: WriteResponse[] = [],
) => {
  let running = true
  const one = async (writer: number): Promise<void> => {
    for (let number = 0; running; number += 1) {
      const path = `/v1/resources/go.r${round}-${writer}-${number % 5}`
      const body = { title: `Round ${round}, writer ${writer}, number ${number}`, kind: 'article' }
      const written = await write(address, 'PUT', path, body, acknowledged.has(path) ? { 'if-match': '*' } : {})
      if (written === undefined) return
      if (written.status < 300) acknowledged.set(path, [...(acknowledged.get(path) ?? []), written.body])
      else rejected.push(written)
    }
  }
  const all = Array.from({ length: count }, (_, writer) => one(writer))
  return async (): Promise<void> => {
    running = false
    await Promise.all(all)
  }
}

/** Returns the paths whose content is older than the last acknowledged write. */
export const lostWrites = async (address: string, acknowledged: Acknowledged): Promise<string[]> => {
  const lost: string[] = []
  for (const [path, bodies] of acknowledged) {
    const { status, body } = await read(address, path)
    if (status !== 200 || numberIn(body) < numberIn(String(bodies.at(-1)))) lost.push(path)
  }
  return lost
}

/** Returns the number of a write, which is in its title. */
export const numberIn = (body: string): number => Number(/number (\d+)/.exec(body)?.[1] ?? -1)

/** Returns a pseudo-random integer from 0 to below a limit; the same sequence for the same seed. */
export type Random = (below: number) => number

export const random = (seed: number): Random => {
  let state = seed
  return below => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Kills a service with SIGKILL, and waits until it has exited. */
export const kill = async ({ child, exit }: RunningService): Promise<void> => {
  child.kill('SIGKILL')
  await exit
  await sleep(20)
}

/** Formats how often each value occurs, such as `4 507, 1 503`. */
export const formatCounts = (all: readonly (string | number)[]): string =>
  [...Map.groupBy(all, one => one)].map(([one, these]) => `${these.length} ${one}`).join(', ') || 'none'

/** Waits for a start, and returns the address; undefined if the process exits instead. */
export const startedAddress = async (service: RunningService): Promise<string | undefined> => {
  let hasExited = false
  void service.exit.then(() => {
    hasExited = true
  })
  for (;;) {
    const ready = service.logLines().find(({ msg }) => msg === 'ready')
    if (ready !== undefined) return String(ready.address)
    if (hasExited) return undefined
    await sleep(20)
  }
}
