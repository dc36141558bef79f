import type { Database, Session } from './database.ts'
import { gt, max, sql } from './drizzle.ts'
import { changes, tables } from './tables.ts'

/** The numbers of the last changes: of everything, and of each track that changed while this process was looking. */
export const revisions = ({ read, version }: Database) => {
  const ofTrack = new Map<string, number>()
  let known:
    | { version: number; seq: number; names: string | null; tracks: readonly string[]; since: number }
    | undefined
  let looking: { version: number; seq: Promise<number> } | undefined
  const look = async (now: number): Promise<number> => {
    const { seq, names } = await lastChange(read)
    for (const { track, last } of known === undefined ? [] : await changedTracks(read, known.seq))
      ofTrack.set(track, last)
    // A track that is new, gone or called otherwise may turn any answer into another.
    known =
      known?.names === names
        ? { ...known, version: now, seq }
        : { version: now, seq, names, tracks: names?.split(',') ?? [], since: seq }
    return seq
  }
  return {
    /** The number of the last change; at once where nothing was committed since it was last asked for. */
    cursor: (): number | Promise<number> => {
      const now = version()
      if (known?.version === now) return known.seq
      if (looking?.version !== now) looking = { version: now, seq: look(now).finally(() => (looking = undefined)) }
      return looking.seq
    },
    /** The keys of all tracks in order, as they were when the cursor was last asked for. */
    tracks: (): readonly string[] => known?.tracks ?? [],
    /** Whether anything of these tracks was changed after `cursor`, as far as was known when the cursor was last asked for. */
    changedSince: (cursor: number, tracks: ReadonlySet<string>): boolean => {
      if (known === undefined || known.since > cursor) return true
      for (const track of tracks) if ((ofTrack.get(track) ?? 0) > cursor) return true
      return false
    },
  }
}

/** Its number, and the keys of the tracks there are. */
export const lastChange = async (session: Session): Promise<{ seq: number; names: string | null }> => {
  const { key } = tables.track
  const [row] = await session
    .select({
      seq: sql<number>`coalesce(${max(changes.seq)}, 0)`,
      names: sql<string | null>`(select group_concat(${key} order by ${key}) from ${tables.track})`,
    })
    .from(changes)
  return row as { seq: number; names: string | null } // an aggregate has one row
}

const changedTracks = (session: Session, since: number) =>
  session
    .select({ track: changes.track, last: sql<number>`max(${changes.seq})` })
    .from(changes)
    .where(gt(changes.seq, since))
    .groupBy(changes.track)
    .orderBy(changes.track)
