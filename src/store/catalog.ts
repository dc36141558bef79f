import { LRUCache } from 'lru-cache'
import type { Catalog, Difference, Found, Served } from '../catalog.ts'
import type { Answer } from '../model/curriculum.ts'
import type { Document } from '../model/document.ts'
import { qualifiedKeyOf } from '../model/names.ts'
import type { SkillGraph } from '../model/path.ts'
import { type Noun, nouns, plurals } from '../model/vocabulary.ts'
import { answersOfTrack, selectAnswers } from './answers.ts'
import type { Database, Session } from './database.ts'
import { and, desc, eq, gt, inArray, isNotNull } from './drizzle.ts'
import { readGraph } from './graph.ts'
import { countList, listPage } from './list.ts'
import { refuseDangling } from './referrers.ts'
import { replaceTracks } from './replace.ts'
import { lastChange, revisions } from './revisions.ts'
import { searchIn } from './search.ts'
import { answersByKey, pieces } from './snapshot.ts'
import { changes, entries, formerNames, loads, tables } from './tables.ts'

/** The catalog kept in a database. */
export const openCatalog = (database: Database): Catalog => {
  const { read } = database
  const { cursor, changedSince } = revisions(database)
  return {
    cursor,
    changedSince,
    find: (noun, ref) => find(read, noun, ref),
    node: async id =>
      (await read.select({ noun: entries.noun, key: entries.key }).from(entries).where(eq(entries.id, id)).limit(1))[0],
    byKeys: (noun, keys) => answersByKey(read, noun, keys),
    list: (noun, filter, page) => listPage(read, noun, filter, page),
    count: (noun, filter) => countList(read, noun, filter),
    currentKeys: (noun, keys) => currentKeys(read, noun, keys),
    keys: (noun, tracks) => keysOf(read, noun, tracks),
    document: track => documentOf(read, track),
    graph: graphCache(read, cursor),
    search: query => searchIn(read, query),
    replace: (...tracks) => database.write(session => replaceAll(session, tracks)),
    lastLoad: track => lastLoad(read, track),
    ping: async () => {
      await lastChange(read)
    },
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const find = async <N extends Noun>(session: Session, noun: N, ref: string): Promise<Found<N> | undefined> => {
  const byId = uuid.test(ref)
  const { id, key } = tables[noun]
  const condition = byId ? eq(id, ref.toLowerCase()) : eq(key, ref)
  const rows = await selectAnswers(session, noun).where(condition).limit(1)
  const answer = rows[0]?.answer as Answer<N> | undefined // what is selected is the noun
  if (answer !== undefined) return { answer }
  const movedTo = byId ? undefined : (await currentKeys(session, noun, [ref])).get(ref)
  return movedTo === undefined
    ? goneSince(session, noun, byId ? eq(changes.id, ref.toLowerCase()) : eq(changes.key, ref))
    : { movedTo }
}

const goneSince = async (
  session: Session,
  noun: Noun,
  condition: ReturnType<typeof eq>,
): Promise<{ goneSince: string } | undefined> => {
  const rows = await session
    .select({ op: changes.op, changedAt: changes.changedAt })
    .from(changes)
    .where(and(eq(changes.noun, noun), condition))
    .orderBy(desc(changes.seq))
    .limit(1)
  return rows[0]?.op === 'delete' ? { goneSince: rows[0].changedAt } : undefined
}

/** A key there is stands for itself; one there was, for what it has become. */
const currentKeys = async (session: Session, noun: Noun, keys: readonly string[]): Promise<Map<string, string>> => {
  const current = new Map<string, string>()
  const { key } = tables[noun]
  for (const piece of pieces(keys, 1000)) {
    const names = new Map(piece.map(asked => [qualifiedKeyOf(noun, asked), asked]))
    const known = await session.select({ key }).from(tables[noun]).where(inArray(key, piece)).orderBy(key)
    for (const row of known) current.set(row.key, row.key)
    const former = await session
      .select({ name: formerNames.name, key: entries.key })
      .from(formerNames)
      .innerJoin(entries, eq(entries.id, formerNames.id))
      .where(inArray(formerNames.name, [...names.keys()]))
      .orderBy(formerNames.name)
    for (const row of former) {
      const asked = names.get(row.name)
      if (asked !== undefined && !current.has(asked)) current.set(asked, row.key)
    }
  }
  return current
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

const documentOf = async (session: Session, track: string): Promise<Served | undefined> => {
  const [self] = await answersByKey(session, 'track', [track])
  if (self === undefined) return undefined
  const parts: Record<string, unknown> = { track: self }
  for (const noun of nouns)
    if (noun !== 'track')
      parts[plurals[noun]] = (await answersOfTrack(session, noun, track)).map(({ answer }) => answer)
  return parts as Served // one list a noun, as the loop makes it
}

/** A graph is asked for again and again with other targets: the newest of a few tracks stay in memory until anything changes. */
const graphCache = (session: Session, cursor: Catalog['cursor']) => {
  const kept = new LRUCache<string, { cursor: number; graph: Promise<SkillGraph> }>({ max: 8 })
  return async (track: string): Promise<SkillGraph> => {
    const at = await cursor()
    const known = kept.get(track)
    if (known?.cursor === at) return known.graph
    const graph = readGraph(session, track)
    kept.set(track, { cursor: at, graph })
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

const rememberLoad = async (session: Session, track: string, hash: string): Promise<void> => {
  const row = { track, hash, seq: (await lastChange(session)).seq, loadedAt: new Date().toISOString() }
  await session.insert(loads).values(row).onConflictDoUpdate({ target: loads.track, set: row })
}

const lastLoad = async (
  session: Session,
  track: string,
): Promise<{ hash: string; changedSince: boolean } | undefined> => {
  const [load] = await session.select().from(loads).where(eq(loads.track, track)).limit(1)
  if (load === undefined) return undefined
  const since = await session
    .select({ seq: changes.seq })
    .from(changes)
    .where(and(eq(changes.track, track), gt(changes.seq, load.seq), isNotNull(changes.by)))
    .limit(1)
  return { hash: load.hash, changedSince: since.length > 0 }
}
