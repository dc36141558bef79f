import { createHash } from 'node:crypto'
import { type BigIntStats, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isContent } from '../model/file-name.ts'
import { compareStrings } from './findings.ts'

/**
 * Reads files; returns the bytes, or the error, by path within the folder. A file above its limit in bytes is not read.
 * Synchronous, because asynchronous calls take three times as long.
 */
export const readFiles = async (
  folder: string,
  paths: string[],
  limitOf: (path: string) => number | undefined,
): Promise<Map<string, Buffer | Error>> =>
  new Map(await mapYielding(paths, path => [path, readOrFail(join(folder, path), limitOf(path))] as const))

const readOrFail = (path: string, limit: number | undefined): Buffer | Error => {
  try {
    const size = limit === undefined ? 0 : statSync(path).size
    if (limit !== undefined && size > limit)
      return new Error(`it has ${size} bytes, and may have ${limit}: make it smaller`)
    return readFileSync(path)
  } catch (failure) {
    return failure as Error // node:fs throws errors alone
  }
}

/** Returns the paths of all files below a folder, with `/` between the names; in a turn of the event loop for each folder. */
export const listFiles = async (folder: string): Promise<string[]> => {
  await nextTurn()
  return filesBelow(folder, '').sort(compareStrings)
}

/** Synchronous, because asynchronous calls for thousands of folders take three times as long. */
const filesBelow = (folder: string, within: string): string[] =>
  readdirSync(join(folder, within), { withFileTypes: true })
    .filter(({ name }) => isContent(name))
    .flatMap(entry =>
      entry.isDirectory() ? filesBelow(folder, `${within}${entry.name}/`) : [`${within}${entry.name}`],
    )

/** Returns the SHA-256 of names and bytes, independent of the folder's place and the order of files. */
export const hashFiles = (files: Map<string, Buffer | Error>): string => {
  const hash = createHash('sha256')
  for (const [path, content] of [...files].sort(([a], [b]) => compareStrings(a, b)))
    hash.update(`${path}\0`).update(
      createHash('sha256')
        .update(content instanceof Error ? content.message : content)
        .digest(),
    )
  return hash.digest('hex')
}

/** Maps items with at most `limit` calls at a time, because open files are limited. Results are in the order of the items. */
export const mapConcurrently = async <T, R>(items: T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = []
  const waiting = items.entries()
  const worker = async () => {
    for (const [index, item] of waiting) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: limit }, worker))
  return results
}

/** Maps items, with a turn of the event loop every few milliseconds, so that a service responds while it loads. */
export const mapYielding = async <T, R>(items: Iterable<T>, work: (item: T) => R): Promise<R[]> => {
  const results: R[] = []
  let turnEnds = performance.now() + turnLength
  for (const item of items) {
    results.push(work(item))
    if (performance.now() < turnEnds) continue
    await nextTurn()
    turnEnds = performance.now() + turnLength
  }
  return results
}

/** In milliseconds. */
const turnLength = 5

/** Returns the folders of the tracks: the folder itself if it is a track, or the tracks in it. */
export const trackFolders = async (folder: string): Promise<string[]> => {
  if (await isTrack(folder)) return [folder]
  const candidates = (await listNames(folder)).filter(isContent).map(name => join(folder, name))
  const isTrackFlags = await Promise.all(candidates.map(isTrack))
  return candidates.filter((_, index) => isTrackFlags[index])
}

/** Returns true for the folder of a track, even if its track.yaml is missing. */
export const isTrack = async (folder: string): Promise<boolean> => {
  const names = await listNames(folder)
  return names.some(name => /^((track|roadmap)\.ya?ml|skills)$/.test(name))
}

/** Lists a folder; a file or a missing folder is empty. */
const listNames = async (folder: string): Promise<string[]> => (await readdir(folder).catch(() => [])).sort()

/**
 * Returns a text that changes when any file of the tracks in a folder is written, replaced, added or removed; reads no file.
 * A folder that cannot be listed gives another text than one that can; the caller reports the reason when it reads the folder.
 */
export const stampOfFolder = async (folder: string): Promise<string> =>
  JSON.stringify(await Promise.allSettled((await trackFolders(folder)).map(stampOfTrack)))

const stampOfTrack = async (track: string): Promise<string> => {
  const paths = await listFiles(track)
  return stampOf(track, paths, statsOf(track, paths))
}

/**
 * Returns a hash of the paths, sizes, times and inodes of files, which stays the same as long as no file changes; reads no
 * file. Undefined if a file cannot be found, or if one changed within the last two seconds: times have a granularity, so
 * it could change once more without another time (git-scm.com/docs/racy-git).
 */
export const settledStamp = (folder: string, paths: readonly string[]): string | undefined => {
  const settled = BigInt(Date.now() - largestGranularity) * 1_000_000n
  const stats = statsOf(folder, paths)
  const isSettled = stats.every(one => one !== undefined && one.mtimeNs < settled && one.ctimeNs < settled)
  return isSettled ? stampOf(folder, paths, stats) : undefined
}

/** The largest granularity of times in a common file system, in milliseconds: that of FAT. */
const largestGranularity = 2_000

/** The real path counts too: images of read-only file systems may differ in nothing but the place where they are mounted. */
const stampOf = (folder: string, paths: readonly string[], stats: ReturnType<typeof statsOf>): string => {
  const hash = createHash('sha256').update(realpathSync(folder))
  for (const [index, path] of paths.entries()) {
    const one = stats[index]
    hash.update(`${path}\0${one?.ino} ${one?.size} ${one?.mtimeNs} ${one?.ctimeNs}\n`)
  }
  return hash.digest('hex')
}

/** Synchronous, because 100,000 asynchronous calls take four times as long; callers yield between tracks. */
const statsOf = (folder: string, paths: readonly string[]): (BigIntStats | undefined)[] =>
  paths.map(path => {
    try {
      return statSync(join(folder, path), { bigint: true })
    } catch {
      // Reading the file reports the reason.
      return undefined
    }
  })
