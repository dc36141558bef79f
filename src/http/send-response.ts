import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import Negotiator from 'negotiator'
import { Failure } from '../errors.ts'
import { type Encoding, encodings } from './compression.ts'
import { type RateLimitState, rateLimitHeaders } from './rate-limit.ts'
import { commonHeaders, corsHeaders } from './reply-headers.ts'
import { type CachedResponse, encodeBody, type PreparedReply } from './response-cache.ts'

/** Public answers are fresh for a minute, and good enough for ten more while a cache asks again (RFC 5861). */
const publicCacheControl = 'public, max-age=60, stale-while-revalidate=600'

/** What a key was needed for is nobody else's, and asked for anew each time. */
const privateCacheControl = 'private, no-cache'

/**
 * Sends a finished answer in the encoding the client prefers, or 304 where it has it already; `again` says whether the reply is kept to
 * be sent again. It goes past the framework, which would look at every header anew; hooks of what was sent still run.
 */
export const sendResponse = async (
  request: FastifyRequest,
  reply: FastifyReply,
  finished: CachedResponse,
  storeReply = false,
): Promise<FastifyReply> => {
  checkIfMatch(request, finished)
  const encoding = negotiateEncoding(request, finished)
  const held = matchIfNoneMatch(request, finished)
  const made = held === undefined ? await prepareReply(encoding, request, finished) : notModified(request, finished)
  // What one client was let through to is sent to nobody else.
  if (storeReply && request.caller === undefined)
    finished.preparedReplies.set(held === undefined ? replyVariant(request, encoding) : notModifiedVariant, made)
  writeReply(reply.raw, made, held, request.id, request.rateLimit)
  return reply.hijack()
}

const notModified = (request: FastifyRequest, finished: CachedResponse): PreparedReply => ({
  status: 304,
  headers: flattenHeaders({ ...corsHeaders, ...representationHeaders(request, finished) }),
  bytes: undefined,
  text: undefined,
  quickEncoding: undefined,
  route: request.routeOptions.url,
})

const prepareReply = async (
  encoding: Encoding | undefined,
  request: FastifyRequest,
  finished: CachedResponse,
): Promise<PreparedReply> => {
  const { bytes, quick } =
    encoding === undefined ? { bytes: finished.body, quick: false } : await encodeBody(finished, encoding)
  const ending = encoding === undefined ? '' : `-${encoding}${quick ? '-quick' : ''}`
  const headers = {
    ...commonHeaders,
    ...representationHeaders(request, finished),
    'content-type': finished.type,
    ...(encoding !== undefined && { 'content-encoding': encoding }),
    ...(isGetOrHead(request) && { etag: registerEtag(finished, ending) }),
    'content-length': String(bytes.length),
  }
  return {
    status: 200,
    headers: flattenHeaders(headers),
    bytes,
    text: bytes.length > maxTextBytes ? undefined : bytes.toString('latin1'),
    quickEncoding: quick ? encoding : undefined,
    route: request.routeOptions.url,
  }
}

/** Few enough to be written together with the headers. */
const maxTextBytes = 16 * 1024

/** What is said of an answer whether it is sent or held already. */
const representationHeaders = (
  request: FastifyRequest,
  { cursor, headers }: CachedResponse,
): Record<string, string> => ({
  'cache-control': isGetOrHead(request)
    ? request.caller === undefined
      ? publicCacheControl
      : privateCacheControl
    : 'no-store',
  vary: 'Accept-Encoding',
  ...(cursor !== null && { 'curriculum-cursor': String(cursor) }),
  ...headers,
})

const flattenHeaders = (headers: Record<string, string>): string[] => {
  const all: string[] = []
  for (const name in headers) all.push(name, headers[name] as string) // a name it has
  return all
}

/** Sends a reply, with what is new each time: the tag the client holds, the id of the request and the client's rate. */
export const writeReply = (
  response: ServerResponse,
  { status, headers, bytes, text }: PreparedReply,
  held: string | undefined,
  id: string,
  rate: RateLimitState | undefined,
): void => {
  const all = [...headers, 'x-request-id', id, ...flattenHeaders(rateLimitHeaders(rate))]
  if (held !== undefined) all.push('etag', held)
  response.writeHead(status, all)
  if (text === undefined) response.end(bytes)
  else response.end(text, 'latin1')
}

const registerEtag = ({ hash, etags: tags }: CachedResponse, ending: string): string => {
  const tag = `"${hash}${ending}"`
  tags.add(tag)
  return tag
}

/** What is looked at of a request, whether the framework has it already or not. */
export type RequestHead = Pick<IncomingMessage, 'headers' | 'method'>

export const isGetOrHead = ({ method }: Pick<RequestHead, 'method'>): boolean => method === 'GET' || method === 'HEAD'

/** What a client has already is told in the same way whatever it has it in. */
export const notModifiedVariant = 'held'

/** HEAD gets the headers of GET. */
export const replyVariant = (request: RequestHead, encoding: Encoding | undefined): string =>
  `${isGetOrHead(request) ? 'GET' : request.method} ${encoding ?? 'identity'}`

/** Shorter bodies gain nothing. */
const minCompressedBytes = 1_024

/** The encoding the client likes best of those there are; undefined is none. */
export const negotiateEncoding = (request: RequestHead, finished: CachedResponse): Encoding | undefined => {
  const header = request.headers['accept-encoding']
  if (header === undefined || finished.body.length < minCompressedBytes) return undefined
  const known = negotiatedEncodings.get(header)
  if (known !== undefined) return known.encoding
  const negotiator: EncodingNegotiator = new Negotiator({ headers: { 'accept-encoding': header } })
  const offered = [...encodings, 'identity']
  const [chosen] = negotiator.encodings(offered, { preferred: offered })
  const encoding = encodings.find(one => one === chosen)
  negotiatedEncodings.set(header, { encoding })
  return encoding
}

/** What negotiator 1.0 takes and its types do not know yet: which of several equally welcome encodings to choose. */
interface EncodingNegotiator {
  encodings(available: string[], options: { preferred: string[] }): string[]
}

/** Browsers send few different headers: each is read once. */
const negotiatedEncodings = new LRUCache<string, { encoding: Encoding | undefined }>({ max: 500 })

/** The tag of the client that still holds, whatever its encoding (weak comparison, RFC 9110, section 13.1.2). */
export const matchIfNoneMatch = (request: RequestHead, finished: CachedResponse): string | undefined => {
  const header = request.headers['if-none-match']
  if (header === undefined || !isGetOrHead(request)) return undefined
  if (finished.etags.has(header)) return header
  if (header.trim() === '*') return registerEtag(finished, '')
  const tags = header.match(/"[^"]*"/g) ?? []
  return tags.find(tag => hashOfEtag(tag) === finished.hash)
}

/** Fails with 412 if a read names ETags in `If-Match` of which none is the answer's: ahead of `If-None-Match` (RFC 9110, section 13.2.2). */
const checkIfMatch = (request: FastifyRequest, { hash }: CachedResponse): void => {
  const header = request.headers['if-match']
  if (header === undefined || !isGetOrHead(request)) return
  const tags = parseIfMatch(header)
  if (tags !== '*' && !tags.includes(hash))
    throw new Failure('PRECONDITION_FAILED', 'What is here now has none of the ETags in If-Match.')
}

/** Reads `If-Match`, without the names of encodings; a weak tag never matches (RFC 9110, section 13.1.1). */
export const parseIfMatch = (header: string): readonly string[] | '*' => {
  if (header.trim() === '*') return '*'
  if (!/^\s*(W\/)?"[^"]*"(\s*,\s*(W\/)?"[^"]*")*\s*$/.test(header))
    throw new Failure('BAD_USER_INPUT', 'If-Match is the ETag you have read, with its quotation marks, or *.')
  return header.split(',').flatMap(tag => (tag.includes('W/') ? [] : [hashOfEtag(tag.trim())]))
}

/** Any encoding's tag names the same content. */
export const hashOfEtag = (tag: string): string => tag.replace(/^"/, '').replace(/(-(br|gzip|zstd)(-quick)?)?"$/, '')
