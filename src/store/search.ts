import { setImmediate as nextTurn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Catalog } from '../catalog.ts'
import type { SearchHit } from '../model/paging.ts'
import { requestName } from './cursor.ts'
import { chunks, type Session } from './database.ts'
import { matchesAfter, parsePosition, positionAfter, type RankedMatch, writePosition } from './search-cursor.ts'
import {
  countWordsIn,
  filterNames,
  filterValues,
  parseWords,
  prepareSearch,
  type Statements,
  shownColumns,
  snippetHtml,
  type Values,
} from './search-query.ts'

/**
 * The maximum number of matches. A search that reaches it is ordered by words in the title instead of BM25, because ranking a
 * word that occurs everywhere is slow and says little. It is also the number of rows that one turn of the event loop scans.
 */
const maxMatches = 2_000

/** The maximum number of matches of a few words that are ranked and read in one statement. */
const fewMatches = 100

/**
 * Creates the search. It runs in three steps: find the row ids of all matches, order them, read the page. Searches with the
 * same filters share prepared statements; the matches of a search are cached until the revision changes.
 */
export const createSearch = (session: Session, revision: Catalog['revision']): Catalog['search'] => {
  const prepared = new LRUCache<string, Statements>({ max: 100 })
  const cache = new LRUCache<string, Matches & { at: number }>({
    maxSize: 4_000_000,
    sizeCalculation: ({ rowids }, cacheKey) => rowids.length * 8 + cacheKey.length * 2 + 100,
  })
  const findMatches = async (statements: Statements, values: Values): Promise<Matches> => {
    const [at, cacheKey] = [await revision(), JSON.stringify(values)]
    const cached = cache.get(cacheKey)
    if (cached?.at === at) return cached
    const byCode = (await statements.code.values(values)).map(([rowid]) => Number(rowid))
    const rowids = withRowids(await readMatches(statements, values), byCode)
    const matches = { rowids, byCode: new Set(byCode) }
    cache.set(cacheKey, { at, ...matches })
    return matches
  }
  return async query => {
    const { q, track, noun, tier } = query
    const request = () => requestName('search', { q, track, noun, tier })
    const position = query.after === undefined ? undefined : parsePosition(query.after, request())
    const words = parseWords(query.q)
    const shape = filterNames.map(name => query[name]?.length).join()
    const statements = prepared.get(shape) ?? prepareSearch(session, query)
    prepared.set(shape, statements)
    const { rowids: found, byCode } =
      words.length === 0
        ? noMatches
        : await findMatches(statements, { match: words.join(' '), code: query.q.trim(), ...filterValues(query) })
    const { order: ranked, rows } = await rankMatches(statements, words, found)
    const order = byCode.size === 0 ? ranked : codesFirst(ranked, byCode)
    const rest = matchesAfter(order, position)
    const page = rest.slice(0, query.limit)
    const shown = rows ?? (await readRows(statements, words, page))
    return {
      // A match may have been removed since it was found; the response is then out of date and is built again.
      data: page.flatMap(({ rowid, score }) => {
        const row = shown.get(rowid)
        return row === undefined ? [] : [toHit(row, score)]
      }),
      total: found.length,
      more: rest.length > page.length,
      cursorAfter: index => writePosition(request(), positionAfter(rest, index, position)),
    }
  }
}

/** The matches of a search by row id, in order, and those among them whose code is the whole query. */
interface Matches {
  rowids: number[]
  byCode: ReadonlySet<number>
}
const noMatches: Matches = { rowids: [], byCode: new Set() }

/** Adds matches that are not among the first ones. */
const withRowids = (found: number[], others: readonly number[]): number[] => {
  const missing = others.filter(rowid => !found.includes(rowid))
  return missing.length === 0 ? found : [...missing, ...found].slice(0, maxMatches).sort((one, other) => one - other)
}

/** The score of a skill whose code is the whole query: higher than any sum of word scores. */
const codeScore = 10_000

const codesFirst = (matches: readonly RankedMatch[], byCode: ReadonlySet<number>): RankedMatch[] =>
  bestFirst(matches.map(({ rowid, score }) => ({ rowid, score: byCode.has(rowid) ? codeScore : score })))

/** Reads the row ids of the first matches, in order. */
const readMatches = async (statements: Statements, values: Values): Promise<number[]> => {
  const found: number[] = []
  let after: unknown = 0
  for (;;) {
    const rows = await statements.matches.values({ ...values, after, limit: maxMatches })
    const [rowids, count, last] = rows[0] as [string, number, unknown] // a count always has a row
    found.push(...(JSON.parse(rowids) as number[]))
    if (count < maxMatches || found.length >= maxMatches) return found.slice(0, maxMatches)
    after = last
    await nextTurn()
  }
}

/** The shown columns and the snippet of each match, by row id. */
type Rows = ReadonlyMap<number, unknown[]>

type Ranking = (
  statements: Statements,
  words: readonly string[],
  found: readonly number[],
) => Promise<{ order: RankedMatch[]; rows?: Rows }>

/** The number of words that one turn of the event loop ranks: FTS5 counts all rows that contain each word, which takes a while for a common one. */
const wordsPerTurn = 4

const rankMatches: Ranking = async (statements, words, found) => {
  if (found.length === 0) return { order: [] }
  if (found.length <= fewMatches && words.length <= wordsPerTurn) return rankAndRead(statements, words, found)
  const ranking = await (found.length === maxMatches ? rankByTitle : rankByScore)(statements, words, found)
  await nextTurn()
  return ranking
}

const rankAndRead: Ranking = async (statements, words, found) => {
  const read = await statements.shown.values({ match: words.join(' '), ...rowidValues(found), scored: 1 })
  const order = read.map(row => ({ rowid: Number(row[0]), score: -Number(row.at(-2)) }))
  return { order: bestFirst(order), rows: byRowid(read) }
}

/** The score of a match without any of the words in its title; every score is above 0. */
const bodyOnlyScore = 0.1

const rankByTitle: Ranking = async (statements, words, found) => {
  const rows = (await statements.titles.values({ rowids: JSON.stringify(found) })) as [number, string][] // the columns it selects
  const order = rows.map(([rowid, title]) => ({ rowid, score: countWordsIn(title, words) || bodyOnlyScore }))
  return { order: bestFirst(order) }
}

/** Adds up the scores of the words, which is the score of all of them, so that they can be read in several turns. */
const rankByScore: Ranking = async (statements, words, found) => {
  const scores = new Map<number, number>()
  for (const [index, chunk] of chunks(words, words.length > wordsPerTurn ? 1 : wordsPerTurn).entries()) {
    if (index > 0) await nextTurn()
    const rows = await statements.scores.values({ match: chunk.join(' '), ...rowidValues(found) })
    for (const [rowid, score] of rows as [number, number][]) scores.set(rowid, (scores.get(rowid) ?? 0) - score)
  }
  return { order: bestFirst([...scores].map(([rowid, score]) => ({ rowid, score }))) }
}

const bestFirst = (matches: RankedMatch[]): RankedMatch[] =>
  matches.sort((one, other) => other.score - one.score || one.rowid - other.rowid)

const rowidValues = (rowids: readonly number[]): Values => ({
  rowids: JSON.stringify(rowids),
  first: rowids[0],
  last: rowids.at(-1),
})

/** The number of word lookups per turn of the event loop when snippets are cut: rows times words. */
const lookupsPerTurn = 400

const readRows = async (
  statements: Statements,
  words: readonly string[],
  page: readonly RankedMatch[],
): Promise<Rows> => {
  const read: unknown[][] = []
  const rowids = page.map(({ rowid }) => rowid).sort((a, b) => a - b)
  for (const [index, chunk] of chunks(rowids, Math.floor(lookupsPerTurn / words.length)).entries()) {
    if (index > 0) await nextTurn()
    read.push(...(await statements.shown.values({ match: words.join(' '), ...rowidValues(chunk), scored: 0 })))
  }
  return byRowid(read)
}

const byRowid = (rows: readonly unknown[][]): Rows => new Map(rows.map(([rowid, ...row]) => [Number(rowid), row]))

const toHit = (row: unknown[], score: number): SearchHit => {
  const hit = Object.fromEntries(Object.keys(shownColumns).map((name, index) => [name, row[index]]))
  return { ...hit, score: roundScore(score), snippet: snippetHtml(String(row.at(-1))) } as SearchHit // the statement selects these columns
}

/** Rounds to four decimals, or to four significant digits below 0.001: FTS5 gives a word in more than half of all texts a weight of 0.000001. */
const roundScore = (score: number): number => Number(score < 0.001 ? score.toPrecision(4) : score.toFixed(4))
