import { repeatedIdentifiers } from '../model/check-document.ts'
import { allDrafts, type Mistake } from '../model/document.ts'
import { caseUuid } from '../model/identity.ts'
import { keyOf, slugOf, trackOf } from '../model/keys.ts'
import type { ResolveExternal } from '../model/resolve-references.ts'
import type { Noun } from '../model/vocabulary.ts'
import { entryName, type Track } from './build-track.ts'
import { type Finding, isError } from './findings.ts'
import { unknownSkillLink } from './markdown-links.ts'
import { findingIn } from './yaml/yaml-file.ts'

/** The names in all tracks of a folder, by which references between tracks are resolved; small enough for thousands of tracks. */
export interface TrackIndex {
  slugs: Set<string>
  /** The current key by noun and by current or earlier key. */
  keys: Map<string, string>
  /** The track and the name of the first item with a UUID as its external id, by UUID. */
  identifiers: Map<string, { track: string; name: string }>
  /** Tracks with errors in their files: a reference to something in them may be right. */
  tracksWithErrors: Map<string, Pick<Track, 'incomplete' | 'listedNames'>>
}

export const indexTracks = (tracks: readonly Track[]): TrackIndex => {
  const trackIndex: TrackIndex = {
    slugs: new Set(),
    keys: new Map(),
    identifiers: new Map(),
    tracksWithErrors: new Map(),
  }
  for (const track of tracks) addToIndex(trackIndex, track)
  return trackIndex
}

/** Adds the names of a track to the index. */
export const addToIndex = ({ slugs, keys, identifiers, tracksWithErrors }: TrackIndex, track: Track): void => {
  const { slug, document, findings, incomplete, listedNames } = track
  slugs.add(slug)
  for (const { noun, draft } of allDrafts(document)) {
    const key = (name: string) => (noun === 'track' ? name : keyOf(slug, name))
    for (const name of [...draft.formerly, draft.slug]) keys.set(entryName(noun, key(name)), key(draft.slug))
    const uuid = caseUuid(draft.externalId)
    if (uuid !== undefined && !identifiers.has(uuid))
      identifiers.set(uuid, { track: slug, name: `${noun} "${key(draft.slug)}"` })
  }
  if (findings.some(isError)) tracksWithErrors.set(slug, { incomplete, listedNames })
}

/** Resolves keys by the index, and keys of tracks that are not in it by `resolveExternal`. */
export const resolveWithIndex =
  ({ slugs, keys }: TrackIndex, resolveExternal: ResolveExternal): ResolveExternal =>
  (noun, key) =>
    keys.get(entryName(noun, key)) ?? (slugs.has(trackOf(key)) ? undefined : resolveExternal(noun, key))

/** Returns true if the track has errors in its files that may hide this name. */
export const mayExist = ({ tracksWithErrors }: TrackIndex, track: string, noun: Noun, slug: string): boolean => {
  const owner = tracksWithErrors.get(track)
  return owner !== undefined && (owner.incomplete.has(noun) || owner.listedNames.has(entryName(noun, slug)))
}

/** Finds the links in Markdown to missing skills of other tracks. */
export const findDeadLinks = (trackIndex: TrackIndex, { links }: Track, resolveExternal: ResolveExternal): Finding[] =>
  links
    .filter(({ key }) => resolveExternal('skill', key) === undefined)
    .filter(({ key }) => !mayExist(trackIndex, trackOf(key), 'skill', slugOf(key)))
    .map(({ key, file, offset }) => findingIn(file, { offset, ...unknownSkillLink(key) }))

/** Finds the items of a track whose identifier in CASE an item of another track has. */
export const identifiersOfOthers = ({ identifiers }: TrackIndex, { slug, document }: Track): Mistake[] =>
  repeatedIdentifiers(document, uuid => {
    const owner = identifiers.get(uuid)
    return owner?.track === slug ? undefined : owner?.name
  })

/** Looks up the current keys of things that are not in the files, by current or earlier keys; unknown keys are left out. */
export type LookUpKeys = (noun: Noun, keys: readonly string[]) => Promise<ReadonlyMap<string, string>>

/** The keys that are referred to, by noun. */
export type ReferencedKeys = ReadonlyMap<Noun, ReadonlySet<string>>

/** Creates a resolver that records the references and resolves none of them. */
export const recordReferences = (): { references: ReferencedKeys; resolveExternal: ResolveExternal } => {
  const references = new Map<Noun, Set<string>>()
  const resolveExternal: ResolveExternal = (noun, key) => {
    references.set(noun, (references.get(noun) ?? new Set()).add(key))
    return undefined
  }
  return { references, resolveExternal }
}

/** Looks up recorded references and returns a resolver for them. */
export const lookUpReferences = async (references: ReferencedKeys, lookUp: LookUpKeys): Promise<ResolveExternal> => {
  const known = new Map<Noun, ReadonlyMap<string, string>>()
  for (const [noun, keys] of references) known.set(noun, await lookUp(noun, [...keys]))
  return (noun, key) => known.get(noun)?.get(key)
}
