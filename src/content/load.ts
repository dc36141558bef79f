import type { Catalog, Difference, Change as Drifted } from '../catalog.ts'
import { Failure } from '../errors.ts'
import { compareDocuments, type DocumentChange } from '../model/compare-documents.ts'
import { mapDrafts, normalizeDraft } from '../model/document.ts'
import { trackSlug } from './file-names.ts'
import { type Finding, inOrder } from './findings.ts'
import { trackFolders } from './folder.ts'
import { noTrackIn, readInTurn, type TrackContent } from './read-folder.ts'
import { hashTrack } from './read-track-files.ts'

export interface Loaded {
  /** Tracks that have a folder. */
  found: string[]
  /** What was loaded, and what that changed. */
  loaded: { slug: string; difference: Difference }[]
  /** Tracks that are in the database as they are in the files. */
  unchanged: string[]
  /** Tracks that were changed through the API since they were loaded: loading would undo that. */
  drifted: { slug: string; changes: Drifted[] }[]
  /** Tracks that would break what is in the database, and how. */
  refused: { slugs: string[]; message: string }[]
  /** Tracks that have a mistake in any file. */
  broken: string[]
  /** Tracks that are in the database and have no folder here. The folder of one track says nothing of others. */
  absent: string[]
  findings: Finding[]
}

export interface LoadOptions {
  /** Whether tracks are loaded that were changed through the API since they were loaded last. */
  overwrite?: boolean
  /** Is told of how many tracks, of all, nothing is left to do. */
  progress?: (done: number, all: number) => void
}

/**
 * Brings the database up to the files: each track that differs from what was last loaded is replaced as a whole.
 * Where a file has a mistake its track stays as it is, and so does one that was changed through the API, unless
 * that is to be overwritten. Tracks come one after the other, so that a thousand take the memory of a few.
 */
export const loadContent = async (catalog: Catalog, folder: string, options: LoadOptions = {}): Promise<Loaded> => {
  const folders = await trackFolders(folder)
  const found = folders.map(trackSlug)
  const result: Loaded = {
    found,
    loaded: [],
    unchanged: [],
    drifted: [],
    refused: [],
    broken: [],
    absent: [],
    findings: found.length === 0 ? [noTrackIn(folder)] : [],
  }
  // Most starts find everything in place: then no file is parsed.
  if (await isUnchanged(catalog, folders)) result.unchanged = found
  else await loadDiffering(catalog, folder, options, result)
  await catalog.checkpoint()
  result.absent = await absentFrom(catalog, folder, folders)
  return result
}

const loadDiffering = async (
  catalog: Catalog,
  folder: string,
  { overwrite = false, progress = () => {} }: LoadOptions,
  result: Loaded,
): Promise<void> => {
  const { take, finish } = loaderInto(catalog, result)
  let done = 0
  for await (const { slugs, needs, tracks, findings } of readInTurn(folder, catalog.currentKeys)) {
    result.findings.push(...findings)
    result.broken.push(...slugs.filter(slug => !tracks.some(track => track.slug === slug)))
    const wanted: TrackContent[] = []
    for (const track of tracks) if (await isWanted(catalog, track, overwrite, result)) wanted.push(track)
    await take(wanted, needs)
    done += slugs.length
    progress(done, result.found.length)
  }
  await finish()
  result.findings = inOrder(result.findings)
  result.unchanged = result.found.filter(slug => result.unchanged.includes(slug))
}

const isWanted = async (
  catalog: Catalog,
  track: TrackContent,
  overwrite: boolean,
  { drifted, unchanged }: Loaded,
): Promise<boolean> => {
  const { slug, hash } = track
  const last = await catalog.lastLoad(slug)
  if (last?.changedSince && !overwrite && (await differsFromServed(catalog, track)))
    drifted.push({ slug, changes: await catalog.changesSinceLoad(slug, mostTold) })
  else if (last !== undefined && last.hash === hash && !last.changedSince) unchanged.push(slug)
  else return true
  return false
}

/** Files that say what was written through the API, as after an export, undo nothing. */
const differsFromServed = async (catalog: Catalog, { slug, document }: TrackContent): Promise<boolean> => {
  const served = await catalog.documentAsWritten(slug)
  return compareDocuments(served && mapDrafts(served, normalizeDraft), document).length > 0
}

/** Who reads more of them looks at `/v1/changes`. */
const mostTold = 20

/** What has to be known of a catalog to compare files with it. */
export type Compared = Pick<Catalog, 'documentAsWritten' | 'currentKeys' | 'keys'>

/** A database that is not there yet. */
export const nothing: Compared = {
  documentAsWritten: async () => undefined,
  currentKeys: async () => new Map(),
  keys: async () => [],
}

/** What loading would change, in each track that differs; nothing is written. */
export const differences = async (
  catalog: Compared,
  folder: string,
): Promise<{ tracks: { slug: string; changes: DocumentChange[] }[]; absent: string[]; findings: Finding[] }> => {
  const folders = await trackFolders(folder)
  const compared = new Map<string, DocumentChange[]>()
  const renamed = new Set<string>()
  const findings: Finding[] = folders.length === 0 ? [noTrackIn(folder)] : []
  for await (const turn of readInTurn(folder, catalog.currentKeys)) {
    findings.push(...turn.findings)
    for (const { slug, document } of turn.tracks) {
      const served = await catalog.documentAsWritten(slug)
      compared.set(slug, compareDocuments(served && mapDrafts(served, normalizeDraft), document))
      for (const former of document.track.formerly) renamed.add(former)
    }
  }
  const absent = await absentFrom(catalog, folder, folders)
  return {
    tracks: folders.map(trackSlug).flatMap(slug => {
      const changes = compared.get(slug)
      return changes === undefined ? [] : [{ slug, changes }]
    }),
    absent: absent.filter(slug => !renamed.has(slug)),
    findings: inOrder(findings),
  }
}

const absentFrom = async (catalog: Compared, folder: string, folders: string[]): Promise<string[]> => {
  if (folders.length === 0 || folders[0] === folder) return []
  const found = new Set(folders.map(trackSlug))
  return (await catalog.keys('track')).filter(slug => !found.has(slug))
}

const isUnchanged = async (catalog: Catalog, folders: string[]): Promise<boolean> => {
  for (const folder of folders) {
    const { slug, hash } = await hashTrack(folder)
    const last = await catalog.lastLoad(slug)
    if (last === undefined || last.hash !== hash || last.changedSince) return false
  }
  return true
}

/**
 * Loads tracks as they come. What would break what is in the database waits, and is tried again with those that refer to it,
 * which may do so no longer, and once more at the end.
 */
const loaderInto = (catalog: Catalog, result: Pick<Loaded, 'loaded' | 'refused'>) => {
  let waiting: { tracks: TrackContent[]; message: string }[] = []
  const load = async (tracks: TrackContent[]): Promise<void> => {
    const message = await loadTogether(catalog, tracks, result)
    if (message !== undefined) waiting.push({ tracks, message })
  }
  const take = async (tracks: TrackContent[], needs: ReadonlySet<string>): Promise<void> => {
    if (tracks.length === 0) return
    const needed = waiting.filter(one => one.tracks.some(({ slug }) => needs.has(slug)))
    waiting = waiting.filter(one => !needed.includes(one))
    await load([...needed.flatMap(one => one.tracks), ...tracks])
  }
  const finish = async (): Promise<void> => {
    const again = waiting
    waiting = []
    for (const { tracks } of again) await load(tracks)
    result.refused.push(...waiting.map(({ tracks, message }) => ({ slugs: tracks.map(({ slug }) => slug), message })))
  }
  return { take, finish }
}

/** All of them or, where they would break what is in the database, none; then the answer says how. */
const loadTogether = async (
  catalog: Catalog,
  tracks: TrackContent[],
  result: Pick<Loaded, 'loaded'>,
): Promise<string | undefined> => {
  try {
    const differences = await catalog.replaceTracks(...tracks)
    result.loaded.push(
      ...differences.map((difference, index) => ({ slug: (tracks[index] as TrackContent).slug, difference })),
    ) // one difference a track
    return undefined
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure
    return failure.message
  }
}
