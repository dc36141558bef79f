import { LRUCache } from 'lru-cache'
import type { Catalog } from '../catalog.ts'
import { compressFast, createRecompressor, type EncodedBody, type Encoding } from './compression.ts'
import { concat, type JsonFragments, lazyFragmentOf } from './json-fragments.ts'
import type { Metrics } from './metrics.ts'
import { trackDependencies } from './track-dependencies.ts'

/** What a door makes of a request: bytes that anybody who asks the same gets until the content changes. */
export interface RenderedResponse {
  body: string | JsonFragments
  type: string
  headers?: Record<string, string>
}

/** An answer with its bytes in every encoding that was asked for. */
export interface CachedResponse extends Omit<RenderedResponse, 'body'> {
  body: Buffer
  /** The change it was made at; null where no change to the content touches it. */
  cursor: number | null
  /** Of the bytes before encoding: an encoding adds its name, so that each has an ETag of its own (RFC 9110, section 8.8.3). */
  readonly hash: string
  /** The ETags it has been sent under. */
  etags: Set<string>
  encodedBodies: Map<Encoding, Promise<EncodedBody>>
  /** Encodings that are being made better, or have been. */
  recompressing: Set<Encoding>
  /** What was sent, to be sent again: by method, status and encoding. */
  preparedReplies: Map<string, PreparedReply>
}

/** A reply but for what is new each time. */
export interface PreparedReply {
  status: number
  /** Names and values in turn, as Node takes them. */
  headers: readonly string[]
  bytes: Buffer | undefined
  /** Few bytes as text, one character a byte: Node writes it together with the headers, which is quicker than two pieces. */
  text: string | undefined
  /** The encoding better bytes are to be had in. */
  quickEncoding: Encoding | undefined
  /** The route it was sent by. */
  route: string | undefined
}

interface CacheEntry {
  finished: CachedResponse
  /** The last change at which it was seen to hold. */
  validAt: number
  tracks: ReadonlySet<string> | undefined
}

export type Render = (catalog: Catalog) => Promise<RenderedResponse>

/**
 * Finished answers by canonical request, as long as the tracks they speak of are what they were. An answer is never older
 * than the database, and never a mixture: where a change came in between, it is made again. Who asks for what is being
 * made waits for it.
 */
export const createCanonicalCache = (catalog: Catalog, bytes: number, metrics: Pick<Metrics, 'countAnswer'>) => {
  const entries = new LRUCache<string, CacheEntry>({ maxSize: Math.max(bytes, 1), sizeCalculation: entrySize })
  const inFlight = new Map<string, Promise<CachedResponse>>()
  const recompressBody = createRecompressor()
  const getEntry = (key: string, revision: number): CachedResponse | undefined => {
    const known = entries.get(key)
    if (known === undefined) return undefined
    if (known.validAt !== revision) {
      if (known.tracks === undefined || catalog.changedSince(known.validAt, known.tracks)) return undefined
      known.validAt = revision
    }
    return known.finished
  }
  const make = async (key: string, revision: number, work: Render): Promise<CachedResponse> => {
    const made = await renderConsistently(catalog, revision, work)
    if (bytes > 0) entries.set(key, made)
    return made.finished
  }
  return {
    /** What is kept for this and holds; undefined also where that cannot be said at once. */
    getIfValid: (key: string): CachedResponse | undefined => {
      const revision = catalog.revision()
      return typeof revision === 'number' ? getEntry(key, revision) : undefined
    },
    getOrRender: async (key: string, work: Render): Promise<CachedResponse> => {
      const revision = await catalog.revision()
      const known = getEntry(key, revision)
      metrics.countAnswer(known === undefined ? 'made' : 'cache')
      if (known !== undefined) return known
      const name = `${revision} ${key}`
      const waiting = inFlight.get(name)
      if (waiting !== undefined) return waiting
      const made = make(key, revision, work).finally(() => inFlight.delete(name))
      inFlight.set(name, made)
      return made
    },
    /** What is sent again and again is worth being made smaller, while what there is goes on being sent. */
    recompress: async (key: string, finished: CachedResponse, encoding: Encoding): Promise<void> => {
      if (finished.recompressing.has(encoding)) return
      finished.recompressing.add(encoding)
      const isStillCached = () => entries.peek(key)?.finished === finished
      const bytes = await recompressBody(finished.body, encoding, isStillCached)
      if (bytes === undefined) return
      finished.encodedBodies.set(encoding, Promise.resolve({ bytes: bytes, quick: false }))
      finished.preparedReplies.clear()
    },
  }
}
export type CanonicalCache = ReturnType<typeof createCanonicalCache>

/** Room for the encodings too, which come later. */
const entrySize = ({ finished }: CacheEntry, key: string): number => finished.body.length * 2 + key.length + 2_000

/** An answer that nobody else will ask for. */
export const renderOnce = async (catalog: Catalog, work: Render): Promise<CachedResponse> =>
  (await renderConsistently(catalog, await catalog.revision(), work)).finished

/** Writes are rare: nearly always the first try stands. */
const renderConsistently = async (catalog: Catalog, revision: number, work: Render): Promise<CacheEntry> => {
  const concerned = trackDependencies(catalog)
  const made = await work(concerned.catalog)
  // Who writes is another thread or process: something may have been committed between two statements of one turn.
  const now = await catalog.revision(true)
  const tracks = concerned.tracks()
  if (now !== revision && (tracks === undefined || catalog.changedSince(revision, tracks)))
    return renderConsistently(catalog, now, work)
  return { finished: toCachedResponse(made, catalog.cursorAt(revision)), validAt: now, tracks }
}

export const toCachedResponse = ({ body, ...made }: RenderedResponse, cursor: number | null): CachedResponse => {
  const piece = typeof body === 'string' ? lazyFragmentOf(body) : concat(body)
  return {
    ...made,
    body: piece.bytes,
    get hash() {
      return piece.hash
    },
    cursor,
    etags: new Set(),
    encodedBodies: new Map(),
    recompressing: new Set(),
    preparedReplies: new Map(),
  }
}

export const encodeBody = (finished: CachedResponse, encoding: Encoding): Promise<EncodedBody> => {
  const known = finished.encodedBodies.get(encoding)
  if (known !== undefined) return known
  const made = compressFast[encoding](finished.body).then(bytes => ({ bytes, quick: true }))
  finished.encodedBodies.set(encoding, made)
  return made
}
