import type { IncomingMessage } from 'node:http'
import proxyAddr from '@fastify/proxy-addr'
import { rawCacheKeyOf } from './cache-key.ts'
import { type RateLimiter, type RateLimitState, rateLimitHeaders } from './rate-limit.ts'
import { pathIn, requestIdOf } from './request.ts'

/** The values of one request that the fast path and Fastify's hooks share. */
export interface RequestContext {
  id: string
  /** The time of its arrival, in milliseconds of `performance.now()`. */
  start: number
  rateLimit: RateLimitState | undefined
  /** The raw cache key (see `cache-key.ts`); empty if the reply must not be sent again for it. */
  rawCacheKey: string
}

const contextKey = Symbol('request context')

declare module 'node:http' {
  interface IncomingMessage {
    [contextKey]?: RequestContext
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    readonly context: RequestContext
    /** Charges extra requests for expensive work. */
    charge(more: number): void
  }
}

export type GetRequestContext = (request: IncomingMessage) => RequestContext

/** Returns a function that returns the context of a request; the first call for a request creates it, which counts the request. */
export const requestContexts = (countRequest: RateLimiter, trustProxy: string | false): GetRequestContext => {
  const clientAddressOf = clientAddressReader(trustProxy)
  return request => {
    request[contextKey] ??= {
      id: requestIdOf(request.headers['x-request-id']),
      start: performance.now(),
      rateLimit: countRequest(pathIn(request.url as string), clientAddressOf(request)), // a request has an address
      rawCacheKey: rawCacheKeyOf(request),
    }
    return request[contextKey]
  }
}

/** Returns a function that finds the client's address: the first one, from the right, that no trusted proxy has. */
const clientAddressReader = (trustProxy: string | false): ((request: IncomingMessage) => string) => {
  if (trustProxy === false) return request => String(request.socket.remoteAddress)
  const isTrusted = proxyAddr.compile(trustProxy.split(',').map(one => one.trim()))
  return request => proxyAddr(request, isTrusted)
}

/** Returns the headers that differ for each reply. */
export const perRequestHeaders = ({ id, rateLimit }: RequestContext): Record<string, string> => ({
  'x-request-id': id,
  ...rateLimitHeaders(rateLimit),
})
