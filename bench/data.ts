import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Catalog } from '../src/catalog.ts'
import { readFolder } from '../src/content/read-folder.ts'
import { writeTrack } from '../src/content/write-track.ts'
import { checkDocument } from '../src/model/check-document.ts'
import type { Document } from '../src/model/document.ts'
import { openDatabase } from '../src/store/better-sqlite3.ts'
import { openCatalog } from '../src/store/catalog.ts'
import { generatedTrack } from './tracks.ts'

/** The folder of generated databases and files, which later runs use again. Git ignores it. */
export const cache = fileURLToPath(new URL('../data/bench', import.meta.url))

export const seed = fileURLToPath(new URL('../seed', import.meta.url))

/** Increase it when the generated content changes, so that old databases are not used again. */
const generation = 1

/** A database of so many tracks of 100 skills. */
export const databaseOf = (tracks: number): Promise<string> =>
  createDatabase(`tracks-${tracks}`, async catalog => {
    for (const numbers of inTens(tracks))
      await catalog.replaceTracks(...numbers.map(number => ({ document: checkedTrack(number, 100) })))
  })

/** A database of one track with so many skills. */
export const databaseOfOne = (skills: number): Promise<string> =>
  createDatabase(`skills-${skills}`, async catalog => {
    await catalog.replaceTracks({ document: checkedTrack(1, skills) })
  })

/** A database with the track that is shipped. */
export const shippedDatabase = (): Promise<string> =>
  createDatabase('shipped', async catalog => {
    await catalog.replaceTracks(...(await readFolder(seed)).tracks)
  })

/** Returns a copy to write to; it replaces the previous one. */
export const copyOf = (file: string): string => {
  const copy = newDatabase()
  copyFileSync(file, copy)
  return copy
}

/** Returns the path of a database that does not exist. */
export const newDatabase = (): string => {
  const path = join(cache, 'copy.db')
  remove(path)
  return path
}

/** Removes a folder, or a database with the files that SQLite keeps beside it. */
const remove = (path: string): void => {
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true, recursive: true })
}

/** A folder with the files of so many tracks of 100 skills. */
export const filesOf = (tracks: number): Promise<string> =>
  createOnce(`files-${tracks}-${generation}`, async folder => {
    mkdirSync(folder)
    for (const numbers of inTens(tracks))
      await Promise.all(numbers.map(number => writeTrack(checkedTrack(number, 100), [], folder, noOtherTracks)))
  })

const noOtherTracks = async () => new Map()

const inTens = (tracks: number): number[][] =>
  Array.from({ length: Math.ceil(tracks / 10) }, (_, ten) =>
    Array.from({ length: Math.min(10, tracks - ten * 10) }, (_, one) => ten * 10 + one + 1),
  )

/** A generated track as a catalog takes it: every reference a key. */
const checkedTrack = (number: number, skills: number): Document => {
  const { mistakes, document } = checkDocument(generatedTrack(number, skills), () => undefined)
  if (mistakes.length > 0) throw new Error(`A generated track has mistakes: ${JSON.stringify(mistakes[0])}`)
  return document
}

const createDatabase = (name: string, fill: (catalog: Catalog) => Promise<void>): Promise<string> =>
  createOnce(`${name}-${generation}.db`, async file => {
    const database = openDatabase(file)
    try {
      await fill(openCatalog(database))
    } finally {
      database.close()
    }
  })

/** Creates a file or folder under another name first, so that an incomplete one is never used. */
const createOnce = async (name: string, create: (path: string) => Promise<void>): Promise<string> => {
  const path = join(cache, name)
  if (existsSync(path)) return path
  const unfinished = `${path}.unfinished`
  mkdirSync(cache, { recursive: true })
  remove(unfinished)
  process.stderr.write(`Making ${name} …\n`)
  await create(unfinished)
  renameSync(unfinished, path)
  return path
}
