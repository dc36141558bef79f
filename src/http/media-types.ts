import type { FastifyRequest } from 'fastify'
import { Failure } from '../errors.ts'

/** A media type or media range, in lower case, without its weight. */
export interface MediaType {
  type: string
  subtype: string
  parameters: readonly (readonly [name: string, value: string])[]
}

/** Returns the media type of the response, or rejects with 406 and the types on offer. */
export const negotiateMediaType = (request: FastifyRequest, offered: readonly string[]): string => {
  const { accept = '' } = request.headers
  const type = preferredType(accept, offered)
  if (type !== undefined) return type
  const advice = rangesIn(accept).length === 0 ? ' Accept has no media type: send one of these, or */*.' : ''
  throw new Failure('NOT_ACCEPTABLE', `This is served as ${offered.join(' or ')}.${advice}`)
}

/**
 * Returns the type on offer that the client prefers (RFC 9110, section 12.5.1); undefined if none is acceptable. An empty header
 * counts as a missing one. Among equally preferred types the more specific range wins, then the client's order, then ours.
 */
export const preferredType = (accept: string, offered: readonly string[]): string | undefined => {
  if (elementsOf(accept, ',').length === 0) return offered[0]
  const ranges = rangesIn(accept)
  const [best] = offered
    .flatMap(offer => {
      const range = mostSpecific(ranges, offer)
      return range === undefined || range.weight === 0 ? [] : [{ offer, range }]
    })
    .sort((one, other) => precedence(one.range, other.range))
  return best?.offer
}

interface Range extends MediaType {
  weight: number
  /** The position in the header. */
  index: number
}

const rangesIn = (accept: string): Range[] => elementsOf(accept, ',').flatMap(rangeOf)

/** Returns no range for an element that is malformed: it matches nothing. */
const rangeOf = (element: string, index: number): Range[] => {
  // Java's built-in client sends a single `*` for any type.
  const range = readMediaType(element.replace(/^\*(?!\/)/, '*/*'))
  if (range === undefined || (range.type === '*' && range.subtype !== '*')) return []
  // A weight may stand anywhere among the parameters.
  const weight = Number(range.parameters.find(([name]) => name === 'q')?.[1] ?? 1)
  const parameters = range.parameters.filter(([name]) => name !== 'q')
  return weight >= 0 && weight <= 1 ? [{ ...range, parameters, weight, index }] : []
}

const mostSpecific = (ranges: readonly Range[], offer: string): Range | undefined => {
  const type = readMediaType(offer) as MediaType // a constant of a route
  const matching = ranges.filter(range => matches(range, type))
  return matching.sort((one, other) => specificity(other) - specificity(one) || other.weight - one.weight)[0]
}

const matches = (range: Range, { type, subtype, parameters }: MediaType): boolean =>
  (range.type === '*' || range.type === type) &&
  (range.subtype === '*' || range.subtype === subtype) &&
  range.parameters.every(
    ([name, value]) =>
      (name === 'charset' && isUtf8Label(value)) ||
      parameters.some(([other, expected]) => other === name && expected === value),
  )

/** Returns true for UTF-8, which is the charset of every text served or parsed here. */
export const isUtf8Label = (charset: string): boolean => charset === 'utf-8' || charset === 'utf8'

const specificity = ({ type, subtype, parameters }: MediaType): number =>
  (type === '*' ? 0 : subtype === '*' ? 1_000 : 2_000) + parameters.length

const precedence = (one: Range, other: Range): number =>
  other.weight - one.weight || specificity(other) - specificity(one) || one.index - other.index

/** Parses `type/subtype; name=value` (RFC 9110, section 8.3.1); undefined if it is malformed. */
export const readMediaType = (text: string): MediaType | undefined => {
  const [name = '', ...rest] = elementsOf(text, ';')
  const [, type, subtype] = /^([\w!#$%&'*+.^`|~-]+)\/([\w!#$%&'*+.^`|~-]+)$/.exec(name.toLowerCase()) ?? []
  const parameters = rest.flatMap(readParameter)
  if (type === undefined || subtype === undefined || parameters.length < rest.length) return undefined
  return { type, subtype, parameters }
}

const readParameter = (text: string): [string, string][] => {
  const [, name, token, quoted = ''] =
    /^([\w!#$%&'*+.^`|~-]+)=(?:([\w!#$%&'*+.^`|~-]+)|"((?:[^"\\]|\\.)*)")$/.exec(text.toLowerCase()) ?? []
  return name === undefined ? [] : [[name, token ?? quoted.replace(/\\(.)/g, '$1')]]
}

/** Returns the elements of a list, trimmed; separators inside quoted strings do not count. */
const elementsOf = (text: string, separator: ',' | ';'): string[] =>
  (text.match(separator === ',' ? betweenCommas : betweenSemicolons) ?? [])
    .map(element => element.trim())
    .filter(element => element !== '')

const betweenCommas = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g
const betweenSemicolons = /(?:[^;"]|"(?:[^"\\]|\\.)*"?)+/g
