import { z } from 'zod'
import { schemas } from './curriculum.ts'
import type { Draft } from './draft.ts'
import { type Field, fieldsOf } from './fields.ts'
import type { Noun } from './vocabulary.ts'

export type Path = (string | number)[]

/** Answers what stands in the place of a reference; `any` is a qualified key, which says its noun itself. */
export type Replace = (noun: Noun | 'any', reference: string, path: Path) => string

/** A copy of a draft in which every reference, however deep, is what `replace` answers for it. */
export const mapReferences = <N extends Noun>(noun: N, draft: Draft<N>, replace: Replace): Draft<N> =>
  mapObject(schemas[noun], draft, [], replace) as Draft<N> // the copy has the shape of the original

const mapObject = (schema: z.ZodObject, value: object, path: Path, replace: Replace): object => {
  const copy: Record<string, unknown> = { ...value }
  for (const field of fieldsOf(schema).filter(holdsReferences)) {
    const held = copy[field.name]
    if (Array.isArray(held))
      copy[field.name] = held.map((element, index) => mapValue(field, element, [...path, field.name, index], replace))
    else copy[field.name] = mapValue(field, held, [...path, field.name], replace)
  }
  return copy
}

const mapValue = (field: Field, value: unknown, path: Path, replace: Replace): unknown => {
  if (field.references !== undefined && typeof value === 'string') return replace(field.references, value, path)
  if (field.type instanceof z.ZodObject && typeof value === 'object' && value !== null)
    return mapObject(field.type, value, path, replace)
  return value
}

const holdsReferences = (field: Field): boolean =>
  !field.readonly && (field.references !== undefined || field.type instanceof z.ZodObject)
