import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Catalog, TrackDocument } from '../catalog.ts'
import type { Config } from '../config.ts'
import { readFolder } from '../content/read-folder.ts'
import { Failure, Refused } from '../errors.ts'
import { nouns, plurals } from '../model/vocabulary.ts'
import { didYouMean, nearest } from '../query/suggest.ts'
import { openStore } from '../store/open-store.ts'
import { openDatabaseOf } from './open-database.ts'

/** Runs work on the tracks of a folder or, without one, of the database. Failures become refusals of the command. */
export const withCatalog = async <T>(
  config: Config,
  from: string | undefined,
  work: (catalog: Catalog) => Promise<T>,
): Promise<T> => {
  const { catalog, close } = from === undefined ? openDatabaseOf(config) : await openFolder(from)
  return work(catalog).catch(toRefused).finally(close)
}

const toRefused = (failure: unknown): never => {
  throw failure instanceof Failure ? new Refused(failure.message) : failure
}

/** Reads a track; rejects an unknown one with a suggestion. */
export const readTrack = async (
  catalog: Catalog,
  track: string,
  from: string | undefined,
  read = catalog.document,
): Promise<TrackDocument> => {
  const document = await read(track)
  if (document !== undefined) return document
  const known = await catalog.keys('track')
  const advice = known.length === 0 ? '; load one with "load"' : ''
  throw new Refused(
    `there is no track called "${track}" in ${from ?? 'the database'}${didYouMean(nearest(track, known), advice)}`,
  )
}

/** Opens the tracks of a folder as a catalog, in a temporary database that `close` deletes. */
const openFolder = async (folder: string): Promise<{ catalog: Catalog; close(): Promise<void> }> => {
  const { tracks } = await readFolder(folder)
  if (tracks.length === 0)
    throw new Refused(`there is no track without mistakes in ${folder}; "validate" shows what is wrong`)
  const place = await mkdtemp(join(tmpdir(), 'curriculum-'))
  const store = openStore(`file:${join(place, 'curriculum.db')}`)
  await store.catalog.replaceTracks(...tracks)
  return {
    catalog: { ...store.catalog, document: async track => withFixedTimes(await store.catalog.document(track)) },
    close: async () => {
      store.close()
      await rm(place, { recursive: true })
    },
  }
}

/** Sets fixed times, so that the same files give the same bytes: files have no times of changes. */
const withFixedTimes = (document: TrackDocument | undefined): TrackDocument | undefined => {
  if (document === undefined) return undefined
  const fixTime = <T extends object>(one: T): T => ({ ...one, updatedAt: '1970-01-01T00:00:00.000Z' })
  const lists = nouns.flatMap(noun => (noun === 'track' ? [] : [[plurals[noun], document[plurals[noun]].map(fixTime)]]))
  return { ...document, track: fixTime(document.track), ...Object.fromEntries(lists) }
}
