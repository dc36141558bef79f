import { z } from 'zod'
import { Key, QualifiedKey } from './keys.ts'
import type { Noun } from './vocabulary.ts'

/**
 * The noun each key schema refers to: the source of GraphQL's edges, of REST's `include` and of the store's link tables.
 * `any` marks a qualified key, which names its noun itself.
 */
export const references = z.registry<{ noun: Noun | 'any' }>()

/** The schema of a key of one noun. The type names that noun, so that the compiler can check tables of references. */
export type Reference<N extends Noun = Noun> = z.ZodString & { readonly __refersTo: N }

export const refTo = <N extends Noun>(noun: N): Reference<N> =>
  Key.meta({ description: `Key of a ${noun}.`, examples: [noun === 'track' ? 'python' : `python.a-${noun}`] }).register(
    references,
    { noun },
  ) as Reference<N> // __refersTo exists in the type alone

export const refToAny = () => QualifiedKey.clone().register(references, { noun: 'any' })
