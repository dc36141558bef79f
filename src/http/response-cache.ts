import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Catalog } from '../catalog.ts'
import { createCanonicalCache, type PreparedReply, type Render } from './canonical-cache.ts'
import { negotiateEncoding } from './compression.ts'
import { matchIfNoneMatch } from './conditional-requests.ts'
import type { Metrics } from './metrics.ts'
import type { RateLimitState } from './rate-limit.ts'
import { notModifiedVariant, replyVariant, sendResponse, writeReply } from './send-response.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The raw cache key (see `cache-key.ts`); empty if the reply must not be sent again for it. */
    rawCacheKey: string
    rateLimit: RateLimitState | undefined
    /** Charges extra requests for expensive work. */
    charge(more: number): void
  }
}

/**
 * The response cache of all routes. It knows two keys of a request: the raw key, which costs nothing to build, and the canonical
 * key of the parsed request, which is the same for all spellings of it.
 */
export interface ResponseCache {
  /** Sends the cached response of a canonical cache key, or renders it. */
  send(request: FastifyRequest, reply: FastifyReply, cacheKey: string, render: Render): Promise<FastifyReply>
  /** Parses a request; returns the earlier result for a request with the same raw cache key. */
  parseOnce<T>(request: FastifyRequest, parse: () => T): T
  /**
   * Sends the reply to an earlier request with the same raw cache key again, without parsing, rendering or negotiating. Returns
   * undefined if there is none, if it is stale, or if `admit` returns undefined.
   */
  sendCached(
    rawCacheKey: string,
    request: IncomingMessage,
    response: ServerResponse,
    admit: AdmitRequest,
  ): PreparedReply | undefined
}

/** Counts a request and returns the values that differ in each reply; undefined if it is over the rate limit. Called on a cache hit only. */
export type AdmitRequest = () => { id: string; rateLimit: RateLimitState | undefined } | undefined

export const createResponseCache = (catalog: Catalog, bytes: number, metrics: Metrics): ResponseCache => {
  const cache = createCanonicalCache(catalog, bytes, metrics)
  /** The canonical key by raw key: it follows from the request alone, so it is never stale. */
  const canonicalKeys = new LRUCache<string, string>({ maxSize: keyMemoryBytes, sizeCalculation: keySize })
  const parsedRequests = new LRUCache<string, { value: unknown }>({
    maxSize: keyMemoryBytes,
    sizeCalculation: parsedSize,
  })
  return {
    parseOnce: (request, parse) => {
      const { rawCacheKey } = request
      const parsed = parsedRequests.get(rawCacheKey)
      if (parsed !== undefined) return parsed.value as ReturnType<typeof parse> // one route parses the requests of a key
      const value = parse()
      if (rawCacheKey !== '') parsedRequests.set(rawCacheKey, { value })
      return value
    },
    send: async (request, reply, cacheKey, render) => {
      const response = await cache.getOrRender(cacheKey, render)
      if (request.rawCacheKey !== '' && bytes > 0) canonicalKeys.set(request.rawCacheKey, cacheKey)
      return sendResponse(request, reply, response, bytes > 0)
    },
    sendCached: (rawCacheKey, request, response, admit) => {
      const cacheKey = canonicalKeys.get(rawCacheKey)
      const cached = cacheKey === undefined ? undefined : cache.getIfValid(cacheKey)
      if (cacheKey === undefined || cached === undefined) return undefined
      const etag = matchIfNoneMatch(request, cached)
      const prepared = cached.preparedReplies.get(
        etag === undefined ? replyVariant(request, negotiateEncoding(request, cached.body.length)) : notModifiedVariant,
      )
      const admitted = prepared && admit()
      if (prepared === undefined || admitted === undefined) return undefined
      writeReply(response, prepared, etag, admitted.id, admitted.rateLimit)
      metrics.countAnswer('cache')
      if (prepared.quickEncoding !== undefined) void cache.recompress(cacheKey, cached, prepared.quickEncoding)
      return prepared
    },
  }
}

/** Memory for canonical keys, and as much for parsed requests, beside that for responses. */
const keyMemoryBytes = 8 * 1024 * 1024
const keySize = (key: string, rawKey: string): number => key.length + rawKey.length + 200

/** A parsed request is about three times as long as its raw key. */
const parsedSize = (_: unknown, rawKey: string): number => rawKey.length * 4 + 500
