import { parseItems, type TrackDocument } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import { normalizeDraft } from '../model/document.ts'
import { trackOf } from '../model/keys.ts'
import { type Noun, nouns, plurals } from '../model/vocabulary.ts'
import type { IdentifiedDraft } from './assign-keys.ts'
import type { Session } from './database.ts'
import { and, eq, type SQL } from './drizzle.ts'
import { storedColumns, toStoredItems } from './stored-json.ts'
import { skillRelated, skills, tables } from './tables.ts'

/** Items at one moment, by id. */
export type Snapshot<E extends SnapshotEntry = SnapshotEntry> = ReadonlyMap<string, E>

export interface SnapshotEntry {
  noun: Noun
  item: Item
}

/** An item as it is stored, with its place among all items of its noun and track. */
export interface StoredEntry extends SnapshotEntry {
  sort: number
}

/** Reads the items of a noun that meet a condition from their stored JSON, in curriculum order. */
export const readEntries = async (session: Session, noun: Noun, condition: SQL): Promise<StoredEntry[]> => {
  const { track, sort, key } = tables[noun]
  const rows = await session
    .select({ ...storedColumns(noun), sort })
    .from(tables[noun])
    .where(condition)
    .orderBy(track, sort, key)
  const items = await toStoredItems(
    session,
    noun,
    rows.map(row => [row.key, row.json, String(row.hash)]),
  )
  return parseItems<Noun>(items).map((item, index) => ({ noun, item, sort: Number(rows[index]?.sort) }))
}

/** Reads all items of a track from their stored JSON; the snapshot is empty if the track does not exist. */
export const readStored = async (session: Session, track: string): Promise<Snapshot<StoredEntry>> => {
  const snapshot = new Map<string, StoredEntry>()
  for (const noun of nouns)
    for (const entry of await readEntries(session, noun, eq(tables[noun].track, track)))
      snapshot.set(entry.item.id, entry)
  return snapshot
}

/** Returns true if two items are equal except for `updatedAt`. */
export const isSameItem = (one: Item, other: Item): boolean =>
  JSON.stringify({ ...one, updatedAt: '' }) === JSON.stringify({ ...other, updatedAt: '' })

/** Returns true if a draft and its place equal the stored item. The order of references is ignored: items list them in curriculum order. */
export const isUnchanged = (
  { noun, key, draft, position, sort }: IdentifiedDraft,
  stored: StoredEntry | undefined,
): boolean =>
  stored !== undefined &&
  stored.item.key === key &&
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
