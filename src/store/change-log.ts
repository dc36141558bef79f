import type { Author, Catalog, Change, ChangeQuery, Difference, LastLoad, LoggedChange } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import { formerValues } from '../model/logged-fields.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { chunks, type Session } from './database.ts'
import { and, desc, eq, getTableColumns, gt, gte, inArray, isNull, lt, lte, max, sql } from './drizzle.ts'
import { createInsert } from './prepared.ts'
import { lastChange } from './revisions.ts'
import { isSameItem, type Snapshot, type SnapshotEntry } from './snapshot.ts'
import { storeCells, storeJson } from './stored-json.ts'
import { changes, deliveries, loads, prunedChanges, tables } from './tables.ts'

/**
 * Compares two snapshots of the items that a write may have changed, and writes all that follows from the differences: `updatedAt` and the stored JSON of every item that
 * differs, and a row of the change log for each: removals first, then parents before children.
 */
export const appendChanges = async (
  session: Session,
  before: Snapshot,
  after: Snapshot,
  now: string,
  author?: Author,
): Promise<Difference> => {
  const removed = [...before.values()].filter(({ item }) => !after.has(item.id)).reverse()
  const upserted = [...after.values()].filter(({ item }) => {
    const old = before.get(item.id)
    return old === undefined || !isSameItem(old.item, item)
  })
  // New items already have their time.
  await setUpdatedAt(
    session,
    upserted.filter(({ item }) => item.updatedAt !== now),
    now,
  )
  await storeJson(session, upserted)
  await storeCells(session, changedCells(before, removed, upserted))
  const row = rowOf(before, now, author)
  const rows = [...removed.map(entry => row('delete', entry)), ...upserted.map(entry => row('upsert', entry))]
  await insertChanges(session, rows)
  return {
    created: upserted.filter(({ item }) => !before.has(item.id)).map(nounAndKey),
    changed: upserted.filter(({ item }) => before.has(item.id)).map(nounAndKey),
    removed: removed.map(nounAndKey),
  }
}

const insertChanges = createInsert(changes, { without: ['seq'] })

/** Returns the keys of the categories whose cells may differ: the changed ones, and those of changed skills before and after. */
const changedCells = (before: Snapshot, removed: SnapshotEntry[], upserted: SnapshotEntry[]): string[] => {
  const keys = new Set<string>()
  for (const { noun, item } of [
    ...removed,
    ...upserted,
    ...upserted.flatMap(({ item }) => before.get(item.id) ?? []),
  ]) {
    if (noun === 'category') keys.add(item.key)
    if (noun === 'skill') keys.add((item as Item<'skill'>).category) // the noun decides the type
  }
  return [...keys]
}

export const nounAndKey = ({ noun, item }: SnapshotEntry) => ({ noun, key: item.key })

const rowOf =
  (before: Snapshot, now: string, author: Author | undefined) =>
  (op: 'upsert' | 'delete', { noun, item }: SnapshotEntry) => {
    const old = op === 'upsert' ? before.get(item.id) : undefined
    return {
      noun,
      id: item.id,
      key: item.key,
      track: item.track,
      title: item.title,
      externalId: item.externalId,
      op,
      changedAt: now,
      by: author?.name,
      former: old && formerValues(noun, old.item, item),
      isApiEdit: author !== undefined && !author.fromFiles && author.track === item.track,
    }
  }

const setUpdatedAt = async (session: Session, entries: SnapshotEntry[], now: string): Promise<void> => {
  const keysOf = (noun: Noun) => entries.filter(entry => entry.noun === noun).map(({ item }) => item.key)
  for (const noun of nouns)
    for (const chunk of chunks(keysOf(noun), 1000))
      await session.update(tables[noun]).set({ updatedAt: now }).where(inArray(tables[noun].key, chunk))
  for (const entry of entries) entry.item = { ...entry.item, updatedAt: now }
}

/**
 * Returns the time of the changes that a transaction is about to make (RFC 3339, UTC): the current time, or the time of the
 * newest change if the clock was set back. An earlier time would hide the changes from clients that filter by `updatedSince`.
 */
export const changeTime = async (session: Session): Promise<string> => {
  const times = [new Date().toISOString()]
  for (const { at } of await session.select({ at: sql<string | null>`max("at")` }).from(sql`(${newestTimes})`))
    if (at !== null) times.push(at)
  return times.reduce((newest, time) => (time > newest ? time : newest))
}

/** The newest time in each table. That of a removal is stored in the change log only. */
const newestTimes = sql.join(
  [
    ...nouns.map(noun => sql`select max(${tables[noun].updatedAt}) as "at" from ${tables[noun]}`),
    sql`select * from (select ${changes.changedAt} from ${changes} order by ${changes.seq} desc limit 1)`,
  ],
  sql` union all `,
)

const { isApiEdit: _, ...loggedColumns } = getTableColumns(changes)
const { former: __, ...changeColumns } = loggedColumns

/** Reads the changes after a cursor, oldest first. */
export const readChanges = async (
  session: Session,
  { cursor, until, limit, nouns, tracks }: ChangeQuery,
): Promise<{ data: LoggedChange[]; more: boolean }> => {
  const rows = await session
    .select(loggedColumns)
    .from(changes)
    .where(
      and(
        gt(changes.seq, cursor),
        until === undefined ? undefined : lte(changes.seq, until),
        nouns === undefined ? undefined : inArray(changes.noun, [...nouns]),
        tracks === undefined ? undefined : inArray(changes.track, [...tracks]),
      ),
    )
    .orderBy(changes.seq)
    .limit(limit + 1)
  return { data: rows.slice(0, limit), more: rows.length > limit }
}

/** Returns the sequence number of the newest pruned change; 0 if none was pruned. */
export const readOldestCursor = async (read: Session): Promise<number> => {
  const [row] = await read.select({ seq: max(prunedChanges.seq) }).from(prunedChanges)
  return row?.seq ?? 0
}

/** The maximum length of the list of removals; a client that needs more follows the change feed. */
const maxRemovals = 10_000

/** Reads the removals of items that were not created again. */
export const readRemovals: (session: Session, ...parameters: Parameters<Catalog['removed']>) => Promise<Change[]> =
  async (session, noun, { track, since }) =>
    session
      .select(changeColumns)
      .from(changes)
      .where(
        and(
          eq(changes.noun, noun),
          eq(changes.op, 'delete'),
          track === undefined ? undefined : inArray(changes.track, [...track]),
          since === undefined ? undefined : gte(changes.changedAt, since),
          sql`not exists (select 1 from ${changes} later where later.id = ${changes.id} and later.seq > ${changes.seq})`,
        ),
      )
      .orderBy(changes.seq)
      .limit(maxRemovals)

/** Stores the hash and the stamp of the files that a track was loaded from, and the end of the change log at that time. */
export const recordLoad = async (session: Session, track: string, hash: string, stamp?: string): Promise<void> => {
  const seq = (await lastChange(session)).seq
  const row = { track, hash, stamp: stamp ?? null, seq, loadedAt: new Date().toISOString() }
  await session.insert(loads).values(row).onConflictDoUpdate({ target: loads.track, set: row })
}

/** Stores the stamps of files whose bytes are still those of the last load. */
export const recordStamps = async (session: Session, stamps: ReadonlyMap<string, string>): Promise<void> => {
  for (const [track, stamp] of stamps) await session.update(loads).set({ stamp }).where(eq(loads.track, track))
}

/** Returns the last load of a track, and whether the API changed the track since; undefined if it was neither loaded nor changed. */
export const lastLoad = async (session: Session, track: string): Promise<LastLoad | undefined> => {
  const apiEdits = session
    .select({ seq: changes.seq })
    .from(changes)
    .where(and(eq(changes.track, track), gt(changes.seq, loads.seq), eq(changes.isApiEdit, true)))
  const [load] = await session
    .select({ hash: loads.hash, stamp: loads.stamp, changedSince: sql`exists ${apiEdits}`.mapWith(Boolean) })
    .from(loads)
    .where(eq(loads.track, track))
    .limit(1)
  if (load !== undefined) return load
  const since = await changesSinceLoad(session, track, 1)
  return since.length === 0 ? undefined : { hash: '', stamp: null, changedSince: true }
}

/** Reads the changes that the API made to a track since its last load, newest first. */
export const changesSinceLoad = async (session: Session, track: string, limit: number): Promise<Change[]> => {
  const [load] = await session.select({ seq: loads.seq }).from(loads).where(eq(loads.track, track)).limit(1)
  return session
    .select(changeColumns)
    .from(changes)
    .where(and(eq(changes.track, track), gt(changes.seq, load?.seq ?? 0), eq(changes.isApiEdit, true)))
    .orderBy(desc(changes.seq))
    .limit(limit)
}

/** The number of changes that one transaction prunes, so that other writes are not blocked for long. */
const prunedPerTransaction = 10_000

/**
 * Deletes superseded changes from before a time, and finished webhook deliveries; returns the number of deleted changes. The
 * last change of each item stays, a removal too, so that a client that starts at cursor 0 still gets the complete state.
 */
export const prune = async (session: Session, before: string): Promise<number> => {
  const old = superseded(session, before).limit(prunedPerTransaction)
  const deleted = await session.delete(changes).where(inArray(changes.seq, old)).returning({ seq: changes.seq })
  await session.delete(deliveries).where(and(isNull(deliveries.nextAt), lt(deliveries.createdAt, before)))
  if (deleted.length === 0) return 0
  const row = { number: 1, seq: Math.max(...deleted.map(({ seq }) => seq)) }
  await session
    .insert(prunedChanges)
    .values(row)
    .onConflictDoUpdate({ target: prunedChanges.number, set: { seq: sql`max(${prunedChanges.seq}, ${row.seq})` } })
  return deleted.length
}

/** Returns true if there are changes to prune. */
export const hasPrunable = async (session: Session, before: string): Promise<boolean> =>
  (await superseded(session, before).limit(1)).length > 0

/** Selects changes from before a time that a later change of the same item, also from before that time, supersedes; oldest first. */
const superseded = (session: Session, before: string) =>
  session
    .select({ seq: changes.seq })
    .from(changes)
    .where(
      and(
        lt(changes.changedAt, before),
        sql`exists (select 1 from ${changes} later where later.id = ${changes.id} and later.seq > ${changes.seq} and later.changed_at < ${before})`,
      ),
    )
    .orderBy(changes.seq)
