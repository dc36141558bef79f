import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Catalog } from '../catalog.ts'
import { messageFault } from './message-errors.ts'
import type { Metrics } from './metrics.ts'
import { withoutIgnored } from './query-string.ts'
import type { Rate } from './rate-limit.ts'
import { answerCache, type Reply, type Work } from './response-cache.ts'
import {
  type Asking,
  heldName,
  heldTag,
  isRead,
  preferred,
  replyName,
  sendFinished,
  sendReply,
} from './send-response.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** All of the request that decides what is asked, word for word; empty where it is not to be remembered. */
    wording: string
    rate: Rate | undefined
    /** Counts the request as so many more: what takes long counts as several. */
    charge(more: number): void
  }
}

/** What every door answers through. */
export interface Answers {
  /** Sends what is kept for the canonical request, or what `work` makes. */
  send(request: FastifyRequest, reply: FastifyReply, key: string, work: Work): Promise<FastifyReply>
  /** What a request asks, read once for all requests of the same wording. */
  read<T>(request: FastifyRequest, read: () => T): T
  /** Sends the same again to who asks in the same words, where it still holds: nothing is read, made or negotiated anew. */
  replay(wording: string, request: IncomingMessage, response: ServerResponse, own: Own): Reply | undefined
}

/** What is new with each reply, and is found out only where there is one. */
export type Own = () => { id: string; rate: Rate | undefined } | undefined

export const answersOf = (catalog: Catalog, bytes: number, metrics: Metrics): Answers => {
  const cache = answerCache(catalog, bytes, metrics)
  /** The canonical request by its wording: one follows from the other whatever the content is. */
  const known = new LRUCache<string, string>({ maxSize: wordingBytes, sizeCalculation: sizeOf })
  const asked = new LRUCache<string, { value: unknown }>({ maxSize: wordingBytes, sizeCalculation: sizeOfAsked })
  return {
    read: (request, read) => {
      const { wording } = request
      const found = asked.get(wording)
      if (found !== undefined) return found.value as ReturnType<typeof read> // a wording is read at one place
      const value = read()
      if (wording !== '') asked.set(wording, { value })
      return value
    },
    send: async (request, reply, key, work) => {
      const finished = await cache.answer(key, work)
      if (request.wording !== '' && bytes > 0) known.set(request.wording, key)
      return sendFinished(request, reply, finished, bytes > 0)
    },
    replay: (wording, request, response, own) => {
      const key = known.get(wording)
      const finished = key === undefined ? undefined : cache.current(key)
      if (key === undefined || finished === undefined) return undefined
      const held = heldTag(request, finished)
      const kept = finished.replies.get(
        held === undefined ? replyName(request, preferred(request, finished)) : heldName,
      )
      const mine = kept && own()
      if (kept === undefined || mine === undefined) return undefined
      sendReply(response, kept, held, mine.id, mine.rate)
      metrics.answered('cache')
      if (kept.improvable !== undefined) void cache.improve(key, finished, kept.improvable)
      return kept
    },
  }
}

/** Room for wordings, beside that for answers. */
const wordingBytes = 8 * 1024 * 1024
const sizeOf = (key: string, wording: string): number => key.length + wording.length + 200

/** What is read is about as long as its words, three times over. */
const sizeOfAsked = (_: unknown, wording: string): number => wording.length * 4 + 500

/** Longer ones are asked once. */
const longestWording = 4_096

/** Of a request without a body; a door whose requests have one says it itself. Refusals and `If-Match` are not for `replay`. */
export const wordingOf = (request: IncomingMessage): string =>
  isRead(request) && request.headers['if-match'] === undefined && messageFault(request) === undefined
    ? wordingWith(request, withoutIgnored(request.url as string)) // a request has an address
    : ''

export const wordingWith = (request: Asking, words: string): string =>
  words.length > longestWording
    ? ''
    : `${isRead(request) ? 'GET' : request.method} ${request.headers.accept ?? ''}\n${words}`
