import { glue, type Piece, type Pieces, separated } from '../http/json-fragments.ts'
import { nounPiece } from '../http/noun-fragment.ts'
import type { Answer } from '../model/curriculum.ts'

export const listPiece = (answers: readonly Answer[]): Pieces => [open, ...separated(answers.map(nounPiece)), close]

const [open, close] = [glue('['), glue(']')]

/** Lists by name. */
export const listsPiece = (lists: Record<string, Answer[]>): Pieces => [
  glue('{'),
  ...Object.entries(lists).flatMap(([name, answers], index) => [
    glue(`${index === 0 ? '' : ','}"${name}":`),
    ...listPiece(answers),
  ]),
  glue('}'),
]

const without = new WeakMap<Piece, Piece>()

/** An object that goes on: without its closing brace. */
export const opened = (piece: Piece): Piece => {
  const known = without.get(piece) ?? { bytes: piece.bytes.subarray(0, -1), hash: `${piece.hash}-` }
  without.set(piece, known)
  return known
}
