import { setImmediate as turn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Catalog, Hit } from '../catalog.ts'
import { chunks } from './chunks.ts'
import { requestName } from './cursor.ts'
import type { Session } from './database.ts'
import { borderBehind, leftBehind, type Ranked, readBorder, writeBorder } from './search-cursor.ts'
import { filters, filterValues, type Statements, shown, statementsFor, type Values } from './search-statements.ts'
import { countIn, marked, wordsOf } from './search-words.ts'

/**
 * So many matches or more are not ranked: to rank a word that is everywhere takes long and says nothing about which match comes
 * first. Those with the words in their titles come first then. As many matches are read in one turn of the event loop.
 */
const ranked = 2_000

/** As many matches of a few words are ranked and read in one go. */
const few = 100

/** Searches with the same filters share their statements. The matches of a search are cached until anything changes. */
export const searchIn = (session: Session, revision: Catalog['revision']): Catalog['search'] => {
  const prepared = new LRUCache<string, Statements>({ max: 100 })
  const kept = new LRUCache<string, { at: number; rowids: number[] }>({
    maxSize: 4_000_000,
    sizeCalculation: ({ rowids }, name) => rowids.length * 8 + name.length * 2 + 100,
  })
  const rowidsOf = async (statements: Statements, values: Values): Promise<number[]> => {
    const [at, name] = [await revision(), JSON.stringify(values)]
    const known = kept.get(name)
    if (known?.at === at) return known.rowids
    const rowids = await matches(statements, values)
    kept.set(name, { at, rowids })
    return rowids
  }
  return async query => {
    const { q, track, noun, tier } = query
    const request = requestName('search', { q, track, noun, tier })
    const border = query.after === undefined ? undefined : readBorder(query.after, request)
    const words = wordsOf(query.q)
    const shape = filters.map(name => query[name]?.length).join()
    const statements = prepared.get(shape) ?? statementsFor(session, query)
    prepared.set(shape, statements)
    const found =
      words.length === 0 ? [] : await rowidsOf(statements, { match: words.join(' '), ...filterValues(query) })
    const { order, rows } = await orderOf(statements, words, found)
    const left = leftBehind(order, border)
    const page = left.slice(0, query.limit)
    const texts = rows ?? (await rowsOf(statements, words, page))
    return {
      // A match may have been removed since it was found: then the answer is made again.
      data: page.flatMap(({ rowid, score }) => {
        const row = texts.get(rowid)
        return row === undefined ? [] : [hitOf(row, score)]
      }),
      total: found.length,
      more: left.length > page.length,
      cursorAfter: index => writeBorder(request, borderBehind(left, index, border)),
    }
  }
}

/** The row ids of the first matches, in their order. */
const matches = async (statements: Statements, values: Values): Promise<number[]> => {
  const found: number[] = []
  let after: unknown = 0
  for (;;) {
    const rows = await statements.matches.values({ ...values, after, limit: ranked })
    const [wanted, looked, last] = rows[0] as [string, number, unknown] // a count always has a row
    found.push(...(JSON.parse(wanted) as number[]))
    if (looked < ranked || found.length >= ranked) return found.slice(0, ranked)
    after = last
    await turn()
  }
}

/** The shown columns and the snippet of matches, by row id. */
type Rows = ReadonlyMap<number, unknown[]>

type InOrder = (
  statements: Statements,
  words: readonly string[],
  found: readonly number[],
) => Promise<{ order: Ranked[]; rows?: Rows }>

/** For each word FTS5 counts the rows that hold it, which takes a while where it is everywhere: each of more words has a turn of its own. */
const wordsPerTurn = 4

const orderOf: InOrder = async (statements, words, found) => {
  if (found.length === 0) return { order: [] }
  if (found.length <= few && words.length <= wordsPerTurn) return readAndRanked(statements, words, found)
  const inOrder = await (found.length === ranked ? byTitle : byRank)(statements, words, found)
  await turn()
  return inOrder
}

const readAndRanked: InOrder = async (statements, words, found) => {
  const read = await statements.shown.values({ match: words.join(' '), ...listOf(found), scored: 1 })
  const order = read.map(row => ({ rowid: Number(row[0]), score: -Number(row.at(-2)) }))
  return { order: bestFirst(order), rows: byRowid(read) }
}

/** A match without any of the words in its title still has a score above 0. */
const inTextOnly = 0.1

const byTitle: InOrder = async (statements, words, found) => {
  const rows = (await statements.titles.values({ rowids: JSON.stringify(found) })) as [number, string][] // what it selects
  const order = rows.map(([rowid, title]) => ({ rowid, score: countIn(title, words) || inTextOnly }))
  return { order: bestFirst(order) }
}

/** The score of several words is the sum of theirs, so that they can be asked for in turns. */
const byRank: InOrder = async (statements, words, found) => {
  const scores = new Map<number, number>()
  for (const [index, piece] of chunks(words, words.length > wordsPerTurn ? 1 : wordsPerTurn).entries()) {
    if (index > 0) await turn()
    const rows = await statements.scores.values({ match: piece.join(' '), ...listOf(found) })
    for (const [rowid, score] of rows as [number, number][]) scores.set(rowid, (scores.get(rowid) ?? 0) - score)
  }
  return { order: bestFirst([...scores].map(([rowid, score]) => ({ rowid, score }))) }
}

const bestFirst = (matches: Ranked[]): Ranked[] =>
  matches.sort((one, other) => other.score - one.score || one.rowid - other.rowid)

const listOf = (rowids: readonly number[]): Values => ({
  rowids: JSON.stringify(rowids),
  first: rowids[0],
  last: rowids.at(-1),
})

/** Each word is looked for in each text that a snippet is cut from: so many times in one turn. */
const looksPerTurn = 400

const rowsOf = async (statements: Statements, words: readonly string[], page: readonly Ranked[]): Promise<Rows> => {
  const read: unknown[][] = []
  const rowids = page.map(({ rowid }) => rowid).sort((a, b) => a - b)
  for (const [index, piece] of chunks(rowids, Math.floor(looksPerTurn / words.length)).entries()) {
    if (index > 0) await turn()
    read.push(...(await statements.shown.values({ match: words.join(' '), ...listOf(piece), scored: 0 })))
  }
  return byRowid(read)
}

const byRowid = (rows: readonly unknown[][]): Rows => new Map(rows.map(([rowid, ...row]) => [Number(rowid), row]))

const hitOf = (row: unknown[], score: number): Hit => {
  const hit = Object.fromEntries(Object.keys(shown).map((name, index) => [name, row[index]]))
  return { ...hit, score: shownScore(score), snippet: marked(String(row.at(-1))) } as Hit // the statement selects just these
}

/** Four decimals, or four digits of what would be 0 by them: a word that more than half of all texts hold has a weight of one millionth. */
const shownScore = (score: number): number => Number(score < 0.001 ? score.toPrecision(4) : score.toFixed(4))
