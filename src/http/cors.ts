import type { FastifyInstance } from 'fastify'
import { pathOf } from './request.ts'

/** The response headers that scripts of other origins may read. */
export const exposedHeaders = [
  'ETag',
  'Link',
  'Location',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'X-Request-Id',
  'Curriculum-Cursor',
  'Content-Disposition',
]

/** The CORS headers of every reply. */
export const corsHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': exposedHeaders.join(', '),
}

/**
 * Answers CORS preflights (Fetch, section 3.3). A read may carry any header from any origin: nothing depends on cookies, so a header
 * can do no harm. A write may carry the headers listed below.
 */
export const answerPreflights = (app: FastifyInstance): void => {
  app.options('*', (request, reply) => {
    const { headers } = request
    const allowed = isRead(headers['access-control-request-method'], pathOf(request))
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

/** Headers that the service reads, and those that tracing and GraphQL clients add to every request. */
const commonRequestHeaders = [
  'Accept',
  'Authorization',
  'Content-Type',
  'Curriculum-Min-Cursor',
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

/** Queries that are too long for a URL are sent by POST, and are still reads. */
const isRead = (method: string | undefined, path: string): boolean =>
  method === 'GET' || method === 'HEAD' || (method === 'POST' && readByPost.test(path))

const readByPost = /^\/(graphql|v1\/tracks\/[^/]+\/(path|next))$/

/** Returns the valid names of other headers, at most `maxOtherHeaders`. */
const otherHeaders = (header = ''): string[] => {
  const common = new Set(commonRequestHeaders.map(name => name.toLowerCase()))
  const names = header.split(',').map(name => name.trim().toLowerCase())
  return [...new Set(names)].filter(name => headerName.test(name) && !common.has(name)).slice(0, maxOtherHeaders)
}

const maxOtherHeaders = 64

/** A token (RFC 9110, section 5.6.2) without `*`, which would allow every header. */
const headerName = /^[\w!#$%&'+.^`|~-]{1,100}$/
