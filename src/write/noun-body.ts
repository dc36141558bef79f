import { isDeepStrictEqual } from 'node:util'
import type { Place } from '../errors.ts'
import { type Item, schemas } from '../model/curriculum.ts'
import { type Draft, draftSchema } from '../model/document.ts'
import { fieldsOf } from '../model/fields.ts'
import { type Noun, withArticle } from '../model/vocabulary.ts'
import { describePath, parseOrExplain } from '../query/explain.ts'
import { type BodyError, toBodyError, unprocessable } from '../query/validation-errors.ts'

/** The read-only fields that a body repeats. They are compared with the item after the write. */
export type ReadOnlyFields = Record<string, unknown>

/** The body of an item: its draft, and the read-only fields that it repeats. */
export interface NounBody<N extends Noun = Noun> {
  draft: Draft<N>
  readOnlyFields: ReadOnlyFields
}

/** Parses the body of an item, in the form of a request or of a response. `slug` is that of the URL, so the body may omit it. Throws with all mistakes. */
export const readNounBody = <N extends Noun>(noun: N, body: unknown, slug?: string): NounBody<N> => {
  const { parsed, mistakes } = parseNounBody(noun, body, slug)
  if (parsed === undefined) throw unprocessable(mistakes)
  return parsed
}

/** Parses the body of an item at a path of the request's body. */
export const parseNounBody = <N extends Noun>(
  noun: N,
  body: unknown,
  slug?: string,
  path: readonly PropertyKey[] = [],
): { parsed?: NounBody<N>; mistakes: BodyError[] } => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return {
      mistakes: [
        toBodyError({
          path,
          message: `${describePath(path)} must be an object, with the fields of ${withArticle(noun)}`,
        }),
      ],
    }
  const entries = Object.entries(body)
  const readOnlyNames = readOnlyNamesOf(noun)
  const readOnlyFields = Object.fromEntries(entries.filter(([name]) => readOnlyNames.has(name)))
  const written = Object.fromEntries(entries.filter(([name]) => !readOnlyNames.has(name)))
  const { data, explanations } = parseOrExplain(
    draftSchema(noun),
    { ...written, slug: slug ?? readOnlyFields.slug },
    { subject: inner => describePath([...path, ...inner]) },
  )
  if (explanations === undefined) return { parsed: { draft: data, readOnlyFields }, mistakes: [] }
  return {
    mistakes: explanations.map(({ path: inner, message }) => toBodyError({ path: [...path, ...inner], message })),
  }
}

const readOnlyNamesOf = (noun: Noun): Set<string> =>
  new Set(fieldsOf(schemas[noun]).flatMap(({ name, readonly }) => (readonly ? [name] : [])))

/**
 * Returns a mistake for each read-only field whose value is neither that before the write nor that after it: the client would
 * believe that it changed the field.
 */
export const changedReadOnlyFields = (
  readOnlyFields: ReadOnlyFields,
  before: Item | undefined,
  after: Item,
  path: readonly PropertyKey[],
): Place[] => {
  const [old, current]: Record<string, unknown>[] = [{ ...before }, { ...after }]
  return (
    Object.entries(readOnlyFields)
      .filter(([name, value]) => !isDeepStrictEqual(value, old?.[name]) && !isDeepStrictEqual(value, current?.[name]))
      // An item that is copied from another server has its time there; a track has its position there, and pictures that are sent after it.
      .filter(
        ([name]) =>
          !(
            before === undefined &&
            (name === 'updatedAt' || (isTrack(after) && (name === 'position' || name === 'pictures')))
          ),
      )
      .map(([name]) => {
        const place = [...path, name]
        return toBodyError({
          path: place,
          message: `${describePath(place)} is read-only: leave it out, or send the value that the server returned`,
        })
      })
  )
}

const isTrack = ({ key, track }: Item): boolean => key === track
