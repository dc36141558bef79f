import { parseItems, type StoredItem } from '../catalog.ts'
import { type Item, schemas } from '../model/curriculum.ts'
import { fieldTree } from '../model/fields.ts'
import { cellsByCategory, type TierDurations, tierDurations, toRoadmapSkill } from '../model/roadmap.ts'
import { tiers } from '../model/tiers.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { contentHash } from '../text/content-hash.ts'
import { chunks, type Session } from './database.ts'
import {
  eq,
  getTableColumns,
  inArray,
  isNull,
  ne,
  or,
  type SQL,
  type SQLiteColumn,
  type Subquery,
  sql,
} from './drizzle.ts'
import { itemsBy } from './items.ts'
import { links } from './links.ts'
import { placeholder, preparedOnce } from './prepared.ts'
import { categories, jsonFormats, skills, tables } from './tables.ts'

/**
 * Every item is stored with its finished JSON and the hash of it, in the transaction that changes it or anything that it shows. So
 * a read looks up rows and joins their JSON. The format names everything that the JSON depends on besides the rows: JSON in another
 * format is ignored, built from the tables for each read, and replaced by `rebuildJson`.
 */
export const jsonFormat = contentHash(
  JSON.stringify([
    // Raise it when JSON changes for another reason than a field that is added, removed or moved.
    3,
    nouns.map(noun => fieldTree(schemas[noun])),
    Object.keys(toRoadmapSkill({} as Item<'skill'>)), // only the names count
  ]),
)

export const storedItemOf = <N extends Noun>(noun: N, item: Item<N>): StoredItem<N> => {
  const json = JSON.stringify(item)
  return { noun, key: item.key, json, hash: contentHash(json) }
}

/** A row of `storedColumns`. */
export type StoredItemRow = [key: string, json: string | null, hash: string, ...more: unknown[]]

/**
 * Selects an item: its key, and its JSON if it has the current format. With `fields` the JSON has these alone, if each is a column or
 * a list of keys: to parse less takes less time than anything else here.
 */
export const storedColumns = (noun: Noun, fields?: readonly string[]) => {
  const { key, json, jsonHash: hash, jsonFormat: format } = tables[noun]
  const selected = (fields && jsonOfFields(noun, [...new Set(['key', ...fields])])) ?? json
  const current = sql.raw(`'${jsonFormat}'`)
  return { key, json: sql<string | null>`case when ${format} = ${current} then ${selected} end`, hash }
}

/** Returns JSON of these fields; undefined if one is neither a column nor a list of keys. */
const jsonOfFields = (noun: Noun, fields: readonly string[]): SQL | undefined => {
  const columns: Record<string, SQLiteColumn> = getTableColumns(tables[noun])
  const members: SQL[] = []
  for (const field of fields) {
    const column = columns[field]
    const isLink = links.some(link => link.noun === noun && link.field === field)
    if (column === undefined && !isLink) return undefined
    const name = sql.raw(`'${field}'`)
    const value = column === undefined ? sql`${tables[noun].jsonLinks} -> ${name}` : jsonValue(column)
    members.push(sql`${name}, ${value}`)
  }
  return sql`json_object(${sql.join(members, sql`, `)})`
}

/** Lists and objects are stored as JSON, and booleans as numbers. */
const jsonValue = (column: SQLiteColumn): SQL => {
  if (column.dataType === 'json') return sql`json(${column})`
  if (column.dataType === 'boolean') return sql`json(case ${column} when 1 then 'true' else 'false' end)`
  return sql`${column}`
}

/**
 * Selects the row ids of items, and what they are ordered by, for `selectStored`. The caller adds conditions, the order and a
 * limit, without which SQLite would leave out the order of a subquery.
 */
export const selectOrdered = (session: Session, noun: Noun, positions: Record<string, SQLiteColumn | SQL> = {}) => {
  const aliased = Object.entries(positions).map(([name, column]) => [name, sql`${column}`.as(name)])
  return session
    .select({ id: sql<number>`${tables[noun]}.rowid`.as('id'), ...Object.fromEntries(aliased) })
    .from(tables[noun])
    .$dynamic()
}

/**
 * Selects the items of these row ids, in their order, followed by the named columns of `page`. A cross join reads its left side first
 * (sqlite.org/optoverview.html#crossjoin). In one select without it, SQLite would sort rows with their whole JSON.
 */
export const selectStored = (
  session: Session,
  noun: Noun,
  page: Subquery,
  fields?: readonly string[],
  more: readonly string[] = [],
) =>
  session
    .select({
      ...storedColumns(noun, fields),
      ...Object.fromEntries(more.map(name => [name, sql`page.${sql.identifier(name)}`])),
    })
    .from(page)
    .crossJoin(tables[noun])
    .where(sql`${tables[noun]}.rowid = page.id`)

/** Returns the items of these rows, in order. Builds the JSON that is not stored in the current format. */
export const toStoredItems = async <N extends Noun>(
  session: Session,
  noun: N,
  rows: readonly StoredItemRow[],
): Promise<StoredItem<N>[]> => {
  const outdated = rows.flatMap(([key, json]) => (json === null ? [key] : []))
  if (outdated.length === 0) return rows.map(([key, json, hash]) => ({ noun, key, json: json as string, hash })) // none is null
  const built = new Map(
    (await itemsBy(session, noun, 'key', outdated)).map(item => [item.key, storedItemOf(noun, item)]),
  )
  return rows.flatMap(([key, json, hash]) => (json === null ? (built.get(key) ?? []) : { noun, key, json, hash }))
}

/** Stores the JSON of items. */
export const storeJson = async (session: Session, entries: readonly { noun: Noun; item: Item }[]): Promise<void> => {
  for (const { noun, item } of entries) {
    const { key, json, hash } = storedItemOf(noun, item as never) // an entry holds an item of the noun
    await jsonUpdates[noun](session).run({ key, json, hash, links: JSON.stringify(item, linkNames[noun]) })
  }
}

const ofEachNoun = <T>(make: (noun: Noun) => T): Record<Noun, T> =>
  Object.fromEntries(nouns.map(noun => [noun, make(noun)])) as Record<Noun, T> // one entry a noun

const linkNames = ofEachNoun(noun => links.filter(link => link.noun === noun).map(({ field }) => field))

const jsonUpdates = ofEachNoun(noun =>
  preparedOnce(session =>
    session
      .update(tables[noun])
      .set({ json: placeholder('json'), jsonHash: placeholder('hash'), jsonLinks: placeholder('links'), jsonFormat })
      .where(eq(tables[noun].key, placeholder('key')))
      .prepare(),
  ),
)

/** The skills of a category in a roadmap: the members of `skills`, as JSON with its hash, and the sums of their durations by tier. */
export interface Cells {
  category: string
  json: string
  hash: string
  durations: TierDurations
}

/** Builds the cells of categories from their skills, which are in curriculum order. */
export const buildCells = (keys: readonly string[], skills: readonly Item<'skill'>[]): Cells[] => {
  const cellsOf = cellsByCategory(skills)
  return keys.map(category => {
    const cells = cellsOf(category)
    const json = JSON.stringify(Object.fromEntries(tiers.map(tier => [tier, cells[tier].map(toRoadmapSkill)])))
    return { category, json, hash: contentHash(json), durations: tierDurations(cells) }
  })
}

/** Builds and stores the cells of categories, whose skills must be stored already. */
export const storeCells = async (session: Session, keys: readonly string[]): Promise<void> => {
  for (const chunk of chunks(keys, 50)) {
    const rows = await session
      .select(storedColumns('skill'))
      .from(skills)
      .where(inArray(skills.category, chunk))
      .orderBy(skills.track, skills.sort, skills.key)
    const found = await toStoredItems(
      session,
      'skill',
      rows.map(({ key, json, hash }) => [key, json, String(hash)]),
    )
    for (const cells of buildCells(chunk, parseItems(found)))
      await cellsUpdate(session).run({ ...cells, durations: JSON.stringify(cells.durations) })
  }
}

const cellsUpdate = preparedOnce(session =>
  session
    .update(categories)
    .set({ cells: placeholder('json'), cellsHash: placeholder('hash'), cellsDurations: placeholder('durations') })
    .where(eq(categories.key, placeholder('category')))
    .prepare(),
)

/** The number of items that one transaction rebuilds, so that other writes do not wait for long. */
const rebuiltPerTransaction = 200

export const isJsonOutdated = async (session: Session): Promise<boolean> => {
  const [row] = await session.select({ format: jsonFormats.format }).from(jsonFormats)
  return row?.format !== jsonFormat
}

export const rebuildJson = async (session: Session): Promise<number> => {
  // Cells are built from skills, so skills come first.
  for (const noun of [...nouns].sort((one, other) => Number(one === 'category') - Number(other === 'category'))) {
    const { key, jsonFormat: format } = tables[noun]
    const rows = await session
      .select({ key })
      .from(tables[noun])
      .where(or(isNull(format), ne(format, jsonFormat)))
      .orderBy(key)
      .limit(rebuiltPerTransaction)
    if (rows.length === 0) continue
    const keys = rows.map(row => row.key)
    const items: Item[] = await itemsBy(session, noun, 'key', keys)
    await storeJson(
      session,
      items.map(item => ({ noun, item })),
    )
    if (noun === 'category') await storeCells(session, keys)
    return keys.length
  }
  const row = { number: 1, format: jsonFormat }
  await session.insert(jsonFormats).values(row).onConflictDoUpdate({ target: jsonFormats.number, set: row })
  return 0
}
