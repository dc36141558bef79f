import { LRUCache } from 'lru-cache'
import type { Catalog } from '../catalog.ts'
import { compressFast, createRecompressor, type EncodedBody, type Encoding } from './compression.ts'
import { concat, type JsonFragments, lazyFragmentOf } from './json-fragments.ts'
import type { Metrics } from './metrics.ts'
import { trackDependencies } from './track-dependencies.ts'

/** The response that a route renders: the same for every client with the same request until the content changes. */
export interface RenderedResponse {
  body: string | JsonFragments
  type: string
  headers?: Record<string, string>
}

export type Render = (catalog: Catalog) => Promise<RenderedResponse>

/** A response with its body in every encoding that was requested. */
export interface CachedResponse extends Omit<RenderedResponse, 'body'> {
  body: Buffer
  /** The sequence number of the last change when it was rendered; null if no change of content affects it. */
  cursor: number | null
  /** The hash of the body before encoding. The ETag of an encoding adds its name, so that each differs (RFC 9110, section 8.8.3). */
  readonly hash: string
  /** The ETags that were sent. */
  etags: Set<string>
  encodedBodies: Map<Encoding, Promise<EncodedBody>>
  /** Encodings whose strong compression has begun or ended. */
  recompressing: Set<Encoding>
  /** Replies to be sent again, by variant: method and encoding, or 304. */
  preparedReplies: Map<string, PreparedReply>
}

/** A reply without the headers that differ for each request. */
export interface PreparedReply {
  status: number
  /** Names and values in turn, as Node takes them. */
  headers: readonly string[]
  bytes: Buffer | undefined
  /** A small body as a Latin-1 string, a character for each byte: Node writes it together with the headers, which is faster. */
  text: string | undefined
  /** The encoding, if the bytes were compressed fast and can be compressed better. */
  quickEncoding: Encoding | undefined
  route: string | undefined
}

interface CacheEntry {
  response: CachedResponse
  /** The last revision at which it was found valid. */
  validAt: number
  /** The tracks it depends on; undefined for all of them. */
  tracks: ReadonlySet<string> | undefined
}

/**
 * Caches responses by canonical cache key until one of the tracks they depend on changes. A response is never older than the database
 * and never mixes two revisions: if a change was committed while it was rendered, it is rendered again. Requests for a response that
 * is being rendered wait for it.
 */
export const createCanonicalCache = (catalog: Catalog, bytes: number, metrics: Pick<Metrics, 'countAnswer'>) => {
  const entries = new LRUCache<string, CacheEntry>({ maxSize: Math.max(bytes, 1), sizeCalculation: entrySize })
  const inFlight = new Map<string, Promise<CachedResponse>>()
  const compressStrongly = createRecompressor()
  const getAt = (key: string, revision: number): CachedResponse | undefined => {
    const entry = entries.get(key)
    if (entry === undefined) return undefined
    if (entry.validAt !== revision) {
      if (entry.tracks === undefined || catalog.changedSince(entry.validAt, entry.tracks)) return undefined
      entry.validAt = revision
    }
    return entry.response
  }
  const renderAndStore = async (key: string, revision: number, render: Render): Promise<CachedResponse> => {
    const entry = await renderConsistently(catalog, revision, render)
    if (bytes > 0) entries.set(key, entry)
    return entry.response
  }
  return {
    /** Returns the cached response; undefined if there is none, if it is stale, or if the revision is not known at once. */
    getIfValid: (key: string): CachedResponse | undefined => {
      const revision = catalog.revision()
      return typeof revision === 'number' ? getAt(key, revision) : undefined
    },
    getOrRender: async (key: string, render: Render): Promise<CachedResponse> => {
      const revision = await catalog.revision()
      const cached = getAt(key, revision)
      metrics.countAnswer(cached === undefined ? 'made' : 'cache')
      if (cached !== undefined) return cached
      const name = `${revision} ${key}`
      const pending = inFlight.get(name)
      if (pending !== undefined) return pending
      const rendering = renderAndStore(key, revision, render).finally(() => inFlight.delete(name))
      inFlight.set(name, rendering)
      return rendering
    },
    /** Compresses a response strongly that is sent again and again; until then its fast compression is sent. */
    recompress: async (key: string, response: CachedResponse, encoding: Encoding): Promise<void> => {
      if (response.recompressing.has(encoding)) return
      response.recompressing.add(encoding)
      const isStillCached = () => entries.peek(key)?.response === response
      const strong = await compressStrongly(response.body, encoding, isStillCached)
      if (strong === undefined) return
      response.encodedBodies.set(encoding, Promise.resolve({ bytes: strong, quick: false }))
      response.preparedReplies.clear()
    },
  }
}

/** In bytes, with room for the encodings, which are added later. */
const entrySize = ({ response }: CacheEntry, key: string): number => response.body.length * 2 + key.length + 2_000

/** Renders a response that is not cached. */
export const renderOnce = async (catalog: Catalog, render: Render): Promise<CachedResponse> =>
  (await renderConsistently(catalog, await catalog.revision(), render)).response

/** Renders until no dependency changed meanwhile. Writes are rare, so the first try nearly always succeeds. */
const renderConsistently = async (catalog: Catalog, revision: number, render: Render): Promise<CacheEntry> => {
  const tracked = trackDependencies(catalog)
  const rendered = await render(tracked.catalog)
  // Another thread or process writes: it may have committed between two statements of one turn of the event loop.
  const now = await catalog.revision(true)
  const tracks = tracked.tracks()
  if (now !== revision && (tracks === undefined || catalog.changedSince(revision, tracks)))
    return renderConsistently(catalog, now, render)
  return { response: toCachedResponse(rendered, catalog.cursorAt(revision)), validAt: now, tracks }
}

export const toCachedResponse = ({ body, ...rest }: RenderedResponse, cursor: number | null): CachedResponse => {
  const content = typeof body === 'string' ? lazyFragmentOf(body) : concat(body)
  return {
    ...rest,
    body: content.bytes,
    get hash() {
      return content.hash
    },
    cursor,
    etags: new Set(),
    encodedBodies: new Map(),
    recompressing: new Set(),
    preparedReplies: new Map(),
  }
}

/** Returns the body in an encoding, compressed fast if it is requested for the first time. */
export const encodeBody = (response: CachedResponse, encoding: Encoding): Promise<EncodedBody> => {
  const cached = response.encodedBodies.get(encoding)
  if (cached !== undefined) return cached
  const encoded = compressFast[encoding](response.body).then(bytes => ({ bytes, quick: true }))
  response.encodedBodies.set(encoding, encoded)
  return encoded
}
