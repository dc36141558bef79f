import type { FastifyReply, FastifyRequest } from 'fastify'
import { pathOf } from './request.ts'

/** Redirects to the current path of what was requested, such as `/tracks/python`; the query stays. */
export const redirectTo = (request: FastifyRequest, reply: FastifyReply, path: string): FastifyReply => {
  const search = request.url.indexOf('?')
  return reply
    .code(308)
    .headers({
      location: `${relativeUrl(request, path)}${search < 0 ? '' : request.url.slice(search)}`,
      'cache-control': 'no-store',
    })
    .send()
}

/**
 * Returns the URL of a path relative to the URL of the request, for the header `Location` (RFC 9110, section 10.2.2), so that it is right
 * under any prefix of a proxy.
 */
export const relativeUrl = (request: FastifyRequest, path: string): string =>
  `${'../'.repeat(pathOf(request).split('/').length - 2)}${path.slice(1)}`
