import { hashOf } from '../text/etag.ts'

/** Bytes that stand in many answers, and what tells them from all others. */
export interface Piece {
  bytes: Buffer
  hash: string
}

/** A body in order: pieces made before, and what joins them. */
export type Pieces = readonly Piece[]

/** Text between pieces: short, so that it can stand for itself. */
export const glue = (text: string): Piece => ({ bytes: Buffer.from(text), hash: text })

export const pieceOf = (content: string | Buffer): Piece => {
  const bytes = Buffer.from(content)
  return { bytes, hash: hashOf(bytes) }
}

/** As `pieceOf`, for one that may never be asked for its hash. */
export const latePieceOf = (content: string): Piece => {
  const bytes = Buffer.from(content)
  let hash: string | undefined
  return {
    bytes,
    get hash() {
      hash ??= hashOf(bytes)
      return hash
    },
  }
}

/** The JSON of objects that never change, made once each and gone with them. */
export const jsonPieces = <T extends object>(shown: (value: T) => unknown): ((value: T) => Piece) => {
  const made = new WeakMap<T, Piece>()
  return value => {
    const known = made.get(value)
    if (known !== undefined) return known
    const piece = pieceOf(JSON.stringify(shown(value)))
    made.set(value, piece)
    return piece
  }
}

const comma = glue(',')

/** What stands in a list, separated by commas. */
export const separated = (pieces: readonly Piece[]): Piece[] => {
  const all: Piece[] = []
  for (const piece of pieces) {
    if (all.length > 0) all.push(comma)
    all.push(piece)
  }
  return all
}

/** The bytes of all, and a hash that is the same only where they are: of hashes, since these are known and short. */
export const joined = (pieces: Pieces): Piece => {
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
  return { bytes, hash: hashOf(pieces.map(({ hash }) => hash).join('\n')) }
}
