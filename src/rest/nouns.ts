import { jsonPieces, type Piece, type Pieces, separated } from '../http/pieces.ts'
import type { Answer } from '../model/curriculum.ts'

/** A noun as JSON: each that is in memory is written once, in whatever answers it stands. */
export const nounPiece = jsonPieces((answer: Answer) => answer)

export const listPiece = (answers: readonly Answer[]): Pieces => ['[', ...separated(answers.map(nounPiece)), ']']

/** Lists by name. */
export const listsPiece = (lists: Record<string, Answer[]>): Pieces => [
  '{',
  ...Object.entries(lists).flatMap(([name, answers], index) => [
    `${index === 0 ? '' : ','}"${name}":`,
    ...listPiece(answers),
  ]),
  '}',
]

const without = new WeakMap<Piece, Piece>()

/** An object that goes on: without its closing brace. */
export const opened = (piece: Piece): Piece => {
  const known = without.get(piece) ?? { bytes: piece.bytes.subarray(0, -1), hash: `${piece.hash}-` }
  without.set(piece, known)
  return known
}
