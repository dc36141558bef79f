import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FindResult } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import { qualifiedKeyOf } from '../model/keys.ts'
import type { Noun } from '../model/vocabulary.ts'
import { chunks, type Session } from './database.ts'
import { and, desc, eq, inArray } from './drizzle.ts'
import type { Row } from './items.ts'
import { changes, entries, formerNames } from './tables.ts'

/** Finds an item by id, key or earlier key, or the time of its removal. */
export const find = async <N extends Noun>(
  session: Session,
  byKeys: (noun: Noun, keys: readonly string[]) => Promise<Map<string, Row>>,
  noun: N,
  ref: string,
): Promise<FindResult<N> | undefined> => {
  const id = uuid.test(ref) ? ref.toLowerCase() : undefined
  const key = id === undefined ? ref : await keyById(session, noun, id)
  const row = key === undefined ? undefined : (await byKeys(noun, [key])).get(key)
  if (row !== undefined) return { item: row.item as Item<N> } // the columns are those of the noun
  if (id !== undefined) return removal(session, noun, eq(changes.id, id))
  const movedTo = (await formerKeys(session, noun, [ref])).get(ref)
  return movedTo === undefined ? removal(session, noun, eq(changes.key, ref)) : { movedTo }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const keyById = async (session: Session, noun: Noun, id: string): Promise<string | undefined> => {
  const found = await findById(session, id)
  return found?.noun === noun ? found.key : undefined
}

export const findById = async (session: Session, id: string): Promise<{ noun: Noun; key: string } | undefined> =>
  (await session.select({ noun: entries.noun, key: entries.key }).from(entries).where(eq(entries.id, id)).limit(1))[0]

const removal = async (
  session: Session,
  noun: Noun,
  condition: ReturnType<typeof eq>,
): Promise<{ removedAt: string } | undefined> => {
  const rows = await session
    .select({ op: changes.op, changedAt: changes.changedAt })
    .from(changes)
    .where(and(eq(changes.noun, noun), condition))
    .orderBy(desc(changes.seq))
    .limit(1)
  return rows[0]?.op === 'delete' ? { removedAt: rows[0].changedAt } : undefined
}

/** Maps each key, current or earlier, to the current key. */
export const currentKeys = async (
  session: Session,
  byKeys: (noun: Noun, keys: readonly string[]) => Promise<ReadonlyMap<string, unknown>>,
  noun: Noun,
  keys: readonly string[],
): Promise<Map<string, string>> => {
  const rows = await byKeys(noun, keys)
  const others = keys.filter(key => !rows.has(key))
  const current = others.length === 0 ? new Map<string, string>() : await formerKeys(session, noun, others)
  for (const key of rows.keys()) current.set(key, key)
  return current
}

/** The number of keys that one turn of the event loop looks up, so that other requests are not blocked for long. */
const keysPerTurn = 1_000

/** Maps earlier keys to current keys. */
const formerKeys = async (session: Session, noun: Noun, keys: readonly string[]): Promise<Map<string, string>> => {
  const current = new Map<string, string>()
  for (const [index, chunk] of chunks(keys, keysPerTurn).entries()) {
    if (index > 0) await nextTurn()
    const keysByName = new Map(chunk.map(key => [qualifiedKeyOf(noun, key), key]))
    const rows = await session
      .select({ name: formerNames.name, key: entries.key })
      .from(formerNames)
      .innerJoin(entries, eq(entries.id, formerNames.id))
      .where(inArray(formerNames.name, [...keysByName.keys()]))
      .orderBy(formerNames.name)
    for (const { name, key } of rows) current.set(keysByName.get(name) as string, key) // the query selects only these names
  }
  return current
}
