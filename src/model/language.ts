import { createRequire } from 'node:module'
import { z } from 'zod'

/** A language tag (BCP 47, RFC 5646) made of subtags that are registered with IANA. */
export const Language = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, { error: ({ input }) => explain(String(input)), abort: true })
  .refine(tag => isLanguage(tag), { error: ({ input }) => explain(String(input)) })

type SubtagType = 'language' | 'extlang' | 'script' | 'region' | 'variant'

/** Returns true where every subtag is registered and stands in its order (section 2.1). A single letter begins an extension, which may hold anything. */
const isLanguage = (tag: string): boolean => {
  const [language, ...others] = tag
    .toLowerCase()
    .replace(/-[a-z0-9]-.*/, '')
    .split('-') as [string, ...string[]] // splitting gives one part at least
  const places = others.map(subtag => order.findIndex(type => shapes[type].test(subtag) && isRegistered(subtag, type)))
  const isInOrder = places.every((place, index) => place > (places[index - 1] ?? -1) || order[place] === 'variant')
  return isRegistered(language, 'language') && isInOrder && !places.includes(-1)
}

const order = ['extlang', 'script', 'region', 'variant'] as const

const shapes = {
  extlang: /^[a-z]{3}$/,
  script: /^[a-z]{4}$/,
  region: /^([a-z]{2}|\d{3})$/,
  variant: /^([a-z0-9]{5,8}|\d[a-z0-9]{3})$/,
}

const isRegistered = (subtag: string, type: SubtagType): boolean => registry()[subtag]?.[type] !== undefined

/** The types of each registered subtag. They take 6 MB and are loaded when the first tag is checked. */
const registry = (): Record<string, { [T in SubtagType]?: number }> =>
  createRequire(import.meta.url)('language-subtag-registry/data/json/index.json')

const explain = (given: string): string => {
  const meant = suggestion(given)
  return `"${given.slice(0, 80)}" is not a language tag (BCP 47), such as en or pt-BR${meant === undefined ? '' : `: write ${meant}`}`
}

/** Returns the tag that was probably meant by another form of it, by the name of a language or by a country. */
const suggestion = (given: string): string | undefined =>
  [canonical(given.replaceAll('_', '-')), tagsByName().get(given.toLowerCase()), spokenIn(given)].find(
    tag => tag !== undefined && isLanguage(tag),
  )

const canonical = (tag: string): string | undefined => {
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}

const spokenIn = (country: string): string | undefined =>
  /^[a-z]{2}$/i.test(country) && isRegistered(country.toLowerCase(), 'region')
    ? new Intl.Locale(`und-${country}`).maximize().language
    : undefined

/** Tags of two letters by their names in English and in the language itself, in lower case. */
const tagsByName = (): ReadonlyMap<string, string> => {
  known ??= new Map(
    Object.keys(registry())
      .filter(tag => tag.length === 2 && isRegistered(tag, 'language') && canonical(tag) === tag)
      .flatMap(tag => ['en', tag].map(locale => [nameIn(locale, tag).toLowerCase(), tag])),
  )
  return known
}
let known: Map<string, string> | undefined

const nameIn = (locale: string, tag: string): string =>
  String(new Intl.DisplayNames(locale, { type: 'language' }).of(tag))
