import { setImmediate as nextTurn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Filter, PageRequest, TrackDocument } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import { trackOf } from '../model/keys.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { chunks, type Session } from './database.ts'
import { sql } from './drizzle.ts'
import { itemsOfTrack, type Row, selectItems } from './items.ts'
import { listFromMemory, type RowPage } from './list-from-memory.ts'
import type { createRevisions } from './revisions.ts'
import { assembleDocument } from './snapshot.ts'
import { tables } from './tables.ts'

interface CacheEntry<T> {
  value: T
  /** The last revision at which the entry was known to be current. */
  checkedAt: number
}

/** A whole track: its document, and its rows by key in curriculum order. */
interface CachedTrack {
  document: TrackDocument
  rows: ReadonlyMap<Noun, ReadonlyMap<string, Row>>
}

/**
 * Creates the cache of rows and of whole tracks, on top of the database. An entry is valid until its track changes. Rows and
 * tracks get half of `bytes` each.
 */
export const createRowCache = (read: Session, { revision, changedSince, tracks }: Revisions, bytes: number) => {
  const limits = { maxSize: Math.max(Math.floor(bytes / 2), 1) }
  const rowCache = new LRUCache<string, CacheEntry<Row>>({
    ...limits,
    sizeCalculation: ({ value }) => sizeWithJson(value),
  })
  const trackCache = new LRUCache<string, CacheEntry<CachedTrack>>({
    ...limits,
    sizeCalculation: ({ value }) => sizeWithJson(value.document),
  })
  const readRows = createRowReader(read)
  const currentValue = <T>(entry: CacheEntry<T> | undefined, track: string, now: number): T | undefined => {
    if (entry === undefined) return undefined
    if (entry.checkedAt !== now && changedSince(entry.checkedAt, new Set([track]))) return undefined
    entry.checkedAt = now
    return entry.value
  }
  const cachedTrack = (track: string, now: number): CachedTrack | undefined =>
    currentValue(trackCache.get(track), track, now)
  const cachedRow = (noun: Noun, key: string, now: number): Row | undefined => {
    const track = trackOf(key)
    return (
      cachedTrack(track, now)?.rows.get(noun)?.get(key) ?? currentValue(rowCache.get(cacheKey(noun, key)), track, now)
    )
  }
  const readTrack = async (track: string): Promise<CachedTrack | undefined> => {
    const [self] = await readRows('track', [track])
    if (self === undefined) return undefined
    const lists = new Map<Noun, Row[]>()
    for (const noun of nouns) lists.set(noun, noun === 'track' ? [self] : await itemsOfTrack(read, noun, track))
    return {
      document: assembleDocument(self.item as Item<'track'>, noun => lists.get(noun) as Row[]), // one for each noun, of that noun
      rows: new Map([...lists].map(([noun, rows]) => [noun, new Map(rows.map(row => [row.item.key, row]))])),
    }
  }
  const document = async (track: string): Promise<TrackDocument | undefined> => {
    const now = await revision()
    const cached = cachedTrack(track, now)
    if (cached !== undefined) return cached.document
    const read = await readTrack(track)
    if (read !== undefined && bytes > 0) trackCache.set(track, { value: read, checkedAt: now })
    return read?.document
  }
  const largeReads = new LRUCache<string, number>({ max: 100 })
  return {
    /** Returns the rows of the keys that exist, from the cache or the database. */
    byKeys: async (noun: Noun, keys: readonly string[]): Promise<Map<string, Row>> => {
      const now = await revision()
      const found = new Map<string, Row>()
      const missing: string[] = []
      for (const key of keys) {
        const row = cachedRow(noun, key, now)
        if (row === undefined) missing.push(key)
        else found.set(key, row)
      }
      for (const [index, chunk] of chunks(missing, rowsPerTurn).entries()) {
        if (index > 0) await nextTurn()
        for (const row of await readRows(noun, chunk)) {
          found.set(row.item.key, row)
          if (bytes > 0) rowCache.set(cacheKey(noun, row.item.key), { value: row, checkedAt: now })
        }
      }
      return found
    },
    document,
    cachedByKeys: (noun: Noun, keys: readonly string[]): Item[] | undefined => {
      const now = revision()
      if (typeof now !== 'number') return undefined
      const found: Item[] = []
      for (const key of keys) {
        const row = cachedRow(noun, key, now)
        if (row === undefined) return undefined
        found.push(row.item)
      }
      return found
    },
    /**
     * Preloads the whole track on its second large read. A read error is ignored here: the next request that needs the track
     * reports it. A track that does not fit into the cache is not preloaded again.
     */
    hintPreload: (track: string): void => {
      const times = (largeReads.get(track) ?? 0) + 1
      largeReads.set(track, times)
      if (bytes === 0 || times !== 2) return
      document(track).then(
        () => trackCache.has(track) && largeReads.delete(track),
        () => largeReads.delete(track),
      )
    },
    /** Returns a page of a list from cached tracks; undefined if it has to be read from the database. */
    cachedPage: (noun: Noun, filter: Filter, page: PageRequest): RowPage | undefined => {
      const now = revision()
      // Cached rows are ordered by the keys of their tracks, but tracks themselves by their positions.
      if (typeof now !== 'number' || noun === 'track') return undefined
      return listFromMemory(noun, track => cachedTrack(track, now)?.rows.get(noun)?.values(), tracks(), filter, page)
    },
    cachedDocument: (track: string): TrackDocument | undefined => {
      const now = revision()
      if (typeof now !== 'number') return undefined
      return cachedTrack(track, now)?.document
    },
  }
}
type Revisions = ReturnType<typeof createRevisions>

/** The number of rows that one turn of the event loop reads, so that other requests are not blocked for long. */
const rowsPerTurn = 500

const cacheKey = (noun: Noun, key: string): string => `${noun} ${key}`

/** Reads rows by key with one prepared statement per noun, whatever the number of keys. */
const createRowReader = (read: Session) => {
  const statements = new Map<Noun, { execute(values: { keys: string }): unknown }>()
  return async (noun: Noun, keys: readonly string[]): Promise<Row[]> => {
    const { key } = tables[noun]
    const statement =
      statements.get(noun) ??
      selectItems(read, noun)
        .where(sql`${key} in (select value from json_each(${sql.placeholder('keys')}))`)
        .prepare()
    statements.set(noun, statement)
    return (await statement.execute({ keys: JSON.stringify(keys) })) as Row[] // the columns are those of the noun
  }
}

/** Estimates the bytes of an object and of its JSON, which responses cache beside it. */
const sizeWithJson = (value: unknown): number => 2 * sizeOf(value)

/** Estimates the bytes of an object: one for each character, and some for each object, field and number. */
const sizeOf = (value: unknown): number => {
  if (typeof value === 'string') return value.length + 24
  if (typeof value !== 'object' || value === null) return 8
  let size = 48
  for (const name in value) size += 8 + sizeOf((value as Record<string, unknown>)[name])
  return size
}

/** Compares two rows of a noun by curriculum order. */
export const byCurriculumOrder =
  (noun: Noun) =>
  (one: Row, other: Row): number =>
    noun === 'track' || one.item.track === other.item.track
      ? one.sort - other.sort
      : compareBytes(one.item.track, other.item.track)

/** Compares two keys as SQLite does; keys are ASCII. */
const compareBytes = (one: string, other: string): number => (one < other ? -1 : 1)
