import { z } from 'zod'
import { fieldsOf } from '../model/fields.ts'
import { didYouMean, nearest } from './suggest.ts'

/** An invalid place in a value: its path, and what is wrong there, in words without a capital letter or a full stop. */
export interface Explanation {
  path: readonly PropertyKey[]
  message: string
  issue: z.core.$ZodIssue
}

/** The options of `parseOrExplain`. */
interface ExplainOptions {
  /** Names the place at a path; the default is `"steps", item 3, "plan"`. */
  subject?: (path: readonly PropertyKey[]) => string
  /** The word for a member of an object. */
  member?: 'field' | 'parameter'
  /** The most explanations that are returned. */
  limit?: number
}

/** Parses a value, or explains every invalid place in it once. Bodies, query parameters, YAML files and the environment are parsed with it. */
export const parseOrExplain = <S extends z.ZodType>(
  schema: S,
  value: unknown,
  { subject = describePath, member = 'field', limit = Number.POSITIVE_INFINITY }: ExplainOptions = {},
): { data: z.infer<S>; explanations?: undefined } | { data?: undefined; explanations: Explanation[] } => {
  const { data, error } = schema.safeParse(value, { error: rule, reportInput: true })
  if (error === undefined) return { data }
  const explain = (issue: z.core.$ZodIssue): Explanation[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.slice(0, limit).map(key => ({
          path: [...issue.path, key],
          message: unknownMember(member, key, memberNames(schema, issue.path)),
          issue,
        }))
      : [{ path: issue.path, message: `${subject(issue.path)} ${issue.message}`, issue }]
  // A text in the place of a list can also be too long a list: the first issue of a place explains it.
  const byPath = new Map<string, Explanation>()
  for (const explanation of error.issues.slice(0, 2 * limit).flatMap(explain)) {
    const place = JSON.stringify(explanation.path)
    if (!byPath.has(place)) byPath.set(place, explanation)
  }
  return { explanations: [...byPath.values()].slice(0, limit) }
}

/** Returns the rule that a single value breaks, such as `must be a text`; undefined for a valid value. */
export const brokenRule = (schema: z.ZodType, value: unknown): string | undefined =>
  schema.safeParse(value, { error: rule, reportInput: true }).error?.issues[0]?.message

/** Returns the rule that an issue breaks. Schemas with a rule of their own write it in the same form. */
const rule: z.core.$ZodErrorMap = issue => {
  const object = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : undefined
  if (issue.input === undefined && issue.code === 'invalid_value') return `is missing: it ${mustBeOneOf(issue.values)}`
  if (object !== undefined)
    return `${issue.input === undefined ? 'is missing: it ' : ''}must be an object with the fields ${object.join(', ')}`
  if (issue.input === undefined) return 'is missing'
  if (issue.code === 'invalid_type' && issue.expected === 'array' && typeof issue.input !== 'object')
    return 'must be a list, even of one item'
  if (issue.code === 'invalid_type') return `must be ${typeNames[issue.expected as keyof typeof typeNames]}` // the schemas have no other types
  if (issue.code === 'invalid_value') return mustBeOneOf(issue.values, issue.input)
  if (issue.code === 'too_big') return mustHave('most', issue.maximum, issue.origin)
  if (issue.code === 'too_small') return mustHave('least', issue.minimum, issue.origin)
  return 'is not valid'
}

const typeNames = {
  string: 'a text',
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
} as const

export const mustBeOneOf = (words: readonly unknown[], given?: unknown): string => {
  const suggestion = typeof given === 'string' ? nearest(given, words.map(String)) : undefined
  return `must be one of ${words.join(', ')}${didYouMean(suggestion)}`
}

export const mustBeWholeNumber = (least: number, most: number, unit = ''): string =>
  `must be a whole number ${unit === '' ? '' : `of ${unit} `}from ${least} to ${most}`

const mustHave = (bound: 'most' | 'least', count: number | bigint, origin: string): string => {
  const unit = { string: 'characters', array: 'items' }[origin]
  if (unit === undefined) return `must be at ${bound} ${count}`
  return bound === 'least' && count === 1 ? 'must not be empty' : `must have at ${bound} ${count} ${unit}`
}

/** Explains a name that does not exist among these. */
export const unknownMember = (member: 'field' | 'parameter', name: string, known: readonly string[]): string => {
  const others = known.length === 0 ? '. Leave it out' : `. The ${member}s are ${known.join(', ')}`
  return `there is no ${member} "${shorten(name)}" here${didYouMean(nearest(name, known), others)}`
}

/** Returns a path in words: `"steps", item 3, "plan"`. */
export const describePath = (path: readonly PropertyKey[], whole = 'the body'): string =>
  path.length === 0
    ? whole
    : path.map(part => (typeof part === 'number' ? `item ${part + 1}` : `"${shorten(String(part))}"`)).join(', ')

/** Returns an explanation as a whole sentence, for a response. */
export const asSentence = (explanation: string): string =>
  `${explanation.charAt(0).toUpperCase()}${explanation.slice(1)}${explanation.endsWith('?') ? '' : '.'}`

/** Cuts a text of the client: an error does not repeat a whole body. */
export const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text)

/** Returns the names of the members of the object, or union of objects, at a path that leads through objects and lists of objects. */
const memberNames = (schema: z.ZodType, path: readonly PropertyKey[]): string[] => {
  const found = path.reduce<z.ZodType>((at, name) => {
    const inner = fieldsOf(at as z.ZodObject).find(field => field.name === name)?.type
    return inner instanceof z.ZodObject ? inner : at
  }, schema)
  const objects = found instanceof z.ZodUnion ? found.options : [found]
  return objects.flatMap(object => Object.keys((object as z.ZodObject).shape)) // only objects can have unknown members
}
