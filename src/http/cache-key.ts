import type { IncomingMessage } from 'node:http'
import { messageFailure } from './malformed-requests.ts'
import { withoutIgnoredParameters } from './query-string.ts'
import { isGetOrHead, type RequestHead } from './request.ts'

/**
 * Returns the raw cache key of a request without a body: method, `Accept` and URL as they were sent. Requests with the same raw key
 * have the same canonical key. Empty if the request must not be answered from the
 * cache's fast path: it is not GET or HEAD, has `If-Match` or `Curriculum-Min-Cursor`, or is to be rejected.
 */
export const rawCacheKeyOf = (request: IncomingMessage): string =>
  isGetOrHead(request) &&
  request.headers['if-match'] === undefined &&
  request.headers['curriculum-min-cursor'] === undefined &&
  messageFailure(request) === undefined
    ? rawCacheKeyWith(request, withoutIgnoredParameters(request.url as string)) // a request has an address
    : ''

/** Returns the raw cache key of a request whose content is `text`: a URL, or a body. Empty if the text is too long to be cached. */
export const rawCacheKeyWith = (request: RequestHead, text: string): string =>
  text.length > maxLength
    ? ''
    : `${isGetOrHead(request) ? 'GET' : request.method} ${request.headers.accept ?? ''}\n${text}`

/** In characters. */
const maxLength = 4_096

/** Returns the canonical cache key of a request: the name of its route, and the values that the route parsed from it. */
export const canonicalCacheKey = (route: string, ...values: readonly unknown[]): string =>
  JSON.stringify([route, ...values])
