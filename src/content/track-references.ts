import type { ResolveExternal } from '../model/check-document.ts'
import { allDrafts } from '../model/document.ts'
import { keyOf, slugOf, trackOf } from '../model/keys.ts'
import type { Noun } from '../model/vocabulary.ts'
import { nameOf, type Track } from './build-track.ts'
import { type Finding, isError } from './findings.ts'
import { unknownSkill } from './markdown-links.ts'
import { findingIn } from './yaml/yaml-file.ts'

/** What the tracks of one content know of each other: little enough to be kept of thousands. */
export interface Neighbours {
  slugs: Set<string>
  /** The key of everything by its noun and any key it has or had. */
  keys: Map<string, string>
  /** Tracks with mistakes in their files: a reference to something of theirs may well be right. */
  doubtful: Map<string, Pick<Track, 'incomplete' | 'listed'>>
}

export const neighboursOf = (tracks: readonly Track[]): Neighbours => {
  const neighbours: Neighbours = { slugs: new Set(), keys: new Map(), doubtful: new Map() }
  for (const track of tracks) introduce(neighbours, track)
  return neighbours
}

/** Lets the others know of a track. */
export const introduce = ({ slugs, keys, doubtful }: Neighbours, track: Track): void => {
  const { slug, document, findings, incomplete, listed } = track
  slugs.add(slug)
  for (const { noun, draft } of allDrafts(document)) {
    const key = (name: string) => (noun === 'track' ? name : keyOf(slug, name))
    for (const name of [...draft.formerly, draft.slug]) keys.set(nameOf(noun, key(name)), key(draft.slug))
  }
  if (findings.some(isError)) doubtful.set(slug, { incomplete, listed })
}

/** What the other tracks hold, and beyond them what `outside` knows: files are newer than whatever was loaded. */
export const outsideOf =
  ({ slugs, keys }: Neighbours, outside: ResolveExternal): ResolveExternal =>
  (noun, key) =>
    keys.get(nameOf(noun, key)) ?? (slugs.has(trackOf(key)) ? undefined : outside(noun, key))

/** Returns true for something that may be in a track, whose files have mistakes that are reported already. */
export const mayBeThere = ({ doubtful }: Neighbours, track: string, noun: Noun, slug: string): boolean => {
  const owner = doubtful.get(track)
  return owner !== undefined && (owner.incomplete.has(noun) || owner.listed.has(nameOf(noun, slug)))
}

/** Finds the links in Markdown to skills of other tracks that are not there. */
export const deadLinksTo = (neighbours: Neighbours, { links }: Track, outside: ResolveExternal): Finding[] =>
  links
    .filter(({ key }) => outside('skill', key) === undefined)
    .filter(({ key }) => !mayBeThere(neighbours, trackOf(key), 'skill', slugOf(key)))
    .map(({ key, file, offset }) => findingIn(file, { offset, ...unknownSkill(key) }))

/** The current keys of what is not in the files at hand, by the keys asked for; what is not there is left out. */
export type LookUp = (noun: Noun, keys: readonly string[]) => Promise<ReadonlyMap<string, string>>

/** Keys that something refers to, by noun. */
export type Asked = ReadonlyMap<Noun, ReadonlySet<string>>

/** Notes what is asked for, and knows nothing. */
export const noting = (): { asked: Asked; outside: ResolveExternal } => {
  const asked = new Map<Noun, Set<string>>()
  const outside: ResolveExternal = (noun, key) => {
    asked.set(noun, (asked.get(noun) ?? new Set()).add(key))
    return undefined
  }
  return { asked, outside }
}

/** Knows of what was asked for as much as can be looked up. */
export const lookedUp = async (asked: Asked, lookUp: LookUp): Promise<ResolveExternal> => {
  const known = new Map<Noun, ReadonlyMap<string, string>>()
  for (const [noun, keys] of asked) known.set(noun, await lookUp(noun, [...keys]))
  return (noun, key) => known.get(noun)?.get(key)
}
