import { setImmediate as nextTurn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Filter, Page, PageRequest, Sort } from '../catalog.ts'
import type { Noun } from '../model/vocabulary.ts'
import { readCursor, requestName, writeCursor } from './cursor.ts'
import { boundLimit, type Session } from './database.ts'
import { and, asc, count, desc, gte, inArray, type Placeholder, type SQL, type SQLiteColumn, sql } from './drizzle.ts'
import { type Link, links } from './links.ts'
import { type StoredItemRow, selectOrdered, selectStored, toStoredItems } from './stored-json.ts'
import { outlineLines, tables } from './tables.ts'

/**
 * Creates the list query and the count query. Pages use keyset pagination: a cursor holds the sort values of the last row, so
 * that row may have been removed since. Requests with the same filters and order share a prepared statement.
 */
export const createLists = (session: Session) => {
  const pageStatements = new LRUCache<string, Statement>({ max: 500 })
  const countStatements = new LRUCache<string, Statement>({ max: 500 })
  return {
    page: async <N extends Noun>(noun: N, filter: Filter, page: PageRequest): Promise<Page<N>> => {
      const order = orderFor(noun, filter, page.sort)
      const request = () => requestName(`${noun} ${order.name}`, filter)
      const start =
        page.after === undefined ? undefined : readCursor(page.after, request(), isPositionOf(order.by.length))
      const readRows = async (after: readonly unknown[] | undefined, limit: number): Promise<StoredItemRow[]> => {
        const shape = `${shapeOf(noun, filter)} ${order.name} ${after !== undefined} ${page.fields ?? ''}`
        const values = { ...valuesOf(filter), ...numbered('after', after), limit }
        const statement =
          pageStatements.get(shape) ?? preparePage(session, noun, filter, order, after !== undefined, page.fields)
        if (isReusable(values)) pageStatements.set(shape, statement)
        return (await statement.values(values)) as StoredItemRow[] // the columns of preparePage
      }
      const rows = await readInTurns(readRows, start, page.limit + 1)
      const some = rows.slice(0, page.limit)
      return {
        data: await toStoredItems(session, noun, some),
        cursorAfter: index => writeCursor(request(), positionOf(some[index] as StoredItemRow)), // one of the page
        more: rows.length > page.limit,
      }
    },
    count: async (noun: Noun, filter: Filter): Promise<number> => {
      const shape = shapeOf(noun, filter)
      const values = valuesOf(filter)
      const statement = countStatements.get(shape) ?? prepareCount(session, noun, filter)
      if (isReusable(values)) countStatements.set(shape, statement)
      return Number((await statement.values(values))[0]?.[0])
    },
  }
}

/** Returns the sort values of a row, which follow the item. */
const positionOf = ([, , , ...position]: StoredItemRow): readonly unknown[] => position

/** The number of rows that one turn of the event loop reads, so that other requests are not blocked for long. */
const rowsPerTurn = 500

const readInTurns = async (
  readRows: (after: readonly unknown[] | undefined, limit: number) => Promise<StoredItemRow[]>,
  start: readonly unknown[] | undefined,
  limit: number,
): Promise<StoredItemRow[]> => {
  const rows = await readRows(start, Math.min(limit, rowsPerTurn))
  for (let read = rows; read.length === rowsPerTurn && rows.length < limit; ) {
    await nextTurn()
    read = await readRows(positionOf(rows.at(-1) as StoredItemRow), Math.min(limit - rows.length, rowsPerTurn))
    rows.push(...read)
  }
  return rows
}

/** Returns false for a statement with a hundred values or more, which will hardly be needed again. */
const isReusable = (values: Record<string, unknown>): boolean => Object.keys(values).length < 100

interface Statement {
  values(parameters: Record<string, unknown>): unknown[][] | Promise<unknown[][]>
}

const preparePage = (
  session: Session,
  noun: Noun,
  filter: Filter,
  order: Order,
  hasCursor: boolean,
  fields: readonly string[] | undefined,
): Statement => {
  const positions = Object.fromEntries(order.by.map(({ column }, index) => [`position${index}`, column]))
  const page = selectOrdered(session, noun, positions)
    .where(and(...conditionsOf(noun, filter), ...(hasCursor ? [afterCursor(order)] : [])))
    .orderBy(...order.by.map(({ column, descending }) => (descending ? desc(column) : asc(column))))
    .limit(boundLimit(sql.placeholder('limit')))
    .as('page')
  return selectStored(session, noun, page, fields, Object.keys(positions)).prepare()
}

const prepareCount = (session: Session, noun: Noun, filter: Filter): Statement =>
  session
    .select({ total: count() })
    .from(tables[noun])
    .where(and(...conditionsOf(noun, filter)))
    .prepare()

/** Returns the names of the filters and their numbers of values: everything that the SQL text depends on. */
const shapeOf = (noun: Noun, filter: Filter): string =>
  `${noun} ${Object.entries(filter).map(([name, value]) => `${name}${value === undefined ? '' : [value].flat().length}`)}`

/** Returns an object of the values with numbered names: `after0`, `after1`. */
const numbered = <T>(name: string, list: readonly T[] | undefined): Record<string, T> =>
  Object.fromEntries((list ?? []).map((value, index) => [`${name}${index}`, value]))

/** Returns the values of a filter as SQLite stores them, under the names of their placeholders. */
const valuesOf = (filter: Filter): Record<string, unknown> =>
  Object.assign(
    {},
    ...Object.entries(filter).map(([name, value]) =>
      numbered(
        name,
        value === undefined ? [] : [value].flat().map(one => (typeof one === 'boolean' ? Number(one) : one)),
      ),
    ),
  )

const placeholders = (name: keyof Filter, filter: Filter): Placeholder[] =>
  [filter[name]].flat().map((_, index) => sql.placeholder(`${name}${index}`))

interface Order {
  name: string
  by: { column: SQLiteColumn | SQL; descending: boolean }[]
}

/** Returns the order of a list: that of the source document if the filter names exactly one source. */
const orderFor = (noun: Noun, filter: Filter, sort: Sort): Order => {
  const [only, ...more] = filter.source ?? []
  return only === undefined || more.length > 0 || sort !== 'default'
    ? orderOf(noun, sort)
    : sourceOrder(noun, only, sql`(${mentionCondition(noun, filter)('min(l.position)')})`)
}

const conditionsOf = (noun: Noun, filter: Filter): SQL[] => [
  ...(filter.source === undefined
    ? columnConditions(noun, filter)
    : [isMentioned(noun, filter), sql`exists (${mentionCondition(noun, filter)('1')})`]),
  ...plainConditions(noun, filter),
]

/** Returns the column of a filter. */
const columnOf = (noun: Noun, name: string): SQLiteColumn =>
  (tables[noun] as unknown as Record<string, SQLiteColumn>)[name] as SQLiteColumn // filters are offered only if the noun has the field

/** Fields that a source document may give another value than the curriculum; a list of a source filters by the source's value. */
const sourceFields = ['tier', 'category', 'kind', 'optional'] as const

const columnConditions = (noun: Noun, filter: Filter): SQL[] =>
  sourceFields.flatMap(name =>
    filter[name] === undefined ? [] : [inArray(columnOf(noun, name), placeholders(name, filter))],
  )

const mentionCondition = (noun: Noun, filter: Filter) => {
  const { track, slug } = tables[noun]
  const conditions = sourceFields.flatMap(name => {
    if (filter[name] === undefined) return []
    const sourceValue = sql`coalesce(${sql.raw(`l."${name}"`)}, ${columnOf(noun, name)})`
    return [sql`${sourceValue} in ${placeholders(name, filter)}`]
  })
  return (selection: string): SQL =>
    sql`select ${sql.raw(selection)} from ${outlineLines} l where l.of = ${track} || ${sql.raw(`'.${noun}.'`)} || ${slug} and l.source in ${placeholders('source', filter)}${conditions.map(condition => sql` and ${condition}`).reduce((all, one) => sql`${all}${one}`, sql``)}`
}

/** Narrows to the items that the sources mention, which are few, before the slower check of their values. A slug has no dot. */
const isMentioned = (noun: Noun, filter: Filter): SQL => {
  const infix = sql.raw(`'.${noun}.'`)
  return sql`${tables[noun].key} in (select replace(l.of, ${infix}, '.') from ${outlineLines} l where l.source in ${placeholders('source', filter)} and instr(l.of, ${infix}) > 0)`
}

const plainConditions = (noun: Noun, filter: Filter): SQL[] => {
  const { track, key, updatedAt } = tables[noun]
  const conditions: SQL[] = []
  if (filter.track !== undefined) conditions.push(inArray(track, placeholders('track', filter)))
  if (filter.updatedSince !== undefined) conditions.push(gte(updatedAt, sql.placeholder('updatedSince0')))
  if (filter.skill !== undefined) {
    // The filter is offered only for nouns with a list of skills.
    const { table, near } = links.find(link => link.noun === noun && link.field === 'skills') as Link
    const [owner, skill] = near === 'from' ? [table.from, table.to] : [table.to, table.from]
    conditions.push(
      sql`${key} in (select ${owner} from ${table} where ${inArray(skill, placeholders('skill', filter))})`,
    )
  }
  return conditions
}

const orderOf = (noun: Noun, sort: Sort): Order => {
  const { track, sort: position, key, title, updatedAt } = tables[noun]
  const descending = sort.startsWith('-')
  if (sort === 'default' || sort === 'position') {
    const columns = noun === 'track' ? [position, key] : [track, position, key]
    return { name: 'default', by: columns.map(column => ({ column, descending: false })) }
  }
  const column = sort.endsWith('title') ? sql`${title} collate nocase` : updatedAt
  return {
    name: sort,
    by: [
      { column, descending },
      { column: key, descending },
    ],
  }
}

const sourceOrder = (noun: Noun, source: string, position: SQL): Order => ({
  name: `in ${source}`,
  by: [
    { column: position, descending: false },
    { column: tables[noun].key, descending: false },
  ],
})

/** Selects the rows after the cursor by comparing row values. */
const afterCursor = (order: Order): SQL => {
  const left = order.by.map(({ column }) => sql`${column}`)
  const right = order.by.map((_, index) => sql`${sql.placeholder(`after${index}`)}`)
  const operator = order.by[0]?.descending ? sql`<` : sql`>`
  return sql`(${sql.join(left, sql`, `)}) ${operator} (${sql.join(right, sql`, `)})`
}

/** Checks the part of a cursor that holds the sort values of the last row of a page. */
const isPositionOf =
  (columns: number) =>
  (position: unknown[]): position is (string | number)[] =>
    position.length === columns && position.every(value => typeof value === 'string' || typeof value === 'number')
