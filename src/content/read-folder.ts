import { checkDocument, cycleAcrossTracks, type ResolveExternal } from '../model/check-document.ts'
import type { Document } from '../model/document.ts'
import { connectedComponents, required } from '../model/graph.ts'
import { trackOf } from '../model/keys.ts'
import { findWarnings } from '../model/warnings.ts'
import { buildTrack, type Track } from './build-track.ts'
import { explainMistakes } from './explain-mistakes.ts'
import { about, type Finding, inOrder, isError } from './findings.ts'
import { concurrently, trackFolders } from './folder.ts'
import { readTrackFiles } from './read-track-files.ts'
import {
  type Asked,
  deadLinksTo,
  introduce,
  type LookUp,
  lookedUp,
  type Neighbours,
  neighboursOf,
  noting,
  outsideOf,
} from './track-references.ts'

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

/** Tracks that have to be looked at together, and what is said of their files. */
interface Turn extends Content {
  /** All of them, those with mistakes too. */
  slugs: string[]
  /** The tracks of the folder, without these, that they refer to. */
  needs: ReadonlySet<string>
}

/**
 * Reads a folder of tracks with no more of them in memory than refer to each other: first those that refer to no other, one
 * by one; then the others, each after those it refers to. Their files are read a second time, since only then it is known to what.
 */
export async function* readInTurn(folder: string, lookUp: LookUp): AsyncGenerator<Turn> {
  const neighbours = neighboursOf([])
  const waiting = new Map<string, { folder: string; asked: Asked; linked: Asked }>()
  for (const one of await trackFolders(folder)) {
    const track = await readTrack(one)
    introduce(neighbours, track)
    const { asked, outside } = noting()
    const checked = checkDocument(track.document, outside)
    const linked = linkedBy(track)
    if (asked.size > 0 || linked.size > 0) waiting.set(track.slug, { folder: one, asked, linked })
    else yield { slugs: [track.slug], needs: new Set(), ...judged([{ track, ...checked }], neighbours, outside) }
  }
  const needs = new Map([...waiting].map(([slug, { asked }]) => [slug, ownersOf(asked, neighbours.keys)]))
  const known = (slugs: readonly string[]) => slugs.filter(slug => waiting.has(slug))
  for (const slugs of connectedComponents(new Map([...needs].map(([slug, owners]) => [slug, known(owners)])))) {
    const group = [...waiting].filter(([slug]) => slugs.includes(slug)).map(([, one]) => one)
    const tracks = await concurrently(group, 4, one => readTrack(one.folder))
    const outside = outsideOf(
      neighbours,
      await lookedUp(allOf(group.flatMap(({ asked, linked }) => [asked, linked])), lookUp),
    )
    const checked = tracks.map(track => ({ track, ...checkDocument(track.document, outside) }))
    const others = slugs.flatMap(slug => required(needs, slug)).filter(slug => !slugs.includes(slug))
    yield { slugs: tracks.map(({ slug }) => slug), needs: new Set(others), ...judged(checked, neighbours, outside) }
  }
}

const readTrack = async (folder: string): Promise<Track> => buildTrack(await readTrackFiles(folder))

/** The skills of other tracks that links lead to. Such a track may be loaded after the link: a link is no reference. */
const linkedBy = ({ links }: Track): Asked =>
  links.length === 0 ? new Map() : new Map([['skill', new Set(links.map(({ key }) => key))]])

/** The tracks that keys belong to, under the names these have now. */
const ownersOf = (asked: Asked, keys: ReadonlyMap<string, string>): string[] => {
  const owners = [...asked.values()].flatMap(names => [...names].map(trackOf))
  return [...new Set(owners.map(owner => keys.get(`track ${owner}`) ?? owner))]
}

const allOf = (asked: readonly Asked[]): Asked => {
  const all = asked.flatMap(one => [...one].flatMap(([noun, keys]) => [...keys].map(key => ({ noun, key }))))
  const byNoun = Map.groupBy(all, ({ noun }) => noun)
  return new Map([...byNoun].map(([noun, some]) => [noun, new Set(some.map(({ key }) => key))]))
}
