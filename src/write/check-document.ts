import type { Transaction } from '../catalog.ts'
import { Failure, type Place } from '../errors.ts'
import { checkDocument } from '../model/check-document.ts'
import { type Document, draftsOf, type Mistake } from '../model/document.ts'
import { findCycle, prerequisitesWithin } from '../model/graph.ts'
import { trackOf } from '../model/keys.ts'
import type { Extent } from '../model/resolve-references.ts'
import { type Noun, plurals } from '../model/vocabulary.ts'
import { didYouMean, nearest } from '../query/suggest.ts'
import { pointerTo, unprocessable } from '../query/validation-errors.ts'

/** Checks a document and returns it with current keys. Rejects with all its mistakes. */
export const checkWhole = async (
  transaction: Transaction,
  document: Document,
  pathOf: (mistake: Mistake) => readonly PropertyKey[],
): Promise<Document> => {
  const { document: whole, mistakes } = await check(transaction, document, 'whole')
  if (mistakes.length > 0) throw unprocessable(mistakes.map(mistake => toPlace(mistake, pathOf(mistake))))
  return whole
}

/** Checks a document with the keys that are stored outside it. */
export const check = async (
  transaction: Transaction,
  document: Document,
  extent: Extent,
): Promise<{ document: Document; mistakes: Mistake[] }> => {
  const outsideKeys = new Map<Noun, Set<string>>()
  const first = checkDocument(
    document,
    (noun, key) => {
      outsideKeys.set(noun, (outsideKeys.get(noun) ?? new Set()).add(key))
      return undefined
    },
    extent,
  )
  if (outsideKeys.size === 0) return first
  const found = [...outsideKeys].map(
    async ([noun, keys]) => [noun, await transaction.currentKeys(noun, [...keys])] as const,
  )
  const currentKeys = new Map(await Promise.all(found))
  return checkDocument(document, (noun, key) => currentKeys.get(noun)?.get(key), extent)
}

const toPlace = ({ message, unknown }: Mistake, path: readonly PropertyKey[]): Place => {
  const suggestion = unknown && nearest(unknown.given, unknown.known)
  const sentence = message.charAt(0).toUpperCase() + message.slice(1)
  return {
    pointer: pointerTo(path),
    message: `${sentence}${didYouMean(suggestion, '.')}`,
  }
}

/** Returns the path of a mistake in the body of a whole document. */
export const pathInDocument =
  (document: Document) =>
  ({ noun, slug, path }: Mistake): readonly PropertyKey[] =>
    noun === 'track'
      ? ['track', ...path]
      : [plurals[noun], draftsOf(document, noun).findIndex(draft => draft.slug === slug), ...path]

/**
 * Returns the path of a mistake in the body of one item. A mistake of another item points at the same field (a cycle is
 * reported at any of its skills), or at the whole body if it is of another noun.
 */
export const pathInNoun =
  (noun: Noun, slug: string) =>
  (mistake: Mistake): readonly PropertyKey[] => {
    if (mistake.noun !== noun) return []
    return mistake.slug === slug ? mistake.path : mistake.path.slice(0, 1)
  }

/** Rejects with 422 if prerequisites form a cycle through other tracks, which the check of one document cannot find. */
export const rejectCycle = async (transaction: Transaction, track: string): Promise<void> => {
  const cycle = findCycle(prerequisitesWithin(await transaction.graph(track)))
  if (cycle !== undefined)
    throw new Failure('UNPROCESSABLE', `These form a cycle: ${cycle.join(' needs ')}. Remove one of the prerequisites.`)
}

/** Returns true if a skill of the document needs a skill of another track. */
export const leavesTrack = ({ track, skills }: Document): boolean =>
  skills.some(({ prerequisites }) => prerequisites.some(key => trackOf(key) !== track.slug))
