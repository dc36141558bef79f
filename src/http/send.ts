import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import Negotiator from 'negotiator'
import { encodedIn, type Finished } from './answers.ts'
import { type Encoding, encodings } from './encode.ts'

/** Public answers are fresh for a minute, and good enough for ten more while a cache asks again (RFC 5861). */
const fresh = 'public, max-age=60, stale-while-revalidate=600'

/** What a key was needed for is nobody else's, and asked for anew each time. */
const ofOneClient = 'private, no-cache'

/** Sends a finished answer in the encoding the client prefers, or 304 where it has it already; what may be sent again is noted. */
export const sendFinished = async (
  request: FastifyRequest,
  reply: FastifyReply,
  finished: Finished,
  again = false,
): Promise<FastifyReply> => {
  const note = (name: string, bytes: Buffer | undefined, improvable?: Encoding): void => {
    if (again) request.noted = sent => noteReply(sent, name, finished, bytes, improvable)
  }
  const encoding = preferred(request, finished)
  reply.headers({
    'cache-control': isRead(request) ? (request.caller === undefined ? fresh : ofOneClient) : 'no-store',
    vary: 'Accept-Encoding',
    ...(finished.cursor === null ? {} : { 'curriculum-cursor': finished.cursor }),
    ...finished.headers,
  })
  const held = heldTag(request, finished)
  if (held !== undefined) {
    note(heldName, undefined)
    return reply.code(304).header('etag', held).send()
  }
  reply.header('content-type', finished.type)
  if (encoding === undefined) {
    if (isRead(request)) reply.header('etag', tagOf(finished, ''))
    note(replyName(request, encoding), finished.body)
    return reply.send(finished.body)
  }
  const { bytes, quick } = await encodedIn(finished, encoding)
  reply.header('content-encoding', encoding)
  if (isRead(request)) reply.header('etag', tagOf(finished, `-${encoding}${quick ? '-quick' : ''}`))
  note(replyName(request, encoding), bytes, quick ? encoding : undefined)
  return reply.send(bytes)
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

const noteReply = (
  reply: FastifyReply,
  name: string,
  finished: Finished,
  bytes: Buffer | undefined,
  improvable: Encoding | undefined,
): void => {
  const headers = Object.entries(reply.getHeaders())
    .filter(([header]) => !ofOneRequest.has(header) && !(name === heldName && header === 'etag'))
    .flatMap(([header, value]) => [header, String(value)])
  if (bytes !== undefined) headers.push('content-length', String(bytes.length))
  const text = bytes === undefined || bytes.length > few ? undefined : bytes.toString('latin1')
  const route = reply.request.routeOptions.url
  finished.replies.set(name, { status: reply.statusCode, headers, bytes, text, improvable, route })
}

const few = 16 * 1024

/** What is new with each reply. */
const ofOneRequest = new Set(['x-request-id', 'ratelimit', 'ratelimit-policy', 'content-length'])

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

/** Any encoding's tag names the same content. */
export const hashIn = (tag: string): string => tag.replace(/^"/, '').replace(/(-(br|gzip|zstd)(-quick)?)?"$/, '')
