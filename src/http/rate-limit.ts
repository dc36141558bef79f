import { normalizeIP } from '@fastify/rate-limit'
import { LRUCache } from 'lru-cache'
import { Failure } from '../errors.ts'

/** Where a client stands in its minute. */
export interface Rate extends Counted {
  perMinute: number
  client: string
}

export interface Counted {
  count: number
  /** When it is counted anew, in milliseconds of the clock that never jumps. */
  until: number
}

/** Counts requests by client: one process by itself, several together. */
export interface RateCounts {
  /** Adds one, or so many, and answers how many it makes. */
  add(client: string, more: number): Counted
}

export interface CountRequest {
  (url: string, address: string): Rate | undefined
  /** Counts what was much as several. */
  more(rate: Rate, count: number): void
}

/**
 * Counts so many requests a client and minute, unmatched routes too; undefined where nothing is counted. It is done here,
 * and at once, because the plugin's promise would take longer than much else that sending a kept answer takes.
 */
export const rateCounter = (perMinute: number, counts: RateCounts = rateCounts()): CountRequest => {
  const one = (url: string, address: string): Rate | undefined => {
    if (perMinute === 0 || unlimited.has(url)) return undefined
    const client = clientOf(address)
    const { count, until } = counts.add(client, 1)
    return { perMinute, client, count, until }
  }
  return Object.assign(one, {
    more: (rate: Rate, count: number): void => {
      rate.count = counts.add(rate.client, count).count
    },
  })
}

/** In milliseconds. */
const minute = 60_000

/** So many clients are remembered, the ones heard of last. */
const most = 10_000

export const rateCounts = (window = minute): RateCounts => {
  const clients = new LRUCache<string, Counted>({ max: most })
  const add = (client: string, more: number): Counted => {
    const now = performance.now()
    const known = clients.get(client)
    const counted = known !== undefined && known.until > now ? known : { count: 0, until: now + window }
    counted.count += more
    if (counted !== known) clients.set(client, counted)
    return counted
  }
  return { add }
}

/** One who has an IPv6 address has the whole network of 64 bits it stands in. */
const clientOf = (address: string): string => (address.includes(':') ? normalizeIP(address, 64) : address)

/** Whoever watches the service must not be told that it is down because it asks often. */
const unlimited = new Set(['/healthz', '/readyz', '/metrics'])

const seconds = ({ until }: Rate): number => Math.max(Math.ceil((until - performance.now()) / 1000), 0)

/** The two fields of draft-ietf-httpapi-ratelimit-headers-11. */
export const rateHeaders = (rate: Rate | undefined): Record<string, string> =>
  rate === undefined
    ? {}
    : {
        'ratelimit-policy': `"minute";q=${rate.perMinute};w=60`,
        ratelimit: `"minute";r=${Math.max(rate.perMinute - rate.count, 0)};t=${seconds(rate)}`,
      }

/** Why the request is not answered; undefined where it is. */
export const refusal = (rate: Rate | undefined): Failure | undefined =>
  rate === undefined || rate.count <= rate.perMinute
    ? undefined
    : new Failure('RATE_LIMITED', `More than ${rate.perMinute} requests in a minute came from this address.`, {
        headers: { 'retry-after': String(seconds(rate)) },
      })
