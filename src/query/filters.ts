import type { z } from 'zod'
import type { Catalog, Filter } from '../catalog.ts'
import { badParameter, type Failure } from '../errors.ts'
import { schemas } from '../model/curriculum.ts'
import { fieldsOf } from '../model/fields.ts'
import { keyOf, rfc3339 } from '../model/keys.ts'
import { type Noun, type Tier, tiers } from '../model/vocabulary.ts'
import { isId, keyFor, keysFor } from './ids.ts'
import { nearest } from './suggest.ts'

export type FilterName = keyof Filter
/** What a client wrote, in its words: slugs, keys, earlier keys, ids. */
export type Asked = { [K in FilterName]?: string[] | undefined }

/** The filters that make sense for a noun follow from its fields. */
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

/** What the client asked for in the catalog's words, or a failure that names the parameter and what was probably meant. */
export const readFilter = async (catalog: Catalog, noun: Noun, asked: Asked): Promise<Filter> => {
  const track = asked.track && (await Promise.all(asked.track.map(ref => readTrack(catalog, ref))))
  return {
    track,
    tier: asked.tier && (await Promise.all(asked.tier.map(word => readTier(catalog, word, track)))),
    category: asked.category && (await readKeys(catalog, 'category', asked.category, track)),
    source: asked.source && (await readKeys(catalog, 'source', asked.source, track)),
    skill: asked.skill && (await readKeys(catalog, 'skill', asked.skill, track)),
    kind: asked.kind?.map(word => readWord('kind', word, kindsOf(noun))),
    optional: asked.optional && readOptional(asked.optional),
    updatedSince: asked.updatedSince && readTime(asked.updatedSince),
  }
}

/** The current key of a track. */
export const readTrack = async (catalog: Catalog, ref: string): Promise<string> =>
  readKey(catalog, 'track', 'track', await keyFor(catalog, 'track', ref), undefined)

/** The kinds of a noun; with a source, a document's own view counts too, which is practical or theoretical. */
export const kindsOf = (noun: Noun): string[] => {
  const kinds = fieldsOf(schemas[noun]).filter(field => field.name === 'kind')
  return kinds.flatMap(({ type }) => (type as z.ZodEnum).options.map(String)) // a kind is one of several words
}

const didYouMean = (word: string, words: readonly string[]): string => {
  const meant = nearest(word, words)
  return meant === undefined ? '' : ` Did you mean "${meant}"?`
}

export const readWord = <W extends string>(parameter: string, word: string, words: readonly W[]): W => {
  const known = words.find(one => one === word)
  if (known === undefined)
    throw badParameter(
      parameter,
      `"${parameter}" cannot be "${short(word)}": it is one of ${words.join(', ')}.${didYouMean(word, words)}`,
    )
  return known
}

const short = (word: string): string => (word.length > 80 ? `${word.slice(0, 80)}…` : word)

/** A track may call its tiers otherwise: who asks by its word is told ours. */
const readTier = async (catalog: Catalog, word: string, tracks: string[] | undefined): Promise<Tier> => {
  const known = tiers.find(tier => tier === word)
  if (known !== undefined) return known
  const page = await catalog.list('track', tracks ? { track: tracks } : {}, { limit: 200, sort: 'default' })
  const called = page.data
    .flatMap(track => track.tiers)
    .find(({ title }) => title.toLowerCase() === word.trim().toLowerCase())
  const meant = called?.tier ?? tiers.find(tier => tier === word.trim().toLowerCase())
  if (meant !== undefined)
    throw badParameter('tier', `"tier" cannot be "${short(word)}": that tier is called "${meant}" here.`)
  return readWord('tier', word, tiers)
}

const readKeys = async (
  catalog: Catalog,
  noun: 'category' | 'source' | 'skill',
  refs: string[],
  tracks: string[] | undefined,
): Promise<string[]> => {
  const named = await keysFor(catalog, noun, noun, refs)
  const keys = await Promise.all(named.map(ref => readSlugOrKey(catalog, noun, ref, tracks)))
  return [...new Set(keys.flat())]
}

/** A slug names something in each of the tracks asked for, so that one of them is enough to have it. */
const readSlugOrKey = async (
  catalog: Catalog,
  noun: 'category' | 'source' | 'skill',
  ref: string,
  tracks: string[] | undefined,
): Promise<string[]> => {
  if (ref.includes('.') || isId(ref)) return [await readKey(catalog, noun, noun, ref, tracks)]
  if (tracks === undefined)
    throw badParameter(
      noun,
      `"${noun}" takes a key, such as "python.${short(ref)}", an id, or a slug together with "track".`,
    )
  const found = await catalog.currentKeys(
    noun,
    tracks.map(track => keyOf(track, ref)),
  )
  if (found.size === 0) throw await unknownKey(catalog, noun, noun, ref, tracks)
  return [...found.values()]
}

const readKey = async (
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
  return badParameter(parameter, `There is no ${noun} called "${short(ref)}".${didYouMean(ref, words)}`)
}

const readOptional = (words: string[]): boolean => readWord('optional', words.join(), ['true', 'false']) === 'true'

const readTime = (words: string[]): string => {
  const time = words.join(',')
  if (!rfc3339.test(time)) {
    const hint = rfc3339.test(time.replace(' ', '+')) ? ' In an address "+" is written %2B.' : ''
    throw badParameter('updatedSince', `"updatedSince" is a time as in RFC 3339, such as 2026-01-31T12:00:00Z.${hint}`)
  }
  return new Date(time.toUpperCase()).toISOString()
}
