import type { Answer } from '../model/curriculum.ts'
import type { ReferenceList } from '../model/references.ts'
import type { Noun } from '../model/vocabulary.ts'
import type { tables } from './tables.ts'

/** Fields of a noun that are stored outside its row: lists of keys, mentions, and the outline of a source. */
type Linked<N extends Noun> = ReferenceList<N> | 'mentions' | 'outline'

/** The row of a noun: its other fields, and its place among all of its track. */
export type Row<N extends Noun> = Omit<Answer<N>, Linked<N>> & { sort: number }

type Columns<N extends Noun> = (typeof tables)[N]['$inferSelect']
type Exactly<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Says in words where the columns and the fields of a noun differ; `never` where they agree. */
type Mismatch<N extends Noun> =
  | `${N}.${Exclude<keyof Row<N> & string, keyof Columns<N>>} has no column in src/store/tables.ts`
  | `${N}.${Exclude<keyof Columns<N> & string, keyof Row<N>>} is a column without a field in src/model`
  | {
      [F in keyof Row<N> & keyof Columns<N> & string]: Exactly<Row<N>[F], Columns<N>[F]> extends true
        ? never
        : `${N}.${F} has different types in src/store/tables.ts and src/model`
    }[keyof Row<N> & keyof Columns<N> & string]
type Mismatches = { [N in Noun]: Mismatch<N> }[Noun]

/** Fails to compile where a table and its noun differ; the error names the noun and the field. */
true satisfies [Mismatches] extends [never] ? true : Mismatches
