import type { Answer } from '../model/curriculum.ts'
import { normalizeDraft } from '../model/document.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'
import { answersOfTrack, selectAnswers } from './answers.ts'
import type { Placed } from './assign-keys.ts'
import { chunks } from './chunks.ts'
import type { Session } from './database.ts'
import { inArray } from './drizzle.ts'
import { tables } from './tables.ts'

export interface Seen {
  noun: Noun
  answer: Answer
  sort: number
}

/** What nouns answer at one moment, by id. */
export type Snapshot = Map<string, Seen>

export const ownAnswers = async (session: Session, track: string): Promise<Snapshot> => {
  const seen: Snapshot = new Map()
  for (const noun of nouns)
    for (const { answer, sort } of await answersOfTrack(session, noun, track))
      seen.set(answer.id, { noun, answer, sort })
  return seen
}

/** The snapshot together with nouns of other tracks, by key. */
export const withOthers = async (
  session: Session,
  own: Snapshot,
  others: Map<Noun, Set<string>>,
): Promise<Snapshot> => {
  const seen: Snapshot = new Map(own)
  for (const [noun, keys] of others)
    for (const answer of await answersByKey(session, noun, [...keys])) seen.set(answer.id, { noun, answer, sort: 0 })
  return seen
}

/** The answers with these keys, read in chunks: a statement takes a limited number of parameters. */
export const answersByKey = async <N extends Noun>(
  session: Session,
  noun: N,
  keys: readonly string[],
): Promise<Answer<N>[]> => {
  const answers: Answer<N>[] = []
  const { track, sort, key } = tables[noun]
  for (const chunk of chunks(keys, 1000)) {
    const rows = await selectAnswers(session, noun).where(inArray(key, chunk)).orderBy(track, sort, key)
    answers.push(...rows.map(row => row.answer as Answer<N>)) // what is selected is the noun
  }
  return answers
}

/** Whether the two are the same but for the time of their last change. */
export const sameAnswer = (one: Answer, other: Answer): boolean =>
  JSON.stringify({ ...one, updatedAt: '' }) === JSON.stringify({ ...other, updatedAt: '' })

/** Whether a draft in its place is what is stored. The order of references does not count: answers have them in curriculum order. */
export const sameDraft = ({ noun, draft, position, sort }: Placed, seen: Seen | undefined): boolean =>
  seen !== undefined &&
  seen.answer.slug === draft.slug &&
  seen.answer.position === position &&
  seen.sort === sort &&
  JSON.stringify(normalizeDraft(noun, draft)) === JSON.stringify(normalizeDraft(noun, seen.answer))
