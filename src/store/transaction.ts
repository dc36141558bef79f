import type { Transaction } from '../catalog.ts'
import { changesSinceLoad, recordLoad } from './change-log.ts'
import type { Session } from './database.ts'
import { readGraph } from './graph.ts'
import { rejectDanglingReferences } from './referrers.ts'
import { removeTrack, replaceTracks } from './replace-track.ts'
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
    document: async track => documentOf(await snapshotOf(track)),
    documentAsWritten: async track => {
      const document = documentOf(await snapshotOf(track))
      return document && asWritten(session, document)
    },
    graph: track => readGraph(session, track),
    replaceTrack: async (document, author, pairs) => {
      const [difference] = await replaceTracks(session, [document], { author, snapshots, pairs })
      snapshots.clear()
      await rejectDanglingReferences(session, document)
      return difference as NonNullable<typeof difference> // one for each document
    },
    removeTrack: (track, author) => removeTrack(session, track, author),
    changesSinceLoad: (track, limit) => changesSinceLoad(session, track, limit),
    recordLoad: (track, hash) => recordLoad(session, track, hash),
  }
}
