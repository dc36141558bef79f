import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import Negotiator from 'negotiator'
import { Failure } from '../errors.ts'
import { type Encoding, encodings } from './compression.ts'
import { type Rate, rateHeaders } from './rate-limit.ts'
import { always, anyOrigin } from './reply-headers.ts'
import { encodedIn, type Finished, type Reply } from './response-cache.ts'

/** Public answers are fresh for a minute, and good enough for ten more while a cache asks again (RFC 5861). */
const fresh = 'public, max-age=60, stale-while-revalidate=600'

/** What a key was needed for is nobody else's, and asked for anew each time. */
const ofOneClient = 'private, no-cache'

/**
 * Sends a finished answer in the encoding the client prefers, or 304 where it has it already; `again` says whether the reply is kept to
 * be sent again. It goes past the framework, which would look at every header anew; hooks of what was sent still run.
 */
export const sendFinished = async (
  request: FastifyRequest,
  reply: FastifyReply,
  finished: Finished,
  again = false,
): Promise<FastifyReply> => {
  refuseUnmatched(request, finished)
  const encoding = preferred(request, finished)
  const held = heldTag(request, finished)
  const made = held === undefined ? await replyIn(encoding, request, finished) : notModified(request, finished)
  // What one client was let through to is sent to nobody else.
  if (again && request.caller === undefined)
    finished.replies.set(held === undefined ? replyName(request, encoding) : heldName, made)
  sendReply(reply.raw, made, held, request.id, request.rate)
  return reply.hijack()
}

const notModified = (request: FastifyRequest, finished: Finished): Reply => ({
  status: 304,
  headers: flat({ ...anyOrigin, ...describing(request, finished) }),
  bytes: undefined,
  text: undefined,
  improvable: undefined,
  route: request.routeOptions.url,
})

const replyIn = async (encoding: Encoding | undefined, request: FastifyRequest, finished: Finished): Promise<Reply> => {
  const { bytes, quick } =
    encoding === undefined ? { bytes: finished.body, quick: false } : await encodedIn(finished, encoding)
  const ending = encoding === undefined ? '' : `-${encoding}${quick ? '-quick' : ''}`
  const headers = {
    ...always,
    ...describing(request, finished),
    'content-type': finished.type,
    ...(encoding !== undefined && { 'content-encoding': encoding }),
    ...(isRead(request) && { etag: tagOf(finished, ending) }),
    'content-length': String(bytes.length),
  }
  return {
    status: 200,
    headers: flat(headers),
    bytes,
    text: bytes.length > few ? undefined : bytes.toString('latin1'),
    improvable: quick ? encoding : undefined,
    route: request.routeOptions.url,
  }
}

/** Few enough to be written together with the headers. */
const few = 16 * 1024

/** What is said of an answer whether it is sent or held already. */
const describing = (request: FastifyRequest, { cursor, headers }: Finished): Record<string, string> => ({
  'cache-control': isRead(request) ? (request.caller === undefined ? fresh : ofOneClient) : 'no-store',
  vary: 'Accept-Encoding',
  ...(cursor !== null && { 'curriculum-cursor': String(cursor) }),
  ...headers,
})

const flat = (headers: Record<string, string>): string[] => {
  const all: string[] = []
  for (const name in headers) all.push(name, headers[name] as string) // a name it has
  return all
}

/** Sends a reply, with what is new each time: the tag the client holds, the id of the request and the client's rate. */
export const sendReply = (
  response: ServerResponse,
  { status, headers, bytes, text }: Reply,
  held: string | undefined,
  id: string,
  rate: Rate | undefined,
): void => {
  const all = [...headers, 'x-request-id', id, ...flat(rateHeaders(rate))]
  if (held !== undefined) all.push('etag', held)
  response.writeHead(status, all)
  if (text === undefined) response.end(bytes)
  else response.end(text, 'latin1')
}

const tagOf = ({ hash, tags }: Finished, ending: string): string => {
  const tag = `"${hash}${ending}"`
  tags.add(tag)
  return tag
}

/** What is looked at of a request, whether the framework has it already or not. */
export type Asking = Pick<IncomingMessage, 'headers' | 'method'>

export const isRead = ({ method }: Pick<Asking, 'method'>): boolean => method === 'GET' || method === 'HEAD'

/** What a client has already is told in the same way whatever it has it in. */
export const heldName = 'held'

/** HEAD gets the headers of GET. */
export const replyName = (request: Asking, encoding: Encoding | undefined): string =>
  `${isRead(request) ? 'GET' : request.method} ${encoding ?? 'identity'}`

/** Shorter bodies gain nothing. */
const worthwhile = 1_024

/** The encoding the client likes best of those there are; undefined is none. */
export const preferred = (request: Asking, finished: Finished): Encoding | undefined => {
  const header = request.headers['accept-encoding']
  if (header === undefined || finished.body.length < worthwhile) return undefined
  const known = negotiated.get(header)
  if (known !== undefined) return known.encoding
  const negotiator: Preferring = new Negotiator({ headers: { 'accept-encoding': header } })
  const offered = [...encodings, 'identity']
  const [chosen] = negotiator.encodings(offered, { preferred: offered })
  const encoding = encodings.find(one => one === chosen)
  negotiated.set(header, { encoding })
  return encoding
}

/** What negotiator 1.0 takes and its types do not know yet: which of several equally welcome encodings to choose. */
interface Preferring {
  encodings(available: string[], options: { preferred: string[] }): string[]
}

/** Browsers send few different headers: each is read once. */
const negotiated = new LRUCache<string, { encoding: Encoding | undefined }>({ max: 500 })

/** The tag of the client that still holds, whatever its encoding (weak comparison, RFC 9110, section 13.1.2). */
export const heldTag = (request: Asking, finished: Finished): string | undefined => {
  const header = request.headers['if-none-match']
  if (header === undefined || !isRead(request)) return undefined
  if (finished.tags.has(header)) return header
  if (header.trim() === '*') return tagOf(finished, '')
  const tags = header.match(/"[^"]*"/g) ?? []
  return tags.find(tag => hashIn(tag) === finished.hash)
}

/** Fails with 412 if a read names ETags in `If-Match` of which none is the answer's: ahead of `If-None-Match` (RFC 9110, section 13.2.2). */
const refuseUnmatched = (request: FastifyRequest, { hash }: Finished): void => {
  const header = request.headers['if-match']
  if (header === undefined || !isRead(request)) return
  const tags = tagsIn(header)
  if (tags !== '*' && !tags.includes(hash))
    throw new Failure('PRECONDITION_FAILED', 'What is here now has none of the ETags in If-Match.')
}

/** Reads `If-Match`, without the names of encodings; a weak tag never matches (RFC 9110, section 13.1.1). */
export const tagsIn = (header: string): readonly string[] | '*' => {
  if (header.trim() === '*') return '*'
  if (!/^\s*(W\/)?"[^"]*"(\s*,\s*(W\/)?"[^"]*")*\s*$/.test(header))
    throw new Failure('BAD_USER_INPUT', 'If-Match is the ETag you have read, with its quotation marks, or *.')
  return header.split(',').flatMap(tag => (tag.includes('W/') ? [] : [hashIn(tag.trim())]))
}

/** Any encoding's tag names the same content. */
export const hashIn = (tag: string): string => tag.replace(/^"/, '').replace(/(-(br|gzip|zstd)(-quick)?)?"$/, '')
