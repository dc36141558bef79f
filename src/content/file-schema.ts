import { z } from 'zod'
import { referenceTargets, TrackSlug } from '../model/keys.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { slugFrom } from './slug-from-title.ts'

/**
 * A schema of the model as it is in files: where a client reads a key, an author writes a slug.
 * Everything else about a field, its words included, stays the model's.
 */
export const writtenInFiles = (schema: z.ZodType): z.ZodType => {
  const noun = referenceTargets.get(schema)?.noun
  if (noun !== undefined) return reference(noun).meta(inFileWords(schema))
  const def = rewritten(schema)
  if (def === undefined) return schema
  const copy = schema.clone({ ...schema.def, ...def } as typeof schema.def) // the same type around a rewritten part
  return copy.meta(inFileWords(schema))
}

/** The model says "Keys of the skills …", with examples of keys, since that is what clients read. An `id` names one schema only. */
const inFileWords = (schema: z.ZodType): z.GlobalMeta => {
  const { id, examples, ...meta } = { id: '', examples: [], ...schema.meta() }
  return meta.description === undefined ? meta : { ...meta, description: meta.description.replace(/^Key/, 'Slug') }
}

const rewritten = (schema: z.ZodType): object | undefined => {
  if (schema instanceof z.ZodArray) return changed('element', schema.element as z.ZodType) // zod types it as its core type
  if (schema instanceof z.ZodNullable) return changed('innerType', schema.unwrap() as z.ZodType) // likewise
  if (schema instanceof z.ZodDefault) {
    const inner = changed('innerType', schema.unwrap() as z.ZodType) // likewise
    return inner && { ...inner, defaultValue: schema.def.defaultValue }
  }
  if (!(schema instanceof z.ZodObject)) return undefined
  const shape = Object.entries<z.ZodType>(schema.shape).map(([name, field]) => [name, writtenInFiles(field)] as const)
  return shape.every(([name, field]) => field === schema.shape[name]) ? undefined : { shape: Object.fromEntries(shape) }
}

const changed = (part: string, schema: z.ZodType): object | undefined => {
  const copy = writtenInFiles(schema)
  return copy === schema ? undefined : { [part]: copy }
}

const slug = '[a-z0-9]+(-[a-z0-9]+)*'
const track = '[a-z][a-z0-9]*(-[a-z0-9]+)*'
const withSlug = nouns.filter(noun => noun !== 'track').join('|')

const reference = (noun: Noun | 'any'): z.ZodType => {
  if (noun === 'track') return TrackSlug
  if (noun !== 'any')
    return text(
      `(${track}\\.)?${slug}`,
      'a reference is a slug such as error-handling, or a key of another track such as python.error-handling',
    )
  return text(
    `${track}|(${track}\\.)?(${withSlug})\\.${slug}`,
    'a reference of an outline is a noun and a slug, such as skill.decorators, or just track',
  )
}

const text = (pattern: string, rule: string) =>
  z
    .string()
    .max(90)
    .regex(new RegExp(`^(${pattern})$`), { error: ({ input }) => `${rule}${suggested(String(input))}` })

const suggested = (given: string): string => {
  const slug = slugFrom(given)
  return slug === '' ? '' : `: write ${slug}`
}
