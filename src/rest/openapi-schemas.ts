import { z } from 'zod'
import { schemas } from '../model/curriculum.ts'
import { fieldsOf } from '../model/fields.ts'
import { type Noun, nouns, plurals, withArticle } from '../model/vocabulary.ts'
import { WebhookBody } from './webhooks.ts'

/** Returns the named schemas of responses, sorted by name. */
export const componentSchemas = (schemas: readonly z.ZodType[]): Record<string, object> => {
  const { $defs = {} } = z.toJSONSchema(z.union([...new Set(schemas)]), { io: 'output', override })
  const named: Record<string, object> = JSON.parse(
    JSON.stringify($defs).replaceAll('"#/$defs/', '"#/components/schemas/'),
  )
  return Object.fromEntries(Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Returns the named schemas of request bodies. A schema that differs from its response schema gets the suffix `Input`. */
const inputSchemas = (schemas: readonly z.ZodType[], answered: Record<string, object>): Record<string, object> => {
  const { $defs = {} } = z.toJSONSchema(z.union([...schemas]), { io: 'input', override })
  const text = (value: unknown) => JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/')
  const differing = Object.keys($defs).filter(
    name => name in answered && text($defs[name]) !== JSON.stringify(answered[name]),
  )
  const renamed = differing.reduce(
    (all, name) => all.replaceAll(`schemas/${name}"`, `schemas/${name}Input"`),
    text($defs),
  )
  const named: Record<string, object> = JSON.parse(renamed)
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, schema]) => {
      if (differing.includes(name)) return [[`${name}Input`, schema]]
      return name in answered ? [] : [[name, schema]]
    }),
  )
}

/** Returns a reference to a schema by its id. */
export const schemaOf = (schema: z.ZodType): object => {
  const id = schema.meta()?.id
  if (id === undefined) throw new Error('A schema in OpenAPI needs an id.')
  return { $ref: `#/components/schemas/${id}` }
}

/** Removes defaults, since responses have every field, and the patterns that zod derives from formats. */
const override: NonNullable<z.core.ToJSONSchemaParams['override']> = ({ jsonSchema }) => {
  delete jsonSchema.default
  if (jsonSchema.type === 'integer') jsonSchema.format = Number(jsonSchema.maximum) > 2 ** 31 - 1 ? 'int64' : 'int32'
  if (jsonSchema.type !== 'string') return
  const length = maxLengths[jsonSchema.format ?? '']
  if (length !== undefined) {
    delete jsonSchema.pattern
    jsonSchema.maxLength ??= length
  }
  if (jsonSchema.minLength !== undefined && jsonSchema.format === undefined) jsonSchema.pattern ??= '\\S'
}

const maxLengths: Record<string, number> = { uuid: 36, 'date-time': 24, uri: 2_000 }

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** Returns the body schema of a noun, in which read-only fields are optional. */
const writableSchema = (noun: Noun): z.ZodObject => {
  const shape: Record<string, z.ZodType> = { ...schemas[noun].shape }
  for (const { name, readonly } of fieldsOf(schemas[noun]))
    if (readonly) shape[name] = (shape[name] as z.ZodType).optional() // a field of it
  return z.strictObject(shape)
}

const bodies = Object.fromEntries(
  nouns.map(noun => {
    const description = `${schemas[noun].description} Read-only fields may be sent as they were read, or left out.`
    return [noun, writableSchema(noun).meta({ id: `${capital(noun)}Input`, description })]
  }),
) as Record<Noun, z.ZodObject> // one a noun

const documentBody = z
  .strictObject({
    track: bodies.track,
    ...(Object.fromEntries(
      nouns
        .filter(noun => noun !== 'track')
        .map(noun => [plurals[noun], z.array(documentItem(noun)).max(100_000).default([])]),
    ) as Record<string, z.ZodType>), // fromEntries forgets the types
  })
  .meta({ id: 'DocumentInput', description: 'A whole track: each noun with its slug, each list in order.' })

/** Returns the schema of a noun in a document, where the slug is required. */
function documentItem(noun: Noun): z.ZodObject {
  const description = `${schemas[noun].description} In a document the slug is required.`
  return bodies[noun]
    .required({ slug: true } as Record<never, true>)
    .meta({ id: `${capital(noun)}InDocument`, description })
}

/** Returns the schemas of request bodies. */
export const bodySchemas = (responseSchemas: Record<string, object>): Record<string, object> => ({
  ...inputSchemas([...Object.values(bodies), documentBody, WebhookBody], responseSchemas),
  ...Object.fromEntries(nouns.map(noun => [`${capital(noun)}Patch`, patchSchema(noun)])),
})

const patchSchema = (noun: Noun): object => ({
  description: `Fields of ${withArticle(noun)} that change: a JSON merge patch (RFC 7396). Null removes the value of a field.`,
  type: 'object',
  minProperties: 0,
  maxProperties: 50,
  propertyNames: { enum: Object.keys(schemas[noun].shape) },
})
