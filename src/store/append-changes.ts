import type { Author, Difference } from '../catalog.ts'
import { formerValues } from '../model/logged-fields.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { chunks } from './chunks.ts'
import type { Session } from './database.ts'
import { inArray } from './drizzle.ts'
import { type Seen, type Snapshot, sameAnswer } from './read-track.ts'
import { changes, tables } from './tables.ts'

/** Gives all that answers otherwise than before its new time, and every change its number: removals first, then parents before children. */
export const record = async (
  session: Session,
  before: Snapshot,
  after: Snapshot,
  now: string,
  author?: Author,
): Promise<Difference> => {
  const removed = [...before.values()].filter(({ answer }) => !after.has(answer.id)).reverse()
  const upserted = [...after.values()].filter(({ answer }) => {
    const known = before.get(answer.id)
    return known === undefined || !sameAnswer(known.answer, answer)
  })
  // What was made has its time already.
  await stamp(
    session,
    upserted.filter(({ answer }) => answer.updatedAt !== now),
    now,
  )
  const row = rowOf(before, now, author)
  const rows = [...removed.map(seen => row('delete', seen)), ...upserted.map(seen => row('upsert', seen))]
  for (const chunk of chunks(rows, 500)) await session.insert(changes).values(chunk)
  return {
    created: upserted.filter(({ answer }) => !before.has(answer.id)).map(named),
    changed: upserted.filter(({ answer }) => before.has(answer.id)).map(named),
    removed: removed.map(named),
  }
}

export const named = ({ noun, answer }: Seen) => ({ noun, key: answer.key })

const rowOf =
  (before: Snapshot, now: string, author: Author | undefined) =>
  (op: 'upsert' | 'delete', { noun, answer }: Seen) => {
    const known = op === 'upsert' ? before.get(answer.id) : undefined
    return {
      noun,
      id: answer.id,
      key: answer.key,
      track: answer.track,
      title: answer.title,
      op,
      changedAt: now,
      by: author?.name,
      former: known && formerValues(noun, known.answer, answer),
      drifts: author !== undefined && !author.fromFiles && author.track === answer.track,
    }
  }

const stamp = async (session: Session, upserted: Seen[], now: string): Promise<void> => {
  const keysOf = (noun: Noun) => upserted.filter(seen => seen.noun === noun).map(({ answer }) => answer.key)
  for (const noun of nouns)
    for (const chunk of chunks(keysOf(noun), 1000))
      await session.update(tables[noun]).set({ updatedAt: now }).where(inArray(tables[noun].key, chunk))
  for (const seen of upserted) seen.answer = { ...seen.answer, updatedAt: now }
}
