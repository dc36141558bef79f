import { z } from 'zod'
import { Key, QualifiedKey } from './names.ts'
import type { Noun } from './vocabulary.ts'

/**
 * Which noun a key refers to: what makes it an edge in GraphQL, an `include` in REST and a foreign key in the store.
 * `any` is a qualified key, which says its noun itself.
 */
export const references = z.registry<{ noun: Noun | 'any' }>()

export const refTo = (noun: Noun) =>
  Key.meta({ description: `Key of a ${noun}.`, examples: [noun === 'track' ? 'python' : `python.a-${noun}`] }).register(
    references,
    { noun },
  )

export const refToAny = () => QualifiedKey.clone().register(references, { noun: 'any' })
