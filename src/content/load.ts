import type { Catalog, Change as Drifted, LastLoad } from '../catalog.ts'
import { Failure } from '../errors.ts'
import { compareDocuments, type DocumentChange, picturesChange } from '../model/compare-documents.ts'
import { mapDrafts, normalizeDraft } from '../model/document.ts'
import { hasSamePictures } from '../model/picture.ts'
import { trackSlug } from './file-names.ts'
import { type Finding, noTrackFinding, sortFindings } from './findings.ts'
import { trackFolders } from './folder.ts'
import type { TrackContent } from './read-folder.ts'
import { hashTrack, stampTrack } from './track-hash.ts'
import type { LookUpKeys } from './track-references.ts'

export interface LoadResult {
  /** The slugs of the tracks that have a folder. */
  found: string[]
  /** The loaded tracks, with the numbers of items that were created, changed and removed. */
  loaded: { slug: string; created: number; changed: number; removed: number }[]
  /** Tracks that are equal in the database and in the files. */
  unchanged: string[]
  /** Tracks that were changed through the API since their last load, and are therefore not loaded. */
  drifted: { slug: string; changes: Drifted[] }[]
  /** Tracks that would break references in the database, with the reason. */
  rejected: { slugs: string[]; message: string }[]
  /** Tracks with an error in a file. */
  broken: string[]
  /** Tracks that are in the database and have no folder here; empty if the folder is that of one track. */
  absent: string[]
  findings: Finding[]
}

export interface LoadOptions {
  /** Loads tracks even if they were changed through the API since their last load. */
  overwrite?: boolean
  /** Reads all files, including those that seem unchanged by their sizes, times and inodes. */
  force?: boolean
  /** Receives the number of finished tracks and of all tracks. */
  progress?: (done: number, all: number) => void
}

/**
 * Loads the tracks of a folder into the database: replaces each track that differs from its last load as a whole.
 * A track stays as it is if a file has an error, or if it was changed through the API and `overwrite` is not set.
 * Tracks are read one group at a time, to limit the memory.
 */
export const loadContent = async (catalog: Catalog, folder: string, options: LoadOptions = {}): Promise<LoadResult> => {
  const folders = await trackFolders(folder)
  const found = folders.map(trackSlug)
  const result: LoadResult = {
    found,
    loaded: [],
    unchanged: [],
    drifted: [],
    rejected: [],
    broken: [],
    absent: [],
    findings: found.length === 0 ? [noTrackFinding(folder)] : [],
  }
  const stamps = new Map<string, string>()
  const states = new Map<string, TrackState>()
  for (const one of folders) states.set(trackSlug(one), await stateOf(catalog, one, options, stamps))
  const changed = new Set(found.filter(slug => states.get(slug) !== 'unchanged'))
  const toRead = changed.size === 0 ? changed : await withLinkedTracks(catalog, changed)
  await loadDiffering(
    catalog,
    folders.filter(one => toRead.has(trackSlug(one))),
    slug => states.get(slug) === 'new',
    options,
    result,
    stamps,
  )
  const notLoaded = new Set([...result.unchanged, ...found.filter(slug => !toRead.has(slug))])
  result.unchanged = found.filter(slug => notLoaded.has(slug))
  await storeStamps(catalog, stamps)
  await catalog.checkpoint()
  result.absent = await findAbsent(catalog, folder, folders)
  return result
}

/**
 * Returns these tracks and all that are linked with them, directly or through others. The check of a track needs those: an
 * unchanged track may refer to something that a changed one drops, or close a cycle. All others are resolved in the database.
 */
const withLinkedTracks = async (catalog: Catalog, slugs: ReadonlySet<string>): Promise<Set<string>> => {
  const linked = new Map<string, Set<string>>()
  const link = (one: string, other: string) => linked.set(one, (linked.get(one) ?? new Set()).add(other))
  for (const [from, to] of await catalog.linkedTracks()) {
    link(from, to)
    link(to, from)
  }
  const reached = new Set(slugs)
  // A set that grows while it is iterated yields the added items too.
  for (const slug of reached) for (const other of linked.get(slug) ?? []) reached.add(other)
  return reached
}

const loadDiffering = async (
  catalog: Catalog,
  folders: string[],
  isNew: (slug: string) => boolean,
  { overwrite = false, progress = () => {} }: LoadOptions,
  result: LoadResult,
  stamps: Map<string, string>,
): Promise<void> => {
  const { loadNew, loadOrDefer, finish } = createLoader(catalog, result, Math.ceil(folders.length / 100))
  let done = 0
  for await (const { slugs, requiredTracks, tracks, findings } of readGroups(folders, catalog.currentKeys)) {
    result.findings.push(...findings)
    result.broken.push(...slugs.filter(slug => !tracks.some(track => track.slug === slug)))
    const tracksToLoad: TrackContent[] = []
    for (const track of tracks)
      if (await shouldLoad(catalog, track, overwrite, result, stamps)) tracksToLoad.push(track)
    if (requiredTracks.size === 0 && slugs.every(isNew)) await loadNew(tracksToLoad)
    else await loadOrDefer(tracksToLoad, requiredTracks)
    done += slugs.length
    progress(done, folders.length)
  }
  await finish()
  result.findings = sortFindings(result.findings)
}

const shouldLoad = async (
  catalog: Catalog,
  track: TrackContent,
  overwrite: boolean,
  { drifted, unchanged }: LoadResult,
  stamps: Map<string, string>,
): Promise<boolean> => {
  const { slug, hash } = track
  const last = await catalog.lastLoad(slug)
  if (last?.changedSince && !overwrite && (await changesBy(catalog, track)).length > 0)
    drifted.push({ slug, changes: await catalog.changesSinceLoad(slug, maxReportedChanges) })
  else if (last !== undefined && last.hash === hash && !last.changedSince) {
    unchanged.push(slug)
    noteStamp(stamps, last, track)
  } else return true
  return false
}

/** Returns what loading a track would change. After an export, for example, files and database are equal. */
const changesBy = async (
  catalog: ComparisonBase,
  { slug, document, pictures }: TrackContent,
): Promise<DocumentChange[]> => {
  const served = await catalog.documentAsWritten(slug)
  const changes = compareDocuments(served && mapDrafts(served, normalizeDraft), document)
  return hasSamePictures(served?.track.pictures ?? [], pictures)
    ? changes
    : [picturesChange(document.track), ...changes]
}

/** The most changes of a track that are reported; `/v1/changes` has all of them. */
const maxReportedChanges = 20

/** Reads tracks in groups (see `readTrackGroups`). The reader is loaded only if there are any. */
async function* readGroups(folders: readonly string[], lookUp: LookUpKeys) {
  if (folders.length === 0) return
  const { readTrackGroups } = await import('./read-folder.ts')
  yield* readTrackGroups(folders, lookUp)
}

/** The part of a catalog that files are compared with. */
export type ComparisonBase = Pick<Catalog, 'documentAsWritten' | 'currentKeys' | 'keys'>

/** The comparison base for a database that does not exist yet. */
export const emptyBase: ComparisonBase = {
  documentAsWritten: async () => undefined,
  currentKeys: async () => new Map(),
  keys: async () => [],
}

/** Compares a folder with the database: returns what loading would change, without writing. */
export const compareFolder = async (
  catalog: ComparisonBase,
  folder: string,
): Promise<{ tracks: { slug: string; changes: DocumentChange[] }[]; absent: string[]; findings: Finding[] }> => {
  const folders = await trackFolders(folder)
  const compared = new Map<string, DocumentChange[]>()
  const renamed = new Set<string>()
  const findings: Finding[] = folders.length === 0 ? [noTrackFinding(folder)] : []
  for await (const group of readGroups(folders, catalog.currentKeys)) {
    findings.push(...group.findings)
    for (const track of group.tracks) {
      compared.set(track.slug, await changesBy(catalog, track))
      for (const former of track.document.track.formerly) renamed.add(former)
    }
  }
  const absent = await findAbsent(catalog, folder, folders)
  return {
    tracks: folders.map(trackSlug).flatMap(slug => {
      const changes = compared.get(slug)
      return changes === undefined ? [] : [{ slug, changes }]
    }),
    absent: absent.filter(slug => !renamed.has(slug)),
    findings: sortFindings(findings),
  }
}

const findAbsent = async (catalog: ComparisonBase, folder: string, folders: string[]): Promise<string[]> => {
  if (folders.length === 0 || folders[0] === folder) return []
  const found = new Set(folders.map(trackSlug))
  return (await catalog.keys('track')).filter(slug => !found.has(slug))
}

/** The state of a track since its last load; `new` if there was none. */
type TrackState = 'new' | 'changed' | 'unchanged'

/** Returns the state of a track. Notes its stamp if that differs although the bytes are equal. */
const stateOf = async (
  catalog: Catalog,
  folder: string,
  { force = false }: LoadOptions,
  stamps: Map<string, string>,
): Promise<TrackState> => {
  const last = await catalog.lastLoad(trackSlug(folder))
  if (last === undefined) return 'new'
  if (last.changedSince) return 'changed'
  if (!force && last.stamp !== null && last.stamp === (await stampTrack(folder))) return 'unchanged'
  const track = await hashTrack(folder)
  if (last.hash !== track.hash) return 'changed'
  noteStamp(stamps, last, track)
  return 'unchanged'
}

const noteStamp = (
  stamps: Map<string, string>,
  last: LastLoad,
  { slug, stamp }: Pick<TrackContent, 'slug' | 'stamp'>,
): void => {
  if (stamp !== undefined && stamp !== last.stamp) stamps.set(slug, stamp)
}

/** Stores stamps unless the database cannot be written: without them the next load reads the files again, and nothing else. */
const storeStamps = async (catalog: Catalog, stamps: ReadonlyMap<string, string>): Promise<void> => {
  if (stamps.size === 0) return
  await catalog.recordStamps(stamps).catch((failure: unknown) => {
    if (!(failure instanceof Failure && failure.code === 'UNAVAILABLE')) throw failure
  })
}

/**
 * Creates a loader that defers tracks which would break references in the database. It tries them again together with
 * the tracks that refer to them, which may have dropped the reference, and once more at the end. New tracks that refer to
 * no others are loaded in batches of this size, since each transaction waits for the disk.
 */
const createLoader = (catalog: Catalog, result: Pick<LoadResult, 'loaded' | 'rejected'>, batchSize: number) => {
  let deferredTracks: { tracks: TrackContent[]; message: string }[] = []
  const load = async (tracks: TrackContent[]): Promise<void> => {
    const message = await loadTogether(catalog, tracks, result)
    if (message !== undefined) deferredTracks.push({ tracks, message })
  }
  let batch: TrackContent[][] = []
  const loadBatch = async (): Promise<void> => {
    const groups = batch
    batch = []
    if (groups.length > 1 && (await loadTogether(catalog, groups.flat(), result)) === undefined) return
    for (const tracks of groups) await load(tracks)
  }
  const loadNew = async (tracks: TrackContent[]): Promise<void> => {
    if (tracks.length > 0) batch.push(tracks)
    if (batch.length >= batchSize) await loadBatch()
  }
  const loadOrDefer = async (tracks: TrackContent[], requiredTracks: ReadonlySet<string>): Promise<void> => {
    await loadBatch()
    if (tracks.length === 0) return
    const needed = deferredTracks.filter(one => one.tracks.some(({ slug }) => requiredTracks.has(slug)))
    deferredTracks = deferredTracks.filter(one => !needed.includes(one))
    await load([...needed.flatMap(one => one.tracks), ...tracks])
  }
  const finish = async (): Promise<void> => {
    await loadBatch()
    const deferred = deferredTracks
    deferredTracks = []
    for (const { tracks } of deferred) await load(tracks)
    result.rejected.push(
      ...deferredTracks.map(({ tracks, message }) => ({ slugs: tracks.map(({ slug }) => slug), message })),
    )
  }
  return { loadNew, loadOrDefer, finish }
}

/** Loads all of the tracks, or none if they would break references in the database; then returns the reason. */
const loadTogether = async (
  catalog: Catalog,
  tracks: TrackContent[],
  result: Pick<LoadResult, 'loaded'>,
): Promise<string | undefined> => {
  try {
    const differences = await catalog.replaceTracks(...tracks)
    result.loaded.push(
      ...differences.map(({ created, changed, removed }, index) => ({
        slug: (tracks[index] as TrackContent).slug, // one difference a track
        created: created.length,
        changed: changed.length,
        removed: removed.length,
      })),
    )
    return undefined
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure
    return failure.message
  }
}
