import type { Change } from '../catalog.ts'
import { changeColumns } from './changes.ts'
import type { Session } from './database.ts'
import { and, desc, eq, gt } from './drizzle.ts'
import { lastChange } from './revisions.ts'
import { changes, loads } from './tables.ts'

export const rememberLoad = async (session: Session, track: string, hash: string): Promise<void> => {
  const row = { track, hash, seq: (await lastChange(session)).seq, loadedAt: new Date().toISOString() }
  await session.insert(loads).values(row).onConflictDoUpdate({ target: loads.track, set: row })
}

/** The hash a track was last loaded with, and whether it was changed since; undefined where it was neither loaded nor written. */
export const lastLoad = async (
  session: Session,
  track: string,
): Promise<{ hash: string; changedSince: boolean } | undefined> => {
  const [load] = await session.select().from(loads).where(eq(loads.track, track)).limit(1)
  const since = await drift(session, track, 1)
  if (load === undefined && since.length === 0) return undefined
  return { hash: load?.hash ?? '', changedSince: since.length > 0 }
}

/** Those changes since the last load that no file has, newest first. */
export const drift = async (session: Session, track: string, limit: number): Promise<Change[]> => {
  const [load] = await session.select({ seq: loads.seq }).from(loads).where(eq(loads.track, track)).limit(1)
  return session
    .select(changeColumns)
    .from(changes)
    .where(and(eq(changes.track, track), gt(changes.seq, load?.seq ?? 0), eq(changes.drifts, true)))
    .orderBy(desc(changes.seq))
    .limit(limit)
}
