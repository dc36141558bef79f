import { z } from 'zod'
import type { Noun } from '../model/vocabulary.ts'

export const typeOf = (noun: Noun): string => noun.charAt(0).toUpperCase() + noun.slice(1)

/** Every object has a name of its own: without one it would have none in OpenAPI either. */
export const nameOf = (type: z.ZodType): string => (type.meta() as { id: string }).id // said by the model

/** What a value without fields is. */
export const scalarOf = (type: z.ZodType): string => {
  if (type instanceof z.ZodBoolean) return 'Boolean'
  if (type instanceof z.ZodNumber) return type.isInt ? 'Int' : 'Float'
  return type instanceof z.ZodEnum && type.meta()?.id === 'Tier' ? 'Tier' : 'String'
}
