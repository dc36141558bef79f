import { contentHash } from '../text/etag.ts'

/** Bytes that stand in many answers, and what tells them from all others. */
export interface JsonFragment {
  bytes: Buffer
  hash: string
}

/** A body in order: pieces made before, and what joins them. */
export type JsonFragments = readonly JsonFragment[]

/** Text between pieces: short, so that it can stand for itself. */
export const literal = (text: string): JsonFragment => ({ bytes: Buffer.from(text), hash: text })

export const fragmentOf = (content: string | Buffer): JsonFragment => {
  const bytes = Buffer.from(content)
  return { bytes, hash: contentHash(bytes) }
}

/** As `pieceOf`, for one that may never be asked for its hash. */
export const lazyFragmentOf = (content: string): JsonFragment => {
  const bytes = Buffer.from(content)
  let hash: string | undefined
  return {
    bytes,
    get hash() {
      hash ??= contentHash(bytes)
      return hash
    },
  }
}

/** The JSON of objects that never change, made once each and gone with them. */
export const createFragmentCache = <T extends object>(shown: (value: T) => unknown): ((value: T) => JsonFragment) => {
  const made = new WeakMap<T, JsonFragment>()
  return value => {
    const known = made.get(value)
    if (known !== undefined) return known
    const piece = fragmentOf(JSON.stringify(shown(value)))
    made.set(value, piece)
    return piece
  }
}

const comma = literal(',')

/** What stands in a list, separated by commas. */
export const commaSeparated = (pieces: readonly JsonFragment[]): JsonFragment[] => {
  const all: JsonFragment[] = []
  for (const piece of pieces) {
    if (all.length > 0) all.push(comma)
    all.push(piece)
  }
  return all
}

/** The bytes of all, and a hash that is the same only where they are: of hashes, since these are known and short. */
export const concat = (pieces: JsonFragments): JsonFragment => {
  const [only] = pieces
  if (only !== undefined && pieces.length === 1) return only
  let length = 0
  for (const piece of pieces) length += piece.bytes.length
  const bytes = Buffer.allocUnsafeSlow(length)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece.bytes, at)
    at += piece.bytes.length
  }
  return { bytes, hash: contentHash(pieces.map(({ hash }) => hash).join('\n')) }
}
