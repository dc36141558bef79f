import { isIPv6, SocketAddress } from 'node:net'
import { LRUCache } from 'lru-cache'
import { Failure } from '../errors.ts'
import { isMonitoringPath } from './request.ts'

/** The requests of a client in its current minute, this one included. */
export interface RateLimitState extends RequestCount {
  perMinute: number
  client: string
}

export interface RequestCount {
  count: number
  /** The time when the count starts again at 0, in milliseconds of `performance.now()`. */
  resetAt: number
}

/** Counts requests by client, in one process or shared by several. */
export interface RequestCounter {
  /** Adds requests of a client and returns the new count. */
  add(client: string, more: number): RequestCount
}

export interface RateLimiter {
  (path: string, address: string): RateLimitState | undefined
  /** Charges extra requests for expensive work; a negative count takes requests back. Does nothing if the request is not limited. */
  charge(state: RateLimitState | undefined, count: number): void
}

/**
 * Creates the rate limiter, which counts requests by client and minute, those without a route too. It returns undefined if the request
 * is not limited. Synchronous: the promise of `@fastify/rate-limit` would take a large part of the time of a cache hit.
 */
export const createRateLimiter = (perMinute: number, counter: RequestCounter = createRequestCounter()): RateLimiter => {
  const countRequest = (path: string, address: string): RateLimitState | undefined => {
    if (perMinute === 0 || isMonitoringPath(path)) return undefined
    const client = clientKey(address)
    const { count, resetAt } = counter.add(client, 1)
    return { perMinute, client, count, resetAt }
  }
  return Object.assign(countRequest, {
    charge: (state: RateLimitState | undefined, count: number): void => {
      if (state !== undefined) state.count = counter.add(state.client, count).count
    },
  })
}

/** In milliseconds. */
const minute = 60_000

/** The number of clients whose counts are stored: the most recent ones. */
const maxClients = 10_000

export const createRequestCounter = (window = minute): RequestCounter => {
  const clients = new LRUCache<string, RequestCount>({ max: maxClients })
  const add = (client: string, more: number): RequestCount => {
    const now = performance.now()
    const stored = clients.get(client)
    const current = stored !== undefined && stored.resetAt > now ? stored : { count: 0, resetAt: now + window }
    current.count += more
    if (current !== stored) clients.set(client, current)
    return current
  }
  return { add }
}

/**
 * Returns the client of an address: the IPv4 address, also of one mapped to IPv6, or the first four groups of an IPv6 address,
 * since one subscriber has all addresses of a network of 64 bits.
 */
export const clientKey = (address: string): string => {
  if (!isIPv6(address)) return address
  const [withoutZone] = address.split('%') as [string] // split yields at least one part
  // In the form of RFC 5952, which has one spelling for each address.
  const canonical = new SocketAddress({ address: withoutZone, family: 'ipv6' }).address
  const mapped = /^::ffff:([\d.]+)$/.exec(canonical)?.[1]
  if (mapped !== undefined) return mapped
  const [head = '', tail] = canonical.split('::')
  const before = head.split(':').filter(Boolean)
  const after = (tail ?? '').split(':').filter(Boolean)
  const zeros = Array<string>(8 - before.length - after.length).fill('0')
  return [...before, ...zeros, ...after].slice(0, 4).join(':')
}

const secondsUntilReset = ({ resetAt }: RateLimitState): number =>
  Math.max(Math.ceil((resetAt - performance.now()) / 1000), 0)

/** Returns the headers of draft-ietf-httpapi-ratelimit-headers-11; none if the request is not limited. */
export const rateLimitHeaders = (state: RateLimitState | undefined): Record<string, string> =>
  state === undefined
    ? {}
    : {
        'ratelimit-policy': `"minute";q=${state.perMinute};w=60`,
        ratelimit: `"minute";r=${Math.max(state.perMinute - state.count, 0)};t=${secondsUntilReset(state)}`,
      }

/** Returns the failure of a request over the rate limit; undefined within it. */
export const rateLimitFailure = (state: RateLimitState | undefined): Failure | undefined =>
  state === undefined || state.count <= state.perMinute
    ? undefined
    : new Failure('RATE_LIMITED', `More than ${state.perMinute} requests in a minute came from this address.`, {
        headers: { 'retry-after': String(secondsUntilReset(state)) },
      })
