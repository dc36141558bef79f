import { hash } from 'node:crypto'

/** Bytes that stand in many answers, and what tells them from all others. */
export interface Piece {
  bytes: Buffer
  hash: string
}

/** A body in order: pieces made before, and the text between them. */
export type Pieces = readonly (Piece | string)[]

export const hashOf = (content: string | Buffer): string => hash('sha256', content, 'base64url').slice(0, 22)

export const pieceOf = (content: string | Buffer): Piece => {
  const bytes = Buffer.from(content)
  return { bytes, hash: hashOf(bytes) }
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

/** What stands in a list, separated by commas. */
export const separated = (pieces: readonly Piece[]): Pieces =>
  pieces.flatMap((piece, index) => (index === 0 ? [piece] : [',', piece]))

/** The bytes of all, and a hash that is the same only where they are: of hashes, since these are known and short. */
export const joined = (pieces: Pieces): Piece => {
  const [only] = pieces
  if (pieces.length === 1 && typeof only === 'object') return only
  let length = 0
  let names = ''
  for (const piece of pieces) {
    length += typeof piece === 'string' ? Buffer.byteLength(piece) : piece.bytes.length
    names += typeof piece === 'string' ? `"${piece}\n` : `${piece.hash}\n`
  }
  const bytes = Buffer.allocUnsafeSlow(length)
  let at = 0
  for (const piece of pieces) {
    if (typeof piece === 'string') at += bytes.write(piece, at)
    else {
      bytes.set(piece.bytes, at)
      at += piece.bytes.length
    }
  }
  return { bytes, hash: hashOf(names) }
}
