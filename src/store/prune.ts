import type { Session } from './database.ts'
import { and, inArray, isNull, lt, sql } from './drizzle.ts'
import { changes, deliveries, forgotten } from './tables.ts'

/**
 * Forgets changes from before a time that later ones have made meaningless, and deliveries that ended. What was last said of
 * each thing stays, a removal too: from the beginning everything is still told, and what is gone is still known as gone.
 */
export const forget = async (session: Session, before: string): Promise<number> => {
  const old = superseded(session, before).limit(atOnce)
  const gone = await session.delete(changes).where(inArray(changes.seq, old)).returning({ seq: changes.seq })
  await session.delete(deliveries).where(and(isNull(deliveries.nextAt), lt(deliveries.createdAt, before)))
  if (gone.length === 0) return 0
  const row = { number: 1, seq: Math.max(...gone.map(({ seq }) => seq)) }
  await session
    .insert(forgotten)
    .values(row)
    .onConflictDoUpdate({ target: forgotten.number, set: { seq: sql`max(${forgotten.seq}, ${row.seq})` } })
  return gone.length
}

/** So many in one write: whoever else writes gets a turn. */
const atOnce = 10_000

/** Whether there is anything to forget. */
export const isForgettable = async (session: Session, before: string): Promise<boolean> =>
  (await superseded(session, before).limit(1)).length > 0

/** Changes from before a time after which, and before it too, the same thing has changed again; oldest first. */
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
