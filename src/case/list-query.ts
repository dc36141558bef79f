import { z } from 'zod'
import { type Filter, invalidConditions, parseFilter } from './filter.ts'
import { CFDocument } from './objects.ts'
import { CaseFailure } from './status-info.ts'
import { fieldsNewIn11, type Version } from './versions.ts'

/** The query of the list of documents. */
export interface ListQuery {
  limit: number
  offset: number
  sort: string | undefined
  descending: boolean
  filter: Filter | undefined
  /** All fields when undefined. */
  fields: string[] | undefined
  /** The parameters that all pages share: all but `limit` and `offset`. */
  pageParameters: Record<string, string>
}

type RawQuery = Record<string, string | string[] | undefined>

/** Parses and checks the query. Unknown parameters are ignored, because clients send some. */
export const parseListQuery = (query: unknown, version: Version): ListQuery => {
  const raw = query as RawQuery // Fastify's parser returns this for every query
  const fieldPaths = fieldPathsOf(version)
  const sort = singleValue(raw, 'sort', 'invalid_sort_field')
  const orderBy = singleValue(raw, 'orderBy')
  if (orderBy !== undefined && orderBy !== 'asc' && orderBy !== 'desc')
    throw badParameter('orderBy', 'orderBy must be asc or desc.')
  const filter = singleValue(raw, 'filter')
  const fields = raw.fields === undefined ? undefined : [raw.fields].flat().join()
  return {
    limit: parseInteger(raw, 'limit', 1, 100),
    offset: parseInteger(raw, 'offset', 0, 0),
    sort: sort !== undefined && fieldPaths.includes(sort) ? sort : undefined,
    descending: orderBy === 'desc',
    filter: filter === undefined ? undefined : checkedFilter(filter, fieldPaths),
    fields: fields === undefined ? undefined : parseFields(fields, fieldPaths),
    pageParameters: JSON.parse(JSON.stringify({ sort, orderBy, filter, fields })) as Record<string, string>, // without what is undefined
  }
}

const badParameter = (parameter: string, message: string): CaseFailure =>
  new CaseFailure(400, parameter, 'invalid_selection_field', message)

const singleValue = (
  raw: RawQuery,
  name: string,
  minorCode: 'invalid_selection_field' | 'invalid_sort_field' = 'invalid_selection_field',
): string | undefined => {
  const value = raw[name]
  if (Array.isArray(value))
    throw new CaseFailure(400, name, minorCode, `${name} is given more than once: give it once.`)
  return value
}

const maxInteger = 2 ** 31 - 1

const parseInteger = (raw: RawQuery, name: string, min: number, defaultValue: number): number => {
  const text = singleValue(raw, name) ?? String(defaultValue)
  const number = /^\d{1,10}$/.test(text) ? Number(text) : -1
  if (number < min || number > maxInteger)
    throw badParameter(name, `${name} must be a whole number from ${min} to ${maxInteger}.`)
  return number
}

const filterSyntax = `Write field='value', with one of the operators = != > >= < <= ~; at most one " AND " or " OR " joins two conditions.`

const checkedFilter = (text: string, paths: readonly string[]): Filter => {
  const filter = text.length > 2_000 ? undefined : parseFilter(text)
  if (filter === undefined) throw badParameter('filter', `The filter is not valid. ${filterSyntax}`)
  const unknown = filter.conditions.find(({ field }) => !paths.includes(field))
  if (unknown !== undefined)
    throw badParameter(
      'filter',
      `A document has no field ${unknown.field.slice(0, 100)} to filter by; it has ${paths.join(', ')}.`,
    )
  const [invalid] = invalidConditions(filter)
  if (invalid !== undefined)
    throw badParameter('filter', `${invalid.field} must be compared with a time such as '2026-01-01T00:00:00Z'.`)
  return filter
}

/** Parses the list of fields; undefined, for all fields, when one is unknown, as the standard requires. */
const parseFields = (text: string, paths: readonly string[]): string[] | undefined => {
  const names = text.split(',').map(name => name.trim())
  if (names.includes(''))
    throw badParameter('fields', 'fields must be a list of field names separated by commas, such as identifier,title.')
  return names.every(name => paths.includes(name) && !name.includes('.')) ? names : undefined
}

/** Fields of the standard that no track has: a query may still name them. */
const unusedFields = ['publisher', 'statusStartDate', 'statusEndDate']

/** Lists the paths of a document's fields; nested names are joined with dots. */
const fieldPathsOf = (version: Version): string[] => (version === 'v1p1' ? fieldPaths11 : fieldPaths10)

const schemaPaths = (object: z.ZodObject, prefix: string): string[] =>
  Object.entries(object.shape).flatMap(([name, type]) => {
    const inner = unwrapType(type as z.ZodType) // zod types a shape's values as its core type
    return [prefix + name, ...(inner instanceof z.ZodObject ? schemaPaths(inner, `${prefix}${name}.`) : [])]
  })

const unwrapType = (type: z.ZodType): z.ZodType => {
  if (type instanceof z.ZodOptional) return unwrapType(type.unwrap() as z.ZodType) // as above
  if (type instanceof z.ZodArray) return unwrapType(type.element as z.ZodType) // as above
  return type
}

const fieldPaths11 = [...schemaPaths(CFDocument, ''), ...unusedFields]
const fieldPaths10 = fieldPaths11.filter(path => !fieldsNewIn11.includes(path.split('.')[0] as string)) // split yields at least one part
