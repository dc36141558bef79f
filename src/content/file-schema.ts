import { z } from 'zod'
import { referenceTargets, TrackSlug } from '../model/keys.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { didYouMean } from '../query/suggest.ts'
import { slugFrom } from './slug-from-title.ts'

/** Turns a schema of the model into the schema for files: where a client reads a key, an author writes a slug. */
export const toFileSchema = (schema: z.ZodType): z.ZodType => {
  const noun = referenceTargets.get(schema)?.noun
  if (noun !== undefined) return referenceInFile(noun).meta(fileMeta(schema))
  const def = rewriteParts(schema)
  if (def === undefined) return schema
  const copy = schema.clone({ ...schema.def, ...def } as typeof schema.def) // the same type around a rewritten part
  return copy.meta(fileMeta(schema))
}

/** Replaces "Key" by "Slug" in a description and removes examples of keys, and the `id`, which must be unique. */
const fileMeta = (schema: z.ZodType): z.GlobalMeta => {
  const { id, examples, ...meta } = { id: '', examples: [], ...schema.meta() }
  return meta.description === undefined ? meta : { ...meta, description: meta.description.replace(/^Key/, 'Slug') }
}

const rewriteParts = (schema: z.ZodType): object | undefined => {
  if (schema instanceof z.ZodArray) return rewritePart('element', schema.element as z.ZodType) // zod types it as its core type
  if (schema instanceof z.ZodNullable) return rewritePart('innerType', schema.unwrap() as z.ZodType) // likewise
  if (schema instanceof z.ZodDefault) {
    const inner = rewritePart('innerType', schema.unwrap() as z.ZodType) // likewise
    return inner && { ...inner, defaultValue: schema.def.defaultValue }
  }
  if (!(schema instanceof z.ZodObject)) return undefined
  const shape = Object.entries<z.ZodType>(schema.shape).map(([name, field]) => [name, toFileSchema(field)] as const)
  return shape.every(([name, field]) => field === schema.shape[name]) ? undefined : { shape: Object.fromEntries(shape) }
}

const rewritePart = (part: string, schema: z.ZodType): object | undefined => {
  const copy = toFileSchema(schema)
  return copy === schema ? undefined : { [part]: copy }
}

const slug = '[a-z0-9]+(-[a-z0-9]+)*'
const track = '[a-z][a-z0-9]*(-[a-z0-9]+)*'
const nounsWithSlug = nouns.filter(noun => noun !== 'track').join('|')

const referenceInFile = (noun: Noun | 'any'): z.ZodType => {
  if (noun === 'track') return TrackSlug
  if (noun !== 'any')
    return patternText(
      `(${track}\\.)?${slug}`,
      'must be a slug such as error-handling, or a key of another track such as python.error-handling',
    )
  return patternText(
    `${track}|(${track}\\.)?(${nounsWithSlug})\\.${slug}`,
    'must be a noun and a slug, such as skill.decorators, or track for the track',
  )
}

const patternText = (pattern: string, rule: string) =>
  z
    .string()
    .max(90)
    .regex(new RegExp(`^(${pattern})$`), { error: ({ input }) => `${rule}${suggestSlug(String(input))}` })

const suggestSlug = (given: string): string => {
  const slug = slugFrom(given)
  return didYouMean(slug === '' ? undefined : slug)
}
