import type { TrackDocument, Transaction } from '../catalog.ts'
import { type Noun, nouns, plurals } from '../model/vocabulary.ts'
import { currentKeys } from './current-keys.ts'
import type { Session } from './database.ts'
import { readGraph } from './graph.ts'
import { drift, rememberLoad } from './loads.ts'
import { answersByKey, ownAnswers, type Snapshot } from './read-track.ts'
import { refuseDangling } from './referrers.ts'
import { type Known, removeTrack, replaceTracks } from './replace-track.ts'
import { asItWasWritten } from './written-document.ts'

/** What a write can read and do on the connection it has to itself. A track is read once, and again when it was written. */
export const transactionIn = (session: Session): Transaction => {
  const known: Known = new Map()
  const snapshotOf = async (track: string): Promise<Snapshot> => {
    const snapshot = known.get(track) ?? (await ownAnswers(session, track))
    known.set(track, snapshot)
    return snapshot
  }
  return {
    currentKeys: (noun, keys) => currentKeys(session, (asked, some) => rowsIn(session, asked, some), noun, keys),
    document: async track => documentIn(await snapshotOf(track)),
    documentAsWritten: async track => {
      const served = documentIn(await snapshotOf(track))
      return served && asItWasWritten(session, served)
    },
    graph: track => readGraph(session, track),
    replaceTrack: async (document, author, pairs) => {
      const [difference] = await replaceTracks(session, [document], { author, known, pairs })
      await refuseDangling(session, document)
      return difference as NonNullable<typeof difference> // one a document
    },
    removeTrack: (track, author) => removeTrack(session, track, author),
    changesSinceLoad: (track, limit) => drift(session, track, limit),
    recordLoad: (track, hash) => rememberLoad(session, track, hash),
  }
}

const rowsIn = async (session: Session, noun: Noun, keys: readonly string[]) =>
  new Map((await answersByKey(session, noun, keys)).map(answer => [answer.key, answer]))

/** Undefined where there is no such track. */
const documentIn = (snapshot: Snapshot): TrackDocument | undefined => {
  const answers = Map.groupBy(snapshot.values(), ({ noun }) => noun)
  const [self] = answers.get('track') ?? []
  if (self === undefined) return undefined
  const parts: Record<string, unknown> = { track: self.answer }
  for (const noun of nouns)
    if (noun !== 'track') parts[plurals[noun]] = (answers.get(noun) ?? []).map(({ answer }) => answer)
  return parts as TrackDocument // one list a noun, as the loop makes it
}
