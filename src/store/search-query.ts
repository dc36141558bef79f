import type { SearchQuery } from '../catalog.ts'
import { boundLimit, type Session } from './database.ts'
import { and, asc, eq, inArray, type SQL, sql } from './drizzle.ts'
import { search } from './search-index.ts'
import { entries, skills } from './tables.ts'

export type Values = Record<string, unknown>
interface Statement {
  values(values: Values): unknown[][] | Promise<unknown[][]>
}
export type Statements = Record<'matches' | 'code' | 'titles' | 'scores' | 'shown', Statement>

/** Prepares the statement of each step of a search. Each reads a bounded number of rows. */
export const prepareSearch = (session: Session, query: SearchQuery): Statements => {
  const batch = session
    .select({ rowid: search.rowid, passes: sql`${and(sql`true`, ...filterConditions(query))}`.as('passes') })
    .from(search)
    .where(and(isMatch, sql`${search.rowid} > ${asInteger('after')}`))
    .orderBy(asc(search.rowid))
    .limit(boundLimit(sql.placeholder('limit')))
    .as('batch')
  return {
    matches: session
      .select({
        rowids: sql`json_group_array(${batch.rowid}) filter (where ${batch.passes})`,
        count: sql`count(*)`,
        last: sql`max(${batch.rowid})`,
      })
      .from(batch)
      .prepare(),
    code: session
      .select({ rowid: search.rowid })
      .from(search)
      .where(and(inArray(search.rowid, numbersByCode(session)), ...filterConditions(query)))
      .prepare(),
    titles: session.select({ rowid: search.rowid, title: search.title }).from(search).where(isListed).prepare(),
    scores: session
      .select({
        rowid: search.rowid,
        score: rank,
      })
      .from(search)
      .where(isListedMatch)
      .prepare(),
    shown: session
      .select({
        rowid: search.rowid,
        ...shownColumns,
        score: sql`case when ${sql.placeholder('scored')} then ${rank} end`,
        snippet: sql`snippet(search, -1, char(2), char(3), '…', 24)`,
      })
      .from(search)
      .where(isListedMatch)
      .prepare(),
  }
}

/** Selects the row ids of the skills with a code. */
const numbersByCode = (session: Session) =>
  session
    .select({ number: entries.number })
    .from(skills)
    .innerJoin(entries, eq(entries.id, skills.id))
    .where(sql`${skills.code} collate nocase = ${sql.placeholder('code')}`)

/** The BM25 rank with the weights of title, terms and body; the lowest is the best. */
const rank = sql.raw('bm25(search, 10.0, 4.0, 1.0)')

/** Binds a number as an integer. better-sqlite3 binds numbers as floats, which FTS5 ignores as a bound: it would scan every row. */
const asInteger = (name: string): SQL => sql`cast(${sql.placeholder(name)} as integer)`

const isMatch = sql`search match ${sql.placeholder('match')}`
const isListed = sql`${search.rowid} in (select value from json_each(${sql.placeholder('rowids')}))`

/** FTS5 would restart the search for each row id of a list: it scans the range from the first to the last one once instead. */
const isListedMatch = and(
  isMatch,
  sql`${search.rowid} between ${asInteger('first')} and ${asInteger('last')}`,
  sql`+${isListed}`,
)

const { noun, id, key, title, track, tier } = search
/** The columns of a hit, in the order of its fields. */
export const shownColumns = { noun, id, key, title, track, tier }

export const filterNames = ['track', 'noun', 'tier'] as const

const filterConditions = (query: SearchQuery): SQL[] =>
  filterNames.flatMap(name => {
    const values = query[name]
    const placeholders = values?.map((_, index) => sql.placeholder(`${name}${index}`))
    return placeholders === undefined ? [] : [inArray(search[name], placeholders)]
  })

/** Returns the values of the filters under the names of their placeholders. */
export const filterValues = (query: SearchQuery): Record<string, string> =>
  Object.fromEntries(
    filterNames.flatMap(name => (query[name] ?? []).map((value, index) => [`${name}${index}`, value] as const)),
  )

/**
 * Splits a query into FTS5 terms: whole words, all of which must match, the last one as a prefix if it has three letters or
 * more. Each is quoted, so that nothing a person types is an FTS5 operator.
 */
export const parseWords = (q: string): string[] => {
  const words = q.normalize('NFC').match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? []
  return words
    .slice(0, 16)
    .map((word, index) => (index === words.length - 1 && [...word].length >= 3 ? `"${word}"*` : `"${word}"`))
}

/** Returns the number of words that occur in a title. */
export const countWordsIn = (title: string, words: readonly string[]): number => {
  const lower = title.replace(/[A-Z]+/g, letters => letters.toLowerCase())
  return words.filter(word => lower.includes(word.replace(/["*]/g, '').toLowerCase())).length
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Converts a snippet to HTML: escapes it, and replaces the two control characters around each match by `<mark>`. */
export const snippetHtml = (snippet: string): string =>
  snippet
    .replace(/[&<>"']/g, character => escapes[character] as string) // every character of the class is a key
    .replaceAll('\u0002', '<mark>')
    .replaceAll('\u0003', '</mark>')
