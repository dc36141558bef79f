import type { Catalog } from '../catalog.ts'
import { contentHash } from '../text/content-hash.ts'
import { compressFast, type EncodedBody, type Encoding, negotiateEncoding } from './compression.ts'
import { concat, type JsonFragments } from './json-fragments.ts'
import type { RequestHead } from './request.ts'
import { trackDependencies } from './track-dependencies.ts'

/** The response that a route renders: the same for every client with the same request until the content changes. */
export interface RenderedResponse {
  body: string | Buffer | JsonFragments
  type: string
  headers?: Record<string, string>
  /** True if the body is compressed already, so that an encoding would only make it larger. */
  compressed?: boolean
  /** True if pages of other origins may show it in a frame, as its Content-Security-Policy says. */
  framable?: boolean
}

export type Render = (catalog: Catalog) => Promise<RenderedResponse>

/** A rendered response with its body in every encoding that was requested. */
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

/** A response of one revision. */
export interface ConsistentResponse {
  response: CachedResponse
  revision: number
  /** The tracks it depends on; undefined for all of them. */
  tracks: ReadonlySet<string> | undefined
}

/**
 * Renders a response that mixes no two revisions: if a track it depends on was changed while it was rendered, it is rendered again.
 * Writes are rare, so the first try nearly always succeeds.
 */
export const renderConsistently = async (
  catalog: Catalog,
  revision: number,
  render: Render,
): Promise<ConsistentResponse> => {
  const tracked = trackDependencies(catalog)
  const rendered = await render(tracked.catalog)
  // Another thread or process writes: it may have committed between two statements of one turn of the event loop.
  const now = await catalog.revision(true)
  const tracks = tracked.tracks()
  if (now !== revision && (tracks === undefined || catalog.changedSince(revision, tracks)))
    return renderConsistently(catalog, now, render)
  return { response: toCachedResponse(rendered, catalog.cursorAt(revision)), revision: now, tracks }
}

/** Renders a response that is not cached. */
export const renderOnce = async (catalog: Catalog, render: Render): Promise<CachedResponse> =>
  (await renderConsistently(catalog, await catalog.revision(), render)).response

export const toCachedResponse = ({ body, ...rest }: RenderedResponse, cursor: number | null): CachedResponse => {
  const content = Array.isArray(body) ? concat(body) : undefined
  const bytes = Buffer.from(content?.json ?? (body as string | Buffer)) // only fragments are an array
  let hash = content?.hash
  return {
    ...rest,
    body: bytes,
    get hash() {
      hash ??= contentHash(bytes)
      return hash
    },
    cursor,
    etags: new Set(),
    encodedBodies: new Map(),
    recompressing: new Set(),
    preparedReplies: new Map(),
  }
}

/** Returns the encoding in which a client gets a response; undefined is `identity`. */
export const encodingOf = (request: RequestHead, { body, compressed }: CachedResponse): Encoding | undefined =>
  compressed ? undefined : negotiateEncoding(request, body.length)

/** Returns the body in an encoding, compressed fast if it is requested for the first time. */
export const encodeBody = (response: CachedResponse, encoding: Encoding): Promise<EncodedBody> => {
  const cached = response.encodedBodies.get(encoding)
  if (cached !== undefined) return cached
  const encoded = compressFast[encoding](response.body).then(bytes => ({ bytes, quick: true }))
  response.encodedBodies.set(encoding, encoded)
  return encoded
}
