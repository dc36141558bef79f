import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { checkDocument, cycleAcrossTracks, type ResolveExternal } from '../model/check-document.ts'
import type { Document } from '../model/document.ts'
import { findWarnings } from '../model/warnings.ts'
import { about, type Finding, inOrder, isError } from './findings.ts'
import { concurrently, isContent } from './folder.ts'
import { buildTrack, type Track } from './track.ts'
import { explainMistakes } from './track-errors.ts'
import { readTrackFiles } from './track-files.ts'
import { deadLinksTo, type Neighbours, neighboursOf, outsideOf } from './track-references.ts'

/** A track as its files say it, with nothing wrong. */
export interface TrackContent {
  slug: string
  /** References are keys. */
  document: Document
  /** Changes with any name or byte of the track's files, and with nothing else. */
  hash: string
}

export interface Content {
  /** The tracks without errors. */
  tracks: TrackContent[]
  /** Everything there is to say of any file, in the order of files and lines. */
  findings: Finding[]
}

export interface ReadOptions {
  /** What tracks that are not in this folder hold. */
  outside?: ResolveExternal
}

/** Reads a folder of tracks, or a single track's folder. All that is wrong with any file is told in one go. */
export const readContent = async (
  folder: string,
  { outside = () => undefined }: ReadOptions = {},
): Promise<Content> => {
  const folders = await trackFolders(folder)
  if (folders.length === 0) return { tracks: [], findings: [noTrackIn(folder)] }
  const tracks = (await concurrently(folders, 4, readTrackFiles)).map(buildTrack)
  const neighbours = neighboursOf(tracks)
  const known = outsideOf(neighbours, outside)
  return judged(
    tracks.map(track => ({ track, ...checkDocument(track.document, known) })),
    neighbours,
    known,
  )
}

/** A track whose references are keys, and what is wrong with it. */
export type Checked = { track: Track } & ReturnType<typeof checkDocument>

/** What tracks hold and all there is to say of them, once each is checked. */
export const judged = (checked: readonly Checked[], neighbours: Neighbours, outside: ResolveExternal): Content => {
  const circles = cycleAcrossTracks(checked.map(({ document }) => document))
  const read = checked.map(({ track, document, mistakes }) => {
    const across = circles.flatMap(circle => (circle.track === track.slug ? [circle.mistake] : []))
    const wrong = [
      ...track.findings,
      ...explainMistakes(track, neighbours, [...mistakes, ...across]),
      ...deadLinksTo(neighbours, track, outside),
    ]
    const advice = wrong.some(isError) ? [] : explainMistakes(track, neighbours, findWarnings(document))
    return { content: { slug: track.slug, document, hash: track.hash }, findings: [...wrong, ...advice] }
  })
  return {
    tracks: read.filter(({ findings }) => !findings.some(isError)).map(({ content }) => content),
    findings: inOrder(read.flatMap(({ findings }) => findings)),
  }
}

export const noTrackIn = (folder: string): Finding =>
  about(folder, 'no track is here: a track is a folder that holds a track.yaml and a roadmap.yaml, such as seed/python')

/** The folders of the tracks, each by the path it was asked for with. */
export const trackFolders = async (folder: string): Promise<string[]> => {
  if (await isTrack(folder)) return [folder]
  const below = (await namesIn(folder)).filter(isContent).map(name => join(folder, name))
  const are = await Promise.all(below.map(isTrack))
  return below.filter((_, index) => are[index])
}

/** A folder without its track.yaml is still told from a folder of something else. */
export const isTrack = async (folder: string): Promise<boolean> => {
  const names = await namesIn(folder)
  return names.some(name => /^((track|roadmap)\.ya?ml|skills)$/.test(name))
}

/** Nothing is in a file, or where nothing is. */
const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder).catch(() => [])).sort()
