import type { Answer } from '../model/curriculum.ts'
import type { Noun } from '../model/vocabulary.ts'
import type { tables } from './tables.ts'

/** The fields of a noun that are kept in tables of their own: its lists of references, its mentions and a source's outline. */
export const linked = [
  'mentions',
  'outline',
  'prerequisites',
  'dependents',
  'related',
  'resources',
  'projects',
  'sameAs',
] as const

/** `skills` of a resource and of a project are links; every other noun's fields are its row. */
type Linked<N extends Noun> = (typeof linked)[number] | (N extends 'resource' | 'project' ? 'skills' : never)

/** A noun's row is the rest of the noun, and its place among all of the track. */
export type Row<N extends Noun> = Omit<Answer<N>, Linked<N>> & { sort: number }

type Exactly<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never
type Flat<T> = { [K in keyof T]: T[K] }
type Matches<N extends Noun> = Exactly<Flat<(typeof tables)[N]['$inferSelect']>, Flat<Row<N>>>

/** The compiler holds tables and nouns together: a field that only one of them has is an error here. */
true satisfies Matches<'track'>
true satisfies Matches<'source'>
true satisfies Matches<'category'>
true satisfies Matches<'skill'>
true satisfies Matches<'principle'>
true satisfies Matches<'project'>
true satisfies Matches<'resource'>
true satisfies Matches<'plan'>
true satisfies Matches<'checklist'>
