import type { SearchQuery, SearchTerm } from '../catalog.ts'
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

/** A term of a search as FTS5 expressions, with its words in lower case for the search in titles. */
export interface Term {
  /** The expression for the word or phrase of the query. */
  typed: string
  /** The expression for the word or phrase of the query, or any of its synonyms. */
  any: string
  /** The number of phrases in `any`. */
  phrases: number
  words: string[]
  synonyms: string[]
}

/**
 * Converts the terms of a query to FTS5 expressions. Words match as a whole, the last typed one as a prefix if it has three
 * letters or more. Each is quoted, so that nothing a person types is an FTS5 operator.
 */
export const toTerms = (terms: readonly SearchTerm[]): Term[] =>
  terms.map(({ words, synonyms = [] }, index) => {
    const isLast = index === terms.length - 1
    const quoted = words.map((word, at) =>
      isLast && at === words.length - 1 && [...word].length >= 3 ? `"${word}"*` : `"${word}"`,
    )
    const typed = quoted.join(' ')
    return {
      typed,
      any:
        synonyms.length === 0
          ? typed
          : `(${[quoted.length === 1 ? typed : `(${quoted.join(' AND ')})`, ...synonyms.map(one => `"${one}"`)].join(' OR ')})`,
      phrases: words.length + synonyms.length,
      words: words.map(word => word.toLowerCase()),
      synonyms: [...synonyms],
    }
  })

/** Returns the expression of what the client typed. */
export const matchTyped = (terms: readonly Term[]): string => terms.map(({ typed }) => typed).join(' ')

/** Returns the expression of what the client typed, with synonyms. FTS5 wants AND beside parentheses. */
export const matchAny = (terms: readonly Term[]): string => terms.map(({ any }) => any).join(' AND ')

/** Returns the number of terms that occur in a title; a synonym counts half. */
export const countTermsIn = (title: string, terms: readonly Term[]): number => {
  const lower = title.replace(/[A-Z]+/g, letters => letters.toLowerCase())
  let count = 0
  for (const { words, synonyms } of terms) {
    const found = words.filter(word => lower.includes(word)).length
    count += found > 0 ? found : synonyms.some(synonym => lower.includes(synonym)) ? 0.5 : 0
  }
  return count
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Converts a snippet to HTML: escapes it, and replaces the two control characters around each match by `<mark>`. */
export const snippetHtml = (snippet: string): string =>
  snippet
    .replace(/[&<>"']/g, character => escapes[character] as string) // every character of the class is a key
    .replaceAll('\u0002', '<mark>')
    .replaceAll('\u0003', '</mark>')
