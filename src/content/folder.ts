import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
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
