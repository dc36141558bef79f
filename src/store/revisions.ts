import type { Database, Session } from './database.ts'
import { gt, max, sql } from './drizzle.ts'
import { changes, tables } from './tables.ts'

/**
 * The numbers of the last changes: of everything, and of each track that changed while this process was looking. A revision
 * is that number, raised where another file took the place of the database, so that no two contents share one.
 */
export const revisions = ({ read, version, generation }: Pick<Database, 'read' | 'version' | 'generation'>) => {
  const ofTrack = new Map<string, number>()
  let known: { version: number; revision: number; generation: number } | undefined
  let raisedBy = 0
  let names: string | null = null
  let tracks: readonly string[] = []
  let ofTracks = Number.POSITIVE_INFINITY
  let looking: { version: number; revision: Promise<number> } | undefined
  const look = async (now: number): Promise<number> => {
    const of = generation()
    const last = await lastChange(read)
    const isOther = known !== undefined && known.generation !== of
    if (isOther && known !== undefined) raisedBy = Math.max(known.revision + 1 - last.seq, 0)
    const changed = known === undefined || isOther ? [] : await changedTracks(read, known.revision - raisedBy)
    const revision = last.seq + raisedBy
    for (const { track, seq } of changed) ofTrack.set(track, seq + raisedBy)
    // A track that is new, gone or called otherwise may turn any answer into another, and so may another file.
    if (known === undefined || isOther || last.names !== names) ofTracks = revision
    names = last.names
    tracks = names === null ? [] : names.split(',')
    known = { version: now, revision, generation: of }
    return revision
  }
  const revision = (fresh = false): number | Promise<number> => {
    const now = version(fresh)
    if (known?.version === now) return known.revision
    if (looking?.version !== now)
      looking = {
        version: now,
        revision: look(now).finally(() => {
          looking = undefined
        }),
      }
    return looking.revision
  }
  return {
    revision,
    /** The number of the last change at a revision. */
    cursorAt: (at: number): number => at - raisedBy,
    latestCursor: async (): Promise<number> => (await revision()) - raisedBy,
    /** The keys of all tracks in order, as they were when the revision was last asked for. */
    tracks: (): readonly string[] => tracks,
    /** Returns true if anything of these tracks was changed after `revision`, as far as was known when the revision was last asked for. */
    changedSince: (at: number, concerned: ReadonlySet<string>): boolean => {
      if (ofTracks > at) return true
      for (const track of concerned) if ((ofTrack.get(track) ?? 0) > at) return true
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
