import type { IncomingMessage, ServerResponse } from 'node:http'
import proxyAddr from '@fastify/proxy-addr'
import { pathIn } from './problem.ts'
import { type RateLimiter, rateLimitFailure } from './rate-limit.ts'
import { requestIdOf } from './request-id.ts'
import type { ReportRequest } from './request-log.ts'
import { type ResponseCache, rawCacheKeyOf } from './response-cache-fast-path.ts'

/** Whether a request was answered. */
export type FastPath = (request: IncomingMessage, response: ServerResponse) => boolean

/**
 * Answers who asks in the same words as somebody before, ahead of the framework: that would take as long again. All else
 * is left as it is, also what exceeds its rate.
 */
export const createFastPath = (
  cache: ResponseCache,
  countRequest: RateLimiter,
  reportRequest: ReportRequest,
  trustProxy: string | false,
): FastPath => {
  const addressOf = clientAddressReader(trustProxy)
  return (request, response) => {
    const start = performance.now()
    const rawCacheKey = rawCacheKeyOf(request)
    if (rawCacheKey === '') return false
    let reqId = ''
    const sent = cache.sendCached(rawCacheKey, request, response, () => {
      const rate = countRequest(pathIn(request.url as string), addressOf(request)) // a request has an address
      if (rateLimitFailure(rate) !== undefined) return undefined
      reqId = requestIdOf(request.headers['x-request-id'])
      return { id: reqId, rateLimit: rate }
    })
    if (sent === undefined) return false
    reportRequest({ reqId, request, route: sent.route, status: sent.status, start })
    return true
  }
}

/** As the framework finds it out. */
const clientAddressReader = (trustProxy: string | false): ((request: IncomingMessage) => string) => {
  if (trustProxy === false) return request => String(request.socket.remoteAddress)
  const trusted = proxyAddr.compile(trustProxy.split(',').map(one => one.trim()))
  return request => proxyAddr(request, trusted)
}
