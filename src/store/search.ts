import { LRUCache } from 'lru-cache'
import type { Catalog, Hit, SearchQuery } from '../catalog.ts'
import type { Session } from './database.ts'
import { and, asc, desc, inArray, type SQL, type SQLiteColumn, sql } from './drizzle.ts'
import { search } from './search-table.ts'

/**
 * More hits than this are not ranked: bm25 counts in how many rows a word is, and for one that is everywhere this holds the event loop, to find
 * that the word says nothing about which comes first. What has it in its title comes first then.
 */
const ranked = 2_000

/** As many are ranked and shown in one go; of more, FTS5 ranks all and shows the page. */
const few = 100

/** Questions with the same filters share their statements. How many there are stays known until anything changes. */
export const searchIn = (session: Session, cursor: Catalog['cursor']): Catalog['search'] => {
  const prepared = new LRUCache<string, Statements>({ max: 100 })
  const counted = new LRUCache<string, { at: number; count: Count }>({ max: 2_000 })
  const countOf = async (statements: Statements, values: Values): Promise<Count> => {
    const [at, name] = [await cursor(), JSON.stringify(values)]
    const known = counted.get(name)
    if (known?.at === at) return known.count
    const [row] = await statements.count.values(values)
    const count = { total: Number(row?.[0]), last: row?.[1] }
    if (name.length < longestKept) counted.set(name, { at, count })
    return count
  }
  return async query => {
    const match = matchOf(query.q)
    if (match === undefined) return { data: [], total: 0, more: false }
    const shape = filters.map(name => query[name]?.length).join()
    const statements = prepared.get(shape) ?? statementsFor(session, query)
    prepared.set(shape, statements)
    const values = { match, ...filterValues(query) }
    const { total, last } = await countOf(statements, values)
    const { limit, offset } = query
    const asked = { ...values, last, limit: limit + 1, offset }
    if (total === ranked) return { ...(await common(statements, asked, limit)), total }
    const page = total <= few ? statements.fewHits : statements.hits
    const rows = total === 0 ? [] : await page.values(asked)
    return { data: rows.slice(0, limit).map(hitOf), total, more: rows.length > limit }
  }
}

type Values = Record<string, unknown>
interface Count {
  total: number
  /** The number of the last one that is ranked. */
  last: unknown
}
interface Statement {
  values(values: Values): unknown[][] | Promise<unknown[][]>
}
type Statements = Record<'count' | 'fewHits' | 'hits' | 'common' | 'shown', Statement>

const longestKept = 500

/** A page of what is not ranked: which they are, and then what is shown of them. */
const common = async (
  statements: Statements,
  { match, ...asked }: Values,
  limit: number,
): Promise<{ data: Hit[]; more: boolean }> => {
  const words = JSON.stringify(wordsIn(String(match)))
  const found = await statements.common.values({ ...asked, match, words })
  const scores = new Map(found.slice(0, limit).map(([rowid, score]) => [rowid, score]))
  const rowids = [...scores.keys()].map(Number)
  const rows = await statements.shown.values({
    match,
    rowids: JSON.stringify(rowids),
    least: Math.min(...rowids),
    most: Math.max(...rowids),
  })
  const hits = new Map(rows.map(([rowid, ...row]) => [rowid, row]))
  const data = [...scores].map(([rowid, score]) => hitOf((hits.get(rowid) as unknown[]).with(-2, score))) // the same rows
  return { data, more: found.length > limit }
}

/** The words of a match, as they stand in a title. */
const wordsIn = (match: string): string[] =>
  [...match.matchAll(/"([^"]+)"/g)].map(([, word]) => String(word).toLowerCase())

/** The first ones are told from the others by a number: for each of a list FTS5 would begin the search anew. */
const statementsFor = (session: Session, query: SearchQuery): Statements => {
  const wanted = and(sql`search match ${sql.placeholder('match')}`, ...conditions(query))
  const first = session
    .select({ rowid: search.rowid })
    .from(search)
    .where(wanted)
    .orderBy(asc(search.rowid))
    .limit(ranked)
    .as('first')
  const hits = (rank: SQL, condition: SQL, ...order: (SQL | SQLiteColumn)[]) =>
    session
      .select({
        ...shown,
        score: sql`round(-${rank}, 4)`,
        snippet: aSnippet,
      })
      .from(search)
      .where(and(wanted, condition))
      .orderBy(rank, ...order)
      .limit(sql.placeholder('limit'))
      .offset(sql.placeholder('offset'))
      .prepare()
  const weights = '10.0, 4.0, 1.0'
  const inTitle = sql`(select count(*) from json_each(${sql.placeholder('words')}) word where instr(lower(${search.title}), word.value))`
  const upToLast = sql`${search.rowid} <= ${sql.placeholder('last')}`
  return {
    common: session
      .select({ rowid: search.rowid, score: inTitle })
      .from(search)
      .where(and(wanted, upToLast))
      .orderBy(desc(sql`2`), asc(search.rowid))
      .limit(sql.placeholder('limit'))
      .offset(sql.placeholder('offset'))
      .prepare(),
    shown: session
      .select({ rowid: search.rowid, ...shown, score: sql`0`, snippet: aSnippet })
      .from(search)
      .where(
        and(
          sql`search match ${sql.placeholder('match')}`,
          // So it looks at these rows and at those between them, not at all there are.
          sql`${search.rowid} between ${sql.placeholder('least')} and ${sql.placeholder('most')}`,
          sql`${search.rowid} in (select value from json_each(${sql.placeholder('rowids')}))`,
        ),
      )
      .orderBy(asc(search.rowid))
      .limit(sql.placeholder('most'))
      .prepare(),
    count: session
      .select({ total: sql`count(*)`, last: sql`max(${first.rowid})` })
      .from(first)
      .prepare(),
    fewHits: hits(sql.raw(`bm25(search, ${weights})`), sql`true`, search.key, search.noun),
    // By this word alone FTS5 sorts itself, and makes snippets of none but the page's.
    hits: hits(sql.raw('rank'), sql`${upToLast} and rank match ${sql.raw(`'bm25(${weights})'`)}`),
  }
}

const aSnippet = sql`snippet(search, -1, char(2), char(3), '…', 24)`

const { noun, id, key, title, track, tier } = search
const shown = { noun, id, key, title, track, tier }

/** A row of what is shown, in its order. */
const hitOf = (row: unknown[]): Hit => {
  const hit = Object.fromEntries([...Object.keys(shown), 'score', 'snippet'].map((name, index) => [name, row[index]]))
  return { ...hit, snippet: marked(String(hit.snippet)) } as Hit // the statement selects just these
}

const filters = ['track', 'noun', 'tier'] as const

const conditions = (query: SearchQuery): SQL[] =>
  filters.flatMap(name => {
    const values = query[name]
    return values === undefined
      ? []
      : [
          inArray(
            search[name],
            values.map((_, index) => sql.placeholder(`${name}${index}`)),
          ),
        ]
  })

const filterValues = (query: SearchQuery): Record<string, string> =>
  Object.fromEntries(
    filters.flatMap(name => (query[name] ?? []).map((value, index) => [`${name}${index}`, value] as const)),
  )

/**
 * Whole words, all of them, and the last as a prefix from three letters on. Each is quoted, so that nothing a person types
 * is taken for an operator of FTS5; undefined where there is no word at all.
 */
const matchOf = (q: string): string | undefined => {
  const words = q.normalize('NFC').match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? []
  if (words.length === 0) return undefined
  return words
    .slice(0, 16)
    .map((word, index) => (index === words.length - 1 && [...word].length >= 3 ? `"${word}"*` : `"${word}"`))
    .join(' ')
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const marked = (snippet: string): string =>
  snippet
    .replace(/[&<>"']/g, character => escapes[character] as string) // every character of the class is a key
    .replaceAll('\u0002', '<mark>')
    .replaceAll('\u0003', '</mark>')
