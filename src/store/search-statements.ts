import type { SearchQuery } from '../catalog.ts'
import type { Session } from './database.ts'
import { and, asc, inArray, type SQL, sql } from './drizzle.ts'
import { search } from './search-table.ts'

export type Values = Record<string, unknown>
interface Statement {
  values(values: Values): unknown[][] | Promise<unknown[][]>
}
export type Statements = Record<'matches' | 'titles' | 'scores' | 'shown', Statement>

/** What is asked of the table in each step; none looks at more rows than it is told. */
export const statementsFor = (session: Session, query: SearchQuery): Statements => {
  const some = session
    .select({ rowid: search.rowid, wanted: sql`${and(sql`true`, ...conditions(query))}`.as('wanted') })
    .from(search)
    .where(and(matching, sql`${search.rowid} > ${whole('after')}`))
    .orderBy(asc(search.rowid))
    .limit(sql.placeholder('limit'))
    .as('some')
  return {
    matches: session
      .select({
        wanted: sql`json_group_array(${some.rowid}) filter (where ${some.wanted})`,
        looked: sql`count(*)`,
        last: sql`max(${some.rowid})`,
      })
      .from(some)
      .prepare(),
    titles: session.select({ rowid: search.rowid, title: search.title }).from(search).where(listed).prepare(),
    scores: session
      .select({
        rowid: search.rowid,
        score: rank,
      })
      .from(search)
      .where(among)
      .prepare(),
    shown: session
      .select({
        rowid: search.rowid,
        ...shown,
        score: sql`case when ${sql.placeholder('scored')} then ${rank} end`,
        snippet: sql`snippet(search, -1, char(2), char(3), '…', 24)`,
      })
      .from(search)
      .where(among)
      .prepare(),
  }
}

/** What is in a title counts most, then terms, then texts; the least is the best. */
const rank = sql.raw('bm25(search, 10.0, 4.0, 1.0)')

/** Numbers are bound as such that may have a fraction, which FTS5 takes for no bound at all: it would look at every row. */
const whole = (name: string): SQL => sql`cast(${sql.placeholder(name)} as integer)`

const matching = sql`search match ${sql.placeholder('match')}`
const listed = sql`${search.rowid} in (select value from json_each(${sql.placeholder('rowids')}))`

/** For each of a list FTS5 would begin the search anew: it looks at what is between the first and the last of them, once. */
const among = and(matching, sql`${search.rowid} between ${whole('first')} and ${whole('last')}`, sql`+${listed}`)

const { noun, id, key, title, track, tier } = search
/** What is shown of a hit, in the order of its fields. */
export const shown = { noun, id, key, title, track, tier }

export const filters = ['track', 'noun', 'tier'] as const

const conditions = (query: SearchQuery): SQL[] =>
  filters.flatMap(name => {
    const values = query[name]
    const placeholders = values?.map((_, index) => sql.placeholder(`${name}${index}`))
    return placeholders === undefined ? [] : [inArray(search[name], placeholders)]
  })

/** The values of the filters, under the names they have in the statements. */
export const filterValues = (query: SearchQuery): Record<string, string> =>
  Object.fromEntries(
    filters.flatMap(name => (query[name] ?? []).map((value, index) => [`${name}${index}`, value] as const)),
  )
