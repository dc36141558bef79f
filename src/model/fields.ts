import { z } from 'zod'
import { referenceTargets } from './keys.ts'
import type { Noun } from './vocabulary.ts'

/** A field of a zod object without its wrappers. GraphQL, the store, filters and files are derived from it. */
export interface Field {
  name: string
  /** The innermost type; for a list, the type of its elements. */
  type: z.ZodType
  list: boolean
  nullable: boolean
  /** True for a field that the server derives. */
  readonly: boolean
  /** The noun that its keys refer to, `any` for qualified keys; undefined if it has no keys. */
  references: Noun | 'any' | undefined
  description: string | undefined
}

/** Returns the fields of a zod object, cached per object. */
export const fieldsOf = (object: z.ZodObject): Field[] => {
  const cached = cache.get(object)
  if (cached !== undefined) return cached
  const fields = Object.entries(object.shape).map(([name, schema]) => fieldOf(name, schema as z.ZodType)) // zod types a shape's values as its core type
  cache.set(object, fields)
  return fields
}

const cache = new WeakMap<z.ZodObject, Field[]>()

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
  for (let current: z.ZodType | undefined = schema; current !== undefined; current = unwrap(current)) {
    field.type = current
    field.list ||= current instanceof z.ZodArray
    field.nullable ||= current instanceof z.ZodNullable
    field.readonly ||= current instanceof z.ZodReadonly
    field.references ??= referenceTargets.get(current)?.noun
    field.description ??= current.description
  }
  return field
}

const unwrap = (schema: z.ZodType): z.ZodType | undefined => {
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodDefault || schema instanceof z.ZodReadonly)
    return schema.unwrap() as z.ZodType
  return undefined
}

/** Returns the names of all fields at any depth, in order. */
export const fieldTree = (object: z.ZodObject): unknown[] =>
  fieldsOf(object).map(({ name, type }) => (type instanceof z.ZodObject ? [name, fieldTree(type)] : name))
