import type { Author, Difference } from '../catalog.ts'
import { Failure } from '../errors.ts'
import { type Draft, normalizeDraft } from '../model/document.ts'
import { qualifiedKeyOf } from '../model/keys.ts'
import type { PictureFile } from '../model/picture.ts'
import { visitReferences } from '../model/references.ts'
import { parseQualifiedKey } from '../model/resolve-references.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import type { IdentifiedDraft } from './assign-keys.ts'
import { appendChanges, changeTime, nounAndKey } from './change-log.ts'
import { chunks, type Session } from './database.ts'
import { inArray } from './drizzle.ts'
import { rejectTakenIdentifiers } from './external-ids.ts'
import { itemsBy } from './items.ts'
import { writePictures } from './pictures.ts'
import { referrersFromOutside, referrersOf } from './referrers.ts'
import { indexForSearch } from './search-index.ts'
import { readEntries, type Snapshot, type SnapshotEntry, type StoredEntry } from './snapshot.ts'
import { tables } from './tables.ts'
import {
  closeGap,
  deleteItems,
  deletePairs,
  type Gap,
  keysBehind,
  type RelatedPairs,
  writeDrafts,
} from './write-rows.ts'

/** The changes of one track. */
export interface Edit {
  track: string
  /** The new drafts, and those that differ from what is stored. */
  drafts: IdentifiedDraft[]
  /** The items that are stored for these drafts, by id. */
  stored: Snapshot<StoredEntry>
  removed: SnapshotEntry[]
  /** Replaces all relations of one skill, whichever side they were written on. */
  pairs?: RelatedPairs | undefined
  /** The place that one item leaves; the drafts of a whole document have their new places already. */
  gap?: Gap | undefined
  /** Replaces all pictures of the track. */
  pictures?: readonly PictureFile[] | undefined
}

/**
 * Makes these changes in the database. An item counts as changed if it differs before and after, so that both ends of a
 * changed edge count, in whichever track they are.
 */
export const applyEdits = async (session: Session, edits: readonly Edit[], author?: Author): Promise<Difference> => {
  const [now, before] = await Promise.all([changeTime(session), readBefore(session, edits)])
  for (const { track, drafts, stored, removed, pairs, gap, pictures } of edits) {
    if (pairs !== undefined) await deletePairs(session, pairs)
    if (gap !== undefined) await closeGap(session, gap)
    await deleteItems(session, new Set(removed.map(({ item }) => item.id)))
    await writeDrafts(session, drafts, stored, track, now)
    if (pictures !== undefined) await writePictures(session, track, pictures)
  }
  await rejectRemovalsInUse(session, edits)
  for (const { drafts, stored } of edits) await rejectTakenIdentifiers(session, drafts, stored)
  const difference = await appendChanges(session, before, await readAfter(session, edits, before), now, author)
  // Last and together: before a later statement that writes many rows, SQLite would write the index to the disk and merge it.
  for (const { track, drafts, stored } of edits) await indexForSearch(session, drafts, stored, track)
  return difference
}

/** Reads all items that the edits may change, from their stored JSON; removed ones come first. */
const readBefore = async (session: Session, edits: readonly Edit[]): Promise<Snapshot> => {
  const affected = new Set<string>()
  for (const edit of edits) for (const key of await affectedBy(session, edit)) affected.add(key)
  const before = new Map(edits.flatMap(({ removed }) => removed.map(entry => [entry.item.id, entry])))
  const parsed = [...affected].map(key => parseQualifiedKey(key, ''))
  for (const [noun, some] of Map.groupBy(parsed, one => one.noun as Noun)) // all keys are complete
    for (const chunk of chunks(some, 1000)) {
      const keys = chunk.map(({ name }) => name)
      for (const entry of await readEntries(session, noun, inArray(tables[noun].key, keys)))
        before.set(entry.item.id, entry)
    }
  return before
}

/**
 * Returns the qualified keys of the items that an edit may change: those that it writes or removes, and those that show a
 * reference which it adds or removes. An item that is removed, or that gets another key or place, may change every item at the
 * other end of its references.
 */
const affectedBy = async (
  session: Session,
  { track, drafts, stored, removed, gap, pictures }: Edit,
): Promise<Set<string>> => {
  const affected = new Set<string>()
  const addTargets = (references: Iterable<string>, except: ReadonlySet<string> = new Set()): void => {
    for (const reference of references) if (!except.has(reference)) affected.add(targetOf(reference))
  }
  const displaced: SnapshotEntry[] = [...removed]
  for (const { noun, draft, id, key, sort } of drafts) {
    const references = referencesIn(noun, draft)
    const old = stored.get(id)
    if (old?.item.key === key && old.sort === sort) {
      const oldReferences = referencesIn(noun, normalizeDraft<Noun>(noun, old.item))
      addTargets(references, oldReferences)
      addTargets(oldReferences, references)
      affected.add(qualifiedKeyOf(noun, key))
    } else {
      addTargets(references)
      if (old !== undefined) displaced.push(old)
    }
  }
  for (const { noun, item } of displaced) {
    addTargets(referencesIn(noun, item))
    affected.add(qualifiedKeyOf(noun, item.key))
  }
  for (const { noun, from } of await referrersOf(session, displaced.map(nounAndKey)))
    affected.add(qualifiedKeyOf(noun, from))
  // These show another position, and stay in the same order.
  if (pictures !== undefined) affected.add(track)
  if (gap !== undefined) for (const key of await keysBehind(session, gap)) affected.add(qualifiedKeyOf(gap.noun, key))
  return affected
}

/** Returns the references in a draft, or in an item with its derived lists: the field and the qualified key of each. */
const referencesIn = (noun: Noun, draft: Draft): Set<string> => {
  const found = new Set<string>()
  visitReferences(noun, draft, (target, reference, [field, index]) => {
    // Mentions show the place and the text of each line of an outline, not only its reference.
    const line = noun === 'source' ? [index, (draft as Draft<'source'>).outline[Number(index)]] : [] // the noun decides the type
    found.add(`${field} ${JSON.stringify(line)} ${target === 'any' ? reference : qualifiedKeyOf(target, reference)}`)
  })
  return found
}

const targetOf = (reference: string): string => reference.slice(reference.lastIndexOf(' ') + 1)

/** Reads the same items and the new ones after the edits, from the tables: those of the edited tracks first. */
const readAfter = async (session: Session, edits: readonly Edit[], before: Snapshot): Promise<Snapshot> => {
  const ids = new Map(nouns.map(noun => [noun, new Set<string>()]))
  for (const { noun, item } of before.values()) ids.get(noun)?.add(item.id)
  for (const { drafts } of edits) for (const { noun, id } of drafts) ids.get(noun)?.add(id)
  const found: SnapshotEntry[] = []
  for (const [noun, some] of ids)
    for (const item of await itemsBy(session, noun, 'id', [...some])) found.push({ noun, item })
  const rank = new Map(edits.map(({ track }, index) => [track, index]))
  const rankOf = ({ item }: SnapshotEntry): number => rank.get(item.track) ?? edits.length
  return new Map(found.sort((one, other) => rankOf(one) - rankOf(other)).map(entry => [entry.item.id, entry]))
}

/** Rejects with 409 if another track refers to an item that would be removed. */
const rejectRemovalsInUse = async (session: Session, edits: readonly Edit[]): Promise<void> => {
  for (const { track, removed } of edits) {
    const referrers = await referrersFromOutside(session, track, removed.map(nounAndKey))
    if (referrers.length === 0) continue
    const examples = referrers.slice(0, 10).map(({ from, to }) => `"${from}" refers to "${to}"`)
    throw new Failure(
      'CONFLICT',
      `Other tracks refer to items that would be removed: ${examples.join(', ')}. Remove these references first.`,
    )
  }
}
