import type { z } from 'zod'
import { Failure, type Place } from '../errors.ts'
import { nearest } from '../query/suggest.ts'
import { pointerTo } from '../query/validation-errors.ts'

/** Returns the parsed query parameters, or rejects with 400 and every invalid parameter. */
export const validateQuery = <Q extends z.ZodObject>(schema: Q, query: unknown): z.infer<Q> => {
  const result = schema.safeParse(query)
  if (result.success) return result.data
  const given = Object.keys(query as object) // Fastify's parser returns an object for every query
  const errors = result.error.issues
    .flatMap(issue => parameterPlaces(issue, Object.keys(schema.shape), given))
    .slice(0, maxErrors)
  throw new Failure('BAD_USER_INPUT', errors.map(({ message }) => message).join(' '), { errors })
}

const parameterPlaces = (issue: z.core.$ZodIssue, known: string[], given: string[]): Place[] => {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({ parameter: key.slice(0, 80), message: unknownParameter(key, known) }))
  const parameter = String(issue.path[0])
  if (issue.code === 'invalid_value')
    return [{ parameter, message: `"${parameter}" is one of ${issue.values.join(', ')}.` }]
  const message = given.includes(parameter) ? issue.message : 'is needed'
  return [{ parameter, message: `"${parameter}" ${message}.` }]
}

const unknownParameter = (key: string, known: string[]): string => {
  const meant = nearest(key, known)
  const offer = known.length === 0 ? 'It takes none.' : `It takes ${known.join(', ')}.`
  return `There is no parameter "${key.slice(0, 80)}" here. ${meant === undefined ? offer : `Did you mean "${meant}"?`}`
}

/** Returns the parsed body of a query sent by POST, or rejects with 400 and every invalid place. */
export const validateQueryBody = <T>(schema: z.ZodObject & z.ZodType<T>, body: unknown): T => {
  const result = schema.safeParse(body, { reportInput: true })
  if (result.success) return result.data
  const known = Object.keys(schema.shape)
  // A value of the wrong type can also be too short or too long: each place is reported once.
  const messages = new Map<string, string>()
  for (const issue of result.error.issues.slice(0, 2 * maxErrors))
    for (const { pointer, message } of bodyPlaces(issue, known))
      if (!messages.has(pointer)) messages.set(pointer, message)
  const errors = [...messages].slice(0, maxErrors).map(([pointer, message]) => ({ pointer, message }))
  throw new Failure('BAD_USER_INPUT', errors.map(({ message }) => message).join(' '), { errors })
}

/** Bounds the size of the error for a long query. */
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
  return `${place} is a ${issue.path.length === 1 ? 'list of texts, even for a single one' : 'text'}.`
}

const describePlace = ([field, index]: readonly PropertyKey[]): string =>
  index === undefined ? `"${String(field)}"` : `Item ${Number(index) + 1} of "${String(field)}"`

const describeChoice = (place: string, given: unknown, words: string[]): string => {
  const meant = typeof given === 'string' ? nearest(shorten(given), words) : undefined
  const cannot = typeof given === 'string' ? ` cannot be "${shorten(given)}": it` : ''
  return `${place}${cannot} is one of ${words.join(', ')}.${meant === undefined ? '' : ` Did you mean "${meant}"?`}`
}
