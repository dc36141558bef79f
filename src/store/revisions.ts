import type { Database, Session } from './database.ts'
import { gt, max, sql } from './drizzle.ts'
import { changes, tables } from './tables.ts'

/** The numbers of the last changes: of everything, and of each track that changed while this process was looking. */
export const revisions = ({ read, version }: Database) => {
  const ofTrack = new Map<string, number>()
  let known: { version: number; seq: number } | undefined
  let names: string | null = null
  let tracks: readonly string[] = []
  let ofTracks = Number.POSITIVE_INFINITY
  let looking: { version: number; seq: Promise<number> } | undefined
  const look = async (now: number): Promise<number> => {
    const last = await lastChange(read)
    const changed = known === undefined ? [] : await changedTracks(read, known.seq)
    for (const { track, seq } of changed) ofTrack.set(track, seq)
    // A track that is new, gone or called otherwise may turn any answer into another.
    if (known === undefined || last.names !== names) ofTracks = last.seq
    names = last.names
    tracks = names === null ? [] : names.split(',')
    known = { version: now, seq: last.seq }
    return last.seq
  }
  return {
    /** The number of the last change; at once where nothing was committed since it was last asked for. */
    cursor: (anew = false): number | Promise<number> => {
      const now = version(anew)
      if (known?.version === now) return known.seq
      if (looking?.version !== now)
        looking = {
          version: now,
          seq: look(now).finally(() => {
            looking = undefined
          }),
        }
      return looking.seq
    },
    /** The keys of all tracks in order, as they were when the cursor was last asked for. */
    tracks: (): readonly string[] => tracks,
    /** Whether anything of these tracks was changed after `cursor`, as far as was known when the cursor was last asked for. */
    changedSince: (cursor: number, concerned: ReadonlySet<string>): boolean => {
      if (ofTracks > cursor) return true
      for (const track of concerned) if ((ofTrack.get(track) ?? 0) > cursor) return true
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
    .select({ track: changes.track, seq: sql<number>`max(${changes.seq})` })
    .from(changes)
    .where(gt(changes.seq, since))
    .groupBy(changes.track)
    .orderBy(changes.track)
