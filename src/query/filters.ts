import type { z } from 'zod'
import { type Catalog, type Filter, parseItems } from '../catalog.ts'
import { badParameter, type Failure } from '../errors.ts'
import { schemas } from '../model/curriculum.ts'
import { fieldsOf } from '../model/fields.ts'
import { keyOf, rfc3339, rfc3339Rule } from '../model/keys.ts'
import { tiers } from '../model/tiers.ts'
import type { Noun, Tier } from '../model/vocabulary.ts'
import { asSentence, mustBeOneOf, shorten } from './explain.ts'
import { isId, keyOfRef, keysOfRefs } from './ids.ts'
import { didYouMean, nearest } from './suggest.ts'

export type FilterName = keyof Filter
/** Filters as clients send them: references are slugs, keys, earlier keys or ids. */
export type FilterParameters = { [K in FilterName]?: string[] | undefined }

/** Returns the filters of a noun, which follow from its fields. */
export const filterNames = (noun: Noun): FilterName[] => {
  const fields = fieldsOf(schemas[noun])
  const has = (name: string) => fields.some(field => field.name === name)
  const names: [FilterName, boolean][] = [
    ['track', noun !== 'track'],
    ['tier', has('tier')],
    ['category', has('category')],
    ['kind', has('kind')],
    ['source', has('mentions')],
    ['optional', has('optional')],
    ['skill', has('skills')],
    ['updatedSince', true],
  ]
  return names.filter(([, makesSense]) => makesSense).map(([name]) => name)
}

/**
 * Returns a filter with current keys, or rejects it with the name of the parameter and a suggestion. A category includes those
 * below it.
 */
export const resolveFilter = async (catalog: Catalog, noun: Noun, parameters: FilterParameters): Promise<Filter> => {
  const filter = await resolveNames(catalog, noun, parameters)
  return { ...filter, category: filter.category && (await catalog.withSubcategories(filter.category)) }
}

/** Returns a filter with current keys, whose categories are only those that the client named. */
export const resolveNames = async (catalog: Catalog, noun: Noun, parameters: FilterParameters): Promise<Filter> => {
  const track = parameters.track && (await Promise.all(parameters.track.map(ref => resolveTrack(catalog, ref))))
  return {
    track,
    tier: parameters.tier && (await Promise.all(parameters.tier.map(word => resolveTier(catalog, word, track)))),
    category: parameters.category && (await resolveKeys(catalog, 'category', parameters.category, track)),
    source: parameters.source && (await resolveKeys(catalog, 'source', parameters.source, track)),
    skill: parameters.skill && (await resolveKeys(catalog, 'skill', parameters.skill, track)),
    kind: parameters.kind?.map(word => parseChoice('kind', word, kindsOf(noun))),
    optional: parameters.optional && parseOptional(parameters.optional),
    updatedSince: parameters.updatedSince && parseTime(parameters.updatedSince),
  }
}

/** Returns the current key of a track, or rejects an unknown one. */
export const resolveTrack = async (catalog: Catalog, ref: string): Promise<string> =>
  resolveKey(catalog, 'track', 'track', await keyOfRef(catalog, 'track', ref), undefined)

/** Returns the values of `kind` of a noun. */
export const kindsOf = (noun: Noun): string[] => {
  const kinds = fieldsOf(schemas[noun]).filter(field => field.name === 'kind')
  return kinds.flatMap(({ type }) => (type as z.ZodEnum).options.map(String)) // `kind` is an enum
}

export const parseChoice = <W extends string>(parameter: string, word: string, words: readonly W[]): W => {
  const known = words.find(one => one === word)
  if (known === undefined) throw cannotBe(parameter, word, mustBeOneOf(words, word))
  return known
}

/** Returns the error for one of the values of a parameter. */
export const cannotBe = (parameter: string, word: string, rule: string): Failure =>
  badParameter(parameter, asSentence(`"${parameter}" cannot be "${shorten(word)}": it ${rule}`))

/** Parses a tier. A track may give its tiers other titles: such a title is rejected, and the error names the tier. */
const resolveTier = async (catalog: Catalog, word: string, tracks: string[] | undefined): Promise<Tier> => {
  const known = tiers.find(tier => tier === word)
  if (known !== undefined) return known
  const page = await catalog.list('track', tracks ? { track: tracks } : {}, { limit: 200, sort: 'default' })
  const titled = parseItems(page.data)
    .flatMap(track => track.tiers)
    .find(({ title }) => title.toLowerCase() === word.trim().toLowerCase())
  const meant = titled?.tier ?? tiers.find(tier => tier === word.trim().toLowerCase())
  if (meant !== undefined)
    throw badParameter('tier', `"tier" cannot be "${shorten(word)}": use "${meant}" for that tier.`)
  return parseChoice('tier', word, tiers)
}

const resolveKeys = async (
  catalog: Catalog,
  noun: 'category' | 'source' | 'skill',
  refs: string[],
  tracks: string[] | undefined,
): Promise<string[]> => {
  const named = await keysOfRefs(catalog, noun, noun, refs)
  const keys = await Promise.all(named.map(ref => resolveSlugOrKey(catalog, noun, ref, tracks)))
  return [...new Set(keys.flat())]
}

/** Returns the keys that a slug has in the requested tracks, at least one; or the current key of a key or id. */
const resolveSlugOrKey = async (
  catalog: Catalog,
  noun: 'category' | 'source' | 'skill',
  ref: string,
  tracks: string[] | undefined,
): Promise<string[]> => {
  if (ref.includes('.') || isId(ref)) return [await resolveKey(catalog, noun, noun, ref, tracks)]
  if (tracks === undefined)
    throw badParameter(
      noun,
      `"${noun}" takes a key, such as "python.${shorten(ref)}", an id, or a slug together with "track".`,
    )
  const found = await catalog.currentKeys(
    noun,
    tracks.map(track => keyOf(track, ref)),
  )
  if (found.size === 0) throw await unknownKey(catalog, noun, noun, ref, tracks)
  return [...found.values()]
}

const resolveKey = async (
  catalog: Catalog,
  parameter: string,
  noun: Noun,
  ref: string,
  tracks: string[] | undefined,
): Promise<string> => {
  const key = (await catalog.currentKeys(noun, [ref])).get(ref)
  if (key !== undefined) return key
  throw await unknownKey(catalog, parameter, noun, ref, tracks)
}

const unknownKey = async (
  catalog: Catalog,
  parameter: string,
  noun: Noun,
  ref: string,
  tracks: string[] | undefined,
): Promise<Failure> => {
  const known = await catalog.keys(noun, tracks)
  const words = ref.includes('.') || noun === 'track' ? known : known.map(one => one.slice(one.indexOf('.') + 1))
  return badParameter(parameter, `There is no ${noun} called "${shorten(ref)}"${didYouMean(nearest(ref, words), '.')}`)
}

const parseOptional = (words: string[]): boolean => parseChoice('optional', words.join(), ['true', 'false']) === 'true'

const parseTime = (words: string[]): string => {
  const time = words.join(',')
  if (!rfc3339.test(time)) {
    const hint = rfc3339.test(time.replace(' ', '+')) ? ' In an address "+" is written %2B.' : ''
    throw badParameter('updatedSince', `"updatedSince" ${rfc3339Rule}.${hint}`)
  }
  return new Date(time.toUpperCase()).toISOString()
}
