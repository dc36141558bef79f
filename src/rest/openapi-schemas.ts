import { z } from 'zod'

/** The named schemas these are made of, sorted by name, as answers have them. */
export const componentSchemas = (schemas: readonly z.ZodType[]): Record<string, object> => {
  const { $defs = {} } = z.toJSONSchema(z.union([...new Set(schemas)]), { io: 'output', override })
  const named: Record<string, object> = JSON.parse(
    JSON.stringify($defs).replaceAll('"#/$defs/', '"#/components/schemas/'),
  )
  return Object.fromEntries(Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The named schemas of what is sent: those that differ from what is answered under the same name get one of their own. */
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

/** A reference to a schema by its name. */
export const schemaOf = (schema: z.ZodType): object => {
  const id = schema.meta()?.id
  if (id === undefined) throw new Error('A schema in OpenAPI needs an id.')
  return { $ref: `#/components/schemas/${id}` }
}

/** Whatever has a default is there in every answer, and a format says more than the pattern made from it. */
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
