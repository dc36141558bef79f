import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Place } from '../errors.ts'
import { type Answer, schemas } from '../model/curriculum.ts'
import { type Draft, draftSchema } from '../model/document.ts'
import { fieldsOf } from '../model/fields.ts'
import type { Noun } from '../model/vocabulary.ts'
import { explain, nameOf, type Pointed, pointerTo, refused } from '../query/validation-errors.ts'

/** What the server says of a noun, as a body has it: checked when it is known. */
export type Said = Record<string, unknown>

/** What a body writes of a noun, and what it repeats of what the server says. */
export interface Body<N extends Noun = Noun> {
  draft: Draft<N>
  said: Said
}

/** Reads a noun as it is answered or written: `slug` may be left out where the address says it. All mistakes are told in one go. */
export const readNoun = <N extends Noun>(noun: N, body: unknown, slug?: string): Body<N> => {
  const { read, mistakes } = parseNoun(noun, body, slug)
  if (read === undefined) throw refused(mistakes)
  return read
}

export const parseNoun = <N extends Noun>(
  noun: N,
  body: unknown,
  slug?: string,
): { read?: Body<N>; mistakes: Pointed[] } => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { mistakes: [{ pointer: '', message: `A ${noun} is a JSON object.` }] }
  const entries = Object.entries(body)
  const readonly = readonlyNames(noun)
  const said = Object.fromEntries(entries.filter(([name]) => readonly.has(name)))
  const written = Object.fromEntries(entries.filter(([name]) => !readonly.has(name)))
  const parsed = draftSchema(noun).safeParse({ ...written, slug: slug ?? said.slug }, { reportInput: true })
  if (parsed.success) return { read: { draft: parsed.data, said }, mistakes: [] }
  return { mistakes: parsed.error.issues.flatMap(issue => explain(issue, path => namesAt(noun, path))) }
}

const readonlyNames = (noun: Noun): Set<string> =>
  new Set(fieldsOf(schemas[noun]).flatMap(({ name, readonly }) => (readonly ? [name] : [])))

/** The names of the fields of the object that a path leads to. */
const namesAt = (noun: Noun, path: readonly PropertyKey[]): string[] => {
  const object = path.reduce<z.ZodObject>((at, name) => {
    const inner = fieldsOf(at).find(field => field.name === name)?.type
    return inner instanceof z.ZodObject ? inner : at
  }, schemas[noun])
  return Object.keys(object.shape)
}

/**
 * What a body repeats of what the server says must be as it was answered, or as it is answered now: a client that believes
 * it has changed such a field has to be told.
 */
export const differingFromAnswer = (
  said: Said,
  before: Answer | undefined,
  after: Answer,
  path: readonly PropertyKey[],
): Place[] => {
  const [then, now]: Record<string, unknown>[] = [{ ...before }, { ...after }]
  return (
    Object.entries(said)
      .filter(([name, value]) => !isDeepStrictEqual(value, then?.[name]) && !isDeepStrictEqual(value, now?.[name]))
      // A noun that is copied from another server brings the time along, and a track its position there.
      .filter(([name]) => !(before === undefined && (name === 'updatedAt' || (name === 'position' && isTrack(after)))))
      .map(([name]) => ({
        pointer: pointerTo([...path, name]),
        message: `${nameOf([...path, name])} is said by the server: leave it as it was answered, or leave it out.`,
      }))
  )
}

const isTrack = ({ key, track }: Answer): boolean => key === track
