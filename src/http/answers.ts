import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib'
import { LRUCache } from 'lru-cache'
import type { Catalog } from '../catalog.ts'

/** What a door makes of a request: bytes that anybody who asks the same gets until the content changes. */
export interface Made {
  body: string | Buffer
  type: string
  headers?: Record<string, string>
}

export type Encoding = 'identity' | 'br' | 'gzip' | 'zstd'

/** An answer with its bytes in every encoding that was asked for. */
export interface Finished extends Made {
  body: Buffer
  /** The change it was made at; null where no change to the content touches it. */
  cursor: number | null
  /** Of the bytes before encoding: an encoding adds its name, so that each has an ETag of its own (RFC 9110, section 8.8.3). */
  hash: string
  encoded: Map<Encoding, Promise<Buffer>>
}

/**
 * Finished answers by canonical request, as long as the content is what it was. An answer is never older than the
 * database, and never a mixture: where a change came in between, it is made again.
 */
export const answerCache = (catalog: Catalog, bytes: number) => {
  const kept = new LRUCache<string, Finished>({ maxSize: Math.max(bytes, 1), sizeCalculation: sizeOf })
  const underWay = new Map<string, Promise<Finished>>()
  const make = async (key: string, cursor: number, work: () => Promise<Made>): Promise<Finished> => {
    const finished = await consistently(catalog, cursor, work)
    if (bytes > 0) kept.set(key, finished)
    return finished
  }
  return async (key: string, work: () => Promise<Made>): Promise<Finished> => {
    const cursor = await catalog.cursor()
    const known = kept.get(key)
    if (known?.cursor === cursor) return known
    const name = `${cursor} ${key}`
    const waiting = underWay.get(name)
    if (waiting !== undefined) return waiting
    const made = make(key, cursor, work).finally(() => underWay.delete(name))
    underWay.set(name, made)
    return made
  }
}
export type AnswerCache = ReturnType<typeof answerCache>

/** Room for the encodings too, which come later. */
const sizeOf = ({ body }: Finished): number => body.length * 2 + 1_000

/** An answer that nobody else will ask for. */
export const answerOnce = async (catalog: Catalog, work: () => Promise<Made>): Promise<Finished> =>
  consistently(catalog, await catalog.cursor(), work)

/** Writes are rare: nearly always the first try stands. */
const consistently = async (catalog: Catalog, cursor: number, work: () => Promise<Made>): Promise<Finished> => {
  const made = await work()
  const now = await catalog.cursor()
  return now === cursor ? finish(made, cursor) : consistently(catalog, now, work)
}

export const finish = (made: Made, cursor: number | null): Finished => {
  const body = Buffer.from(made.body)
  return {
    ...made,
    body,
    cursor,
    hash: createHash('sha256').update(body).digest('base64url').slice(0, 22),
    encoded: new Map(),
  }
}

/** Shorter bodies gain nothing. */
const worthwhile = 1_024

export const bytesIn = (finished: Finished, encoding: Encoding): Promise<Buffer> | Buffer => {
  if (encoding === 'identity') return finished.body
  const known = finished.encoded.get(encoding)
  if (known !== undefined) return known
  const made = encoders[encoding](finished.body)
  finished.encoded.set(encoding, made)
  return made
}

export const encodingsOf = (finished: Finished): Encoding[] =>
  finished.body.length < worthwhile ? ['identity'] : ['br', 'zstd', 'gzip', 'identity']

const encoders = {
  br: (body: Buffer) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (body: Buffer) => promisify(gzip)(body),
  zstd: (body: Buffer) => promisify(zstdCompress)(body),
}
