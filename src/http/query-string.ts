import { badParameter, type Failure } from '../errors.ts'

/** A parsed query: a list for a parameter that is repeated. */
export type Query = Record<string, string | string[]>

/**
 * Parses a query string. Ignores the parameters of campaigns and cache busters (`utm_*`, `_`), and reads `tier[]` and `tier[0]`, the lists of
 * PHP, jQuery and qs, as `tier`. Text that cannot be decoded stays as it is: `queryFailure` rejects it.
 */
export const parseQuery = (text: string): Query => {
  const query: Query = Object.create(null) // a parameter may be called `constructor`
  for (const part of text.split('&')) {
    const [name, value] = splitPair(part)
    const parameter = (decode(name) ?? name).replace(/\[\d{0,4}\]$/, '')
    if (part === '' || isIgnored(parameter)) continue
    const decoded = decode(value) ?? value
    const earlier = query[parameter]
    if (earlier === undefined) query[parameter] = decoded
    else if (typeof earlier === 'string') query[parameter] = [earlier, decoded]
    else earlier.push(decoded)
  }
  return query
}

/** Returns the failure of a URL whose query cannot be decoded; undefined if it can. */
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
      ? `"${name}" has a % without two hexadecimal digits behind it; a percent sign is written as %25.`
      : `"${name}" is not UTF-8: percent-encode the bytes of UTF-8, for example é as %C3%A9.`,
  )
}

/** Returns a URL without the ignored parameters, so that they do not multiply cache keys. */
export const withoutIgnoredParameters = (url: string): string => {
  if (!ignorable.test(url)) return url
  const remaining = queryIn(url)
    .split('&')
    .filter(part => part !== '' && !isIgnored(splitPair(part)[0]))
  return [url.split('?', 1)[0], ...(remaining.length === 0 ? [] : [remaining.join('&')])].join('?')
}

/** Matches every URL with such a parameter, and few others. */
const ignorable = /[?&](utm_|_(=|&|$))/

const isIgnored = (name: string): boolean => name === '_' || name.startsWith('utm_')

export const queryIn = (url: string): string => {
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
