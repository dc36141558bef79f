import type { DocumentChange } from './model/compare-documents.ts'
import type { Item } from './model/curriculum.ts'
import type { Document, Draft } from './model/document.ts'
import type { TotalDuration } from './model/duration.ts'
import type { FormerValues } from './model/logged-fields.ts'
import type { SearchHit } from './model/paging.ts'
import type { SkillGraph } from './model/path.ts'
import type { PictureFile } from './model/picture.ts'
import type { TierDurations } from './model/roadmap.ts'
import { type Noun, plurals, type Tier } from './model/vocabulary.ts'

/**
 * The read and write interface of the curriculum, implemented by the store. REST, GraphQL, the pages and the exports read
 * the curriculum through it and through nothing else.
 *
 * A `key` is the text id of one item: `python` for a track, `python.decorators` for anything else. A `ref` is a key, an
 * earlier key or an `id` (a UUID). Methods that return one item resolve to undefined where it does not exist.
 */
export interface Catalog {
  /**
   * Returns a number that rises with every change, and when another file replaces the database file: two responses of the
   * same revision have the same content. Returns a number without a promise if nothing was committed since the last call.
   * The database is checked once per turn of the event loop; `fresh` checks it again if it was read in between.
   */
  revision(fresh?: boolean): number | Promise<number>
  /** Returns the sequence number of the last change: the cursor of the change feed that clients see. */
  latestCursor(): Promise<number>
  /** Returns the sequence number of the last change at a revision. */
  cursorAt(revision: number): number
  /** Returns true if any of these tracks changed after `revision`, as of the last call of `revision()`. */
  changedSince(revision: number, tracks: ReadonlySet<string>): boolean
  /** Declares that a response depends on these tracks although it reads nothing from them: what it shows of them was cached. */
  dependOn(tracks: Iterable<string>): void

  /** Finds one item of a noun by id, key or earlier key; undefined if it never existed. */
  find<N extends Noun>(noun: N, ref: string): Promise<FindResult<N> | undefined>
  /** Finds the noun and the key of the item with this id. */
  findById(id: string): Promise<{ noun: Noun; key: string } | undefined>
  /** Finds the item whose `externalId` is this UUID, in lower case, otherwise the item with this id. */
  findByUuid(uuid: string): Promise<{ noun: Noun; key: string } | undefined>
  /**
   * Returns the items with these keys in curriculum order; keys that do not exist are left out. With `fields` the JSON may have
   * only these, and `key`.
   */
  byKeys<N extends Noun>(noun: N, keys: readonly string[], fields?: readonly string[]): Promise<StoredItem<N>[]>
  /** Returns one page of a filtered and sorted list. */
  list<N extends Noun>(noun: N, filter: Filter, page: PageRequest): Promise<Page<N>>
  /** Returns the number of items that match a filter. */
  count(noun: Noun, filter: Filter): Promise<number>
  /** Returns the sizes of all tracks, by key. */
  trackSizes(): Promise<ReadonlyMap<string, TrackSize>>
  /** Maps each key, current or earlier, to the current key; keys that never existed are left out. */
  currentKeys(noun: Noun, keys: readonly string[]): Promise<Map<string, string>>
  /** Returns these categories and those below them. */
  withSubcategories(keys: readonly string[]): Promise<string[]>
  /** Returns the keys of a noun in these tracks, or in all, in order: at most a few thousand, enough to suggest a correction. */
  keys(noun: Noun, tracks?: readonly string[]): Promise<string[]>
  /** Returns all items of a track, each list in curriculum order. */
  storedTrack(track: string): Promise<StoredTrack | undefined>
  /** Returns the items of a track's roadmap. */
  roadmap(track: string): Promise<StoredRoadmap | undefined>
  /** Returns a whole track, each list in curriculum order. */
  document(track: string): Promise<TrackDocument | undefined>
  /** Returns a whole track as its author wrote it: without the related skills that only skills of other tracks list. */
  documentAsWritten(track: string): Promise<TrackDocument | undefined>
  /** Returns the prerequisites of all skills of a track, and of the skills in other tracks that these need. */
  graph(track: string): Promise<SkillGraph>
  /** Searches titles and texts; the best match comes first. */
  search(query: SearchQuery): Promise<SearchResults>
  /** Returns the words of the search index in order, without very short and very long ones; the same array until the revision changes. */
  indexedWords(): Promise<readonly IndexedWord[]>

  /** Returns changes after a cursor, oldest first. */
  changes(query: ChangeQuery): Promise<{ data: LoggedChange[]; more: boolean }>
  /** Returns the oldest cursor that can still be followed: changes before it may have been deleted from the log. */
  oldestCursor(): Promise<number>
  /** Returns the removals of items that were not created again, oldest first; optionally only those in some tracks, or since a time. */
  removed(noun: Noun, of: { track?: readonly string[] | undefined; since?: string | undefined }): Promise<Change[]>
  /** Returns the changes made to a track through the API since it was last loaded from files, newest first. */
  changesSinceLoad(track: string, limit: number): Promise<Change[]>
  /** Returns the last load of a track from files; undefined if it was neither loaded nor changed through the API. */
  lastLoad(track: string): Promise<LastLoad | undefined>
  /** Returns the pairs of tracks of which one refers to something in the other. */
  linkedTracks(): Promise<[string, string][]>

  /** Runs `work` in one transaction, after all writes before it. Rolls back if `work` rejects. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>
  /** Returns the pictures of a track, or one of them, with their bytes. */
  pictures(track: string, path?: string): Promise<PictureFile[]>
  /** Creates or replaces whole tracks in one transaction. */
  replaceTracks(...tracks: TrackReplacement[]): Promise<Difference[]>
  /** Stores the stamps of files, by track, whose bytes are still those of the last load. */
  recordStamps(stamps: ReadonlyMap<string, string>): Promise<void>
  /** Moves all committed changes from SQLite's write-ahead log into the database file. */
  checkpoint(): Promise<void>
  /** Resolves if the database can be read, and rejects with the reason if not. */
  ping(): Promise<void>
}

/** A whole track to write. `hash` and `stamp` are those of the files that it was read from; without `pictures`, those of the track stay. */
export interface TrackReplacement {
  document: Document
  pictures?: readonly PictureFile[]
  hash?: string
  stamp?: string | undefined
}

/** The last load of a track from files. */
export interface LastLoad {
  /** The hash of the names and bytes of the files; empty if the track was never loaded. */
  hash: string
  /** The hash of the sizes, times and inodes of the files; null if it is not known. */
  stamp: string | null
  /** True if the track was changed through the API since. */
  changedSince: boolean
}

/** An item as its finished JSON, which most responses send as it is. */
export interface StoredItem<N extends Noun = Noun> {
  noun: N
  key: string
  /** An `Item<N>` as JSON. */
  json: string
  /** The hash of the JSON: the ETag of the item, without quotation marks. */
  hash: string
}

export const parseItem = <N extends Noun>({ json }: StoredItem<N>): Item<N> => JSON.parse(json)

/** Parses items of one noun together, which is faster than one after the other. */
export const parseItems = <N extends Noun>(items: readonly StoredItem<N>[]): Item<N>[] =>
  JSON.parse(`[${items.map(({ json }) => json).join()}]`)

/** An item that exists, the current key of an item that was renamed, or the time at which it was removed. */
export type FindResult<N extends Noun = Noun> = { item: StoredItem<N> } | { movedTo: string } | { removedAt: string }

/** The conditions of a list. All must hold; several values of one field mean "any of". References are current keys. */
export interface Filter {
  track?: readonly string[] | undefined
  tier?: readonly Tier[] | undefined
  category?: readonly string[] | undefined
  kind?: readonly string[] | undefined
  source?: readonly string[] | undefined
  optional?: boolean | undefined
  skill?: readonly string[] | undefined
  updatedSince?: string | undefined
}

/** The order of a list. `default` is curriculum order, or the order of the source document if the filter names exactly one. */
export type Sort = 'default' | 'position' | 'title' | '-title' | 'updatedAt' | '-updatedAt'

export interface PageRequest {
  limit: number
  sort: Sort
  /** A cursor from an earlier page of the same list. */
  after?: string | undefined
  /** The JSON of the items may have only these fields, and `key`; the default is all fields. */
  fields?: readonly string[] | undefined
}

export interface Page<N extends Noun = Noun> {
  data: StoredItem<N>[]
  /** Returns the cursor after the item at an index of `data`: the value of `after` for the next page. */
  cursorAfter(index: number): string
  more: boolean
}

/** A whole track in the form of the response: the track itself, and one list per noun. */
export type TrackDocument = { track: Item<'track'> } & {
  [N in Exclude<Noun, 'track'> as (typeof plurals)[N]]: Item<N>[]
}

/** A whole track as items: the track itself, and one list per noun. */
export type StoredTrack = { track: StoredItem<'track'> } & {
  [N in Exclude<Noun, 'track'> as (typeof plurals)[N]]: StoredItem<N>[]
}

/** Parses all items of a track. */
export const parseTrack = ({ track, ...lists }: StoredTrack): TrackDocument => ({
  track: parseItem(track),
  ...(Object.fromEntries(
    Object.entries(lists).map(([name, items]) => [name, parseItems(items as StoredItem[])]),
  ) as Omit<TrackDocument, 'track'>), // the same lists
})

/** The items of a roadmap. `cells` has the skills of each category by tier, as JSON with its hash. */
export interface StoredRoadmap {
  track: StoredItem<'track'>
  categories: {
    category: StoredItem<'category'>
    cells: { json: string; hash: string }
    totalDuration: TotalDuration
  }[]
  projects: StoredItem<'project'>[]
  tierDurations: TierDurations
  totalDuration: TotalDuration
}

/** Returns the items of one noun in a track document; for `track`, the track itself. */
export const itemsIn = <N extends Noun>(document: TrackDocument, noun: N): readonly Item<N>[] =>
  (noun === 'track' ? [document.track] : document[plurals[noun as Exclude<Noun, 'track'>]]) as unknown as Item<N>[] // the noun decides the type

/** The numbers of items of a track, and the durations of its skills by tier. */
export interface TrackSize {
  counts: Readonly<Record<Noun, number>>
  durations: TierDurations
}

export interface SearchQuery {
  /** The query as the client typed it: cursors belong to it, and a skill whose code it is comes first. */
  q: string
  /** The terms of the query, all of which must match; see src/query/search.ts. */
  terms: readonly SearchTerm[]
  track?: readonly string[] | undefined
  noun?: readonly Noun[] | undefined
  tier?: readonly Tier[] | undefined
  limit: number
  /** A cursor from an earlier page of the same search. */
  after?: string | undefined
}

/** One or more words of a query, and the words and phrases that mean the same. */
export interface SearchTerm {
  words: readonly string[]
  synonyms?: readonly string[]
}

/** A word of the search index, without case and accents, with the number of items that contain it. */
export type IndexedWord = readonly [word: string, items: number]

export interface SearchResults {
  data: SearchHit[]
  total: number
  /** Returns the cursor after the hit at an index of `data`: the value of `after` for the next page. */
  cursorAfter(index: number): string
  more: boolean
}

/** The effect of a write: the items that it created, changed and removed, in any track. */
export interface Difference {
  created: { noun: Noun; key: string }[]
  changed: { noun: Noun; key: string }[]
  removed: { noun: Noun; key: string }[]
}

export interface ChangeQuery {
  /** Returns changes after this sequence number; 0 is the beginning. */
  cursor: number
  /** Returns changes up to this sequence number; the default is the newest. */
  until?: number
  limit: number
  nouns?: readonly Noun[] | undefined
  /** The keys of tracks, current or earlier; the default is all tracks. */
  tracks?: readonly string[] | undefined
}

/** One row of the change log: an item was created, updated or deleted. */
export interface Change {
  seq: number
  noun: Noun
  id: string
  /** The key at the time of the change. */
  key: string
  track: string
  /** The title at the time of the change; null in rows from before titles were logged. */
  title: string | null
  /** The `externalId` at the time of the change; null in rows from before it was logged. */
  externalId: string | null
  op: 'upsert' | 'delete'
  changedAt: string
  /** The name of the API key that made the change; null if it was loaded from files. */
  by: string | null
}

/** A change with the earlier values of the logged fields that it changed; null if it created or deleted the item, or if they were not logged. */
export interface LoggedChange extends Change {
  former: FormerValues | null
}

/** The reads and writes of one transaction. All reads see the same state, with the transaction's own writes. */
export interface Transaction {
  /** Maps each key, current or earlier, to the current key. */
  currentKeys(noun: Noun, keys: readonly string[]): Promise<Map<string, string>>
  item<N extends Noun>(noun: N, key: string): Promise<Item<N> | undefined>
  document(track: string): Promise<TrackDocument | undefined>
  /** Returns a whole track without the related skills that only skills of other tracks list. */
  documentAsWritten(track: string): Promise<TrackDocument | undefined>
  graph(track: string): Promise<SkillGraph>
  /** Returns true if a skill is among these skills and all that they need, in any track. */
  isNeededBy(skill: string, keys: readonly string[]): Promise<boolean>
  /** Returns true if anything refers to an item. */
  isReferredTo(noun: Noun, key: string): Promise<boolean>
  /**
   * Creates or replaces one item of an existing track, or the track itself if its earlier slugs stay the same. The draft is checked.
   * The relations of a skill are replaced whichever side they were written on.
   */
  putItem(track: Draft<'track'>, noun: Noun, draft: Draft, author: Author): Promise<void>
  /** Removes one item, to which no item of its track refers; rejects if another track refers to it. */
  removeItem(noun: Noun, key: string, author: Author): Promise<void>
  /** Creates or replaces a whole track. */
  replaceTrack(document: Document, author: Author): Promise<Difference>
  /** Removes a whole track; rejects if another track refers to anything in it. */
  removeTrack(track: string, author: Author): Promise<Difference>
  /** Replaces the pictures of a track. */
  replacePictures(track: string, pictures: readonly PictureFile[], author: Author): Promise<void>
  pictures(track: string): Promise<PictureFile[]>
  /** Returns the changes made to a track through the API since it was last loaded from files, newest first. */
  changesSinceLoad(track: string, limit: number): Promise<Change[]>
  /** Stores the hash of the files that a track was just loaded from. */
  recordLoad(track: string, hash: string): Promise<void>
}

/** The origin of a write. */
export interface Author {
  /** The name of the API key. */
  name: string
  /** The track that the request addresses. */
  track: string
  /** True if the content comes from files, so that it does not count as a change since the last load. */
  fromFiles: boolean
}

/**
 * The writes of the API, under current keys. Each runs in one transaction, which checks the preconditions first. Rejects with
 * a `Failure` that names every mistake and where it is; then nothing has changed. A write that resolves is on the disk.
 */
export interface Writer {
  /** Creates or replaces an item. */
  put<N extends Noun>(noun: N, key: string, body: unknown, options: WriteOptions): Promise<WriteResult<N>>
  /** Changes some fields of an item with a JSON merge patch (RFC 7396). */
  patch<N extends Noun>(noun: N, key: string, patch: unknown, options: WriteOptions): Promise<WriteResult<N>>
  /** Removes an item; a track with everything in it. */
  remove(noun: Noun, key: string, options: WriteOptions): Promise<void>
  /** Creates or replaces a picture of a track; without bytes, removes it. Returns its ETag, and true if it is new. */
  putPicture(
    track: string,
    path: string,
    bytes: Uint8Array | undefined,
    options: PictureWriteOptions,
  ): Promise<{ created: boolean; etag: string }>
  /** Creates or replaces a whole track. */
  putDocument(track: string, content: DocumentContent, options: DocumentWriteOptions): Promise<DocumentWriteResult>
}

/** The preconditions of a write (RFC 9110, section 13.1), checked in src/write/preconditions.ts. */
export interface Preconditions {
  /** The ETags of `If-Match`, one of which the item must have now; `*` matches any existing item. */
  ifMatch: readonly string[] | '*' | undefined
  /** True for `If-None-Match: *`: the item must not exist yet. */
  mustNotExist: boolean
}

export interface WriteOptions extends Preconditions {
  /** The name of the API key. */
  by: string
}

export interface PictureWriteOptions extends WriteOptions {
  /** True if the picture comes from the files of the track, so that it does not count as a change since their last load. */
  fromFiles: boolean
}

export interface DocumentWriteOptions extends WriteOptions {
  /** Returns the changes without making them. */
  dryRun: boolean
  /** The hash of the files that the document was read from. With it, a track that was changed through the API since its last load is not replaced. */
  load?: string | undefined
  /** Replaces the track even if it was changed through the API since its last load. */
  overwrite: boolean
}

/** The body of a document write, not parsed yet. */
export interface DocumentContent {
  bytes: Uint8Array
  type: 'json' | 'yaml'
}

export interface WriteResult<N extends Noun = Noun> {
  created: boolean
  item: Item<N>
  etag: string
}

export interface DocumentWriteResult {
  created: boolean
  /** The ETag of the document as JSON. */
  etag: string
  difference: Difference
  changes: DocumentChange[]
}
