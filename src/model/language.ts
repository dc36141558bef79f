import { createRequire } from 'node:module'
import { z } from 'zod'

/** A language tag (BCP 47, RFC 5646) made of subtags that are registered with IANA. */
export const Language = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, { error: ({ input }) => explainInvalidTag(String(input)), abort: true })
  .refine(tag => isLanguage(tag), { error: ({ input }) => explainInvalidTag(String(input)) })

type SubtagType = 'language' | 'extlang' | 'script' | 'region' | 'variant'

/** Returns true if every subtag is registered and in order (RFC 5646, section 2.1). A single letter begins an extension, which is not checked. */
const isLanguage = (tag: string): boolean => {
  const [language, ...others] = tag
    .toLowerCase()
    .replace(/-[a-z0-9]-.*/, '')
    .split('-') as [string, ...string[]] // split returns at least one part
  const places = others.map(subtag =>
    subtagOrder.findIndex(type => subtagFormats[type].test(subtag) && isRegistered(subtag, type)),
  )
  const isInOrder = places.every(
    (place, index) => place > (places[index - 1] ?? -1) || subtagOrder[place] === 'variant',
  )
  return isRegistered(language, 'language') && isInOrder && !places.includes(-1)
}

const subtagOrder = ['extlang', 'script', 'region', 'variant'] as const

const subtagFormats = {
  extlang: /^[a-z]{3}$/,
  script: /^[a-z]{4}$/,
  region: /^([a-z]{2}|\d{3})$/,
  variant: /^([a-z0-9]{5,8}|\d[a-z0-9]{3})$/,
}

const isRegistered = (subtag: string, type: SubtagType): boolean => registry()[subtag]?.[type] !== undefined

/** Returns the types of each registered subtag. The registry takes 6 MB, so it is loaded with the first tag. */
const registry = (): Record<string, { [T in SubtagType]?: number }> =>
  createRequire(import.meta.url)('language-subtag-registry/data/json/index.json')

const explainInvalidTag = (given: string): string => {
  const suggestion = suggestTag(given)
  return `must be a language tag (BCP 47), such as en or pt-BR${suggestion === undefined ? '' : `. Did you mean "${suggestion}"?`}`
}

/** Suggests a tag for another form of it, the name of a language or a country code. */
const suggestTag = (given: string): string | undefined =>
  [canonical(given.replaceAll('_', '-')), tagsByName().get(given.toLowerCase()), mainLanguageOf(given)].find(
    tag => tag !== undefined && isLanguage(tag),
  )

const canonical = (tag: string): string | undefined => {
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}

const mainLanguageOf = (country: string): string | undefined =>
  /^[a-z]{2}$/i.test(country) && isRegistered(country.toLowerCase(), 'region')
    ? new Intl.Locale(`und-${country}`).maximize().language
    : undefined

/** Returns the two-letter tags by their names in English and in the language itself, in lower case. */
const tagsByName = (): ReadonlyMap<string, string> => {
  tagNames ??= new Map(
    Object.keys(registry())
      .filter(tag => tag.length === 2 && isRegistered(tag, 'language') && canonical(tag) === tag)
      .flatMap(tag => ['en', tag].map(locale => [languageName(locale, tag).toLowerCase(), tag])),
  )
  return tagNames
}
let tagNames: Map<string, string> | undefined

const languageName = (locale: string, tag: string): string =>
  String(new Intl.DisplayNames(locale, { type: 'language' }).of(tag))
