import type { Author, Difference } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import type { Document } from '../model/document.ts'
import { trackOf } from '../model/keys.ts'
import { hasSamePictures, type PictureFile } from '../model/picture.ts'
import { applyEdits, type Edit } from './apply-edits.ts'
import { assignKeys, type IdentifiedDraft } from './assign-keys.ts'
import type { Session } from './database.ts'
import { eq, max } from './drizzle.ts'
import { isUnchanged, readStored, type Snapshot, type StoredEntry } from './snapshot.ts'
import { tables } from './tables.ts'

export interface ReplaceOptions {
  author?: Author
  /** Snapshots that the same transaction already read, by track. */
  snapshots?: ReadonlyMap<string, Snapshot<StoredEntry>>
  /** The pictures of each track; those of other tracks stay. */
  pictures?: ReadonlyMap<string, readonly PictureFile[]>
}

/** Replaces the tracks of these documents. Only rows that differ are written. */
export const replaceTracks = async (
  session: Session,
  documents: readonly Document[],
  { author, snapshots = new Map(), pictures = new Map() }: ReplaceOptions = {},
): Promise<Difference[]> => {
  const edits: Edit[] = []
  for (const document of documents) edits.push(await planReplacement(session, document, snapshots))
  await positionTracks(session, edits)
  const changes = edits.map(edit => ({
    ...edit,
    drafts: edit.drafts.filter(draft => !isUnchanged(draft, edit.stored.get(draft.id))),
    pictures: changedPictures(edit, pictures.get(edit.track)),
  }))
  const difference = await applyEdits(session, changes, author)
  return edits.map(({ track }, index) =>
    partOf(difference, key =>
      index === 0 ? !edits.slice(1).some(other => trackOf(key) === other.track) : trackOf(key) === track,
    ),
  )
}

/** Returns the pictures of a track if they differ from the stored ones. */
const changedPictures = (
  { drafts, stored }: Edit,
  pictures: readonly PictureFile[] | undefined,
): readonly PictureFile[] | undefined => {
  const self = stored.get((drafts[0] as IdentifiedDraft).id)?.item as Item<'track'> | undefined // the track comes first
  return pictures === undefined || hasSamePictures(pictures, self?.pictures ?? []) ? undefined : pictures
}

/** Replaces the pictures of a track. */
export const replacePictures = async (
  session: Session,
  track: string,
  pictures: readonly PictureFile[],
  author: Author,
): Promise<void> => {
  await applyEdits(session, [{ track, drafts: [], stored: new Map(), removed: [], pictures }], author)
}

/** Removes a track with everything in it. */
export const removeTrack = async (session: Session, track: string, author: Author): Promise<Difference> => {
  const stored = await readStored(session, track)
  return applyEdits(session, [{ track, drafts: [], stored, removed: [...stored.values()] }], author)
}

/** Returns an edit with all drafts of the document. */
const planReplacement = async (
  session: Session,
  document: Document,
  snapshots: ReadonlyMap<string, Snapshot<StoredEntry>>,
): Promise<Edit> => {
  const drafts = assignKeys(document)
  const slug = await storedSlug(session, drafts)
  const stored = snapshots.get(slug) ?? (await readStored(session, slug))
  const ids = new Set(drafts.map(({ id }) => id))
  const removed = [...stored.values()].filter(({ item }) => !ids.has(item.id))
  return { track: document.track.slug, drafts, stored, removed }
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
const positionTracks = async (session: Session, edits: readonly Edit[]): Promise<void> => {
  const [row] = await session.select({ last: max(tables.track.position) }).from(tables.track)
  let last = row?.last ?? 0
  for (const { drafts, stored } of edits) {
    const self = drafts[0] as IdentifiedDraft // the track comes first
    const old = stored.get(self.id)
    if (old === undefined) last += 1
    self.position = old?.item.position ?? last
    self.sort = self.position
  }
}

/** Returns the part of a difference whose keys match. Changes in tracks that were not replaced belong to the first document. */
const partOf = ({ created, changed, removed }: Difference, matches: (key: string) => boolean): Difference => {
  const part = (list: Difference['created']) => list.filter(({ key }) => matches(key))
  return { created: part(created), changed: part(changed), removed: part(removed) }
}
