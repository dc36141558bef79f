import { normalizeIP } from '@fastify/rate-limit'
import { LRUCache } from 'lru-cache'
import { Failure } from '../errors.ts'

/** Where a client stands in its minute. */
export interface RateLimitState extends RequestCount {
  perMinute: number
  client: string
}

export interface RequestCount {
  count: number
  /** When it is counted anew, in milliseconds of the clock that never jumps. */
  resetAt: number
}

/** Counts requests by client: one process by itself, several together. */
export interface RequestCounter {
  /** Adds one, or so many, and answers how many it makes. */
  add(client: string, more: number): RequestCount
}

export interface RateLimiter {
  (url: string, address: string): RateLimitState | undefined
  /** Counts what was much as several. */
  charge(rate: RateLimitState, count: number): void
}

/**
 * Counts so many requests a client and minute, unmatched routes too; undefined where nothing is counted. It is done here,
 * and at once, because the plugin's promise would take longer than much else that sending a kept answer takes.
 */
export const createRateLimiter = (perMinute: number, counter: RequestCounter = createRequestCounter()): RateLimiter => {
  const countRequest = (url: string, address: string): RateLimitState | undefined => {
    if (perMinute === 0 || unlimitedPaths.has(url)) return undefined
    const client = clientKey(address)
    const { count, resetAt } = counter.add(client, 1)
    return { perMinute, client, count, resetAt }
  }
  return Object.assign(countRequest, {
    charge: (rate: RateLimitState, count: number): void => {
      rate.count = counter.add(rate.client, count).count
    },
  })
}

/** In milliseconds. */
const minute = 60_000

/** So many clients are remembered, the ones heard of last. */
const maxClients = 10_000

export const createRequestCounter = (window = minute): RequestCounter => {
  const clients = new LRUCache<string, RequestCount>({ max: maxClients })
  const add = (client: string, more: number): RequestCount => {
    const now = performance.now()
    const known = clients.get(client)
    const counted = known !== undefined && known.resetAt > now ? known : { count: 0, resetAt: now + window }
    counted.count += more
    if (counted !== known) clients.set(client, counted)
    return counted
  }
  return { add }
}

/** One who has an IPv6 address has the whole network of 64 bits it stands in. */
const clientKey = (address: string): string => (address.includes(':') ? normalizeIP(address, 64) : address)

/** Whoever watches the service must not be told that it is down because it asks often. */
const unlimitedPaths = new Set(['/healthz', '/readyz', '/metrics'])

const secondsUntilReset = ({ resetAt }: RateLimitState): number =>
  Math.max(Math.ceil((resetAt - performance.now()) / 1000), 0)

/** The two fields of draft-ietf-httpapi-ratelimit-headers-11. */
export const rateLimitHeaders = (rate: RateLimitState | undefined): Record<string, string> =>
  rate === undefined
    ? {}
    : {
        'ratelimit-policy': `"minute";q=${rate.perMinute};w=60`,
        ratelimit: `"minute";r=${Math.max(rate.perMinute - rate.count, 0)};t=${secondsUntilReset(rate)}`,
      }

/** Why the request is not answered; undefined where it is. */
export const rateLimitFailure = (rate: RateLimitState | undefined): Failure | undefined =>
  rate === undefined || rate.count <= rate.perMinute
    ? undefined
    : new Failure('RATE_LIMITED', `More than ${rate.perMinute} requests in a minute came from this address.`, {
        headers: { 'retry-after': String(secondsUntilReset(rate)) },
      })
