import type { Author, Difference, RelatedPairs } from '../catalog.ts'
import { Failure } from '../errors.ts'
import type { Document, Draft } from '../model/document.ts'
import { qualifiedKeyOf, trackOf } from '../model/keys.ts'
import { mapReferences } from '../model/references.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { named, record } from './append-changes.ts'
import { type Placed, placed } from './assign-keys.ts'
import { changeTime } from './change-time.ts'
import { chunks } from './chunks.ts'
import type { Session } from './database.ts'
import { and, eq, getTableColumns, inArray, max, notInArray, sql } from './drizzle.ts'
import { writeLinks } from './links.ts'
import { ownAnswers, type Snapshot, sameDraft, withOthers } from './read-track.ts'
import { referrersFromOutside } from './referrers.ts'
import { indexForSearch } from './search-index.ts'
import { search } from './search-table.ts'
import { entries, formerNames, skillRelated, tables } from './tables.ts'

/**
 * Puts documents in the place of what their tracks were. Only rows that differ are written; what a noun answers before
 * and after decides whether it has changed, so that the other side of a changed edge, in whichever track, has changed too.
 */
export const replaceTracks = async (
  session: Session,
  documents: readonly Document[],
  { author, known = new Map(), pairs }: Replacing = {},
): Promise<Difference[]> => {
  const now = await changeTime(session)
  const replacements: Replacement[] = []
  for (const document of documents) replacements.push(await prepare(session, document, known))
  await placeTracks(session, replacements)
  const others = await touchedElsewhere(session, replacements)
  const before = await withOthers(session, merged(replacements.map(({ own }) => own)), others)
  if (pairs !== undefined) await unpair(session, pairs)
  for (const replacement of replacements) await write(session, replacement, now)
  await refuseReferred(session, replacements)
  const after: Snapshot[] = []
  for (const { track } of replacements) after.push(await ownAnswers(session, track))
  const difference = await record(session, before, await withOthers(session, merged(after), others), now, author)
  for (const [index, { track }] of replacements.entries()) known.set(track, after[index] as Snapshot) // one each
  return replacements.map(({ track }, index) =>
    partOf(difference, key =>
      index === 0 ? !replacements.slice(1).some(other => trackOf(key) === other.track) : trackOf(key) === track,
    ),
  )
}

/** Takes a track away with all that is in it. */
export const removeTrack = async (session: Session, track: string, author: Author): Promise<Difference> => {
  const now = await changeTime(session)
  const own = await ownAnswers(session, track)
  const replacement = { track, wanted: [], own, gone: new Set(own.keys()) }
  const others = await touchedElsewhere(session, [replacement])
  const before = await withOthers(session, own, others)
  await remove(session, replacement.gone)
  await refuseReferred(session, [replacement])
  return record(session, before, await withOthers(session, new Map(), others), now, author)
}

export interface Replacing {
  author?: Author
  known?: Known
  pairs?: RelatedPairs | undefined
}

/** Pairs are written on either side: whom the skill does not name any more, in whichever track, does not name it either. */
const unpair = async (session: Session, { skill, related }: RelatedPairs): Promise<void> => {
  await session.delete(skillRelated).where(and(eq(skillRelated.to, skill), notInArray(skillRelated.from, [...related])))
}

/** What tracks answer, where that was read in the same transaction. */
export type Known = Map<string, Snapshot>

/** What one document asks for, and what there was of its track. */
interface Replacement {
  track: string
  wanted: Placed[]
  own: Snapshot
  /** Ids of what is in the database and not in the document. */
  gone: Set<string>
}

const prepare = async (session: Session, document: Document, known: Known): Promise<Replacement> => {
  const wanted = placed(document)
  const slug = await currentSlug(session, wanted)
  const own = known.get(slug) ?? (await ownAnswers(session, slug))
  const kept = new Set(wanted.map(({ id }) => id))
  return { track: document.track.slug, wanted, own, gone: new Set([...own.keys()].filter(id => !kept.has(id))) }
}

/** A document says nothing about the place of its track: a track that exists keeps its position, and new ones stand last. */
const placeTracks = async (session: Session, replacements: Replacement[]): Promise<void> => {
  const [row] = await session.select({ last: max(tables.track.position) }).from(tables.track)
  let last = row?.last ?? 0
  for (const { wanted, own } of replacements) {
    const self = wanted[0] as Placed // the track itself comes first
    const known = own.get(self.id)
    if (known === undefined) last += 1
    self.position = known?.answer.position ?? last
    self.sort = self.position
  }
}

const merged = (snapshots: Snapshot[]): Snapshot => new Map(snapshots.flatMap(snapshot => [...snapshot]))

/** The part that concerns some keys; what is changed in tracks that were not replaced goes with the first. */
const partOf = ({ created, changed, removed }: Difference, concerns: (key: string) => boolean): Difference => {
  const part = (list: Difference['created']) => list.filter(({ key }) => concerns(key))
  return { created: part(created), changed: part(changed), removed: part(removed) }
}

/** What refers to the tracks from elsewhere under a name that goes, and what they refer to, now or before: all of it may answer otherwise. */
const touchedElsewhere = async (session: Session, replacements: Replacement[]): Promise<Map<Noun, Set<string>>> => {
  const found = new Map<Noun, Set<string>>(nouns.map(noun => [noun, new Set()]))
  for (const { track, wanted, own } of replacements) {
    referredTo(track, [...wanted, ...[...own.values()].map(({ noun, answer }) => ({ noun, draft: answer }))], found)
    const kept = new Set(wanted.map(({ name }) => name))
    const names = [...own.values()].map(named).filter(({ noun, key }) => !kept.has(qualifiedKeyOf(noun, key)))
    for (const { noun, from } of await referrersFromOutside(session, track, names)) found.get(noun)?.add(from)
  }
  return found
}

const write = async (session: Session, { track, wanted, own, gone }: Replacement, now: string): Promise<void> => {
  await remove(session, gone)
  await rename(session, wanted, own)
  const differing = wanted.filter(item => !sameDraft(item, own.get(item.id)))
  await writeRows(session, differing, track, now, own)
  await writeLinks(session, differing)
  await indexForSearch(session, differing, track)
}

/** The slug the track has in the database, which is an earlier one where the document renames it. */
const currentSlug = async (session: Session, wanted: Placed[]): Promise<string> => {
  const self = wanted[0] as Placed // the track itself comes first
  const rows = await session
    .select({ key: tables.track.key })
    .from(tables.track)
    .where(eq(tables.track.id, self.id))
    .limit(1)
  return rows[0]?.key ?? self.key
}

/** Adds the keys in other tracks that these refer to. */
const referredTo = (track: string, items: { noun: Noun; draft: Draft }[], found: Map<Noun, Set<string>>): void => {
  for (const { noun, draft } of items)
    mapReferences(noun, draft, (target, key) => {
      if (target !== 'any' && trackOf(key) !== track) found.get(target)?.add(key)
      return key
    })
}

/** Links and mentions go with what they belong to. */
const remove = async (session: Session, gone: Set<string>): Promise<void> => {
  for (const chunk of chunks([...gone], 1000)) {
    const numbers = session.select({ number: entries.number }).from(entries).where(inArray(entries.id, chunk))
    await session.delete(search).where(inArray(search.rowid, numbers))
    await session.delete(entries).where(inArray(entries.id, chunk))
  }
}

/** Another track would be left with a reference to nothing. */
const refuseReferred = async (session: Session, replacements: Replacement[]): Promise<void> => {
  for (const { track, own, gone } of replacements) {
    const names = [...own.values()].filter(({ answer }) => gone.has(answer.id)).map(named)
    const referrers = await referrersFromOutside(session, track, names)
    if (referrers.length === 0) continue
    const told = referrers.slice(0, 10).map(({ from, to }) => `"${from}" refers to "${to}"`)
    throw new Failure(
      'CONFLICT',
      `Something that other tracks refer to would be gone: ${told.join(', ')}. Take those references out first.`,
    )
  }
}

/** What refers to something renamed follows it, since foreign keys cascade. */
const rename = async (session: Session, wanted: Placed[], own: Snapshot): Promise<void> => {
  for (const { noun, id, key, name, draft } of wanted) {
    const known = own.get(id)
    if (known === undefined || known.answer.key === key) continue
    await session
      .update(entries)
      .set({ name, key, track: trackOf(key) })
      .where(eq(entries.id, id))
    await session.update(tables[noun]).set({ key, slug: draft.slug }).where(eq(tables[noun].id, id))
  }
}

const writeRows = async (
  session: Session,
  items: Placed[],
  track: string,
  now: string,
  own: Snapshot,
): Promise<void> => {
  for (const noun of nouns)
    for (const chunk of chunks(
      items.filter(item => item.noun === noun),
      200,
    )) {
      await session
        .insert(entries)
        .values(chunk.map(({ id, name, key }) => ({ id, name, key, noun, track })))
        .onConflictDoNothing()
      await session
        .insert(tables[noun])
        .values(chunk.map(item => rowOf(item, track, own.get(item.id)?.answer.updatedAt ?? now)) as never) // the noun decides the type
        .onConflictDoUpdate({ target: tables[noun].key, set: overwrite(noun) })
      await session.delete(formerNames).where(
        inArray(
          formerNames.id,
          chunk.map(({ id }) => id),
        ),
      )
      const former = chunk.flatMap(({ id, formerNames: names }) => names.map(name => ({ name, id })))
      for (const some of chunks(former, 1000)) await session.insert(formerNames).values(some)
    }
}

/** Lists that are kept elsewhere are in the draft too; the table takes its own columns only. */
const rowOf = ({ noun, draft, id, key, position, sort }: Placed, track: string, updatedAt: string): object => {
  const values: Record<string, unknown> = { ...draft, id, key, track, position, sort, updatedAt }
  return Object.fromEntries(Object.keys(getTableColumns(tables[noun])).map(column => [column, values[column]]))
}

const overwrite = (noun: Noun): Record<string, unknown> =>
  Object.fromEntries(
    Object.keys(getTableColumns(tables[noun])).map(column => [column, sql.raw(`excluded.${snake(column)}`)]),
  )

const snake = (name: string): string => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
