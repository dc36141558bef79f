import { trackOf } from '../model/keys.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { categorySize, type IdentifiedDraft } from './assign-keys.ts'
import { chunks, type Session } from './database.ts'
import { and, eq, getTableColumns, gt, gte, inArray, lt, notInArray, snakeCase, sql } from './drizzle.ts'
import { writeLinks } from './links.ts'
import { createInsert } from './prepared.ts'
import { removeFromSearch } from './search-index.ts'
import type { Snapshot } from './snapshot.ts'
import { builtColumns, entries, formerNames, skillRelated, skills, tables } from './tables.ts'

/** Writes drafts of a track: rows, links and outlines. */
export const writeDrafts = async (
  session: Session,
  drafts: IdentifiedDraft[],
  stored: Snapshot,
  track: string,
  now: string,
): Promise<void> => {
  await renameKeys(session, drafts, stored)
  await writeRows(session, drafts, track, now, stored)
  await writeLinks(session, drafts, stored)
}

/** Deletes items by id. Their links and outline lines are deleted by cascade. */
export const deleteItems = async (session: Session, ids: ReadonlySet<string>): Promise<void> => {
  for (const chunk of chunks([...ids], 1000)) {
    await removeFromSearch(session, chunk)
    await session.delete(entries).where(inArray(entries.id, chunk))
  }
}

/** All relations of one skill. */
export interface RelatedPairs {
  skill: string
  related: readonly string[]
}

/** Deletes the pairs that other skills wrote with this one and that are not in the new list. */
export const deletePairs = async (session: Session, { skill, related }: RelatedPairs): Promise<void> => {
  await session.delete(skillRelated).where(and(eq(skillRelated.to, skill), notInArray(skillRelated.from, [...related])))
}

/** The place that an item leaves, in a list or cell that ends before `end`. */
export interface Gap {
  noun: Noun
  track: string
  sort: number
  end: number
}

const isBehind = ({ noun, track, sort, end }: Gap) => {
  const columns = tables[noun]
  return and(eq(columns.track, track), gt(columns.sort, sort), lt(columns.sort, end))
}

/** Returns the keys of the items behind a gap. */
export const keysBehind = async (session: Session, gap: Gap): Promise<string[]> => {
  const { key, sort } = tables[gap.noun]
  const rows = await session.select({ key }).from(tables[gap.noun]).where(isBehind(gap)).orderBy(sort)
  return rows.map(row => row.key)
}

/** Moves the items behind a gap up by one place. */
export const closeGap = async (session: Session, gap: Gap): Promise<void> => {
  await session.update(tables[gap.noun]).set({ position: sql`position - 1`, sort: sql`sort - 1` }).where(isBehind(gap))
  // The places of skills begin with that of their category.
  if (gap.noun === 'category')
    await session
      .update(skills)
      .set({ sort: sql`sort - ${categorySize}` })
      .where(and(eq(skills.track, gap.track), gte(skills.sort, (gap.sort + 1) * categorySize)))
}

/** Updates changed keys first; foreign keys carry them into every reference by cascade. */
const renameKeys = async (session: Session, drafts: IdentifiedDraft[], stored: Snapshot): Promise<void> => {
  for (const { noun, id, key, qualifiedKey, draft } of drafts) {
    const old = stored.get(id)
    if (old === undefined || old.item.key === key) continue
    await session
      .update(entries)
      .set({ name: qualifiedKey, key, track: trackOf(key) })
      .where(eq(entries.id, id))
    await session.update(tables[noun]).set({ key, slug: draft.slug }).where(eq(tables[noun].id, id))
  }
}

const writeRows = async (
  session: Session,
  items: IdentifiedDraft[],
  track: string,
  now: string,
  stored: Snapshot,
): Promise<void> => {
  const storedIds = items.flatMap(({ id }) => (stored.has(id) ? [id] : []))
  for (const chunk of chunks(storedIds, 1000)) await session.delete(formerNames).where(inArray(formerNames.id, chunk))
  for (const noun of nouns) {
    const some = items.filter(item => item.noun === noun)
    await insertEntries(
      session,
      some.map(({ id, qualifiedKey, key }) => ({ id, name: qualifiedKey, key, noun, track })),
    )
    await upsertItems[noun](
      session,
      some.map(({ draft, id, key, position, sort }) => {
        const updatedAt = stored.get(id)?.item.updatedAt ?? now
        return { ...draft, id, key, track, position, sort, updatedAt }
      }),
    )
    await insertFormerNames(
      session,
      some.flatMap(({ id, formerQualifiedKeys }) => formerQualifiedKeys.map(name => ({ name, id }))),
    )
  }
}

const insertEntries = createInsert(entries, { without: ['number'], onConflict: 'keep' })

const insertFormerNames = createInsert(formerNames)

const upsertItem = (noun: Noun) => {
  const columns = Object.keys(getTableColumns(tables[noun])).filter(name => !builtColumns.some(built => built === name))
  const set = Object.fromEntries(columns.map(column => [column, sql.raw(`excluded.${snakeCase(column)}`)]))
  return createInsert(tables[noun], { without: builtColumns, onConflict: { target: tables[noun].key, set } })
}

const upsertItems = Object.fromEntries(nouns.map(noun => [noun, upsertItem(noun)])) as Record<
  Noun,
  ReturnType<typeof createInsert>
> // one entry a noun
