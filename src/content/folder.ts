import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { compare } from './findings.ts'

/** What each of the files holds, or why it could not be read, by path within the folder. */
export const readFiles = async (folder: string, paths: string[]): Promise<Map<string, Buffer | Error>> => {
  const read = (path: string) => readFile(join(folder, path)).catch((failure: Error) => failure)
  return new Map(await concurrently(paths, 16, async path => [path, await read(path)] as const))
}

/** What editors and systems leave beside the files is no content: hidden files, backups and locks. */
export const isContent = (name: string): boolean => !/^[.#~]|~$|\.sw[a-z]$/.test(name)

/** Paths of all files below a folder, with `/` between the names. */
export const listFiles = async (folder: string, within = ''): Promise<string[]> => {
  const entries = await readdir(join(folder, within), { withFileTypes: true })
  const visible = entries.filter(({ name }) => isContent(name))
  const lists = visible.map(entry =>
    entry.isDirectory() ? listFiles(folder, `${within}${entry.name}/`) : [`${within}${entry.name}`],
  )
  return (await Promise.all(lists)).flat().sort(compare)
}

/** SHA-256 over names and bytes: the same wherever the files lie and in whatever order the file system lists them. */
export const hashOf = (files: Map<string, Buffer | Error>): string => {
  const hash = createHash('sha256')
  for (const [path, content] of [...files].sort(([a], [b]) => compare(a, b)))
    hash.update(`${path}\0`).update(
      createHash('sha256')
        .update(content instanceof Error ? content.message : content)
        .digest(),
    )
  return hash.digest('hex')
}

/** Answers in the order of the items, at most `limit` at work at a time: a process has only so many open files. */
export const concurrently = async <T, R>(items: T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = []
  const waiting = items.entries()
  const worker = async () => {
    for (const [index, item] of waiting) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: limit }, worker))
  return results
}

/** Maps items, one in each turn of the event loop: a service that loads goes on answering. */
export const inTurns = async <T, R>(items: Iterable<T>, work: (item: T) => R): Promise<R[]> => {
  const results: R[] = []
  for (const item of items) {
    results.push(work(item))
    await nextTurn()
  }
  return results
}

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

/**
 * A text that differs once any file of the tracks in a folder was written, replaced, added or taken away; no file is read for it.
 * A folder that cannot be listed differs from one that can: to say why is left to whoever reads it.
 */
export const stampOf = async (folder: string): Promise<string> =>
  JSON.stringify(await Promise.allSettled((await trackFolders(folder)).map(stampsIn)))

const stampsIn = async (track: string): Promise<string[]> =>
  concurrently(await listFiles(track), 16, path => stampOfFile(join(track, path)))

const stampOfFile = async (path: string): Promise<string> => {
  const stats = await stat(path, { bigint: true }).catch(() => undefined)
  return `${path} ${stats?.ino} ${stats?.size} ${stats?.mtimeNs} ${stats?.ctimeNs}`
}
