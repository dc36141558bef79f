import { LRUCache } from 'lru-cache'
import type { Filter, PageRequest, Sort } from '../catalog.ts'
import type { Noun } from '../model/vocabulary.ts'
import { readCursor, requestName, writeCursor } from './cursor.ts'
import type { Session } from './database.ts'
import { and, asc, count, desc, gte, inArray, type Placeholder, type SQL, type SQLiteColumn, sql } from './drizzle.ts'
import { type Link, links } from './links.ts'
import { outlineLines, tables } from './tables.ts'

/** A page of keys; the nouns themselves are fetched, or remembered, by who asks. */
export interface KeyPage {
  keys: string[]
  /** What `after` takes to go on behind the key at this place of the page. */
  cursor(index: number): string
  more: boolean
}

/** Lists by keyset: the row a cursor names is the last one seen, whether it still exists or not. Questions of one shape share a statement. */
export const lists = (session: Session) => {
  const pages = new LRUCache<string, Statement>({ max: 500 })
  const counts = new LRUCache<string, Statement>({ max: 500 })
  return {
    page: async (noun: Noun, filter: Filter, page: PageRequest): Promise<KeyPage> => {
      const order = orderFor(noun, filter, page.sort)
      const request = requestName(`${noun} ${order.name}`, filter)
      const after = page.after === undefined ? undefined : readCursor(page.after, request, isPlaceOf(order.by.length))
      const shape = `${shapeOf(noun, filter)} ${order.name} ${after !== undefined}`
      const values = { ...valuesOf(filter), ...named('after', after), limit: page.limit + 1 }
      const statement = pages.get(shape) ?? pagesOf(session, noun, filter, order, after !== undefined)
      if (isUsual(values)) pages.set(shape, statement)
      return pageOf(await statement.values(values), page.limit, request)
    },
    count: async (noun: Noun, filter: Filter): Promise<number> => {
      const shape = shapeOf(noun, filter)
      const values = valuesOf(filter)
      const statement = counts.get(shape) ?? countOf(session, noun, filter)
      if (isUsual(values)) counts.set(shape, statement)
      return Number((await statement.values(values))[0]?.[0])
    },
  }
}

/** A statement of hundreds of values will hardly be needed again. */
const isUsual = (values: Record<string, unknown>): boolean => Object.keys(values).length < 100

interface Statement {
  values(parameters: Record<string, unknown>): unknown[][] | Promise<unknown[][]>
}

const pagesOf = (session: Session, noun: Noun, filter: Filter, order: Order, behindOne: boolean): Statement =>
  session
    .select({
      key: tables[noun].key,
      ...named(
        'place',
        order.by.map(({ of }) => sql`${of}`),
      ),
    })
    .from(tables[noun])
    .where(and(...conditionsOf(noun, filter), ...(behindOne ? [behind(order)] : [])))
    .orderBy(...order.by.map(({ of, down }) => (down ? desc(of) : asc(of))))
    .limit(sql.placeholder('limit'))
    .prepare()

const countOf = (session: Session, noun: Noun, filter: Filter): Statement =>
  session
    .select({ total: count() })
    .from(tables[noun])
    .where(and(...conditionsOf(noun, filter)))
    .prepare()

const pageOf = (rows: unknown[][], limit: number, request: string): KeyPage => ({
  keys: rows.slice(0, limit).map(([key]) => String(key)),
  cursor: index => writeCursor(request, (rows[index] as unknown[]).slice(1)), // one of the page
  more: rows.length > limit,
})

/** Which filters there are, and how many values each has: all that the text of a statement depends on. */
const shapeOf = (noun: Noun, filter: Filter): string =>
  `${noun} ${Object.entries(filter).map(([name, value]) => `${name}${value === undefined ? '' : [value].flat().length}`)}`

/** A name for each value of a list. */
const named = <T>(name: string, list: readonly T[] | undefined): Record<string, T> =>
  Object.fromEntries((list ?? []).map((value, index) => [`${name}${index}`, value]))

/** The values of a filter as the database holds them, under the names they have in statements. */
const valuesOf = (filter: Filter): Record<string, unknown> =>
  Object.assign(
    {},
    ...Object.entries(filter).map(([name, value]) =>
      named(name, value === undefined ? [] : [value].flat().map(one => (typeof one === 'boolean' ? Number(one) : one))),
    ),
  )

const placeholders = (name: keyof Filter, filter: Filter): Placeholder[] =>
  [filter[name]].flat().map((_, index) => sql.placeholder(`${name}${index}`))

interface Order {
  name: string
  by: { of: SQLiteColumn | SQL; down: boolean }[]
}

/** With one source alone a list is in that document's order. */
const orderFor = (noun: Noun, filter: Filter, sort: Sort): Order => {
  const [only, ...more] = filter.source ?? []
  return only === undefined || more.length > 0 || sort !== 'default'
    ? orderOf(noun, sort)
    : inDocumentOrder(noun, only, sql`(${mentionCondition(noun, filter)('min(l.position)')})`)
}

const conditionsOf = (noun: Noun, filter: Filter): SQL[] => [
  ...(filter.source === undefined
    ? viewConditions(noun, filter)
    : [mentioned(noun, filter), sql`exists (${mentionCondition(noun, filter)('1')})`]),
  ...ownConditions(noun, filter),
]

/** Columns a noun may have. */
const column = (noun: Noun, name: string): SQLiteColumn =>
  (tables[noun] as unknown as Record<string, SQLiteColumn>)[name] as SQLiteColumn // filters are offered only where the noun has the field

/** What a document may see otherwise than the curriculum: its own word counts where it has one. */
const viewed = ['tier', 'category', 'kind', 'optional'] as const

const viewConditions = (noun: Noun, filter: Filter): SQL[] =>
  viewed.flatMap(name => (filter[name] === undefined ? [] : [inArray(column(noun, name), placeholders(name, filter))]))

const mentionCondition = (noun: Noun, filter: Filter) => {
  const { track, slug } = tables[noun]
  const conditions = viewed.flatMap(name => {
    if (filter[name] === undefined) return []
    const view = sql`coalesce(${sql.raw(`l."${name}"`)}, ${column(noun, name)})`
    return [sql`${view} in ${placeholders(name, filter)}`]
  })
  return (what: string): SQL =>
    sql`select ${sql.raw(what)} from ${outlineLines} l where l.of = ${track} || ${sql.raw(`'.${noun}.'`)} || ${slug} and l.source in ${placeholders('source', filter)}${conditions.map(condition => sql` and ${condition}`).reduce((all, one) => sql`${all}${one}`, sql``)}`
}

/** What the sources name at all, which is little: only of that it has to be asked how they see it. A slug has no dot. */
const mentioned = (noun: Noun, filter: Filter): SQL => {
  const infix = sql.raw(`'.${noun}.'`)
  return sql`${tables[noun].key} in (select replace(l.of, ${infix}, '.') from ${outlineLines} l where l.source in ${placeholders('source', filter)} and instr(l.of, ${infix}) > 0)`
}

const ownConditions = (noun: Noun, filter: Filter): SQL[] => {
  const { track, key, updatedAt } = tables[noun]
  const conditions: SQL[] = []
  if (filter.track !== undefined) conditions.push(inArray(track, placeholders('track', filter)))
  if (filter.updatedSince !== undefined) conditions.push(gte(updatedAt, sql.placeholder('updatedSince0')))
  if (filter.skill !== undefined) {
    // The filter is offered for nouns with a list of skills.
    const { table, near } = links.find(link => link.noun === noun && link.field === 'skills') as Link
    const [own, skill] = near === 'from' ? [table.from, table.to] : [table.to, table.from]
    conditions.push(sql`${key} in (select ${own} from ${table} where ${inArray(skill, placeholders('skill', filter))})`)
  }
  return conditions
}

const orderOf = (noun: Noun, sort: Sort): Order => {
  const { track, sort: place, key, title, updatedAt } = tables[noun]
  const down = sort.startsWith('-')
  if (sort === 'default' || sort === 'position') {
    const columns = noun === 'track' ? [place, key] : [track, place, key]
    return { name: 'default', by: columns.map(of => ({ of, down: false })) }
  }
  const of = sort.endsWith('title') ? sql`${title} collate nocase` : updatedAt
  return {
    name: sort,
    by: [
      { of, down },
      { of: key, down },
    ],
  }
}

const inDocumentOrder = (noun: Noun, source: string, place: SQL): Order => ({
  name: `in ${source}`,
  by: [
    { of: place, down: false },
    { of: tables[noun].key, down: false },
  ],
})

const behind = (order: Order): SQL => {
  const left = order.by.map(({ of }) => sql`${of}`)
  const right = order.by.map((_, index) => sql`${sql.placeholder(`after${index}`)}`)
  const later = order.by[0]?.down ? sql`<` : sql`>`
  return sql`(${sql.join(left, sql`, `)}) ${later} (${sql.join(right, sql`, `)})`
}

/** The values of the order's columns in the last row of a page. */
export const isPlaceOf =
  (columns: number) =>
  (place: unknown[]): place is (string | number)[] =>
    place.length === columns && place.every(value => typeof value === 'string' || typeof value === 'number')
