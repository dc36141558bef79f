import { readCursor, writeCursor } from './cursor.ts'

/** A match with its score. The best match comes first; equal scores are ordered by row id. */
export interface RankedMatch {
  rowid: number
  score: number
}

/**
 * The position where a page ended: the score there, and the row ids of matches on both sides, the nearest first. A write
 * changes the scores of all matches a little, because BM25 weighs how often a word occurs anywhere. It hardly changes their
 * order, so the position is found again between the same matches.
 */
export interface SearchPosition {
  score: number
  before: readonly number[]
  after: readonly number[]
}

/** The distances of the stored matches from the position: near ones find it exactly, far ones after whole pages were removed. */
const distances = [1, 2, 3, 4, 8, 16, 32, 64, 128]

/** Returns the position after the match at an index of `rest`, the matches after an earlier position. */
export const positionAfter = (
  rest: readonly RankedMatch[],
  index: number,
  earlier: SearchPosition | undefined,
): SearchPosition => {
  const seen = [...(earlier?.before.toReversed() ?? []), ...rest.slice(0, index + 1).map(({ rowid }) => rowid)]
  return {
    score: (rest[index] as RankedMatch).score, // one of a page
    before: distances.flatMap(distance => seen.at(-distance) ?? []),
    after: distances.flatMap(distance => rest[index + distance]?.rowid ?? []),
  }
}

/** Returns the matches after a position, without those that an earlier page certainly had. */
export const matchesAfter = (
  order: readonly RankedMatch[],
  position: SearchPosition | undefined,
): readonly RankedMatch[] => {
  if (position === undefined) return order
  return order.slice(startAfter(order, position)).filter(({ rowid }) => !position.before.includes(rowid))
}

/**
 * Returns the index that best separates the stored matches before the position from those after it, next to the nearest of
 * them; if none of them exists any more, the index that the score gives.
 */
const startAfter = (order: readonly RankedMatch[], position: SearchPosition): number => {
  const indexes = new Map(order.map(({ rowid }, index) => [rowid, index]))
  const indexesOf = (rowids: readonly number[]) => rowids.map(rowid => indexes.get(rowid))
  const [before, after] = [indexesOf(position.before), indexesOf(position.after)]
  const [seen, unseen] = [before.filter(isDefined), after.filter(isDefined)]
  if (seen.length + unseen.length === 0) return startByScore(order, position)
  const misplaced = (start: number) =>
    seen.filter(index => index >= start).length + unseen.filter(index => index < start).length
  const adjacent = distances.flatMap((_, index) => [
    after[index],
    before[index] === undefined ? undefined : before[index] + 1,
  ])
  // If all matches of earlier pages were removed, everything that is left comes after them.
  const starts = [...(seen.length === 0 ? [0] : []), ...adjacent.filter(isDefined)]
  return starts.sort((one, other) => misplaced(one) - misplaced(other))[0] as number // there is at least one
}

const isDefined = (index: number | undefined): index is number => index !== undefined

const startByScore = (order: readonly RankedMatch[], { score, before: [last = 0] }: SearchPosition): number => {
  const start = order.findIndex(match => match.score < score || (match.score === score && match.rowid > last))
  return start < 0 ? order.length : start
}

export const writePosition = (request: string, { score, before, after }: SearchPosition): string =>
  writeCursor(request, [score, before, after])

export const parsePosition = (cursor: string, request: string): SearchPosition => {
  const [score, before, after] = readCursor(cursor, request, isSearchPosition)
  return { score, before, after }
}

const isSearchPosition = (position: unknown[]): position is [number, number[], number[]] => {
  const [score, before, after, ...more] = position
  return typeof score === 'number' && areRowids(before) && areRowids(after) && more.length === 0
}

const areRowids = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= distances.length && value.every(Number.isSafeInteger)
