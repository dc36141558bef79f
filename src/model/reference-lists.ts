import type { z } from 'zod'
import type { schemas } from './curriculum.ts'
import type { Reference } from './reference.ts'
import type { Noun } from './vocabulary.ts'

type Shape<N extends Noun> = (typeof schemas)[N]['shape']

type Unwrapped<S> = S extends z.ZodDefault<infer I> ? Unwrapped<I> : S extends z.ZodReadonly<infer I> ? Unwrapped<I> : S

type IsReferenceList<S> = Unwrapped<S> extends z.ZodArray<infer E> ? (E extends Reference ? true : false) : false

/** Names of the fields of a noun that are lists of keys. */
export type ReferenceList<N extends Noun> = {
  [F in keyof Shape<N> & string]: IsReferenceList<Shape<N>[F]> extends true ? F : never
}[keyof Shape<N> & string]

/** Lists of keys that the server derives: the other side of a list that another noun writes. */
export type DerivedList<N extends Noun> = {
  [F in ReferenceList<N>]: Shape<N>[F] extends z.ZodReadonly ? F : never
}[ReferenceList<N>]

/** Lists of keys that are written. */
export type WrittenList<N extends Noun> = Exclude<ReferenceList<N>, DerivedList<N>>
