import type { Transaction } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import { changesSinceLoad, recordLoad } from './change-log.ts'
import type { Session } from './database.ts'
import { putItem, readEntry, removeItem } from './edit-item.ts'
import { isNeededBy, readGraph } from './graph.ts'
import { readPictures } from './pictures.ts'
import { isReferredTo, rejectDanglingReferences } from './referrers.ts'
import { removeTrack, replacePictures, replaceTracks } from './replace-track.ts'
import { createFindKeys, currentKeys } from './resolve-refs.ts'
import { asWritten, documentOf, readStored, type Snapshot, type StoredEntry } from './snapshot.ts'

/**
 * Creates the reads and writes of one transaction on the writing connection. A track is read once, and again after it was
 * written. better-sqlite3-writer.ts begins and commits the transaction.
 */
export const createTransaction = (session: Session): Transaction => {
  const snapshots = new Map<string, Snapshot<StoredEntry>>()
  const snapshotOf = async (track: string): Promise<Snapshot<StoredEntry>> => {
    const snapshot = snapshots.get(track) ?? (await readStored(session, track))
    snapshots.set(track, snapshot)
    return snapshot
  }
  return {
    currentKeys: (noun, keys) => currentKeys(session, createFindKeys(session), noun, keys),
    item: async (noun, key) => (await readEntry(session, noun, key))?.item as Item<typeof noun> | undefined, // it is of the noun
    document: async track => documentOf(await snapshotOf(track)),
    documentAsWritten: async track => {
      const document = documentOf(await snapshotOf(track))
      return document && asWritten(session, document)
    },
    graph: track => readGraph(session, track),
    isNeededBy: (skill, keys) => isNeededBy(session, skill, keys),
    isReferredTo: (noun, key) => isReferredTo(session, noun, key),
    putItem: async (track, noun, draft, author) => {
      await putItem(session, track, noun, draft, author)
      snapshots.clear()
    },
    removeItem: async (noun, key, author) => {
      await removeItem(session, noun, key, author)
      snapshots.clear()
    },
    replaceTrack: async (document, author) => {
      const [difference] = await replaceTracks(session, [document], { author, snapshots })
      snapshots.clear()
      await rejectDanglingReferences(session, document)
      return difference as NonNullable<typeof difference> // one for each document
    },
    replacePictures: async (track, pictures, author) => {
      await replacePictures(session, track, pictures, author)
      snapshots.clear()
    },
    pictures: track => readPictures(session, track),
    removeTrack: (track, author) => removeTrack(session, track, author),
    changesSinceLoad: (track, limit) => changesSinceLoad(session, track, limit),
    recordLoad: (track, hash) => recordLoad(session, track, hash),
  }
}
