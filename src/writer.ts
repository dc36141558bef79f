import type { Difference } from './catalog.ts'
import type { Change } from './model/compare.ts'
import type { Answer } from './model/curriculum.ts'
import type { Noun } from './model/vocabulary.ts'

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
  changes: Change[]
}
