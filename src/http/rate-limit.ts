import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { Failure } from '../errors.ts'
import { pathOf } from './problem.ts'

/** Where a client stands in its minute. */
export interface Rate {
  perMinute: number
  count: number
  /** When it may ask as often again, in milliseconds of the clock that never jumps. */
  until: number
}

/**
 * Counts so many requests a client and minute, unmatched routes too; undefined where nothing is counted. It is done here,
 * and at once, because the plugin's promise would take longer than sending an answer that is kept.
 */
export const rateCounter = (perMinute: number): ((request: FastifyRequest) => Rate | undefined) => {
  const clients = new LRUCache<string, Rate>({ max: 10_000 })
  return request => {
    if (perMinute === 0 || unlimited.has(pathOf(request))) return undefined
    const client = clientOf(request.ip)
    const now = performance.now()
    const known = clients.get(client)
    const rate = known !== undefined && known.until > now ? known : { perMinute, count: 0, until: now + minute }
    rate.count++
    if (rate !== known) clients.set(client, rate)
    return rate
  }
}

const minute = 60_000

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
