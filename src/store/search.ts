import { setImmediate as turn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Catalog, Hit } from '../catalog.ts'
import { chunks } from './chunks.ts'
import type { Session } from './database.ts'
import { filters, filterValues, type Statements, shown, statementsFor, type Values } from './search-statements.ts'
import { countIn, marked, wordsOf } from './search-words.ts'

/**
 * More hits than this are not ranked: to find that a word which is everywhere says nothing about which comes first would
 * take long. What has it in its title comes first then. As many matches are looked at in one turn of the event loop.
 */
const ranked = 2_000

/** Of as many, those that are equally good are in the order of their keys. */
const few = 100

/** Questions with the same filters share their statements. What is found stays known until anything changes. */
export const searchIn = (session: Session, cursor: Catalog['cursor']): Catalog['search'] => {
  const prepared = new LRUCache<string, Statements>({ max: 100 })
  const kept = new LRUCache<string, { at: number; rowids: number[] }>({
    maxSize: 4_000_000,
    sizeCalculation: ({ rowids }, name) => rowids.length * 8 + name.length * 2 + 100,
  })
  const rowidsOf = async (statements: Statements, values: Values): Promise<number[]> => {
    const [at, name] = [await cursor(), JSON.stringify(values)]
    const known = kept.get(name)
    if (known?.at === at) return known.rowids
    const rowids = await matches(statements, values)
    kept.set(name, { at, rowids })
    return rowids
  }
  return async query => {
    const words = wordsOf(query.q)
    if (words.length === 0) return { data: [], total: 0, more: false }
    const shape = filters.map(name => query[name]?.length).join()
    const statements = prepared.get(shape) ?? statementsFor(session, query)
    prepared.set(shape, statements)
    const found = await rowidsOf(statements, { match: words.join(' '), ...filterValues(query) })
    if (found.length === 0) return { data: [], total: 0, more: false }
    const [start, end] = [query.offset, query.offset + query.limit]
    if (found.length <= few && words.length <= wordsPerTurn) {
      const all = await bestFirst(statements, words, found)
      return { data: all.slice(start, end), total: found.length, more: all.length > end }
    }
    const inOrder = await (found.length === ranked ? byTitle : byRank)(statements, words, found)
    await turn()
    const data = await hits(statements, words, inOrder.slice(start, end))
    return { data, total: found.length, more: inOrder.length > end }
  }
}

/** The first ones that a search finds, in the order of their numbers. */
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

/** Few hits of few words are ranked and shown in one go. */
const bestFirst = async (
  statements: Statements,
  words: readonly string[],
  found: readonly number[],
): Promise<Hit[]> => {
  const rows = await statements.shown.values({ match: words.join(' '), ...listOf(found), scored: 1 })
  const scored = rows.map(([, ...row]) => ({ row, score: Number(row.at(-2)), name: `${row[2]} ${row[0]}` }))
  const inOrder = scored.sort((a, b) => a.score - b.score || compare(a.name, b.name))
  return inOrder.map(({ row, score }) => hitOf(row, shownScore(score)))
}

interface Scored {
  rowid: number
  score: number
}
type InOrder = (statements: Statements, words: readonly string[], found: readonly number[]) => Promise<Scored[]>

const byTitle: InOrder = async (statements, words, found) => {
  const rows = (await statements.titles.values({ rowids: JSON.stringify(found) })) as [number, string][] // what it selects
  return rows.map(([rowid, title]) => ({ rowid, score: countIn(title, words) })).sort((a, b) => b.score - a.score)
}

/** For each word FTS5 counts in how many rows it is, which takes a while where it is everywhere: of more words each has a turn of its own. */
const wordsPerTurn = 4

/** The score of several words is the sum of theirs, so that they can be asked for in turns. */
const byRank: InOrder = async (statements, words, found) => {
  const scored = new Map<number, Scored & { name: string }>()
  const named = Number(found.length <= few)
  for (const [index, chunk] of chunks(words, words.length > wordsPerTurn ? 1 : wordsPerTurn).entries()) {
    if (index > 0) await turn()
    const rows = await statements.scores.values({ match: chunk.join(' '), ...listOf(found), named })
    for (const [rowid, score, name] of rows as [number, number, string][])
      scored.set(rowid, { rowid, score: (scored.get(rowid)?.score ?? 0) + score, name })
  }
  const inOrder = [...scored.values()].sort((a, b) => a.score - b.score || compare(a.name, b.name))
  return inOrder.map(({ rowid, score }) => ({ rowid, score: shownScore(score) }))
}

/** FTS5 has the best at the least. */
const shownScore = (score: number): number => Number((-score).toFixed(4))

/** Those without a name stay in the order they have. */
const compare = (one: string, other: string): number => Number(one > other) - Number(one < other)

const listOf = (rowids: readonly number[]): Values => ({
  rowids: JSON.stringify(rowids),
  first: rowids[0],
  last: rowids.at(-1),
})

/** Each word is looked for in each text that a snippet is cut from: so many times in one turn. */
const looksPerTurn = 400

/** What is shown of these. */
const hits = async (statements: Statements, words: readonly string[], inOrder: readonly Scored[]): Promise<Hit[]> => {
  const rows = new Map<number, unknown[]>()
  const rowids = inOrder.map(({ rowid }) => rowid).sort((a, b) => a - b)
  for (const [index, chunk] of chunks(rowids, Math.floor(looksPerTurn / words.length)).entries()) {
    if (index > 0) await turn()
    for (const [rowid, ...row] of await statements.shown.values({
      match: words.join(' '),
      ...listOf(chunk),
      scored: 0,
    }))
      rows.set(Number(rowid), row)
  }
  // One may have gone since it was found: then the answer is made again.
  return inOrder.flatMap(({ rowid, score }) => {
    const row = rows.get(rowid)
    return row === undefined ? [] : [hitOf(row, score)]
  })
}

const hitOf = (row: unknown[], score: number): Hit => {
  const hit = Object.fromEntries(Object.keys(shown).map((name, index) => [name, row[index]]))
  return { ...hit, score, snippet: marked(String(row.at(-1))) } as Hit // the statement selects just these
}
