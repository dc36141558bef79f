import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Catalog } from '../catalog.ts'
import { createRecompressor, type Encoding } from './compression.ts'
import { matchIfNoneMatch } from './conditional-requests.ts'
import type { Metrics } from './metrics.ts'
import {
  type CachedResponse,
  type ConsistentResponse,
  encodingOf,
  type PreparedReply,
  type Render,
  renderConsistently,
} from './rendered-response.ts'
import type { RequestContext } from './request-context.ts'
import { notModifiedVariant, replyVariant, sendResponse, writeReply } from './send-response.ts'

/**
 * The response cache of all routes. It knows two keys of a request (`cache-key.ts`): the raw key, which costs nothing to build, and
 * the canonical key of the parsed request, which is the same for all spellings of it.
 */
export interface ResponseCache {
  /** Parses a request; returns the earlier result for a request with the same raw cache key. */
  parseOnce<T>(request: FastifyRequest, parse: () => T): T
  /** Sends the cached response of a canonical cache key, or renders it. */
  send(request: FastifyRequest, reply: FastifyReply, cacheKey: string, render: Render): Promise<FastifyReply>
  /**
   * The fast path: sends the reply to an earlier request with the same raw cache key again, without parsing, rendering or
   * negotiating. Returns undefined, and sends nothing, if there is none or it is stale.
   */
  sendAgain(request: IncomingMessage, response: ServerResponse, context: RequestContext): PreparedReply | undefined
}

/**
 * Creates a cache of this many bytes. A cached response is never older than the database: it is valid until one of the tracks it
 * depends on changes. Requests for a response that is being rendered wait for it.
 */
export const createResponseCache = (
  catalog: Catalog,
  bytes: number,
  metrics: Pick<Metrics, 'countAnswer'>,
): ResponseCache => {
  const responses = new LRUCache<string, ConsistentResponse>({ maxSize: Math.max(bytes, 1), sizeCalculation })
  const rendering = new Map<string, Promise<CachedResponse>>()
  /** The parsed request and the canonical key by raw key. Both depend on the request alone, so they are never stale. */
  const requests = new LRUCache<string, KnownRequest>({ maxSize: requestBytes, sizeCalculation: requestSize })
  const compressStrongly = createRecompressor()

  const requestOf = (rawCacheKey: string): KnownRequest => {
    const known = requests.get(rawCacheKey)
    if (known !== undefined) return known
    const added: KnownRequest = { parsed: undefined, cacheKey: undefined }
    if (rawCacheKey !== '') requests.set(rawCacheKey, added)
    return added
  }

  const findValid = (cacheKey: string, revision: number): CachedResponse | undefined => {
    const cached = responses.get(cacheKey)
    if (cached === undefined) return undefined
    if (cached.revision !== revision) {
      if (cached.tracks === undefined || catalog.changedSince(cached.revision, cached.tracks)) return undefined
      cached.revision = revision
    }
    return cached.response
  }

  const renderAndStore = async (cacheKey: string, revision: number, render: Render): Promise<CachedResponse> => {
    const rendered = await renderConsistently(catalog, revision, render)
    if (bytes > 0) responses.set(cacheKey, rendered)
    return rendered.response
  }

  const findOrRender = async (cacheKey: string, render: Render): Promise<CachedResponse> => {
    const revision = await catalog.revision()
    const cached = findValid(cacheKey, revision)
    metrics.countAnswer(cached === undefined ? 'made' : 'cache')
    if (cached !== undefined) return cached
    const name = `${revision} ${cacheKey}`
    const pending = rendering.get(name)
    if (pending !== undefined) return pending
    const response = renderAndStore(cacheKey, revision, render).finally(() => rendering.delete(name))
    rendering.set(name, response)
    return response
  }

  /** Compresses a response strongly that is sent again and again; until then its fast compression is sent. */
  const recompress = async (cacheKey: string, response: CachedResponse, encoding: Encoding): Promise<void> => {
    if (response.recompressing.has(encoding)) return
    response.recompressing.add(encoding)
    const isStillCached = () => responses.peek(cacheKey)?.response === response
    const strong = await compressStrongly(response.body, encoding, isStillCached)
    if (strong === undefined) return
    response.encodedBodies.set(encoding, Promise.resolve({ bytes: strong, quick: false }))
    response.preparedReplies.clear()
  }

  return {
    parseOnce: <T>(request: FastifyRequest, parse: () => T): T => {
      const known = requestOf(request.context.rawCacheKey)
      known.parsed ??= { value: parse() }
      return known.parsed.value as T // one route parses the requests of a raw key
    },
    send: async (request, reply, cacheKey, render) => {
      const response = await findOrRender(cacheKey, render)
      if (bytes > 0) requestOf(request.context.rawCacheKey).cacheKey = cacheKey
      return sendResponse(request, reply, response, bytes > 0)
    },
    sendAgain: (request, response, context) => {
      const cacheKey = requests.get(context.rawCacheKey)?.cacheKey
      if (cacheKey === undefined) return undefined
      const revision = catalog.revision()
      // Otherwise it is not known at once.
      const cached = typeof revision === 'number' ? findValid(cacheKey, revision) : undefined
      if (cached === undefined) return undefined
      const etag = matchIfNoneMatch(request, cached)
      const variant = etag === undefined ? replyVariant(request, encodingOf(request, cached)) : notModifiedVariant
      const prepared = cached.preparedReplies.get(variant)
      if (prepared === undefined) return undefined
      writeReply(response, prepared, etag, context)
      metrics.countAnswer('cache')
      if (prepared.quickEncoding !== undefined) void recompress(cacheKey, cached, prepared.quickEncoding)
      return prepared
    },
  }
}

/** In bytes, with room for the encodings, which are added later. */
const sizeCalculation = ({ response }: ConsistentResponse, cacheKey: string): number =>
  response.body.length * 2 + cacheKey.length + 2_000

interface KnownRequest {
  /** The result of the route's `parse`. */
  parsed: { value: unknown } | undefined
  cacheKey: string | undefined
}

/** Memory for requests, beside that for responses. */
const requestBytes = 16 * 1024 * 1024

/** A parsed request is about three times as long as its raw key, the canonical key about as long. */
const requestSize = (_: KnownRequest, rawCacheKey: string): number => rawCacheKey.length * 6 + 700
