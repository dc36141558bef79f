import type { FastifyReply, FastifyRequest } from 'fastify'
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
  const offered = encodingsOf(finished)
  if (request.headers['accept-encoding'] === undefined || offered.length === 1) return 'identity'
  const accepted = request.encodings(offered)
  return offered.find(encoding => encoding === (Array.isArray(accepted) ? accepted[0] : accepted)) ?? 'identity'
}

/** The tag of the client that still holds, whatever its encoding (weak comparison, RFC 9110, section 13.1.2). */
const heldTag = (header: string | undefined, finished: Finished): string | undefined => {
  if (header === undefined) return undefined
  if (header.trim() === '*') return tagOf(finished.hash, 'identity')
  const tags = header.match(/"[^"]*"/g) ?? []
  return tags.find(tag => hashIn(tag) === finished.hash)
}

/** Any encoding's tag names the same content. */
export const hashIn = (tag: string): string => tag.replace(/^"/, '').replace(/(-(br|gzip|zstd))?"$/, '')
