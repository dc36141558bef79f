import { promisify } from 'node:util'
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib'

export const encodings = ['br', 'zstd', 'gzip'] as const
export type Encoding = (typeof encodings)[number]

/** Bytes in one encoding: `quick` for whoever asks first, strong once they were asked for again. */
export interface EncodedBody {
  bytes: Buffer
  quick: boolean
}

const [brotli, zip, zstd] = [promisify(brotliCompress), promisify(gzip), promisify(zstdCompress)]

const brotliAt = (quality: number) => (body: Buffer) =>
  brotli(body, {
    params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
  })
const zstdAt = (level: number) => (body: Buffer) =>
  zstd(body, { params: { [constants.ZSTD_c_compressionLevel]: level } })

/** Each runs beside the event loop, on the threads that Node keeps for such work. */
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

/** What is longer takes seconds to compress strongly, and is asked for by few. */
const maxRecompressedBytes = 2 * 1024 * 1024

/** Strong bytes, one after another so that quick ones never wait behind several; undefined where they are not worth their time. */
export const createRecompressor = () => {
  let last: Promise<unknown> = Promise.resolve()
  return (body: Buffer, encoding: Encoding, isWanted: () => boolean): Promise<Buffer | undefined> => {
    const turn = last.then(() =>
      body.length <= maxRecompressedBytes && isWanted() ? compressBest[encoding](body) : undefined,
    )
    last = turn
    return turn
  }
}
