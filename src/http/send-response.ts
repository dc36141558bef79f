import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Encoding } from './compression.ts'
import { addEtag, checkIfMatch, matchIfNoneMatch } from './conditional-requests.ts'
import { corsHeaders } from './cors.ts'
import { type CachedResponse, encodeBody, encodingOf, type PreparedReply } from './rendered-response.ts'
import { isGetOrHead, type RequestHead } from './request.ts'
import { perRequestHeaders, type RequestContext } from './request-context.ts'
import { commonHeaders, framableHeaders } from './response-headers.ts'

/** Fresh for a minute, and usable for ten more while a cache revalidates (RFC 5861). */
const publicCacheControl = 'public, max-age=60, stale-while-revalidate=600'

/** For reads that needed a key: only the client may cache them, and it revalidates each time. */
const privateCacheControl = 'private, no-cache'

/**
 * Sends a response in the encoding the client prefers, or 304 if the client has it. `storeReply` keeps the reply for the cache's fast
 * path. Writes to the socket without Fastify, which would validate every header again; `onResponse` hooks still run.
 */
export const sendResponse = async (
  request: FastifyRequest,
  reply: FastifyReply,
  response: CachedResponse,
  storeReply = false,
): Promise<FastifyReply> => {
  checkIfMatch(request, response)
  const encoding = encodingOf(request, response)
  const etag = matchIfNoneMatch(request, response)
  const prepared = etag === undefined ? await prepareReply(encoding, request, response) : notModified(request, response)
  // The reply to one authenticated client is never sent to another.
  if (storeReply && request.caller === undefined)
    response.preparedReplies.set(etag === undefined ? replyVariant(request, encoding) : notModifiedVariant, prepared)
  writeReply(reply.raw, prepared, etag, request.context)
  return reply.hijack()
}

const notModified = (request: FastifyRequest, response: CachedResponse): PreparedReply => ({
  status: 304,
  headers: flattenHeaders({ ...corsHeaders, ...cacheHeaders(request, response) }),
  bytes: undefined,
  text: undefined,
  quickEncoding: undefined,
  route: request.routeOptions.url,
})

const prepareReply = async (
  encoding: Encoding | undefined,
  request: FastifyRequest,
  response: CachedResponse,
): Promise<PreparedReply> => {
  const { bytes, quick } =
    encoding === undefined ? { bytes: response.body, quick: false } : await encodeBody(response, encoding)
  const etagSuffix = encoding === undefined ? '' : `-${encoding}${quick ? '-quick' : ''}`
  const headers = {
    ...(response.framable ? framableHeaders : commonHeaders),
    ...cacheHeaders(request, response),
    'content-type': response.type,
    ...(encoding !== undefined && { 'content-encoding': encoding }),
    ...(isGetOrHead(request) && { etag: addEtag(response, etagSuffix) }),
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

/** The largest body that is written together with the headers. */
const maxTextBytes = 16 * 1024

/** Returns the headers that 200 and 304 have in common. */
const cacheHeaders = (request: FastifyRequest, { cursor, headers }: CachedResponse): Record<string, string> => ({
  'cache-control': cacheControlOf(request),
  vary: 'Accept-Encoding',
  ...(cursor !== null && { 'curriculum-cursor': String(cursor) }),
  ...headers,
})

const cacheControlOf = (request: FastifyRequest): string => {
  if (!isGetOrHead(request)) return 'no-store'
  return request.caller === undefined ? publicCacheControl : privateCacheControl
}

const flattenHeaders = (headers: Record<string, string>): string[] => {
  const all: string[] = []
  for (const name in headers) all.push(name, headers[name] as string) // a name it has
  return all
}

/** Writes a prepared reply, with the headers that differ each time. `etag` is the matched ETag of a 304. */
export const writeReply = (
  response: ServerResponse,
  { status, headers, bytes, text }: PreparedReply,
  etag: string | undefined,
  context: RequestContext,
): void => {
  const all = [...headers, ...flattenHeaders(perRequestHeaders(context))]
  if (etag !== undefined) all.push('etag', etag)
  response.writeHead(status, all)
  if (text === undefined) response.end(bytes)
  else response.end(text, 'latin1')
}

/** The variant of 304: the same for every encoding. */
export const notModifiedVariant = 'not modified'

/** Returns the name of a prepared reply in `preparedReplies`. HEAD shares the headers of GET. */
export const replyVariant = (request: RequestHead, encoding: Encoding | undefined): string =>
  `${isGetOrHead(request) ? 'GET' : request.method} ${encoding ?? 'identity'}`
