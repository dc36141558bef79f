import type { Author, Difference, RelatedPairs } from '../catalog.ts'
import { Failure } from '../errors.ts'
import type { Document, Draft } from '../model/document.ts'
import { qualifiedKeyOf, trackOf } from '../model/keys.ts'
import { visitReferences } from '../model/references.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { assignKeys, type IdentifiedDraft } from './assign-keys.ts'
import { appendChanges, changeTime, nounAndKey } from './change-log.ts'
import type { Session } from './database.ts'
import { eq, max } from './drizzle.ts'
import { referrersFromOutside } from './referrers.ts'
import { readStored, readTables, type Snapshot, withOtherItems } from './snapshot.ts'
import { tables } from './tables.ts'
import { deleteItems, deletePairs, writeDrafts } from './write-rows.ts'

export interface ReplaceOptions {
  author?: Author
  /** Snapshots that the same transaction already read, by track; the new ones are added. */
  snapshots?: Map<string, Snapshot>
  pairs?: RelatedPairs | undefined
}

/**
 * Replaces the tracks of these documents. Only rows that differ are written. An item counts as changed if it differs before
 * and after, so that both ends of a changed edge count, in whichever track they are.
 */
export const replaceTracks = async (
  session: Session,
  documents: readonly Document[],
  { author, snapshots = new Map(), pairs }: ReplaceOptions = {},
): Promise<Difference[]> => {
  const now = await changeTime(session)
  const replacements: Replacement[] = []
  for (const document of documents) replacements.push(await planReplacement(session, document, snapshots))
  await positionTracks(session, replacements)
  const others = await affectedElsewhere(session, replacements)
  const before = await withOtherItems(session, merged(replacements.map(replacement => replacement.before)), others)
  if (pairs !== undefined) await deletePairs(session, pairs)
  for (const replacement of replacements) {
    await deleteItems(session, replacement.removedIds)
    await writeDrafts(session, replacement.drafts, replacement.before, replacement.track, now)
  }
  await rejectRemovalsInUse(session, replacements)
  const after: Snapshot[] = []
  for (const { track } of replacements) after.push(await readTables(session, track))
  const difference = await appendChanges(
    session,
    before,
    await withOtherItems(session, merged(after), others),
    now,
    author,
  )
  for (const [index, { track }] of replacements.entries()) snapshots.set(track, after[index] as Snapshot) // one for each
  return replacements.map(({ track }, index) =>
    partOf(difference, key =>
      index === 0 ? !replacements.slice(1).some(other => trackOf(key) === other.track) : trackOf(key) === track,
    ),
  )
}

/** Removes a track with everything in it. */
export const removeTrack = async (session: Session, track: string, author: Author): Promise<Difference> => {
  const now = await changeTime(session)
  const own = await readStored(session, track)
  const replacement = { track, drafts: [], before: own, removedIds: new Set(own.keys()) }
  const others = await affectedElsewhere(session, [replacement])
  const before = await withOtherItems(session, own, others)
  await deleteItems(session, replacement.removedIds)
  await rejectRemovalsInUse(session, [replacement])
  return appendChanges(session, before, await withOtherItems(session, new Map(), others), now, author)
}

/** The wanted and the stored content of one track. */
interface Replacement {
  track: string
  drafts: IdentifiedDraft[]
  before: Snapshot
  /** Ids of items that are stored and not in the document. */
  removedIds: Set<string>
}

const planReplacement = async (
  session: Session,
  document: Document,
  snapshots: ReadonlyMap<string, Snapshot>,
): Promise<Replacement> => {
  const drafts = assignKeys(document)
  const slug = await storedSlug(session, drafts)
  const before = snapshots.get(slug) ?? (await readStored(session, slug))
  const ids = new Set(drafts.map(({ id }) => id))
  const removedIds = new Set([...before.keys()].filter(id => !ids.has(id)))
  return { track: document.track.slug, drafts, before, removedIds }
}

/** Returns the slug of the track in the database: an earlier one if the document renames the track. */
const storedSlug = async (session: Session, drafts: IdentifiedDraft[]): Promise<string> => {
  const self = drafts[0] as IdentifiedDraft // the track comes first
  const rows = await session
    .select({ key: tables.track.key })
    .from(tables.track)
    .where(eq(tables.track.id, self.id))
    .limit(1)
  return rows[0]?.key ?? self.key
}

/** Sets the position of each track, which no document contains: an existing track keeps its own, and new ones come last. */
const positionTracks = async (session: Session, replacements: Replacement[]): Promise<void> => {
  const [row] = await session.select({ last: max(tables.track.position) }).from(tables.track)
  let last = row?.last ?? 0
  for (const { drafts, before } of replacements) {
    const self = drafts[0] as IdentifiedDraft // the track comes first
    const stored = before.get(self.id)
    if (stored === undefined) last += 1
    self.position = stored?.item.position ?? last
    self.sort = self.position
  }
}

const merged = (snapshots: Snapshot[]): Snapshot => new Map(snapshots.flatMap(snapshot => [...snapshot]))

/** Returns the part of a difference whose keys match. Changes in tracks that were not replaced belong to the first document. */
const partOf = ({ created, changed, removed }: Difference, matches: (key: string) => boolean): Difference => {
  const part = (list: Difference['created']) => list.filter(({ key }) => matches(key))
  return { created: part(created), changed: part(changed), removed: part(removed) }
}

/**
 * Returns the keys of items in other tracks that may change: those that these tracks refer to, before or after, and
 * those that refer to a key that goes away.
 */
const affectedElsewhere = async (session: Session, replacements: Replacement[]): Promise<Map<Noun, Set<string>>> => {
  const found = new Map<Noun, Set<string>>(nouns.map(noun => [noun, new Set()]))
  for (const { track, drafts, before } of replacements) {
    addReferences(track, [...drafts, ...[...before.values()].map(({ noun, item }) => ({ noun, draft: item }))], found)
    const newKeys = new Set(drafts.map(({ qualifiedKey }) => qualifiedKey))
    const oldKeys = [...before.values()]
      .map(nounAndKey)
      .filter(({ noun, key }) => !newKeys.has(qualifiedKeyOf(noun, key)))
    for (const { noun, from } of await referrersFromOutside(session, track, oldKeys)) found.get(noun)?.add(from)
  }
  return found
}

/** Adds the keys in other tracks that these items refer to. */
const addReferences = (track: string, items: { noun: Noun; draft: Draft }[], found: Map<Noun, Set<string>>): void => {
  for (const { noun, draft } of items)
    visitReferences(noun, draft, (target, key) => {
      if (target !== 'any' && trackOf(key) !== track) found.get(target)?.add(key)
    })
}

/** Rejects with 409 if another track refers to an item that would be removed. */
const rejectRemovalsInUse = async (session: Session, replacements: Replacement[]): Promise<void> => {
  for (const { track, before, removedIds } of replacements) {
    const removed = [...before.values()].filter(({ item }) => removedIds.has(item.id)).map(nounAndKey)
    const referrers = await referrersFromOutside(session, track, removed)
    if (referrers.length === 0) continue
    const examples = referrers.slice(0, 10).map(({ from, to }) => `"${from}" refers to "${to}"`)
    throw new Failure(
      'CONFLICT',
      `Other tracks refer to items that would be removed: ${examples.join(', ')}. Remove these references first.`,
    )
  }
}
