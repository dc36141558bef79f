import type { Filter, Page, PageRequest, Sort } from '../catalog.ts'
import { badParameter } from '../errors.ts'
import type { Answer } from '../model/curriculum.ts'
import type { Noun } from '../model/vocabulary.ts'
import { selectAnswers } from './answers.ts'
import type { Session } from './database.ts'
import { and, asc, count, desc, eq, gte, inArray, type SQL, type SQLiteColumn, sql } from './drizzle.ts'
import { outlineLines, projectSkills, skillResources, tables } from './tables.ts'

/** A page of a list by keyset: the row a cursor names is the last one seen, whether it still exists or not. */
export const listPage = async <N extends Noun>(
  session: Session,
  noun: N,
  filter: Filter,
  page: PageRequest,
): Promise<Page<N>> => {
  const { order, conditions } = question(noun, filter, page.sort)
  if (page.after !== undefined) conditions.push(behind(order, readCursor(page.after, order)))
  const values = sql.join(
    order.by.map(({ of }) => sql`${of}`),
    sql`, `,
  )
  const rows = await selectAnswers(session, noun, { place: sql<string>`json_array(${values})` })
    .where(and(...conditions))
    .orderBy(...order.by.map(({ of, down }) => (down ? desc(of) : asc(of))))
    .limit(page.limit + 1)
  const shown = rows.slice(0, page.limit)
  return {
    data: shown.map(({ answer }) => answer as Answer<N>), // what is selected is the noun
    cursors: shown.map(({ place }) => writeCursor(order.name, place)),
    more: rows.length > page.limit,
  }
}

export const countList = async (session: Session, noun: Noun, filter: Filter): Promise<number> => {
  const { conditions } = question(noun, filter, 'default')
  const rows = await session
    .select({ total: count() })
    .from(tables[noun])
    .where(and(...conditions))
  return rows.reduce((sum, { total }) => sum + total, 0)
}

interface Order {
  name: string
  by: { of: SQLiteColumn | SQL; down: boolean }[]
}

const question = (noun: Noun, filter: Filter, sort: Sort): { order: Order; conditions: SQL[] } => {
  const own = ownConditions(noun, filter)
  if (filter.source === undefined)
    return { order: orderOf(noun, sort), conditions: [...viewConditions(noun, filter), ...own] }
  const mention = mentionCondition(noun, filter, filter.source)
  const conditions = [sql`exists (${mention('1')})`, ...own]
  const [only, ...more] = filter.source
  if (only === undefined || more.length > 0 || sort !== 'default') return { order: orderOf(noun, sort), conditions }
  return { order: inDocumentOrder(noun, only, sql`(${mention('min(l.position)')})`), conditions }
}

/** Columns a noun may have. */
const column = (noun: Noun, name: string): SQLiteColumn =>
  (tables[noun] as unknown as Record<string, SQLiteColumn>)[name] as SQLiteColumn // filters are offered only where the noun has the field

/** What a document may see otherwise than the curriculum: its own word counts where it has one. */
const viewed = ['tier', 'category', 'kind', 'optional'] as const

const viewConditions = (noun: Noun, filter: Filter): SQL[] =>
  viewed.flatMap(name => {
    const wanted = filter[name]
    if (wanted === undefined) return []
    return [typeof wanted === 'boolean' ? eq(column(noun, name), wanted) : inArray(column(noun, name), [...wanted])]
  })

const mentionCondition = (noun: Noun, filter: Filter, sources: readonly string[]) => {
  const { track, slug } = tables[noun]
  const conditions = viewed.flatMap(name => {
    const wanted = filter[name]
    if (wanted === undefined) return []
    const view = sql`coalesce(${sql.raw(`l."${name}"`)}, ${column(noun, name)})`
    const values = typeof wanted === 'boolean' ? [Number(wanted)] : [...wanted]
    return [sql`${view} in ${values}`]
  })
  return (what: string): SQL =>
    sql`select ${sql.raw(what)} from ${outlineLines} l where l.of = ${track} || ${`.${noun}.`} || ${slug} and l.source in ${[...sources]}${conditions.map(condition => sql` and ${condition}`).reduce((all, one) => sql`${all}${one}`, sql``)}`
}

const ownConditions = (noun: Noun, filter: Filter): SQL[] => {
  const { track, key, updatedAt } = tables[noun]
  const conditions: SQL[] = []
  if (filter.track !== undefined) conditions.push(inArray(track, [...filter.track]))
  if (filter.updatedSince !== undefined) conditions.push(gte(updatedAt, filter.updatedSince))
  if (filter.skill !== undefined) {
    const { near, far } =
      noun === 'project'
        ? { near: projectSkills.from, far: projectSkills.to }
        : { near: skillResources.to, far: skillResources.from }
    conditions.push(sql`${key} in (select ${near} from ${near.table} where ${inArray(far, [...filter.skill])})`)
  }
  return conditions
}

const orderOf = (noun: Noun, sort: Sort): Order => {
  const { track, sort: place, key, title, updatedAt } = tables[noun]
  const down = sort.startsWith('-')
  if (sort === 'default') return { name: 'default', by: [track, place, key].map(of => ({ of, down: false })) }
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

const behind = (order: Order, values: (string | number)[]): SQL => {
  const [left, right] = [order.by.map(({ of }) => sql`${of}`), values.map(value => sql`${value}`)]
  const later = order.by[0]?.down ? sql`<` : sql`>`
  return sql`(${sql.join(left, sql`, `)}) ${later} (${sql.join(right, sql`, `)})`
}

/** Opaque to clients: the order's name and the place of the last row in it. */
const writeCursor = (name: string, place: string): string =>
  Buffer.from(JSON.stringify([name, ...(JSON.parse(place) as unknown[])])).toString('base64url')

const readCursor = (cursor: string, order: Order): (string | number)[] => {
  const [name, ...values] = decode(cursor)
  if (name !== order.name || values.length !== order.by.length || !values.every(isPlace))
    throw badParameter('after', '"after" takes the "next" of the page before, of the same list in the same order.')
  return values
}

const isPlace = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number'

const decode = (cursor: string): unknown[] => {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(read) ? read : []
  } catch {
    return []
  }
}
