import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import Negotiator from 'negotiator'
import { bytesIn, type Encoding, encodingsOf, type Finished } from './answers.ts'

/** Public answers are fresh for a minute, and good enough for ten more while a cache asks again (RFC 5861). */
const fresh = 'public, max-age=60, stale-while-revalidate=600'

/** Sends a finished answer in the encoding the client prefers, or 304 where it has it already. */
export const sendFinished = async (
  request: FastifyRequest,
  reply: FastifyReply,
  finished: Finished,
): Promise<FastifyReply> => {
  const encoding = preferred(request, finished)
  const reading = request.method === 'GET' || request.method === 'HEAD'
  reply.headers({
    'cache-control': reading ? fresh : 'no-store',
    vary: 'Accept-Encoding',
    ...(finished.cursor === null ? {} : { 'curriculum-cursor': finished.cursor }),
    ...finished.headers,
  })
  const held = reading ? heldTag(request.headers['if-none-match'], finished) : undefined
  if (held !== undefined) return reply.code(304).header('etag', held).send()
  reply.header('etag', tagOf(finished.hash, encoding)).header('content-type', finished.type)
  if (encoding !== 'identity') reply.header('content-encoding', encoding)
  return reply.send(await bytesIn(finished, encoding))
}

export const tagOf = (hash: string, encoding: Encoding): string =>
  encoding === 'identity' ? `"${hash}"` : `"${hash}-${encoding}"`

const preferred = (request: FastifyRequest, finished: Finished): Encoding => {
  const header = request.headers['accept-encoding']
  const offered = encodingsOf(finished)
  if (header === undefined || offered.length === 1) return 'identity'
  const known = negotiated.get(header)
  if (known !== undefined) return known
  const negotiator: Preferring = new Negotiator({ headers: { 'accept-encoding': header } })
  const [chosen] = negotiator.encodings([...offered], { preferred: [...offered] })
  const encoding = offered.find(one => one === chosen) ?? 'identity'
  negotiated.set(header, encoding)
  return encoding
}

/** What negotiator 1.0 takes and its types do not know yet: which of several equally welcome encodings to choose. */
interface Preferring {
  encodings(available: string[], options: { preferred: string[] }): string[]
}

/** Browsers send few different headers: each is read once. */
const negotiated = new LRUCache<string, Encoding>({ max: 500 })

/** The tag of the client that still holds, whatever its encoding (weak comparison, RFC 9110, section 13.1.2). */
const heldTag = (header: string | undefined, finished: Finished): string | undefined => {
  if (header === undefined) return undefined
  if (header.trim() === '*') return tagOf(finished.hash, 'identity')
  const tags = header.match(/"[^"]*"/g) ?? []
  return tags.find(tag => hashIn(tag) === finished.hash)
}

/** Any encoding's tag names the same content. */
export const hashIn = (tag: string): string => tag.replace(/^"/, '').replace(/(-(br|gzip|zstd))?"$/, '')
