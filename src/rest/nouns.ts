import { commaSeparated, type JsonFragment, type JsonFragments, literal, nounFragment } from '../http/json-fragments.ts'
import type { Answer } from '../model/curriculum.ts'

export const listFragments = (answers: readonly Answer[]): JsonFragments => [
  open,
  ...commaSeparated(answers.map(nounFragment)),
  close,
]

const [open, close] = [literal('['), literal(']')]

/** Lists by name. */
export const namedListsFragments = (lists: Record<string, Answer[]>): JsonFragments => [
  literal('{'),
  ...Object.entries(lists).flatMap(([name, answers], index) => [
    literal(`${index === 0 ? '' : ','}"${name}":`),
    ...listFragments(answers),
  ]),
  literal('}'),
]

const without = new WeakMap<JsonFragment, JsonFragment>()

/** An object that goes on: without its closing brace. */
export const withoutClosingBrace = (piece: JsonFragment): JsonFragment => {
  const known = without.get(piece) ?? { bytes: piece.bytes.subarray(0, -1), hash: `${piece.hash}-` }
  without.set(piece, known)
  return known
}
