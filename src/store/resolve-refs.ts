import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FindResult, StoredItem } from '../catalog.ts'
import { qualifiedKeyOf } from '../model/keys.ts'
import type { Noun } from '../model/vocabulary.ts'
import { chunks, type Session } from './database.ts'
import { and, desc, eq, inArray, sql } from './drizzle.ts'
import { changes, entries, formerNames, tables } from './tables.ts'

/** Finds an item by id, key or earlier key, or the time of its removal. */
export const find = async <N extends Noun>(
  session: Session,
  byKey: (noun: N, key: string) => Promise<StoredItem<N> | undefined>,
  noun: N,
  ref: string,
): Promise<FindResult<N> | undefined> => {
  const id = uuid.test(ref) ? ref.toLowerCase() : undefined
  const key = id === undefined ? ref : await keyById(session, noun, id)
  const item = key === undefined ? undefined : await byKey(noun, key)
  if (item !== undefined) return { item }
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

/** Returns those of these keys that exist. */
export type FindKeys = (noun: Noun, keys: readonly string[]) => Promise<readonly string[]>

/** Creates `FindKeys`, with one prepared statement per noun. */
export const createFindKeys = (session: Session): FindKeys => {
  const statements = new Map<Noun, { values(parameters: { keys: string }): unknown }>()
  return async (noun, keys) => {
    const { key } = tables[noun]
    const statement =
      statements.get(noun) ??
      session
        .select({ key })
        .from(tables[noun])
        .where(sql`${key} in (select value from json_each(${sql.placeholder('keys')}))`)
        .prepare()
    statements.set(noun, statement)
    return ((await statement.values({ keys: JSON.stringify(keys) })) as [string][]).map(([found]) => found) // the selected column
  }
}

/** Maps each key, current or earlier, to the current key. */
export const currentKeys = async (
  session: Session,
  findKeys: FindKeys,
  noun: Noun,
  keys: readonly string[],
): Promise<Map<string, string>> => {
  const current = new Map<string, string>()
  for (const [index, chunk] of chunks(keys, keysPerTurn).entries()) {
    if (index > 0) await nextTurn()
    for (const key of await findKeys(noun, chunk)) current.set(key, key)
  }
  const others = keys.filter(one => !current.has(one))
  for (const [former, now] of others.length === 0 ? [] : await formerKeys(session, noun, others))
    current.set(former, now)
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
