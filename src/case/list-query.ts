import { z } from 'zod'
import type { Version } from './addresses.ts'
import { newIn11 } from './downgrade.ts'
import { type Filter, readFilter, wrongValues } from './filter.ts'
import { CFDocument } from './objects.ts'
import { Refusal } from './status-info.ts'

/** What can be asked of the list of documents. */
export interface ListQuery {
  limit: number
  offset: number
  sort: string | undefined
  descending: boolean
  filter: Filter | undefined
  /** All where undefined. */
  fields: string[] | undefined
  /** The parameters of every page: all but `limit` and `offset`. */
  rest: Record<string, string>
}

type Given = Record<string, string | string[] | undefined>

/** Parameters that are not of the standard are left alone: clients send such, and none changes what is meant. */
export const readListQuery = (query: unknown, version: Version): ListQuery => {
  const given = query as Given // the framework's parser makes this of every query
  const paths = pathsIn(version)
  const sort = single(given, 'sort', 'invalid_sort_field')
  const orderBy = single(given, 'orderBy')
  if (orderBy !== undefined && orderBy !== 'asc' && orderBy !== 'desc') throw bad('orderBy', 'orderBy is asc or desc.')
  const filter = single(given, 'filter')
  const fields = given.fields === undefined ? undefined : [given.fields].flat().join()
  return {
    limit: wholeNumber(given, 'limit', 1, 100),
    offset: wholeNumber(given, 'offset', 0, 0),
    sort: sort !== undefined && paths.includes(sort) ? sort : undefined,
    descending: orderBy === 'desc',
    filter: filter === undefined ? undefined : filterIn(filter, paths),
    fields: fields === undefined ? undefined : fieldsIn(fields, paths),
    rest: JSON.parse(JSON.stringify({ sort, orderBy, filter, fields })) as Record<string, string>, // without what is undefined
  }
}

const bad = (parameter: string, message: string): Refusal =>
  new Refusal(400, parameter, 'invalid_selection_field', message)

const single = (
  given: Given,
  name: string,
  minor: 'invalid_selection_field' | 'invalid_sort_field' = 'invalid_selection_field',
): string | undefined => {
  const value = given[name]
  if (Array.isArray(value)) throw new Refusal(400, name, minor, `${name} is given twice: once is enough.`)
  return value
}

const most = 2 ** 31 - 1

const wholeNumber = (given: Given, name: string, least: number, standard: number): number => {
  const text = single(given, name) ?? String(standard)
  const number = /^\d{1,10}$/.test(text) ? Number(text) : -1
  if (number < least || number > most) throw bad(name, `${name} is a whole number from ${least} to ${most}.`)
  return number
}

const shape = `It is written field='value', with one of = != > >= < <= ~ between them; at most one " AND " or " OR " joins two of these.`

const filterIn = (text: string, paths: readonly string[]): Filter => {
  const filter = text.length > 2_000 ? undefined : readFilter(text)
  if (filter === undefined) throw bad('filter', `The filter cannot be read. ${shape}`)
  const unknown = filter.conditions.find(({ field }) => !paths.includes(field))
  if (unknown !== undefined)
    throw bad(
      'filter',
      `A document has no field ${unknown.field.slice(0, 100)} to filter by; it has ${paths.join(', ')}.`,
    )
  const [wrong] = wrongValues(filter)
  if (wrong !== undefined) throw bad('filter', `${wrong.field} is compared with a time such as '2026-01-01T00:00:00Z'.`)
  return filter
}

/** Where one of them is unknown, the standard asks for everything. */
const fieldsIn = (text: string, paths: readonly string[]): string[] | undefined => {
  const names = text.split(',').map(name => name.trim())
  if (names.includes('')) throw bad('fields', 'fields is a list of names by comma, such as identifier,title.')
  return names.every(name => paths.includes(name) && !name.includes('.')) ? names : undefined
}

/** Fields of a document that the standard has and no track knows: they may be asked about. */
const neverSaid = ['publisher', 'statusStartDate', 'statusEndDate']

/** Every field of a document by its path, nested ones with dots. */
const pathsIn = (version: Version): string[] => (version === 'v1p1' ? in11 : in10)

const pathsOf = (object: z.ZodObject, before: string): string[] =>
  Object.entries(object.shape).flatMap(([name, type]) => {
    const inner = innermost(type as z.ZodType) // zod types a shape's values as its core type
    return [before + name, ...(inner instanceof z.ZodObject ? pathsOf(inner, `${before}${name}.`) : [])]
  })

const innermost = (type: z.ZodType): z.ZodType => {
  if (type instanceof z.ZodOptional) return innermost(type.unwrap() as z.ZodType) // as above
  if (type instanceof z.ZodArray) return innermost(type.element as z.ZodType) // as above
  return type
}

const in11 = [...pathsOf(CFDocument, ''), ...neverSaid]
const in10 = in11.filter(path => !newIn11.includes(path.split('.')[0] as string)) // split yields at least one part
