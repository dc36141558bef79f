import { type RateCounts, rateCounts } from '../../http/rate-limit.ts'

/** In milliseconds: one message then tells of hundreds of requests. */
const pause = 10

/**
 * Counts the requests of each client for the rate limit, and tells the other workers of them a moment later: a limit is one for
 * the whole service, exact up to what comes in at the others within that moment.
 */
export const sharedCounts = (
  tell: (counts: Map<string, number>) => void,
  counts = rateCounts(),
): RateCounts & { hear(counts: ReadonlyMap<string, number>): void } => {
  let untold = new Map<string, number>()
  const tellSoon = (client: string, more: number): void => {
    if (untold.size === 0)
      setTimeout(() => {
        tell(untold)
        untold = new Map()
      }, pause)
    untold.set(client, (untold.get(client) ?? 0) + more)
  }
  return {
    add: (client, more) => {
      tellSoon(client, more)
      return counts.add(client, more)
    },
    hear: told => {
      for (const [client, count] of told) counts.add(client, count)
    },
  }
}
