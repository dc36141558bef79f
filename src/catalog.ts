import type { Change as DocumentChange } from './model/compare-documents.ts'
import type { Answer } from './model/curriculum.ts'
import type { Document } from './model/document.ts'
import type { Former } from './model/logged-fields.ts'
import type { SkillGraph } from './model/path.ts'
import { type Noun, plurals, type Tier } from './model/vocabulary.ts'

/** Everything the service can answer. REST, GraphQL and the LMS formats ask here and nowhere else. */
export interface Catalog {
  /**
   * A number that rises with every change, and when another file takes the place of the database: two answers given at the
   * same revision are of the same content. A number at once where nothing was committed since it was last asked for. As of
   * this turn of the event loop, or of this very moment where it is asked for `anew`.
   */
  revision(anew?: boolean): number | Promise<number>
  /** Returns the cursor that clients see: the sequence number of the last change, now or at a revision. */
  cursor(): Promise<number>
  cursorAt(revision: number): number
  /** Returns true if any of these tracks changed after `revision`, as of the last call of `revision()`. */
  changedSince(revision: number, tracks: ReadonlySet<string>): boolean
  /** One noun by id or key, an earlier key included; undefined where there never was one. */
  find<N extends Noun>(noun: N, ref: string): Promise<Found<N> | undefined>
  /** What has this id, whatever its noun. */
  node(id: string): Promise<{ noun: Noun; key: string } | undefined>
  /** Those of the keys that exist, in curriculum order. */
  byKeys<N extends Noun>(noun: N, keys: readonly string[]): Promise<Answer<N>[]>
  /** A page of a list, in the order asked for. */
  list<N extends Noun>(noun: N, filter: Filter, page: PageRequest): Promise<Page<N>>
  /** What was removed and is still gone, oldest first: of some tracks, or since a time, where these are named. */
  removed(noun: Noun, of: { track?: readonly string[] | undefined; since?: string | undefined }): Promise<Change[]>
  /** How many the filter lets through. */
  count(noun: Noun, filter: Filter): Promise<number>
  /** The current key for each of these keys or earlier keys; unknown ones are left out. */
  currentKeys(noun: Noun, keys: readonly string[]): Promise<Map<string, string>>
  /** Keys of a noun, of some tracks only where they are named: enough of them to suggest one. */
  keys(noun: Noun, tracks?: readonly string[]): Promise<string[]>
  /** The whole track, each list in order; undefined where there is none. */
  document(track: string): Promise<Served | undefined>
  /** The same as it was written: without the pairs of related skills that only skills of other tracks name. */
  written(track: string): Promise<Served | undefined>
  /** Nouns in the order of their keys, or a whole track, at once, where all of it is in memory as it now is; undefined says nothing. */
  recall(noun: Noun, keys: readonly string[]): Answer[] | undefined
  recallDocument(track: string): Served | undefined
  /** Says that much of a track is being asked for: it may be kept in memory as a whole. */
  expectDocument(track: string): void
  /** The prerequisites of a track's skills, and of those they need in other tracks. */
  graph(track: string): Promise<SkillGraph>
  /** What a text is found in, best first. */
  search(query: SearchQuery): Promise<FoundHits>
  /** Runs `work` as one write after all before it: nothing of it stays where it throws. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>
  /** Puts whole tracks in the place of what they were, or makes them; all of them or nothing. `hash` is that of the files they were read from. */
  replace(...tracks: { document: Document; hash?: string }[]): Promise<Difference[]>
  /** The hash that was last loaded for a track, and whether the track was changed since. */
  lastLoad(track: string): Promise<{ hash: string; changedSince: boolean } | undefined>
  /** What was changed after a cursor, oldest first. */
  changes(query: ChangeQuery): Promise<{ data: LoggedChange[]; more: boolean }>
  /** Who follows from a lesser cursor has missed changes that are forgotten by now. */
  oldestCursor(): Promise<number>
  /** Those changes to a track since it was last loaded that no file has, the newest first. */
  drift(track: string, limit: number): Promise<Change[]>
  /** Makes the database file hold all that was written, independent of the log beside it. */
  checkpoint(): Promise<void>
  /** Answers where the database can be read. */
  ping(): Promise<void>
}

/** A noun there is, the key it now has, or the time since when there is none. */
export type Found<N extends Noun = Noun> = { answer: Answer<N> } | { movedTo: string } | { goneSince: string }

/** What a list lets through; several values of one field are "any of". References are current keys. */
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

/** `default` is curriculum order too, except that of a single source where a list is narrowed to one. */
export type Sort = 'default' | 'position' | 'title' | '-title' | 'updatedAt' | '-updatedAt'

export interface PageRequest {
  limit: number
  sort: Sort
  /** A cursor of this list, as an earlier page had it. */
  after?: string | undefined
}

export interface Page<N extends Noun = Noun> {
  data: Answer<N>[]
  /** What `after` takes to go on behind the one at this place of `data`. */
  cursor(index: number): string
  more: boolean
}

/** A whole track as it is answered. */
export type Served = { track: Answer<'track'> } & { [N in Exclude<Noun, 'track'> as (typeof plurals)[N]]: Answer<N>[] }

/** The answers of one noun in a track; of `track`, the track itself. */
export const answersIn = <N extends Noun>(served: Served, noun: N): readonly Answer<N>[] =>
  (noun === 'track' ? [served.track] : served[plurals[noun as Exclude<Noun, 'track'>]]) as unknown as Answer<N>[] // the noun decides the type

export interface SearchQuery {
  q: string
  track?: readonly string[] | undefined
  noun?: readonly Noun[] | undefined
  tier?: readonly Tier[] | undefined
  limit: number
  /** A cursor of this search, as an earlier page had it. */
  after?: string | undefined
}

export interface FoundHits {
  data: Hit[]
  total: number
  /** Returns the cursor behind the hit at an index of `data`: the value of `after` for the next page. */
  cursor(index: number): string
  more: boolean
}

export interface Hit {
  noun: Noun
  id: string
  key: string
  title: string
  track: string
  tier: Tier | null
  /** Above 0; higher is better; only to be compared within one answer. */
  score: number
  /** HTML, escaped, with `<mark>` around what was found. */
  snippet: string
}

/** What a write changed, by key. */
export interface Difference {
  created: { noun: Noun; key: string }[]
  changed: { noun: Noun; key: string }[]
  removed: { noun: Noun; key: string }[]
}

export interface ChangeQuery {
  /** The number of the last change that is known already; 0 is none. */
  cursor: number
  /** The number of the last change that is asked for; of the newest where none is named. */
  until?: number
  limit: number
  nouns?: readonly Noun[] | undefined
  /** The keys, then or now, of the tracks whose changes are asked for; of all where none is named. */
  tracks?: readonly string[] | undefined
}

/** Something was made, became otherwise or was removed. */
export interface Change {
  seq: number
  noun: Noun
  id: string
  /** Its key then. */
  key: string
  track: string
  /** Its title then; null where that was not kept. */
  title: string | null
  op: 'upsert' | 'delete'
  changedAt: string
  /** The name of the key it was done with; null for what was loaded from files. */
  by: string | null
}

/** A change with the logged fields that it gave another value, and their former values; null where it made or removed the noun, or where that was not kept. */
export interface LoggedChange extends Change {
  former: Former | null
}

/** What a write can read and do, all of it at one moment. */
export interface Transaction {
  /** The key something has by this key or an earlier one. */
  currentKeys(noun: Noun, keys: readonly string[]): Promise<Map<string, string>>
  document(track: string): Promise<Served | undefined>
  /** The same without the pairs of related skills that only skills of other tracks name. */
  written(track: string): Promise<Served | undefined>
  graph(track: string): Promise<SkillGraph>
  /** `pairs` are all those that a skill is in from now on, whoever wrote them. */
  replace(document: Document, author: Author, pairs?: Pairs): Promise<Difference>
  /** Takes a whole track away; refused where another refers to something in it. */
  remove(track: string, author: Author): Promise<Difference>
  /** Those changes to a track since it was last loaded that were made through the API: the newest ones, newest first. */
  drift(track: string, limit: number): Promise<Change[]>
  rememberLoad(track: string, hash: string): Promise<void>
}

/** Whose key it was, and which track it was used for. */
export interface Author {
  name: string
  track: string
  /** Whether what is written stands in files. */
  loads: boolean
}

/** A skill and those related to it. */
export interface Pairs {
  skill: string
  related: readonly string[]
}

/**
 * Everything that can be changed, under current keys. What is not as it should be is refused with a `Failure` that says
 * where, and then nothing has changed; what is answered is on the disk.
 */
export interface Writer {
  /** Makes a noun, or puts another in its place. */
  put<N extends Noun>(noun: N, key: string, body: unknown, terms: Terms): Promise<Written<N>>
  /** Changes some fields of a noun: a JSON merge patch (RFC 7396). */
  patch<N extends Noun>(noun: N, key: string, patch: unknown, terms: Terms): Promise<Written<N>>
  /** Takes a noun away; a track with all that is in it. */
  remove(noun: Noun, key: string, terms: Terms): Promise<void>
  /** Puts a whole track in the place of what it was, or makes it. */
  putDocument(track: string, content: Content, terms: Terms & DocumentTerms): Promise<WrittenDocument>
}

/** Who writes, and what must be true for it (RFC 9110, section 13.1). */
export interface Terms {
  /** The name of the key. */
  by: string
  /** What must be there: anything, or something with one of these tags. */
  match: readonly string[] | '*' | undefined
  /** Whether nothing may be there yet. */
  absent: boolean
}

export interface DocumentTerms {
  /** Only say what would change. */
  dryRun: boolean
  /** The hash of the files it was read from, where it was; then it is refused where the track was changed through the API since. */
  load?: string | undefined
  /** Loads it all the same. */
  overwrite: boolean
}

export interface Content {
  bytes: Uint8Array
  type: 'json' | 'yaml'
}

export interface Written<N extends Noun = Noun> {
  created: boolean
  answer: Answer<N>
  tag: string
}

export interface WrittenDocument {
  created: boolean
  /** The tag of the document as JSON. */
  tag: string
  difference: Difference
  changes: DocumentChange[]
}
