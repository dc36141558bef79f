import type { z } from 'zod'
import { Failure } from '../errors.ts'
import { nearest } from '../query/suggest.ts'
import { pointerTo } from '../query/validation-errors.ts'

/** What a body asks, or a failure that says of each place what is wrong with it. */
export const validateQueryBody = <T>(schema: z.ZodObject & z.ZodType<T>, body: unknown): T => {
  const result = schema.safeParse(body, { reportInput: true })
  if (result.success) return result.data
  const known = Object.keys(schema.shape)
  // What is of another type altogether may also be too short or too long: it is told once.
  const messages = new Map<string, string>()
  for (const issue of result.error.issues.slice(0, 2 * maxErrors))
    for (const { pointer, message } of bodyPlaces(issue, known))
      if (!messages.has(pointer)) messages.set(pointer, message)
  const errors = [...messages].slice(0, maxErrors).map(([pointer, message]) => ({ pointer, message }))
  throw new Failure('BAD_USER_INPUT', errors.map(({ message }) => message).join(' '), { errors })
}

/** Enough to mend, and nobody gets a long answer for a long question. */
const maxErrors = 20

const bodyPlaces = (issue: z.core.$ZodIssue, known: string[]): { pointer: string; message: string }[] => {
  if (issue.code === 'unrecognized_keys')
    return issue.keys
      .slice(0, maxErrors)
      .map(key => ({ pointer: pointerTo([shorten(key)]), message: unknownField(key, known) }))
  return [{ pointer: pointerTo(issue.path), message: sentence(issue, known) }]
}

const unknownField = (key: string, known: string[]): string => {
  const meant = nearest(shorten(key), known)
  return `There is no field "${shorten(key)}" here. ${meant === undefined ? `The body takes ${known.join(', ')}.` : `Did you mean "${meant}"?`}`
}

const shorten = (word: string): string => word.slice(0, 80)

const sentence = (issue: z.core.$ZodIssue, known: string[]): string => {
  if (issue.path.length === 0)
    return `${issue.input === undefined ? 'There is no body: send' : 'The body is'} a JSON object with ${known.join(', ')}.`
  const place = describePlace(issue.path)
  if (issue.code === 'too_small') return `${place} is empty.`
  if (issue.code === 'too_big')
    return `${place} ${issue.origin === 'array' ? `has more than ${issue.maximum} items` : `is longer than ${issue.maximum} characters`}.`
  if (issue.code === 'invalid_value') return describeChoice(place, issue.input, issue.values.map(String))
  if (issue.input === undefined) return `${place} is needed.`
  return `${place} is a ${issue.path.length === 1 ? 'list of texts, also where it is one' : 'text'}.`
}

const describePlace = ([field, index]: readonly PropertyKey[]): string =>
  index === undefined ? `"${String(field)}"` : `Item ${Number(index) + 1} of "${String(field)}"`

const describeChoice = (place: string, given: unknown, words: string[]): string => {
  const meant = typeof given === 'string' ? nearest(shorten(given), words) : undefined
  const cannot = typeof given === 'string' ? ` cannot be "${shorten(given)}": it` : ''
  return `${place}${cannot} is one of ${words.join(', ')}.${meant === undefined ? '' : ` Did you mean "${meant}"?`}`
}
