import { promisify } from 'node:util'
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib'
import { LRUCache } from 'lru-cache'
import Negotiator from 'negotiator'
import type { RequestHead } from './request.ts'

export const encodings = ['br', 'zstd', 'gzip'] as const
export type Encoding = (typeof encodings)[number]

/** A body in one encoding: `quick` when compressed for its first request, strongly once it was requested again. */
export interface EncodedBody {
  bytes: Buffer
  quick: boolean
}

/** Returns the encoding that `Accept-Encoding` prefers for a body of this size (RFC 9110, section 12.5.3); undefined is `identity`. */
export const negotiateEncoding = (request: RequestHead, bodyBytes: number): Encoding | undefined => {
  const header = request.headers['accept-encoding']
  if (header === undefined || bodyBytes < minBytes) return undefined
  const negotiated = negotiatedEncodings.get(header)
  if (negotiated !== undefined) return negotiated.encoding
  const negotiator: EncodingNegotiator = new Negotiator({ headers: { 'accept-encoding': header } })
  const offered = [...encodings, 'identity']
  const [preferred] = negotiator.encodings(offered, { preferred: offered })
  const encoding = encodings.find(one => one === preferred)
  negotiatedEncodings.set(header, { encoding })
  return encoding
}

/** Compressing shorter bodies saves nothing. */
const minBytes = 1_024

/** negotiator 1.0 takes our order for equally preferred encodings, which its types do not declare yet. */
interface EncodingNegotiator {
  encodings(available: string[], options: { preferred: string[] }): string[]
}

/** Browsers send few different headers, so each is parsed once. */
const negotiatedEncodings = new LRUCache<string, { encoding: Encoding | undefined }>({ max: 500 })

const [brotli, zip, zstd] = [promisify(brotliCompress), promisify(gzip), promisify(zstdCompress)]

const brotliAt = (quality: number) => (body: Buffer) =>
  brotli(body, {
    params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
  })
const zstdAt = (level: number) => (body: Buffer) =>
  zstd(body, { params: { [constants.ZSTD_c_compressionLevel]: level } })

/** Compresses a body on Node's thread pool, beside the event loop. */
export const compressFast: Record<Encoding, (body: Buffer) => Promise<Buffer>> = {
  br: brotliAt(4),
  gzip: body => zip(body, { level: 3 }),
  zstd: zstdAt(1),
}

const compressBest: Record<Encoding, (body: Buffer) => Promise<Buffer>> = {
  br: brotliAt(11),
  gzip: body => zip(body, { level: 9 }),
  zstd: zstdAt(19),
}

/** Longer bodies take seconds to compress strongly, and few clients request them. */
const maxRecompressedBytes = 2 * 1024 * 1024

/**
 * Returns a function that compresses a body strongly; it returns undefined if the body is too long or not wanted any more. One body
 * at a time, so that fast compression never waits behind several.
 */
export const createRecompressor = () => {
  let last: Promise<unknown> = Promise.resolve()
  return (body: Buffer, encoding: Encoding, isWanted: () => boolean): Promise<Buffer | undefined> => {
    const next = last.then(() =>
      body.length <= maxRecompressedBytes && isWanted() ? compressBest[encoding](body) : undefined,
    )
    last = next
    return next
  }
}
