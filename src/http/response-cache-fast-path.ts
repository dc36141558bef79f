import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Catalog } from '../catalog.ts'
import { messageFailure } from './message-errors.ts'
import type { Metrics } from './metrics.ts'
import { withoutIgnoredParameters } from './query-string.ts'
import type { RateLimitState } from './rate-limit.ts'
import { createCanonicalCache, type PreparedReply, type Render } from './response-cache.ts'
import {
  isGetOrHead,
  matchIfNoneMatch,
  negotiateEncoding,
  notModifiedVariant,
  type RequestHead,
  replyVariant,
  sendResponse,
  writeReply,
} from './send-response.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** All of the request that decides what is asked, word for word; empty where it is not to be remembered. */
    rawCacheKey: string
    rateLimit: RateLimitState | undefined
    /** Counts the request as so many more: what takes long counts as several. */
    charge(more: number): void
  }
}

/** What every door answers through. */
export interface ResponseCache {
  /** Sends what is kept for the canonical request, or what `work` makes. */
  send(request: FastifyRequest, reply: FastifyReply, key: string, work: Render): Promise<FastifyReply>
  /** What a request asks, read once for all requests of the same wording. */
  parseOnce<T>(request: FastifyRequest, read: () => T): T
  /** Sends the same again to who asks in the same words, where it still holds: nothing is read, made or negotiated anew. */
  sendCached(
    wording: string,
    request: IncomingMessage,
    response: ServerResponse,
    own: AdmitRequest,
  ): PreparedReply | undefined
}

/** What is new with each reply, and is found out only where there is one. */
export type AdmitRequest = () => { id: string; rateLimit: RateLimitState | undefined } | undefined

export const createResponseCache = (catalog: Catalog, bytes: number, metrics: Metrics): ResponseCache => {
  const cache = createCanonicalCache(catalog, bytes, metrics)
  /** The canonical request by its wording: one follows from the other whatever the content is. */
  const canonicalKeys = new LRUCache<string, string>({ maxSize: keyMemoryBytes, sizeCalculation: keySize })
  const parsedRequests = new LRUCache<string, { value: unknown }>({
    maxSize: keyMemoryBytes,
    sizeCalculation: parsedSize,
  })
  return {
    parseOnce: (request, read) => {
      const { rawCacheKey: wording } = request
      const found = parsedRequests.get(wording)
      if (found !== undefined) return found.value as ReturnType<typeof read> // a wording is read at one place
      const value = read()
      if (wording !== '') parsedRequests.set(wording, { value })
      return value
    },
    send: async (request, reply, key, work) => {
      const finished = await cache.getOrRender(key, work)
      if (request.rawCacheKey !== '' && bytes > 0) canonicalKeys.set(request.rawCacheKey, key)
      return sendResponse(request, reply, finished, bytes > 0)
    },
    sendCached: (wording, request, response, own) => {
      const key = canonicalKeys.get(wording)
      const finished = key === undefined ? undefined : cache.getIfValid(key)
      if (key === undefined || finished === undefined) return undefined
      const held = matchIfNoneMatch(request, finished)
      const kept = finished.preparedReplies.get(
        held === undefined ? replyVariant(request, negotiateEncoding(request, finished)) : notModifiedVariant,
      )
      const mine = kept && own()
      if (kept === undefined || mine === undefined) return undefined
      writeReply(response, kept, held, mine.id, mine.rateLimit)
      metrics.countAnswer('cache')
      if (kept.quickEncoding !== undefined) void cache.recompress(key, finished, kept.quickEncoding)
      return kept
    },
  }
}

/** Room for wordings, beside that for answers. */
const keyMemoryBytes = 8 * 1024 * 1024
const keySize = (key: string, wording: string): number => key.length + wording.length + 200

/** What is read is about as long as its words, three times over. */
const parsedSize = (_: unknown, wording: string): number => wording.length * 4 + 500

/** Longer ones are asked once. */
const maxRawCacheKeyLength = 4_096

/** Of a request without a body; a door whose requests have one says it itself. Refusals and `If-Match` are not for `replay`. */
export const rawCacheKeyOf = (request: IncomingMessage): string =>
  isGetOrHead(request) && request.headers['if-match'] === undefined && messageFailure(request) === undefined
    ? rawCacheKeyWith(request, withoutIgnoredParameters(request.url as string)) // a request has an address
    : ''

export const rawCacheKeyWith = (request: RequestHead, words: string): string =>
  words.length > maxRawCacheKeyLength
    ? ''
    : `${isGetOrHead(request) ? 'GET' : request.method} ${request.headers.accept ?? ''}\n${words}`
