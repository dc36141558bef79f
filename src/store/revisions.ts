import type { Database, Session } from './database.ts'
import { gt, max, sql } from './drizzle.ts'
import { changes, tables } from './tables.ts'

/**
 * Tracks the revision: the sequence number of the last change, of the whole database and of each track that changed while this
 * process was watching. It is raised by an offset after another file replaced the database, so that no two contents share one.
 */
export const createRevisions = ({ read, version, generation }: Pick<Database, 'read' | 'version' | 'generation'>) => {
  const revisionByTrack = new Map<string, number>()
  let current: { version: number; revision: number; generation: number } | undefined
  let offset = 0
  let trackKeys: string | null = null
  /** The last revision that may have changed any response. */
  let revisionOfAll = Number.POSITIVE_INFINITY
  let pending: { version: number; revision: Promise<number> } | undefined
  const refresh = async (now: number): Promise<number> => {
    const newGeneration = generation()
    const last = await lastChange(read)
    const isReplaced = current !== undefined && current.generation !== newGeneration
    if (isReplaced && current !== undefined) offset = Math.max(current.revision + 1 - last.seq, 0)
    const changed = current === undefined || isReplaced ? [] : await changedTracks(read, current.revision - offset)
    const revision = last.seq + offset
    for (const { track, seq } of changed) revisionByTrack.set(track, seq + offset)
    // A track that was added, removed or renamed may change any response, and so may another database file.
    if (current === undefined || isReplaced || last.trackKeys !== trackKeys) revisionOfAll = revision
    trackKeys = last.trackKeys
    current = { version: now, revision, generation: newGeneration }
    return revision
  }
  const revision = (fresh = false): number | Promise<number> => {
    const now = version(fresh)
    if (current?.version === now) return current.revision
    if (pending?.version !== now)
      pending = {
        version: now,
        revision: refresh(now).finally(() => {
          pending = undefined
        }),
      }
    return pending.revision
  }
  return {
    revision,
    cursorAt: (at: number): number => at - offset,
    latestCursor: async (): Promise<number> => (await revision()) - offset,
    changedSince: (at: number, some: ReadonlySet<string>): boolean => {
      if (revisionOfAll > at) return true
      for (const track of some) if ((revisionByTrack.get(track) ?? 0) > at) return true
      return false
    },
  }
}

/** Reads the sequence number of the last change, and the keys of all tracks in order, separated by commas. */
export const lastChange = async (session: Session): Promise<{ seq: number; trackKeys: string | null }> => {
  const { key } = tables.track
  const [row] = await session
    .select({
      seq: sql<number>`coalesce(${max(changes.seq)}, 0)`,
      trackKeys: sql<
        string | null
      >`(select group_concat("key") from (select ${key} from ${tables.track} order by ${key}))`,
    })
    .from(changes)
  return row as { seq: number; trackKeys: string | null } // an aggregate has one row
}

const changedTracks = (session: Session, since: number) =>
  session
    .select({ track: changes.track, seq: sql<number>`max(${changes.seq})` })
    .from(changes)
    .where(gt(changes.seq, since))
    .groupBy(changes.track)
    .orderBy(changes.track)
