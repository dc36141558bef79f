import { readCursor, writeCursor } from './cursor.ts'

/** A match in its place: the best come first, and equally good ones in the order of their row ids. */
export interface Ranked {
  rowid: number
  score: number
}

/**
 * Where a page ended: the score there, and the row ids of matches on both sides, the nearest first. Any write changes the
 * scores of all matches a little, since a score weighs how often a word occurs everywhere. It hardly changes their order, so
 * that the border is looked for between the same matches.
 */
export interface Border {
  score: number
  before: readonly number[]
  after: readonly number[]
}

/** Distances from the border: the near ones find it exactly, the far ones where whole pages were removed. */
const distances = [1, 2, 3, 4, 8, 16, 32, 64, 128]

/** The border behind the match at an index of what was left after an earlier border. */
export const borderBehind = (left: readonly Ranked[], index: number, earlier: Border | undefined): Border => {
  const seen = [...(earlier?.before.toReversed() ?? []), ...left.slice(0, index + 1).map(({ rowid }) => rowid)]
  return {
    score: (left[index] as Ranked).score, // one of a page
    before: distances.flatMap(distance => seen.at(-distance) ?? []),
    after: distances.flatMap(distance => left[index + distance]?.rowid ?? []),
  }
}

/** The matches behind a border, without those that are known to stand before it. */
export const leftBehind = (order: readonly Ranked[], border: Border | undefined): readonly Ranked[] => {
  if (border === undefined) return order
  return order.slice(startOf(order, border)).filter(({ rowid }) => !border.before.includes(rowid))
}

/** The place that separates the matches on both sides best, next to the nearest of them; by the score where none of them is left. */
const startOf = (order: readonly Ranked[], border: Border): number => {
  const places = new Map(order.map(({ rowid }, index) => [rowid, index]))
  const placesOf = (rowids: readonly number[]) => rowids.map(rowid => places.get(rowid))
  const [before, after] = [placesOf(border.before), placesOf(border.after)]
  const [seen, unseen] = [before.filter(isPlace), after.filter(isPlace)]
  if (seen.length + unseen.length === 0) return startByScore(order, border)
  const astray = (start: number) =>
    seen.filter(place => place >= start).length + unseen.filter(place => place < start).length
  const beside = distances.flatMap((_, index) => [
    after[index],
    before[index] === undefined ? undefined : before[index] + 1,
  ])
  // Where all that was seen is gone, everything that is there is left.
  const starts = [...(seen.length === 0 ? [0] : []), ...beside.filter(isPlace)]
  return starts.sort((one, other) => astray(one) - astray(other))[0] as number // there is one at least
}

const isPlace = (place: number | undefined): place is number => place !== undefined

const startByScore = (order: readonly Ranked[], { score, before: [last = 0] }: Border): number => {
  const start = order.findIndex(one => one.score < score || (one.score === score && one.rowid > last))
  return start < 0 ? order.length : start
}

export const writeBorder = (request: string, { score, before, after }: Border): string =>
  writeCursor(request, [score, before, after])

export const readBorder = (cursor: string, request: string): Border => {
  const [score, before, after] = readCursor(cursor, request, isPlaceOfHits)
  return { score, before, after }
}

const isPlaceOfHits = (place: unknown[]): place is [number, number[], number[]] => {
  const [score, before, after, ...more] = place
  return typeof score === 'number' && areRowids(before) && areRowids(after) && more.length === 0
}

const areRowids = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= distances.length && value.every(Number.isSafeInteger)
