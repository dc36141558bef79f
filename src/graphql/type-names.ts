import { z } from 'zod'
import type { Noun } from '../model/vocabulary.ts'

export const nounTypeName = (noun: Noun): string => noun.charAt(0).toUpperCase() + noun.slice(1)

/** Every object has a name of its own: without one it would have none in OpenAPI either. */
export const objectTypeName = (type: z.ZodType): string => (type.meta() as { id: string }).id // said by the model

/** What a value without fields is. */
export const scalarTypeName = (type: z.ZodType): string => {
  if (type instanceof z.ZodBoolean) return 'Boolean'
  if (type instanceof z.ZodNumber) return type.isInt ? 'Int' : 'Float'
  return type instanceof z.ZodEnum && type.meta()?.id === 'Tier' ? 'Tier' : 'String'
}
