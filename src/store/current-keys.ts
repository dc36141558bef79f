import { setImmediate as turn } from 'node:timers/promises'
import { qualifiedKeyOf } from '../model/keys.ts'
import type { Noun } from '../model/vocabulary.ts'
import { chunks } from './chunks.ts'
import type { Session } from './database.ts'
import { eq, inArray } from './drizzle.ts'
import { entries, formerNames } from './tables.ts'

/** A key there is stands for itself; one there was, for what it has become. */
export const currentKeys = async (
  session: Session,
  byKeys: (noun: Noun, keys: readonly string[]) => Promise<ReadonlyMap<string, unknown>>,
  noun: Noun,
  keys: readonly string[],
): Promise<Map<string, string>> => {
  const rows = await byKeys(noun, keys)
  const former = keys.filter(key => !rows.has(key))
  const current = former.length === 0 ? new Map<string, string>() : await formerKeys(session, noun, former)
  for (const key of rows.keys()) current.set(key, key)
  return current
}

export const formerKeys = async (
  session: Session,
  noun: Noun,
  keys: readonly string[],
): Promise<Map<string, string>> => {
  const current = new Map<string, string>()
  for (const [index, chunk] of chunks(keys, atOnce).entries()) {
    if (index > 0) await turn()
    const names = new Map(chunk.map(asked => [qualifiedKeyOf(noun, asked), asked]))
    const rows = await session
      .select({ name: formerNames.name, key: entries.key })
      .from(formerNames)
      .innerJoin(entries, eq(entries.id, formerNames.id))
      .where(inArray(formerNames.name, [...names.keys()]))
      .orderBy(formerNames.name)
    for (const { name, key } of rows) current.set(names.get(name) as string, key) // only these names were asked for
  }
  return current
}

/** So many names are looked up in one turn of the event loop: others have theirs between. */
const atOnce = 1_000
