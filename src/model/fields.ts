import { z } from 'zod'
import { references } from './reference.ts'
import type { Noun } from './vocabulary.ts'

/** A field of a zod object, with its wrappers taken off: what GraphQL, the store, filters and files are derived from. */
export interface Field {
  name: string
  /** The innermost type: of a list, its element's. */
  type: z.ZodType
  list: boolean
  nullable: boolean
  /** Whether the server alone says it. */
  readonly: boolean
  /** The noun its keys refer to, `any` for qualified keys; undefined where it holds no keys. */
  references: Noun | 'any' | undefined
  description: string | undefined
}

export const fieldsOf = (object: z.ZodObject): Field[] => {
  const known = read.get(object)
  if (known !== undefined) return known
  const fields = Object.entries(object.shape).map(([name, schema]) => fieldOf(name, schema as z.ZodType)) // zod types a shape's values as its core type
  read.set(object, fields)
  return fields
}

const read = new WeakMap<z.ZodObject, Field[]>()

const fieldOf = (name: string, schema: z.ZodType): Field => {
  const field: Field = {
    name,
    type: schema,
    list: false,
    nullable: false,
    readonly: false,
    references: undefined,
    description: schema.description,
  }
  for (let wrapped: z.ZodType | undefined = schema; wrapped !== undefined; wrapped = unwrap(wrapped)) {
    field.type = wrapped
    field.list ||= wrapped instanceof z.ZodArray
    field.nullable ||= wrapped instanceof z.ZodNullable
    field.readonly ||= wrapped instanceof z.ZodReadonly
    field.references ??= references.get(wrapped)?.noun
    field.description ??= wrapped.description
  }
  return field
}

const unwrap = (schema: z.ZodType): z.ZodType | undefined => {
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodDefault || schema instanceof z.ZodReadonly)
    return schema.unwrap() as z.ZodType
  return undefined
}
