import { badParameter, type Failure } from '../errors.ts'

/** A parsed query: a list for a parameter that is repeated. */
export type Query = Record<string, string | string[]>

/**
 * Parses a query string. Leaves out what campaigns and cache busters add (`utm_*`, `_`), and reads `tier[]` and `tier[0]`, as PHP, jQuery and qs
 * write lists, as `tier`. Text that cannot be decoded stays as it is: `queryFault` refuses it.
 */
export const parseQuery = (text: string): Query => {
  const query: Query = Object.create(null) // a parameter may be called `constructor`
  for (const part of text.split('&')) {
    const [name, value] = splitPair(part)
    const parameter = (decode(name) ?? name).replace(/\[\d{0,4}\]$/, '')
    if (part === '' || isIgnored(parameter)) continue
    const given = decode(value) ?? value
    const before = query[parameter]
    if (before === undefined) query[parameter] = given
    else if (typeof before === 'string') query[parameter] = [before, given]
    else before.push(given)
  }
  return query
}

/** Returns why the query of an address cannot be decoded; undefined if it can. */
export const queryFailure = (url: string): Failure | undefined => {
  const query = queryIn(url)
  if (!query.includes('%')) return undefined
  for (const part of query.split('&')) {
    const [name, value] = splitPair(part)
    const parameter = decode(name)
    if (parameter === undefined) return decodingFailure(name, name)
    if (decode(value) === undefined) return decodingFailure(parameter, value)
  }
  return undefined
}

const decodingFailure = (parameter: string, text: string): Failure => {
  const name = parameter.slice(0, 80)
  return badParameter(
    name,
    /%(?![\da-f]{2})/i.test(text)
      ? `"${name}" has a % without two hexadecimal digits behind it: write a percent sign as %25.`
      : `"${name}" is not UTF-8: percent-encode the bytes of UTF-8, for example é as %C3%A9.`,
  )
}

/** Returns an address without the parameters that are ignored, so that they do not multiply cache keys. */
export const withoutIgnoredParameters = (url: string): string => {
  if (!ignorable.test(url)) return url
  const remaining = queryIn(url)
    .split('&')
    .filter(part => part !== '' && !isIgnored(splitPair(part)[0]))
  return [url.split('?', 1)[0], ...(remaining.length === 0 ? [] : [remaining.join('&')])].join('?')
}

/** Matches every address that has such a parameter, quickly, and few others. */
const ignorable = /[?&](utm_|_(=|&|$))/

const isIgnored = (name: string): boolean => name === '_' || name.startsWith('utm_')

const queryIn = (url: string): string => {
  const start = url.indexOf('?')
  return start < 0 ? '' : url.slice(start + 1)
}

const splitPair = (part: string): [name: string, value: string] => {
  const end = part.indexOf('=')
  return end < 0 ? [part, ''] : [part.slice(0, end), part.slice(end + 1)]
}

const decode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
