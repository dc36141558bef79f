import { setImmediate as nextTurn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Catalog } from '../catalog.ts'
import type { SearchHit } from '../model/paging.ts'
import { requestName } from './cursor.ts'
import { chunks, type Session } from './database.ts'
import { matchesAfter, parsePosition, positionAfter, type RankedMatch, writePosition } from './search-cursor.ts'
import {
  countTermsIn,
  filterNames,
  filterValues,
  matchAny,
  matchTyped,
  prepareSearch,
  type Statements,
  shownColumns,
  snippetHtml,
  type Term,
  toTerms,
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
  const findMatches = async (statements: Statements, terms: readonly Term[], filters: Values): Promise<Matches> => {
    const [match, typed] = [matchAny(terms), matchTyped(terms)]
    const [at, cacheKey] = [await revision(), JSON.stringify([match, filters])]
    const cached = cache.get(cacheKey)
    if (cached?.at === at) return cached
    const byCode = (await statements.code.values(filters)).map(([rowid]) => Number(rowid))
    const asTyped = await readMatches(statements, { ...filters, match: typed })
    const hasSynonyms = terms.some(({ synonyms }) => synonyms.length > 0)
    const all = hasSynonyms ? withRowids(await readMatches(statements, { ...filters, match }), asTyped) : asTyped
    const matches = {
      rowids: withRowids(all, byCode),
      byCode: new Set(byCode),
      asTyped: hasSynonyms ? new Set(asTyped) : undefined,
    }
    cache.set(cacheKey, { at, ...matches })
    return matches
  }
  return async query => {
    const { q, track, noun, tier } = query
    const request = () => requestName('search', { q, track, noun, tier })
    const position = query.after === undefined ? undefined : parsePosition(query.after, request())
    const terms = toTerms(query.terms)
    const shape = filterNames.map(name => query[name]?.length).join()
    const statements = prepared.get(shape) ?? prepareSearch(session, query)
    prepared.set(shape, statements)
    const {
      rowids: found,
      byCode,
      asTyped,
    } = terms.length === 0
      ? noMatches
      : await findMatches(statements, terms, { code: query.q.trim(), ...filterValues(query) })
    const { order: ranked, rows } = await rankMatches(statements, terms, found)
    const order = codesFirst(typedFirst(ranked, asTyped), byCode)
    const rest = matchesAfter(order, position)
    const page = rest.slice(0, query.limit)
    const shown = rows ?? (await readRows(statements, terms, page))
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

/** The matches of a search by row id, in order. */
interface Matches {
  rowids: number[]
  /** The matches whose code equals the whole query. */
  byCode: ReadonlySet<number>
  /** The matches that contain the words of the query itself, not only synonyms; undefined if no word has a synonym. */
  asTyped: ReadonlySet<number> | undefined
}
const noMatches: Matches = { rowids: [], byCode: new Set(), asTyped: undefined }

/** Adds more important matches, which replace others if there are too many. */
const withRowids = (found: number[], important: readonly number[]): number[] => {
  if (important.length === 0) return found
  const known = new Set(found)
  if (important.every(rowid => known.has(rowid))) return found
  return [...new Set([...important, ...found])].slice(0, maxMatches).sort((one, other) => one - other)
}

/** The score of a skill whose code is the whole query: higher than any sum of word scores. */
const codeScore = 10_000

const codesFirst = (matches: RankedMatch[], byCode: ReadonlySet<number>): RankedMatch[] =>
  byCode.size === 0
    ? matches
    : bestFirst(matches.map(({ rowid, score }) => ({ rowid, score: byCode.has(rowid) ? codeScore : score })))

/** Lowers the scores of all matches by synonyms alone below those of the words as they were typed. */
const typedFirst = (matches: RankedMatch[], asTyped: ReadonlySet<number> | undefined): RankedMatch[] => {
  if (asTyped === undefined) return matches
  const lowest = matches.findLast(({ rowid }) => asTyped.has(rowid))?.score ?? Number.POSITIVE_INFINITY
  const highest = matches.find(({ rowid }) => !asTyped.has(rowid))?.score ?? 0
  if (highest < lowest) return matches
  const factor = (lowest / highest) * 0.9
  return bestFirst(matches.map(({ rowid, score }) => ({ rowid, score: asTyped.has(rowid) ? score : score * factor })))
}

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
  terms: readonly Term[],
  found: readonly number[],
) => Promise<{ order: RankedMatch[]; rows?: Rows }>

/** The number of phrases that one turn of the event loop ranks: FTS5 counts all rows that contain each phrase, which takes a while for a common one. */
const phrasesPerTurn = 4

const rankMatches: Ranking = async (statements, terms, found) => {
  if (found.length === 0) return { order: [] }
  if (found.length <= fewMatches && countPhrases(terms) <= phrasesPerTurn) return rankAndRead(statements, terms, found)
  const ranking = await (found.length === maxMatches ? rankByTitle : rankByScore)(statements, terms, found)
  await nextTurn()
  return ranking
}

const countPhrases = (terms: readonly Term[]): number => terms.reduce((sum, { phrases }) => sum + phrases, 0)

const rankAndRead: Ranking = async (statements, terms, found) => {
  const read = await statements.shown.values({ match: matchAny(terms), ...rowidValues(found), scored: 1 })
  const order = read.map(row => ({ rowid: Number(row[0]), score: -Number(row.at(-2)) }))
  return { order: bestFirst(order), rows: byRowid(read) }
}

/** The score of a match without any of the words in its title; every score is above 0. */
const bodyOnlyScore = 0.1

const rankByTitle: Ranking = async (statements, terms, found) => {
  const rows = (await statements.titles.values({ rowids: JSON.stringify(found) })) as [number, string][] // the columns it selects
  const order = rows.map(([rowid, title]) => ({ rowid, score: countTermsIn(title, terms) || bodyOnlyScore }))
  return { order: bestFirst(order) }
}

/** Adds up the scores of the terms, which is the score of all of them, so that they can be read in several turns. */
const rankByScore: Ranking = async (statements, terms, found) => {
  const scores = new Map<number, number>()
  const some = countPhrases(terms) > phrasesPerTurn ? chunks(terms, 1) : [terms]
  for (const [index, chunk] of some.entries()) {
    if (index > 0) await nextTurn()
    const rows = await statements.scores.values({ match: matchAny(chunk), ...rowidValues(found) })
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
  terms: readonly Term[],
  page: readonly RankedMatch[],
): Promise<Rows> => {
  const read: unknown[][] = []
  const rowids = page.map(({ rowid }) => rowid).sort((a, b) => a - b)
  for (const [index, chunk] of chunks(
    rowids,
    Math.max(1, Math.floor(lookupsPerTurn / countPhrases(terms))),
  ).entries()) {
    if (index > 0) await nextTurn()
    read.push(...(await statements.shown.values({ match: matchAny(terms), ...rowidValues(chunk), scored: 0 })))
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
