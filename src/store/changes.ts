import type { Catalog, Change, ChangeQuery, LoggedChange } from '../catalog.ts'
import type { Session } from './database.ts'
import { and, eq, getTableColumns, gt, gte, inArray, lte, max, sql } from './drizzle.ts'
import { changes, forgotten } from './tables.ts'

const { drifts: _, ...loggedColumns } = getTableColumns(changes)
const { former: __, ...columns } = loggedColumns
/** What is told of a change. */
export const changeColumns = columns

/** Changes after a cursor, oldest first. */
export const changesIn =
  (read: Session) =>
  async ({ cursor, until, limit, nouns, tracks }: ChangeQuery): Promise<{ data: LoggedChange[]; more: boolean }> => {
    const rows = await read
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

/** The least number from which nothing has been forgotten. */
export const oldestCursor = async (read: Session): Promise<number> => {
  const [row] = await read.select({ seq: max(forgotten.seq) }).from(forgotten)
  return row?.seq ?? 0
}

/** More than these no list holds; who needs them follows the changes. */
const mostRemoved = 10_000

/** What was removed and has not been made again. */
export const removedIn: (session: Session, ...asked: Parameters<Catalog['removed']>) => Promise<Change[]> = async (
  session,
  noun,
  { track, since },
) =>
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
    .limit(mostRemoved)
