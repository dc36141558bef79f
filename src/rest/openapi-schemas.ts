import { z } from 'zod'

/** Returns the named schemas of responses, sorted by name. */
export const componentSchemas = (schemas: readonly z.ZodType[]): Record<string, object> => {
  const { $defs = {} } = z.toJSONSchema(z.union([...new Set(schemas)]), { io: 'output', override })
  const named: Record<string, object> = JSON.parse(
    JSON.stringify($defs).replaceAll('"#/$defs/', '"#/components/schemas/'),
  )
  return Object.fromEntries(Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Returns the named schemas of request bodies. A schema that differs from its response schema gets the suffix `Input`. */
export const inputSchemas = (
  schemas: readonly z.ZodType[],
  answered: Record<string, object>,
): Record<string, object> => {
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
