import { checkDocument, cycleAcrossTracks } from '../model/check-document.ts'
import type { Document } from '../model/document.ts'
import { connectedComponents, required } from '../model/graph.ts'
import { trackOf } from '../model/keys.ts'
import type { PictureFile } from '../model/picture.ts'
import type { ResolveExternal } from '../model/resolve-references.ts'
import { findWarnings } from '../model/warnings.ts'
import { buildTrack, type Track } from './build-track.ts'
import { explainMistakes } from './explain-mistakes.ts'
import { type Finding, isError, noTrackFinding, sortFindings } from './findings.ts'
import { mapConcurrently, trackFolders } from './folder.ts'
import { readTrackFiles } from './read-track-files.ts'
import {
  addToIndex,
  findDeadLinks,
  identifiersOfOthers,
  indexTracks,
  type LookUpKeys,
  lookUpReferences,
  type ReferencedKeys,
  recordReferences,
  resolveWithIndex,
  type TrackIndex,
} from './track-references.ts'

/** The content of a track whose files have no errors. */
export interface TrackContent {
  slug: string
  /** References are keys. */
  document: Document
  pictures: readonly PictureFile[]
  /** A hash of the names and bytes of the track's files. */
  hash: string
  /** A hash of the names, sizes, times and inodes of the track's files; undefined if one of them had just been changed. */
  stamp: string | undefined
}

export interface FolderContent {
  /** The tracks without errors. */
  tracks: TrackContent[]
  /** All errors, warnings and notes about the files, by file and line. */
  findings: Finding[]
}

export interface ReadOptions {
  /** Resolves references to tracks that are not in the folder. By default such references are errors. */
  resolveExternal?: ResolveExternal
}

/** Reads a folder of tracks, or the folder of one track, and reports everything that is wrong in any file. */
export const readFolder = async (
  folder: string,
  { resolveExternal = () => undefined }: ReadOptions = {},
): Promise<FolderContent> => {
  const folders = await trackFolders(folder)
  if (folders.length === 0) return { tracks: [], findings: [noTrackFinding(folder)] }
  const tracks = (await mapConcurrently(folders, 4, readTrackFiles)).map(buildTrack)
  const trackIndex = indexTracks(tracks)
  const resolve = resolveWithIndex(trackIndex, resolveExternal)
  return collectFindings(
    tracks.map(track => ({ track, ...checkDocument(track.document, resolve) })),
    trackIndex,
    resolve,
  )
}

/** A track with its references resolved to keys, and its mistakes. */
export type CheckedTrack = { track: Track } & ReturnType<typeof checkDocument>

/** Combines the checks of each track with those between tracks into the content of a folder. */
export const collectFindings = (
  checked: readonly CheckedTrack[],
  trackIndex: TrackIndex,
  resolveExternal: ResolveExternal,
): FolderContent => {
  const cycles = cycleAcrossTracks(checked.map(({ document }) => document))
  const read = checked.map(({ track, document, mistakes }) => {
    const across = cycles.flatMap(cycle => (cycle.track === track.slug ? [cycle.mistake] : []))
    const errors = [
      ...track.findings,
      ...explainMistakes(track, trackIndex, [...mistakes, ...across, ...identifiersOfOthers(trackIndex, track)]),
      ...findDeadLinks(trackIndex, track, resolveExternal),
    ]
    const warnings = errors.some(isError) ? [] : explainMistakes(track, trackIndex, findWarnings(document))
    return {
      content: { slug: track.slug, document, pictures: track.pictures, hash: track.hash, stamp: track.stamp },
      findings: [...errors, ...warnings],
    }
  })
  return {
    tracks: read.filter(({ findings }) => !findings.some(isError)).map(({ content }) => content),
    findings: sortFindings(read.flatMap(({ findings }) => findings)),
  }
}

/** Tracks that refer to each other, with the findings about their files. */
interface TrackGroup extends FolderContent {
  /** The slugs of all tracks of the group, including those with errors. */
  slugs: string[]
  /** The other tracks of the folder that the group refers to. */
  requiredTracks: ReadonlySet<string>
}

/**
 * Reads the folders of tracks in groups of those that refer to each other, so that only one group is in memory at a time.
 * Tracks without references come first, one by one, then the others, each after those that it refers to.
 * The files of the latter are read twice: the first reading finds their references.
 */
export async function* readTrackGroups(folders: readonly string[], lookUp: LookUpKeys): AsyncGenerator<TrackGroup> {
  const trackIndex = indexTracks([])
  const pending = new Map<string, { folder: string; references: ReferencedKeys; links: ReferencedKeys }>()
  for (const one of folders) {
    const track = await readTrack(one)
    addToIndex(trackIndex, track)
    const { references, resolveExternal } = recordReferences()
    const checked = checkDocument(track.document, resolveExternal)
    const links = linkedSkills(track)
    if (references.size > 0 || links.size > 0) pending.set(track.slug, { folder: one, references, links })
    else
      yield {
        slugs: [track.slug],
        requiredTracks: new Set(),
        ...collectFindings([{ track, ...checked }], trackIndex, resolveExternal),
      }
  }
  const requiredTracks = new Map(
    [...pending].map(([slug, { references }]) => [slug, tracksOfKeys(references, trackIndex.keys)]),
  )
  const known = (slugs: readonly string[]) => slugs.filter(slug => pending.has(slug))
  for (const slugs of connectedComponents(
    new Map([...requiredTracks].map(([slug, owners]) => [slug, known(owners)])),
  )) {
    const group = [...pending].filter(([slug]) => slugs.includes(slug)).map(([, one]) => one)
    const tracks = await mapConcurrently(group, 4, one => readTrack(one.folder))
    const resolveExternal = resolveWithIndex(
      trackIndex,
      await lookUpReferences(mergeReferences(group.flatMap(({ references, links }) => [references, links])), lookUp),
    )
    const checked = tracks.map(track => ({ track, ...checkDocument(track.document, resolveExternal) }))
    const others = slugs.flatMap(slug => required(requiredTracks, slug)).filter(slug => !slugs.includes(slug))
    yield {
      slugs: tracks.map(({ slug }) => slug),
      requiredTracks: new Set(others),
      ...collectFindings(checked, trackIndex, resolveExternal),
    }
  }
}

const readTrack = async (folder: string): Promise<Track> => buildTrack(await readTrackFiles(folder))

/** Returns the skills of other tracks that links in Markdown lead to. A link is not a reference: the other track may be loaded later. */
const linkedSkills = ({ links }: Track): ReferencedKeys =>
  links.length === 0 ? new Map() : new Map([['skill', new Set(links.map(({ key }) => key))]])

/** Returns the current slugs of the tracks that keys belong to. */
const tracksOfKeys = (references: ReferencedKeys, keys: ReadonlyMap<string, string>): string[] => {
  const owners = [...references.values()].flatMap(names => [...names].map(trackOf))
  return [...new Set(owners.map(owner => keys.get(`track ${owner}`) ?? owner))]
}

const mergeReferences = (references: readonly ReferencedKeys[]): ReferencedKeys => {
  const all = references.flatMap(one => [...one].flatMap(([noun, keys]) => [...keys].map(key => ({ noun, key }))))
  const byNoun = Map.groupBy(all, ({ noun }) => noun)
  return new Map([...byNoun].map(([noun, some]) => [noun, new Set(some.map(({ key }) => key))]))
}
