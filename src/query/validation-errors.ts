import { z } from 'zod'
import { Failure, type Place } from '../errors.ts'
import { nearest } from './suggest.ts'

/** An invalid place in a body. */
export type BodyError = Extract<Place, { pointer: string }>

/** Converts an issue of zod about a body to errors with JSON pointers. */
export const explainIssue = (
  issue: z.core.$ZodIssue,
  known: (path: readonly PropertyKey[]) => string[],
): BodyError[] => {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({
      pointer: pointerTo([...issue.path, key]),
      message: unknownField(key, known(issue.path)),
    }))
  return [{ pointer: pointerTo(issue.path), message: `${describePath(issue.path)} ${sentence(issue)}` }]
}

/** Returns a JSON pointer (RFC 6901, section 3), cut to whole segments if it would be longer than `longestPointer`. */
export const pointerTo = (path: readonly PropertyKey[]): string => {
  let pointer = ''
  for (const part of path) {
    const step = `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (pointer.length + step.length > longestPointer) break
    pointer += step
  }
  return pointer
}

/** In characters. A name can be as long as the body. */
const longestPointer = 1_000

/** Returns a path for people: `"steps", item 3, "plan"`. */
export const describePath = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? 'The body'
    : path.map(part => (typeof part === 'number' ? `item ${part + 1}` : `"${shorten(String(part))}"`)).join(', ')

export const unknownFieldError = (name: string, known: string[]): BodyError => ({
  pointer: pointerTo([name]),
  message: unknownField(name, known),
})

const shorten = (text: string): string => text.slice(0, 80)

const unknownField = (key: string, known: string[]): string => {
  const meant = nearest(shorten(key), known)
  return `There is no field "${shorten(key)}" here. ${meant === undefined ? `The fields are ${known.join(', ')}.` : `Did you mean "${meant}"?`}`
}

const sentence = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'invalid_type')
    return issue.input === undefined ? 'is needed.' : `is ${expected[issue.expected as keyof typeof expected]}.` // the model has no other types
  if (issue.code === 'invalid_value') return describeChoice(issue.input, issue.values.map(String))
  if (issue.code === 'too_big' || issue.code === 'too_small') return describeLimit(issue)
  return `is not valid: ${issue.message}.`
}

const expected = {
  string: 'a text',
  array: 'a list',
  object: 'an object',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
} as const

const describeChoice = (given: unknown, words: string[]): string => {
  if (given === undefined) return `is needed: one of ${words.join(', ')}.`
  const meant = typeof given === 'string' ? nearest(shorten(given), words) : undefined
  return `is one of ${words.join(', ')}.${meant === undefined ? '' : ` Did you mean "${meant}"?`}`
}

const describeLimit = (issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): string => {
  const [word, number] = issue.code === 'too_big' ? ['most', issue.maximum] : ['least', issue.minimum]
  const unit = { string: 'character', array: 'item' }[String(issue.origin)]
  return unit === undefined ? `is at ${word} ${number}.` : `has at ${word} ${number} ${unit}${number === 1 ? '' : 's'}.`
}

/** Returns the 422 with every error of a body, up to `maxErrors`. */
export const unprocessable = (mistakes: Place[]): Failure => {
  const listed = mistakes.slice(0, maxErrors)
  const more = mistakes.length > maxErrors ? ` And ${mistakes.length - maxErrors} more.` : ''
  return new Failure(
    'UNPROCESSABLE',
    `${listed
      .slice(0, 5)
      .map(({ message }) => message)
      .join(' ')}${more}`,
    { errors: listed },
  )
}

/** Bounds the size of a 422. */
const maxErrors = 100

/** Returns the parsed body, or rejects it with 422 and every error. */
export const parseBody = <S extends z.ZodType>(schema: S, body: unknown): z.infer<S> => {
  const read = schema.safeParse(body, { reportInput: true })
  if (read.success) return read.data
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  throw unprocessable(read.error.issues.flatMap(issue => explainIssue(issue, () => known)))
}
