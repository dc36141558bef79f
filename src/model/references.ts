import { z } from 'zod'
import { schemas } from './curriculum.ts'
import type { Draft } from './document.ts'
import { type Field, fieldsOf } from './fields.ts'
import type { Reference } from './keys.ts'
import type { Noun } from './vocabulary.ts'

export type Path = (string | number)[]

/** Returns the replacement of a reference; `any` stands for a qualified key, which names its noun itself. */
export type ReplaceReference = (noun: Noun | 'any', reference: string, path: Path) => string

/** Returns a copy of a draft in which every reference, at any depth, is replaced. */
export const mapReferences = <N extends Noun>(noun: N, draft: Draft<N>, replace: ReplaceReference): Draft<N> =>
  mapObject(schemas[noun], draft, [], replace) as Draft<N> // the copy has the shape of the original

/** Calls a function with every reference in a draft, at any depth. */
export const visitReferences = <N extends Noun>(
  noun: N,
  draft: Draft<N>,
  visit: (...reference: Parameters<ReplaceReference>) => void,
): void => {
  mapReferences(noun, draft, (target, reference, path) => {
    visit(target, reference, path)
    return reference
  })
}

const mapObject = (schema: z.ZodObject, value: object, path: Path, replace: ReplaceReference): object => {
  const copy: Record<string, unknown> = { ...value }
  for (const field of fieldsOf(schema).filter(holdsReferences)) {
    const value = copy[field.name]
    if (Array.isArray(value))
      copy[field.name] = value.map((element, index) => mapValue(field, element, [...path, field.name, index], replace))
    else copy[field.name] = mapValue(field, value, [...path, field.name], replace)
  }
  return copy
}

const mapValue = (field: Field, value: unknown, path: Path, replace: ReplaceReference): unknown => {
  if (field.references !== undefined && typeof value === 'string') return replace(field.references, value, path)
  if (field.type instanceof z.ZodObject && typeof value === 'object' && value !== null)
    return mapObject(field.type, value, path, replace)
  return value
}

const holdsReferences = (field: Field): boolean =>
  !field.readonly && (field.references !== undefined || field.type instanceof z.ZodObject)

type Shape<N extends Noun> = (typeof schemas)[N]['shape']

type Unwrapped<S> = S extends z.ZodDefault<infer I> ? Unwrapped<I> : S extends z.ZodReadonly<infer I> ? Unwrapped<I> : S

type IsReferenceList<S> = Unwrapped<S> extends z.ZodArray<infer E> ? (E extends Reference ? true : false) : false

/** The names of the fields of a noun that are lists of keys. */
export type ReferenceList<N extends Noun> = {
  [F in keyof Shape<N> & string]: IsReferenceList<Shape<N>[F]> extends true ? F : never
}[keyof Shape<N> & string]

/** The lists of keys that the server derives: the other side of a list that another noun writes. */
export type DerivedList<N extends Noun> = {
  [F in ReferenceList<N>]: Shape<N>[F] extends z.ZodReadonly ? F : never
}[ReferenceList<N>]

/** The lists of keys that are written. */
export type WrittenList<N extends Noun> = Exclude<ReferenceList<N>, DerivedList<N>>
