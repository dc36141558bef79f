import type { Hit, SearchQuery } from '../catalog.ts'
import type { Session } from './database.ts'
import { and, asc, inArray, type SQL, sql } from './drizzle.ts'
import { search } from './search-table.ts'

/** More hits than this are not ranked: a word that is everywhere says nothing about which comes first, and ranking holds the event loop. */
const ranked = 2_000

export const searchIn = async (
  session: Session,
  query: SearchQuery,
): Promise<{ data: Hit[]; total: number; more: boolean }> => {
  const match = matchOf(query.q)
  if (match === undefined) return { data: [], total: 0, more: false }
  const found = session.$with('found').as(
    session
      .select({ rowid: search.rowid })
      .from(search)
      .where(and(sql`search match ${match}`, ...conditions(query)))
      .orderBy(asc(search.rowid))
      .limit(ranked),
  )
  const rows = await session
    .with(found)
    .select({
      noun: search.noun,
      id: search.id,
      key: search.key,
      title: search.title,
      track: search.track,
      tier: search.tier,
      score: sql<number>`round(-bm25(search, 10.0, 4.0, 1.0), 4)`,
      snippet: sql<string>`snippet(search, -1, char(2), char(3), '…', 24)`,
    })
    .from(search)
    .where(and(sql`search match ${match}`, sql`${search.rowid} in (select rowid from ${found})`))
    .orderBy(sql`bm25(search, 10.0, 4.0, 1.0)`, asc(search.key), asc(search.noun))
    .limit(query.limit + 1)
    .offset(query.offset)
  const totals = await session.with(found).select({ total: sql<number>`count(*)` }).from(found)
  return {
    data: rows.slice(0, query.limit).map(row => ({ ...row, snippet: marked(row.snippet) })),
    total: totals.reduce((sum, { total }) => sum + total, 0),
    more: rows.length > query.limit,
  }
}

const conditions = ({ track, noun, tier }: SearchQuery): SQL[] => [
  ...(track === undefined ? [] : [inArray(search.track, [...track])]),
  ...(noun === undefined ? [] : [inArray(search.noun, [...noun])]),
  ...(tier === undefined ? [] : [inArray(search.tier, [...tier])]),
]

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
