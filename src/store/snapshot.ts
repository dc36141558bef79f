import { parseItems, type TrackDocument } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import { normalizeDraft } from '../model/document.ts'
import { trackOf } from '../model/keys.ts'
import { type Noun, nouns, plurals } from '../model/vocabulary.ts'
import type { IdentifiedDraft } from './assign-keys.ts'
import type { Session } from './database.ts'
import { and, eq } from './drizzle.ts'
import { itemsByKey, itemsOfTrack } from './items.ts'
import { storedColumns, toStoredItems } from './stored-json.ts'
import { skillRelated, skills, tables } from './tables.ts'

/** The items of one or several tracks at one moment, by id. */
export type Snapshot = Map<string, SnapshotEntry>

export interface SnapshotEntry {
  noun: Noun
  item: Item
  sort: number
}

/** Reads all items of a track from their stored JSON; the snapshot is empty if the track does not exist. */
export const readStored = async (session: Session, track: string): Promise<Snapshot> => {
  const snapshot: Snapshot = new Map()
  for (const noun of nouns) {
    const { sort, key } = tables[noun]
    const rows = await session
      .select({ ...storedColumns(noun), sort })
      .from(tables[noun])
      .where(eq(tables[noun].track, track))
      .orderBy(sort, key)
    const items = await toStoredItems(
      session,
      noun,
      rows.map(row => [row.key, row.json, String(row.hash)]),
    )
    for (const [index, item] of parseItems<Noun>(items).entries())
      snapshot.set(item.id, { noun, item, sort: Number(rows[index]?.sort) })
  }
  return snapshot
}

/** Reads all items of a track from the tables, as they are after a write. */
export const readTables = async (session: Session, track: string): Promise<Snapshot> => {
  const snapshot: Snapshot = new Map()
  for (const noun of nouns)
    for (const { item, sort } of await itemsOfTrack(session, noun, track)) snapshot.set(item.id, { noun, item, sort })
  return snapshot
}

/** Returns a copy of the snapshot with items of other tracks, which are read by key. */
export const withOtherItems = async (
  session: Session,
  snapshot: Snapshot,
  others: Map<Noun, Set<string>>,
): Promise<Snapshot> => {
  const result: Snapshot = new Map(snapshot)
  for (const [noun, keys] of others)
    for (const item of await itemsByKey(session, noun, [...keys])) result.set(item.id, { noun, item, sort: 0 })
  return result
}

/** Returns true if two items are equal except for `updatedAt`. */
export const isSameItem = (one: Item, other: Item): boolean =>
  JSON.stringify({ ...one, updatedAt: '' }) === JSON.stringify({ ...other, updatedAt: '' })

/** Returns true if a draft and its place equal the stored item. The order of references is ignored: items list them in curriculum order. */
export const isUnchanged = (
  { noun, draft, position, sort }: IdentifiedDraft,
  stored: SnapshotEntry | undefined,
): boolean =>
  stored !== undefined &&
  stored.item.slug === draft.slug &&
  stored.item.position === position &&
  stored.sort === sort &&
  JSON.stringify(normalizeDraft(noun, draft)) === JSON.stringify(normalizeDraft(noun, stored.item))

/** Builds the document of the track in a snapshot; undefined if the snapshot has no track. */
export const documentOf = (snapshot: Snapshot): TrackDocument | undefined => {
  const items = Map.groupBy(snapshot.values(), ({ noun }) => noun)
  const [self] = items.get('track') ?? []
  return self && assembleDocument(self.item as Item<'track'>, noun => items.get(noun) ?? []) // grouped by noun
}

export const assembleDocument = (
  track: Item<'track'>,
  itemsOf: (noun: Noun) => readonly { item: Item }[],
): TrackDocument => {
  const document: Record<string, unknown> = { track }
  for (const noun of nouns) if (noun !== 'track') document[plurals[noun]] = itemsOf(noun).map(({ item }) => item)
  return document as TrackDocument // one list for each noun, as the loop makes it
}

/** Returns the document without the related skills that only skills of other tracks list. */
export const asWritten = async (session: Session, document: TrackDocument): Promise<TrackDocument> => {
  const { slug } = document.track
  const rows = await session
    .select({ from: skillRelated.from, to: skillRelated.to })
    .from(skillRelated)
    .innerJoin(skills, and(eq(skills.key, skillRelated.from), eq(skills.track, slug)))
    .orderBy(skillRelated.from, skillRelated.to)
  const written = new Set(rows.map(({ from, to }) => `${from} ${to}`))
  return {
    ...document,
    skills: document.skills.map(skill => ({
      ...skill,
      related: skill.related.filter(key => trackOf(key) === slug || written.has(`${skill.key} ${key}`)),
    })),
  }
}
