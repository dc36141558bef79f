import type { Catalog, Difference, Change as Drifted } from './catalog.ts'
import { trackSlug } from './content/file-names.ts'
import type { Finding } from './content/finding.ts'
import { type Content, readContent, type TrackContent, trackFolders } from './content/read.ts'
import { hashTrack } from './content/track-files.ts'
import { Failure } from './errors.ts'
import { type Change, compare } from './model/compare.ts'
import { type Document, everyDraft, mapDrafts } from './model/document.ts'
import { trackOf } from './model/names.ts'
import { normalDraft } from './model/normal.ts'
import { mapReferences } from './model/references.ts'
import type { Noun } from './model/vocabulary.ts'

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

/**
 * Brings the database up to the files: each track that differs from what was last loaded is replaced as a whole.
 * Where a file has a mistake its track stays as it is, and so does one that was changed through the API, unless
 * that is to be overwritten.
 */
export const loadContent = async (catalog: Catalog, folder: string, { overwrite = false } = {}): Promise<Loaded> => {
  const folders = await trackFolders(folder)
  const found = folders.map(trackSlug)
  const unchanged = await unchangedIn(catalog, folders)
  const result: Loaded = {
    found,
    loaded: [],
    unchanged,
    drifted: [],
    refused: [],
    broken: [],
    absent: [],
    findings: [],
  }
  // Most starts find everything in place: then no file is parsed.
  if (found.length === 0 || unchanged.length < found.length) await loadDiffering(catalog, folder, overwrite, result)
  result.absent = await absentFrom(catalog, folder, folders)
  return result
}

const loadDiffering = async (catalog: Catalog, folder: string, overwrite: boolean, result: Loaded): Promise<void> => {
  const { tracks, findings } = await readWithNeighbours(catalog, folder)
  const wanted: TrackContent[] = []
  result.unchanged = []
  result.findings = findings
  result.broken = result.found.filter(slug => !tracks.some(track => track.slug === slug))
  for (const track of tracks) {
    const last = await catalog.lastLoad(track.slug)
    if (last?.changedSince && !overwrite && (await differsFromServed(catalog, track)))
      result.drifted.push({ slug: track.slug, changes: await catalog.drift(track.slug, mostTold) })
    else if (last !== undefined && last.hash === track.hash && !last.changedSince) result.unchanged.push(track.slug)
    else wanted.push(track)
  }
  await loadAll(catalog, wanted, result)
}

/** Files that say what was written through the API, as after an export, undo nothing. */
const differsFromServed = async (catalog: Catalog, { slug, document }: TrackContent): Promise<boolean> => {
  const served = await catalog.document(slug)
  return compare(served && mapDrafts(served, normalDraft), document).length > 0
}

/** Who reads more of them looks at `/v1/changes`. */
const mostTold = 20

/**
 * A track each where that can be, and then those that hang together in one go: what refers to others, and what could not
 * be loaded alone, since another of them still refers to what it removes.
 */
const loadAll = async (catalog: Catalog, tracks: TrackContent[], result: Loaded): Promise<void> => {
  const connected = tracks.filter(({ slug, document }) => refersOutside(slug, document))
  const alone = tracks.filter(track => !connected.includes(track))
  const attempt: Loaded = { ...result, refused: [] }
  for (const track of alone) await loadTogether(catalog, [track], attempt)
  const again = alone.filter(({ slug }) => attempt.refused.some(({ slugs }) => slugs.includes(slug)))
  if (connected.length === 0) result.refused.push(...attempt.refused)
  else await loadTogether(catalog, [...again, ...connected], result)
}

/** All of them or, where they would break what is in the database, none. */
const loadTogether = async (catalog: Catalog, tracks: TrackContent[], result: Loaded): Promise<void> => {
  const slugs = tracks.map(({ slug }) => slug)
  try {
    const differences = await catalog.replace(...tracks)
    result.loaded.push(...differences.map((difference, index) => ({ slug: slugs[index] as string, difference }))) // one difference a track
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure
    result.refused.push({ slugs, message: failure.message })
  }
}

const refersOutside = (track: string, document: Document): boolean => {
  let outside = false
  for (const { noun, draft } of everyDraft(document))
    mapReferences(noun, draft, (target, key) => {
      outside ||= target !== 'any' && trackOf(key) !== track
      return key
    })
  return outside
}

/** What has to be known of a catalog to compare files with it. */
export type Compared = Pick<Catalog, 'document' | 'currentKeys' | 'keys'>

/** A database that is not there yet. */
export const nothing: Compared = {
  document: async () => undefined,
  currentKeys: async () => new Map(),
  keys: async () => [],
}

/** What loading would change, in each track that differs; nothing is written. */
export const differences = async (
  catalog: Compared,
  folder: string,
): Promise<{ tracks: { slug: string; changes: Change[] }[]; absent: string[]; findings: Finding[] }> => {
  const { tracks, findings } = await readWithNeighbours(catalog, folder)
  const compared = tracks.map(async ({ slug, document }) => {
    const served = await catalog.document(slug)
    return { slug, changes: compare(served && mapDrafts(served, normalDraft), document) }
  })
  const absent = await absentFrom(catalog, folder, await trackFolders(folder))
  const renamed = new Set(tracks.flatMap(({ document }) => document.track.formerly))
  return { tracks: await Promise.all(compared), absent: absent.filter(slug => !renamed.has(slug)), findings }
}

const absentFrom = async (catalog: Compared, folder: string, folders: string[]): Promise<string[]> => {
  if (folders.length === 0 || folders[0] === folder) return []
  const found = new Set(folders.map(trackSlug))
  return (await catalog.keys('track')).filter(slug => !found.has(slug))
}

const unchangedIn = async (catalog: Catalog, folders: string[]): Promise<string[]> => {
  const unchanged: string[] = []
  for (const folder of folders) {
    const { slug, hash } = await hashTrack(folder)
    const last = await catalog.lastLoad(slug)
    if (last !== undefined && last.hash === hash && !last.changedSince) unchanged.push(slug)
  }
  return unchanged
}

/** References into tracks that are not in the folder are looked up in the database; where there are such, the folder is read once more. */
const readWithNeighbours = async (catalog: Compared, folder: string): Promise<Content> => {
  const asked = new Map<Noun, Set<string>>()
  const content = await readContent(folder, {
    outside: (noun, key) => {
      asked.set(noun, (asked.get(noun) ?? new Set()).add(key))
      return undefined
    },
  })
  if (asked.size === 0) return content
  const known = new Map<Noun, Map<string, string>>()
  for (const [noun, keys] of asked) known.set(noun, await catalog.currentKeys(noun, [...keys]))
  return readContent(folder, { outside: (noun, key) => known.get(noun)?.get(key) })
}
