import { Failure } from '../errors.ts'
import { caseUuid } from '../model/identity.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import type { IdentifiedDraft } from './assign-keys.ts'
import { chunks, type Session } from './database.ts'
import { eq, inArray, type SQL, sql } from './drizzle.ts'
import type { Snapshot } from './snapshot.ts'
import { entries, tables } from './tables.ts'

/** Selects the items of all nouns whose external id, in lower case, meets a condition. Each table has an index for it. */
const itemsWhere = (condition: SQL): SQL =>
  sql`(${sql.join(
    nouns.map(noun => {
      const { id, key, externalId } = tables[noun]
      const lower = sql`lower(${externalId})`
      return sql`select ${sql.raw(`'${noun}'`)} as noun, ${key} as key, ${id} as id, ${lower} as uuid from ${tables[noun]} where ${lower} is not null and ${lower} ${condition}`
    }),
    sql` union all `,
  )})`

interface Found {
  noun: Noun
  key: string
}

/** Creates a function that finds the item whose external id is a UUID, else the item with this id. */
export const createFindByUuid = (session: Session): ((uuid: string) => Promise<Found | undefined>) => {
  const byExternalId = session
    .select({ noun: sql<Noun>`noun`, key: sql<string>`key` })
    .from(itemsWhere(sql`= ${sql.placeholder('uuid')}`))
    .limit(1)
    .prepare()
  const byId = session
    .select({ noun: entries.noun, key: entries.key })
    .from(entries)
    .where(eq(entries.id, sql.placeholder('uuid')))
    .limit(1)
    .prepare()
  return async uuid => (await byExternalId.all({ uuid }))[0] ?? (await byId.all({ uuid }))[0]
}

/** Rejects with 409 if one of these drafts has the identifier of another item in CASE, in any track. */
export const rejectTakenIdentifiers = async (
  session: Session,
  drafts: readonly IdentifiedDraft[],
  stored: Snapshot,
): Promise<void> => {
  const owners = new Map<string, IdentifiedDraft>()
  for (const item of drafts) {
    const uuid = caseUuid(item.draft.externalId)
    if (uuid !== undefined && uuid !== caseUuid(stored.get(item.id)?.item.externalId ?? null)) owners.set(uuid, item)
  }
  for (const chunk of chunks([...owners.keys()], 1000)) {
    const columns = { name: sql<string>`name`, id: sql<string>`id`, uuid: sql<string>`uuid` }
    const condition = sql`in (select value from json_each(${JSON.stringify(chunk)}))`
    const named = sql`(select ${entries.name} as name, found.id as id, found.uuid as uuid from ${itemsWhere(condition)} found join ${entries} on ${entries.id} = found.id)`
    const others = [
      ...(await session.select(columns).from(named)),
      ...(await session
        .select({ name: entries.name, id: entries.id, uuid: entries.id })
        .from(entries)
        .where(inArray(entries.id, chunk))),
    ]
    for (const { name, id, uuid } of others) {
      const owner = owners.get(uuid)
      if (owner !== undefined && owner.id !== id)
        throw new Failure(
          'CONFLICT',
          `"${owner.qualifiedKey}" cannot have the externalId ${uuid}: it identifies "${name}" in CASE. Give it another one, or none.`,
        )
    }
  }
}
