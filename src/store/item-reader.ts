import { setImmediate as nextTurn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { parseItems, type StoredItem, type StoredRoadmap, type StoredTrack } from '../catalog.ts'
import { required } from '../model/graph.ts'
import { type TierDurations, totalDurations } from '../model/roadmap.ts'
import { type Noun, nouns, plurals } from '../model/vocabulary.ts'
import { boundLimit, chunks, type Session } from './database.ts'
import { eq, sql } from './drizzle.ts'
import {
  buildCells,
  type Cells,
  jsonFormat,
  type StoredItemRow,
  selectOrdered,
  selectStored,
  storedColumns,
  toStoredItems,
} from './stored-json.ts'
import { categories, tables } from './tables.ts'

/** A prepared statement that selects items. */
interface ItemStatement {
  values(parameters: Record<string, unknown>): unknown
}

/** A row of the cells of a category. */
type CellsRow = [key: string, json: string | null, hash: string, parent: string | null, durations: string]

/** Creates the reads of items by key and by track, with one prepared statement each per noun. */
export const createItemReader = (session: Session) => {
  const prepared = new LRUCache<string, ItemStatement>({ max: 500 })
  const prepareOnce = (name: string, prepare: () => ItemStatement): ItemStatement => {
    const statement = prepared.get(name) ?? prepare()
    prepared.set(name, statement)
    return statement
  }
  const readStoredItems = async <N extends Noun>(
    noun: N,
    statement: ItemStatement,
    parameters: Record<string, unknown>,
  ): Promise<StoredItem<N>[]> => toStoredItems(session, noun, (await statement.values(parameters)) as StoredItemRow[]) // it selects items

  const byKey = async <N extends Noun>(noun: N, key: string): Promise<StoredItem<N> | undefined> => {
    const statement = prepareOnce(`${noun} by key`, () =>
      session
        .select(storedColumns(noun))
        .from(tables[noun])
        .where(eq(tables[noun].key, sql.placeholder('key')))
        .prepare(),
    )
    return (await readStoredItems(noun, statement, { key }))[0]
  }

  const byKeys = async <N extends Noun>(
    noun: N,
    keys: readonly string[],
    fields?: readonly string[],
  ): Promise<StoredItem<N>[]> => {
    const { key } = tables[noun]
    const statement = prepareOnce(`${noun} by keys ${fields ?? ''}`, () =>
      selectStored(
        session,
        noun,
        selectOrdered(session, noun)
          .where(sql`${key} in (select value from json_each(${sql.placeholder('keys')}))`)
          .orderBy(...curriculumOrder(noun))
          .limit(boundLimit(keysPerTurn))
          .as('page'),
        fields,
      ).prepare(),
    )
    // One statement needs no sorting here, and nearly all requests are that small.
    if (keys.length <= keysPerTurn) return readStoredItems(noun, statement, { keys: JSON.stringify(keys) })
    const found: StoredItem<N>[] = []
    for (const [index, chunk] of chunks(await inCurriculumOrder(session, noun, keys), keysPerTurn).entries()) {
      if (index > 0) await nextTurn()
      found.push(...(await readStoredItems(noun, statement, { keys: JSON.stringify(chunk) })))
    }
    return found
  }

  const ofTrack = <N extends Noun>(noun: N, track: string): Promise<StoredItem<N>[]> => {
    const statement = prepareOnce(`${noun} of track`, () =>
      session
        .select(storedColumns(noun))
        .from(tables[noun])
        .where(eq(tables[noun].track, sql.placeholder('track')))
        .orderBy(tables[noun].sort, tables[noun].key)
        .prepare(),
    )
    return readStoredItems(noun, statement, { track })
  }

  const cellsOf = async (
    track: string,
  ): Promise<(Omit<Cells, 'category'> & { parent: string | null; key: string })[]> => {
    const statement = prepareOnce('cells of track', () =>
      session
        .select({
          key: categories.key,
          json: sql`case when ${categories.jsonFormat} = ${sql.raw(`'${jsonFormat}'`)} then ${categories.cells} end`,
          hash: categories.cellsHash,
          parent: categories.parent,
          durations: categories.cellsDurations,
        })
        .from(categories)
        .where(eq(categories.track, sql.placeholder('track')))
        .orderBy(categories.sort, categories.key)
        .prepare(),
    )
    const rows = (await statement.values({ track })) as CellsRow[] // the columns above
    if (rows.every(([, json]) => json !== null)) {
      const durations: TierDurations[] = JSON.parse(`[${rows.map(row => row[4]).join()}]`)
      return rows.map(([key, json, hash, parent], index) => ({
        key,
        parent,
        json: String(json),
        hash,
        durations: durations[index] as TierDurations, // one for each row
      }))
    }
    const skills = parseItems(await ofTrack('skill', track))
    const built = buildCells(
      rows.map(([key]) => key),
      skills,
    )
    return built.map(({ category, ...cells }, index) => ({ key: category, parent: rows[index]?.[3] ?? null, ...cells }))
  }

  return {
    byKey,
    byKeys,
    storedTrack: async (track: string): Promise<StoredTrack | undefined> => {
      const self = await byKey('track', track)
      if (self === undefined) return undefined
      const items: Record<string, unknown> = { track: self }
      for (const noun of nouns) if (noun !== 'track') items[plurals[noun]] = await ofTrack(noun, track)
      return items as StoredTrack // one list for each noun, as the loop makes it
    },
    roadmap: async (track: string): Promise<StoredRoadmap | undefined> => {
      const self = await byKey('track', track)
      if (self === undefined) return undefined
      const found = await ofTrack('category', track)
      const cells = await cellsOf(track)
      const totals = totalDurations(cells)
      return {
        track: self,
        // Both are all categories of the track, in order.
        categories: found.map((category, index) => ({
          category,
          cells: cells[index] as (typeof cells)[number],
          totalDuration: required(totals.categories, category.key),
        })),
        projects: await ofTrack('project', track),
        tierDurations: totals.tiers,
        totalDuration: totals.track,
      }
    },
  }
}

/** The number of items that one turn of the event loop reads, so that other requests are not blocked for long. */
const keysPerTurn = 500

/** The columns of curriculum order: tracks have an order of their own, other nouns are ordered by track first. */
const curriculumOrder = (noun: Noun) => {
  const { track, sort, key } = tables[noun]
  return noun === 'track' ? [sort, key] : [track, sort, key]
}

const inCurriculumOrder = async (session: Session, noun: Noun, keys: readonly string[]): Promise<string[]> => {
  const { key } = tables[noun]
  const rows = session
    .select({ key })
    .from(tables[noun])
    .where(sql`${key} in (select value from json_each(${JSON.stringify(keys)}))`)
    .orderBy(...curriculumOrder(noun))
  return (await rows).map(row => row.key)
}
