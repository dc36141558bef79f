import { nouns } from '../model/vocabulary.ts'
import type { Session } from './database.ts'
import { desc, max } from './drizzle.ts'
import { changes, tables } from './tables.ts'

/**
 * The time of the changes that a transaction is about to make (RFC 3339, UTC): now, or the time of the newest change where
 * the clock was set back since. Otherwise clients that ask for what was updated since their last visit would miss them.
 */
export const changeTime = async (session: Session): Promise<string> => {
  const times = [new Date().toISOString()]
  for (const noun of nouns)
    for (const { newest } of await session.select({ newest: max(tables[noun].updatedAt) }).from(tables[noun]))
      if (newest !== null) times.push(newest)
  // A removal leaves its time in the list of changes alone.
  const last = session.select({ at: changes.changedAt }).from(changes).orderBy(desc(changes.seq)).limit(1)
  for (const { at } of await last) times.push(at)
  return times.reduce((newest, time) => (time > newest ? time : newest))
}
