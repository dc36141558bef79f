import { LRUCache } from 'lru-cache'
import type { Catalog, Difference, Filter, PageRequest } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import { trackOf } from '../model/keys.ts'
import type { SkillGraph } from '../model/path.ts'
import type { Noun } from '../model/vocabulary.ts'
import {
  changesSinceLoad,
  lastLoad,
  readChanges,
  readOldestCursor,
  readRemovals,
  recordLoad,
  recordStamps,
} from './change-log.ts'
import type { Database, Session } from './database.ts'
import { inArray } from './drizzle.ts'
import { readGraph } from './graph.ts'
import { createLists } from './list.ts'
import type { RowPage } from './list-from-memory.ts'
import { linkedTracks, rejectDanglingReferences } from './referrers.ts'
import { replaceTracks } from './replace-track.ts'
import { currentKeys, find, findById } from './resolve-refs.ts'
import { createRevisions, lastChange } from './revisions.ts'
import { byCurriculumOrder, createRowCache } from './row-cache.ts'
import { createSearch } from './search.ts'
import { asWritten } from './snapshot.ts'
import { tables } from './tables.ts'
import { createTransaction } from './transaction.ts'

/** Room for a few large tracks; small next to what the process uses anyway. */
const defaultCacheBytes = 64 * 1024 * 1024

/** Implements the catalog on a database. `memoryBytes` limits the row cache; 0 disables it. */
export const openCatalog = (
  database: Database,
  { memoryBytes = defaultCacheBytes }: { memoryBytes?: number | undefined } = {},
): Catalog => {
  const { read } = database
  const revisions = createRevisions(database)
  const { byKeys, document, cachedPage, ...cached } = createRowCache(read, revisions, memoryBytes)
  const { page, count } = createLists(read)
  const readPage = async (noun: Noun, filter: Filter, request: PageRequest): Promise<RowPage> => {
    const { keys, cursorAfter, more } = await page(noun, filter, request)
    const found = await byKeys(noun, keys)
    const tracks = new Set(keys.map(trackOf))
    if (tracks.size <= 2) for (const track of tracks) cached.hintPreload(track)
    // A row may have been removed since the keys were read; the response is then out of date and is built again.
    return { rows: keys.map(key => found.get(key)).filter(row => row !== undefined), cursorAfter, more }
  }
  return {
    ...revisions,
    find: (noun, ref) => find(read, byKeys, noun, ref),
    findById: id => findById(read, id),
    byKeys: async <N extends Noun>(noun: N, keys: readonly string[]) => {
      const rows = [...(await byKeys(noun, keys)).values()].sort(byCurriculumOrder(noun))
      return rows.map(({ item }) => item as Item<N>) // the columns are those of the noun
    },
    list: async <N extends Noun>(noun: N, filter: Filter, request: PageRequest) => {
      const { rows, cursorAfter, more } = cachedPage(noun, filter, request) ?? (await readPage(noun, filter, request))
      return { data: rows.map(({ item }) => item as Item<N>), cursorAfter, more } // as above
    },
    count: cacheCounts(count, revisions.revision),
    currentKeys: (noun, keys) => currentKeys(read, byKeys, noun, keys),
    keys: (noun, tracks) => keysOf(read, noun, tracks),
    document,
    documentAsWritten: async track => {
      const whole = await document(track)
      return whole && asWritten(read, whole)
    },
    ...cached,
    graph: cacheGraphs(read, revisions.revision),
    search: createSearch(read, revisions.revision),
    transaction: work => database.write(session => work(createTransaction(session))),
    replaceTracks: (...tracks) => database.write(session => replaceAll(session, tracks)),
    recordStamps: stamps => database.write(session => recordStamps(session, stamps)),
    lastLoad: track => lastLoad(read, track),
    linkedTracks: () => linkedTracks(read),
    changes: query => readChanges(read, query),
    oldestCursor: () => readOldestCursor(read),
    removed: (noun, of) => readRemovals(read, noun, of),
    changesSinceLoad: (track, limit) => changesSinceLoad(read, track, limit),
    checkpoint: database.checkpoint,
    ping: async () => {
      const reason = database.readinessError()
      if (reason !== undefined) throw reason
      await lastChange(read)
    },
  }
}

/** Comparing a misspelt key with more than these would block the event loop. */
const maxSuggestionKeys = 2_000

const keysOf = async (session: Session, noun: Noun, tracks?: readonly string[]): Promise<string[]> => {
  const { key, track } = tables[noun]
  const rows = await session
    .select({ key })
    .from(tables[noun])
    .where(tracks === undefined ? undefined : inArray(track, [...tracks]))
    .orderBy(key)
    .limit(maxSuggestionKeys)
  return rows.map(row => row.key)
}

/** Caches totals, which every page needs, until the revision changes. */
const cacheCounts = (count: Catalog['count'], revision: Catalog['revision']): Catalog['count'] => {
  const cache = new LRUCache<string, { at: number; total: number }>({
    maxSize: 2_000_000,
    sizeCalculation: (_, cacheKey) => cacheKey.length + 100,
  })
  return async (noun, filter) => {
    const at = await revision()
    const cacheKey = `${noun} ${JSON.stringify(filter)}`
    const cached = cache.get(cacheKey)
    if (cached?.at === at) return cached.total
    const total = await count(noun, filter)
    cache.set(cacheKey, { at, total })
    return total
  }
}

/** Caches the graphs of a few tracks until the revision changes: clients ask for several learning paths in one graph. */
const cacheGraphs = (session: Session, revision: Catalog['revision']) => {
  const cache = new LRUCache<string, { at: number; graph: Promise<SkillGraph> }>({ max: 8 })
  return async (track: string): Promise<SkillGraph> => {
    const at = await revision()
    const cached = cache.get(track)
    if (cached?.at === at) return cached.graph
    const graph = readGraph(session, track)
    cache.set(track, { at, graph })
    return graph
  }
}

const replaceAll = async (session: Session, tracks: Parameters<Catalog['replaceTracks']>): Promise<Difference[]> => {
  const documents = tracks.map(({ document }) => document)
  const differences = await replaceTracks(session, documents)
  for (const document of documents) await rejectDanglingReferences(session, document)
  for (const { document, hash, stamp } of tracks)
    if (hash !== undefined) await recordLoad(session, document.track.slug, hash, stamp)
  return differences
}
