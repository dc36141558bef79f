import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Catalog, TrackDocument } from '../catalog.ts'
import { readFolder } from '../content/read-folder.ts'
import { Refused } from '../errors.ts'
import { nouns, plurals } from '../model/vocabulary.ts'
import { openStore } from '../store/open-store.ts'

/** The tracks of a folder as a catalog of their own, in a database that goes when it is closed. */
export const openFolder = async (folder: string): Promise<{ catalog: Catalog; close(): Promise<void> }> => {
  const { tracks } = await readFolder(folder)
  if (tracks.length === 0)
    throw new Refused(`there is no track without mistakes in ${folder}; "validate" shows what is wrong`)
  const place = await mkdtemp(join(tmpdir(), 'curriculum-'))
  const store = openStore(`file:${join(place, 'curriculum.db')}`)
  await store.catalog.replaceTracks(...tracks)
  return {
    catalog: { ...store.catalog, document: async track => timeless(await store.catalog.document(track)) },
    close: async () => {
      store.close()
      await rm(place, { recursive: true })
    },
  }
}

/** Files say nothing of when they were written: the same files are to give the same bytes. */
const timeless = (document: TrackDocument | undefined): TrackDocument | undefined => {
  if (document === undefined) return undefined
  const still = <T extends object>(one: T): T => ({ ...one, updatedAt: '1970-01-01T00:00:00.000Z' })
  const lists = nouns.flatMap(noun => (noun === 'track' ? [] : [[plurals[noun], document[plurals[noun]].map(still)]]))
  return { ...document, track: still(document.track), ...Object.fromEntries(lists) }
}
