import type { FastifyInstance } from 'fastify'
import { pathOf } from './problem.ts'

/**
 * Answers what a browser asks before it sends a request that is not simple (Fetch, section 3.3). Pages of every origin may send
 * whatever header they like with a read: no cookie says who reads, so a header can do no harm. With a write they may send those below.
 */
export const answerPreflights = (app: FastifyInstance): void => {
  app.options('*', (request, reply) => {
    const { headers } = request
    const allowed = isReading(headers['access-control-request-method'], pathOf(request))
      ? [...commonRequestHeaders, ...otherHeaders(headers['access-control-request-headers'])]
      : commonRequestHeaders
    reply
      .code(204)
      .headers({
        'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
        'access-control-allow-headers': allowed.join(', '),
        'access-control-max-age': '86400',
        vary: 'Access-Control-Request-Method, Access-Control-Request-Headers',
      })
      .send()
  })
}

/** Those that requests have a use for, and those that tracing and GraphQL clients add to all of theirs. */
const commonRequestHeaders = [
  'Accept',
  'Authorization',
  'Content-Type',
  'If-Match',
  'If-None-Match',
  'X-Request-Id',
  'X-Requested-With',
  'traceparent',
  'tracestate',
  'baggage',
  'sentry-trace',
  'apollo-require-preflight',
  'apollographql-client-name',
  'apollographql-client-version',
]

/** Questions that are too long for an address are read by POST. */
const isReading = (method: string | undefined, path: string): boolean =>
  method === 'GET' || method === 'HEAD' || (method === 'POST' && readByPost.test(path))

const readByPost = /^\/(graphql|v1\/tracks\/[^/]+\/(path|next))$/

/** The valid names of other headers, no more of them than any request has. */
const otherHeaders = (header = ''): string[] => {
  const known = new Set(commonRequestHeaders.map(name => name.toLowerCase()))
  const names = header.split(',').map(name => name.trim().toLowerCase())
  return [...new Set(names)].filter(name => headerName.test(name) && !known.has(name)).slice(0, maxOtherHeaders)
}

const maxOtherHeaders = 64

/** Without the star: as a name of its own it would stand for every name. */
const headerName = /^[\w!#$%&'+.^`|~-]{1,100}$/
