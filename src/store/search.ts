import { LRUCache } from 'lru-cache'
import type { Catalog, SearchQuery } from '../catalog.ts'
import type { Session } from './database.ts'
import { and, asc, inArray, type SQL, sql } from './drizzle.ts'
import { search } from './search-table.ts'

/** More hits than this are not ranked: a word that is everywhere says nothing about which comes first, and ranking holds the event loop. */
const ranked = 2_000

/** Questions with the same filters share two statements. */
export const searchIn = (session: Session): Catalog['search'] => {
  const prepared = new LRUCache<string, ReturnType<typeof statementsFor>>({ max: 100 })
  return async query => {
    const match = matchOf(query.q)
    if (match === undefined) return { data: [], total: 0, more: false }
    const shape = filters.map(name => query[name]?.length).join()
    const { found, hits } = prepared.get(shape) ?? statementsFor(session, query)
    prepared.set(shape, { found, hits })
    const values = { match, ...filterValues(query) }
    const [first] = await found.execute(values)
    const { total, last } = first as NonNullable<typeof first> // an aggregate has one row
    const { limit, offset } = query
    const rows = total === 0 ? [] : await hits.execute({ ...values, last, limit: limit + 1, offset })
    return {
      data: rows.slice(0, limit).map(row => ({ ...row, snippet: marked(row.snippet) })),
      total,
      more: rows.length > limit,
    }
  }
}

/** How many there are, and those that rank best among the first ones: bounded by a number, since for each of a list FTS5 would begin anew. */
const statementsFor = (session: Session, query: SearchQuery) => {
  const wanted = and(sql`search match ${sql.placeholder('match')}`, ...conditions(query))
  const few = session
    .select({ rowid: search.rowid })
    .from(search)
    .where(wanted)
    .orderBy(asc(search.rowid))
    .limit(ranked)
    .as('few')
  const found = session
    .select({ total: sql<number>`count(*)`, last: sql<number | null>`max(${few.rowid})` })
    .from(few)
    .prepare()
  const hits = session
    .select({
      noun: search.noun,
      id: search.id,
      key: search.key,
      title: search.title,
      track: search.track,
      tier: search.tier,
      score: sql<number>`round(-rank, 4)`,
      snippet: sql<string>`snippet(search, -1, char(2), char(3), '…', 24)`,
    })
    .from(search)
    .where(and(wanted, sql`${search.rowid} <= ${sql.placeholder('last')}`, sql`rank match 'bm25(10.0, 4.0, 1.0)'`))
    // By this word alone: FTS5 then makes snippets of none but the page's.
    .orderBy(sql`rank`)
    .limit(sql.placeholder('limit'))
    .offset(sql.placeholder('offset'))
    .prepare()
  return { found, hits }
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
