import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Catalog } from '../src/catalog.ts'
import { readFolder } from '../src/content/read-folder.ts'
import { checkDocument } from '../src/model/check-document.ts'
import type { Document } from '../src/model/document.ts'
import { openDatabase } from '../src/store/better-sqlite3.ts'
import { openCatalog } from '../src/store/catalog.ts'
import { generatedTrack, type Size } from './tracks.ts'

/** The folder of generated databases, which later runs use again. Git ignores it. */
export const cache = fileURLToPath(new URL('../data/bench', import.meta.url))

export const seed = fileURLToPath(new URL('../seed', import.meta.url))

/** Increase it when the generated content changes, so that old databases are not used again. */
const generation = 1

/** A database of so many tracks of 100 skills. */
export const databaseOf = (tracks: number): Promise<string> =>
  createOnce(`tracks-${tracks}`, catalog => loadTracks(catalog, tracks, { skills: 100 }))

/** A database of one track with so many skills. */
export const databaseOfOne = (skills: number): Promise<string> =>
  createOnce(`skills-${skills}`, async catalog => {
    await catalog.replaceTracks({ document: checked(generatedTrack(1, { skills })) })
  })

/** A database with the track that is shipped. */
export const shippedDatabase = (): Promise<string> =>
  createOnce('shipped', async catalog => {
    await catalog.replaceTracks(...(await readFolder(seed)).tracks)
  })

/** Returns a copy to write to; it replaces the previous one. */
export const copyOf = (file: string): string => {
  const copy = join(cache, 'copy.db')
  clear(copy)
  copyFileSync(file, copy)
  return copy
}

/** SQLite keeps up to two files beside a database. */
const clear = (file: string): void => {
  for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
}

/** The document as a catalog takes it: every reference a key. */
export const checked = (document: Document): Document => {
  const result = checkDocument(document, () => undefined)
  if (result.mistakes.length > 0)
    throw new Error(`A generated track has mistakes: ${JSON.stringify(result.mistakes[0])}`)
  return result.document
}

const together = 10

const loadTracks = async (catalog: Catalog, tracks: number, size: Size): Promise<void> => {
  for (let first = 1; first <= tracks; first += together) {
    const numbers = Array.from({ length: Math.min(together, tracks - first + 1) }, (_, index) => first + index)
    await catalog.replaceTracks(...numbers.map(number => ({ document: checked(generatedTrack(number, size)) })))
  }
}

/** Creates a database under another name first, so that an incomplete one is never used. */
export const createOnce = async (name: string, fill: (catalog: Catalog) => Promise<void>): Promise<string> => {
  const file = join(cache, `${name}-${generation}.db`)
  if (existsSync(file)) return file
  const unfinished = `${file}.unfinished`
  mkdirSync(cache, { recursive: true })
  clear(unfinished)
  process.stderr.write(`Making the database ${name} …\n`)
  const database = openDatabase(unfinished)
  try {
    await fill(openCatalog(database))
  } finally {
    database.close()
  }
  renameSync(unfinished, file)
  return file
}
