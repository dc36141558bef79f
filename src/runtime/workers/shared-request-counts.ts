import { createRequestCounter, type RequestCounter } from '../../http/rate-limit.ts'

/** In milliseconds: one message then carries hundreds of requests. */
const batchDelay = 10

/**
 * Counts the requests of each client for the rate limit and publishes them to the other workers after `batchDelay`. So the
 * limit applies to the whole service, exact up to the requests that other workers receive within that delay.
 */
export const createSharedCounts = (
  publish: (counts: Map<string, number>) => void,
  counts = createRequestCounter(),
): RequestCounter & { addFromOthers(counts: ReadonlyMap<string, number>): void } => {
  let pending = new Map<string, number>()
  const publishLater = (client: string, more: number): void => {
    if (pending.size === 0)
      setTimeout(() => {
        publish(pending)
        pending = new Map()
      }, batchDelay)
    pending.set(client, (pending.get(client) ?? 0) + more)
  }
  return {
    add: (client, more) => {
      publishLater(client, more)
      return counts.add(client, more)
    },
    addFromOthers: remote => {
      for (const [client, count] of remote) counts.add(client, count)
    },
  }
}
