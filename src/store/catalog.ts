import { LRUCache } from 'lru-cache'
import type { Catalog, Difference, Filter, FindResult, PageRequest } from '../catalog.ts'
import type { Answer } from '../model/curriculum.ts'
import type { Document } from '../model/document.ts'
import { trackOf } from '../model/keys.ts'
import type { SkillGraph } from '../model/path.ts'
import type { Noun } from '../model/vocabulary.ts'
import type { Row } from './answers.ts'
import { changesIn, oldestCursor, removedIn } from './changes.ts'
import { currentKeys, formerKeys } from './current-keys.ts'
import type { Database, Session } from './database.ts'
import { and, desc, eq, inArray } from './drizzle.ts'
import { readGraph } from './graph.ts'
import { lists } from './list.ts'
import type { RowPage } from './list-from-memory.ts'
import { drift, lastLoad, rememberLoad } from './loads.ts'
import { refuseDangling } from './referrers.ts'
import { replaceTracks } from './replace-track.ts'
import { lastChange, revisions } from './revisions.ts'
import { inOrder, memory } from './row-cache.ts'
import { searchIn } from './search.ts'
import { changes, entries, tables } from './tables.ts'
import { transactionIn } from './transaction.ts'
import { asItWasWritten } from './written-document.ts'

/** Enough for a few large tracks, and to be forgotten beside what the process needs anyway. */
const usualMemory = 64 * 1024 * 1024

/** The catalog kept in a database; `memoryBytes` is what may be kept of it in memory. */
export const openCatalog = (
  database: Database,
  { memoryBytes = usualMemory }: { memoryBytes?: number | undefined } = {},
): Catalog => {
  const { read } = database
  const known = revisions(database)
  const { byKeys, document, cachedPage: recallPage, ...recalling } = memory(read, known, memoryBytes)
  const { page, count } = lists(read)
  const pageAsked = async (noun: Noun, filter: Filter, request: PageRequest): Promise<RowPage> => {
    const { keys, cursor, more } = await page(noun, filter, request)
    const found = await byKeys(noun, keys)
    const tracks = new Set(keys.map(trackOf))
    if (tracks.size <= 2) for (const track of tracks) recalling.hintPreload(track)
    // One may have gone since the keys were read: then the answer is made again.
    return { rows: keys.map(key => found.get(key)).filter(row => row !== undefined), cursor, more }
  }
  return {
    ...known,
    find: (noun, ref) => find(read, byKeys, noun, ref),
    findById: id => nodeWithId(read, id),
    byKeys: async <N extends Noun>(noun: N, keys: readonly string[]) => {
      const rows = [...(await byKeys(noun, keys)).values()].sort(inOrder(noun))
      return rows.map(({ answer }) => answer as Answer<N>) // what is selected is the noun
    },
    list: async <N extends Noun>(noun: N, filter: Filter, request: PageRequest) => {
      const { rows, cursor, more } = recallPage(noun, filter, request) ?? (await pageAsked(noun, filter, request))
      return { data: rows.map(({ answer }) => answer as Answer<N>), cursorAfter: cursor, more } // as above
    },
    count: countCache(count, known.revision),
    currentKeys: (noun, keys) => currentKeys(read, byKeys, noun, keys),
    keys: (noun, tracks) => keysOf(read, noun, tracks),
    document,
    documentAsWritten: async track => {
      const served = await document(track)
      return served && asItWasWritten(read, served)
    },
    ...recalling,
    graph: graphCache(read, known.revision),
    search: searchIn(read, known.revision),
    transaction: work => database.write(session => work(transactionIn(session))),
    replaceTracks: (...tracks) => database.write(session => replaceAll(session, tracks)),
    lastLoad: track => lastLoad(read, track),
    changes: changesIn(read),
    oldestCursor: () => oldestCursor(read),
    removed: (noun, of) => removedIn(read, noun, of),
    changesSinceLoad: (track, limit) => drift(read, track, limit),
    checkpoint: database.checkpoint,
    ping: async () => {
      const reason = database.unready()
      if (reason !== undefined) throw reason
      await lastChange(read)
    },
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

type ByKeys = (noun: Noun, keys: readonly string[]) => Promise<Map<string, Row>>

const find = async <N extends Noun>(
  session: Session,
  byKeys: ByKeys,
  noun: N,
  ref: string,
): Promise<FindResult<N> | undefined> => {
  const id = uuid.test(ref) ? ref.toLowerCase() : undefined
  const key = id === undefined ? ref : await keyWithId(session, noun, id)
  const row = key === undefined ? undefined : (await byKeys(noun, [key])).get(key)
  if (row !== undefined) return { answer: row.answer as Answer<N> } // what is selected is the noun
  if (id !== undefined) return removal(session, noun, eq(changes.id, id))
  const movedTo = (await formerKeys(session, noun, [ref])).get(ref)
  return movedTo === undefined ? removal(session, noun, eq(changes.key, ref)) : { movedTo }
}

const keyWithId = async (session: Session, noun: Noun, id: string): Promise<string | undefined> => {
  const found = await nodeWithId(session, id)
  return found?.noun === noun ? found.key : undefined
}

const nodeWithId = async (session: Session, id: string): Promise<{ noun: Noun; key: string } | undefined> =>
  (await session.select({ noun: entries.noun, key: entries.key }).from(entries).where(eq(entries.id, id)).limit(1))[0]

const removal = async (
  session: Session,
  noun: Noun,
  condition: ReturnType<typeof eq>,
): Promise<{ removedAt: string } | undefined> => {
  const rows = await session
    .select({ op: changes.op, changedAt: changes.changedAt })
    .from(changes)
    .where(and(eq(changes.noun, noun), condition))
    .orderBy(desc(changes.seq))
    .limit(1)
  return rows[0]?.op === 'delete' ? { removedAt: rows[0].changedAt } : undefined
}

/** Comparing a misspelt name with more than these would hold the event loop. */
const suggestable = 2_000

const keysOf = async (session: Session, noun: Noun, tracks?: readonly string[]): Promise<string[]> => {
  const { key, track } = tables[noun]
  const rows = await session
    .select({ key })
    .from(tables[noun])
    .where(tracks === undefined ? undefined : inArray(track, [...tracks]))
    .orderBy(key)
    .limit(suggestable)
  return rows.map(row => row.key)
}

/** Totals are asked for with every page: they stay until anything changes. */
const countCache = (count: Catalog['count'], revision: Catalog['revision']): Catalog['count'] => {
  const kept = new LRUCache<string, { at: number; total: number }>({
    maxSize: 2_000_000,
    sizeCalculation: (_, name) => name.length + 100,
  })
  return async (noun, filter) => {
    const at = await revision()
    const name = `${noun} ${JSON.stringify(filter)}`
    const known = kept.get(name)
    if (known?.at === at) return known.total
    const total = await count(noun, filter)
    kept.set(name, { at, total })
    return total
  }
}

/** A graph is asked for again and again with other targets: the newest of a few tracks stay in memory until anything changes. */
const graphCache = (session: Session, revision: Catalog['revision']) => {
  const kept = new LRUCache<string, { at: number; graph: Promise<SkillGraph> }>({ max: 8 })
  return async (track: string): Promise<SkillGraph> => {
    const at = await revision()
    const known = kept.get(track)
    if (known?.at === at) return known.graph
    const graph = readGraph(session, track)
    kept.set(track, { at, graph })
    return graph
  }
}

const replaceAll = async (session: Session, tracks: { document: Document; hash?: string }[]): Promise<Difference[]> => {
  const documents = tracks.map(({ document }) => document)
  const differences = await replaceTracks(session, documents)
  for (const document of documents) await refuseDangling(session, document)
  for (const { document, hash } of tracks)
    if (hash !== undefined) await rememberLoad(session, document.track.slug, hash)
  return differences
}
