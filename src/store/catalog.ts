import { LRUCache } from 'lru-cache'
import { type Catalog, type Difference, parseTrack, type TrackDocument } from '../catalog.ts'
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
import { chunks, type Database, type Session } from './database.ts'
import { inArray } from './drizzle.ts'
import { createFindByUuid } from './external-ids.ts'
import { readGraph } from './graph.ts'
import { createIndexedWords } from './indexed-words.ts'
import { createItemReader } from './item-reader.ts'
import { createLists } from './list.ts'
import { readPictures } from './pictures.ts'
import { linkedTracks, rejectDanglingReferences } from './referrers.ts'
import { replaceTracks } from './replace-track.ts'
import { createFindKeys, currentKeys, find, findById } from './resolve-refs.ts'
import { createRevisions, lastChange } from './revisions.ts'
import { createSearch } from './search.ts'
import { asWritten } from './snapshot.ts'
import { tables } from './tables.ts'
import { readTrackSizes } from './track-sizes.ts'
import { createTransaction } from './transaction.ts'

/** Implements the catalog on a database. */
export const openCatalog = (database: Database): Catalog => {
  const { read } = database
  const revisions = createRevisions(database)
  const { page, count } = createLists(read)
  const findKeys = createFindKeys(read)
  const { byKeys, byKey, storedTrack, roadmap } = createItemReader(read)
  const document = async (track: string): Promise<TrackDocument | undefined> => {
    const items = await storedTrack(track)
    return items && parseTrack(items)
  }
  return {
    ...revisions,
    dependOn: () => undefined,
    find: (noun, ref) => find(read, byKey, noun, ref),
    findById: id => findById(read, id),
    findByUuid: createFindByUuid(read),
    byKeys,
    list: page,
    count: cacheCounts(count, revisions.revision),
    currentKeys: (noun, keys) => currentKeys(read, findKeys, noun, keys),
    withSubcategories: keys => withSubcategories(read, keys),
    keys: (noun, tracks) => keysOf(read, noun, tracks),
    storedTrack,
    roadmap,
    document,
    documentAsWritten: async track => {
      const whole = await document(track)
      return whole && asWritten(read, whole)
    },
    graph: cacheGraphs(read, revisions.revision),
    pictures: (track, path) => readPictures(read, track, path),
    search: createSearch(read, revisions.revision),
    indexedWords: createIndexedWords(read, revisions.revision),
    trackSizes: () => readTrackSizes(read, roadmap),
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
      const reason = await database.readinessError()
      if (reason !== undefined) throw reason
      await lastChange(read)
    },
  }
}

/** Reads the categories level by level, as many of them as one statement can have parameters. */
const withSubcategories = async (session: Session, keys: readonly string[]): Promise<string[]> => {
  const { key, parent } = tables.category
  const all = new Set(keys)
  for (let level = [...all]; level.length > 0; ) {
    const below: string[] = []
    for (const chunk of chunks(level, 1000))
      for (const row of await session.select({ key }).from(tables.category).where(inArray(parent, chunk)).orderBy(key))
        if (!all.has(row.key)) below.push(row.key)
    for (const one of below) all.add(one)
    level = below
  }
  return [...all]
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
  const pictures = new Map(
    tracks.flatMap(one => (one.pictures ? [[one.document.track.slug, one.pictures] as const] : [])),
  )
  const differences = await replaceTracks(session, documents, { pictures })
  for (const document of documents) await rejectDanglingReferences(session, document)
  for (const { document, hash, stamp } of tracks)
    if (hash !== undefined) await recordLoad(session, document.track.slug, hash, stamp)
  return differences
}
