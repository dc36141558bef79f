import type { Transaction } from '../catalog.ts'
import { Failure, type Place } from '../errors.ts'
import { checkDocument } from '../model/check-document.ts'
import { type Document, draftsOf, type Mistake } from '../model/document.ts'
import { findCycle, prerequisitesWithin } from '../model/graph.ts'
import { type Noun, plurals } from '../model/vocabulary.ts'
import { nearest } from '../query/suggest.ts'
import { pointerTo, refused } from '../query/validation-errors.ts'

/** The document with current keys, or a failure that names all that is wrong with it. */
export const checked = async (
  transaction: Transaction,
  document: Document,
  pathOf: (mistake: Mistake) => readonly PropertyKey[],
): Promise<Document> => {
  const asked = new Map<Noun, Set<string>>()
  const first = checkDocument(document, (noun, key) => {
    asked.set(noun, (asked.get(noun) ?? new Set()).add(key))
    return undefined
  })
  const outside = new Map<Noun, Map<string, string>>()
  for (const [noun, keys] of asked) outside.set(noun, await transaction.currentKeys(noun, [...keys]))
  const { document: whole, mistakes } =
    asked.size === 0 ? first : checkDocument(document, (noun, key) => outside.get(noun)?.get(key))
  if (mistakes.length > 0) throw refused(mistakes.map(mistake => told(mistake, pathOf(mistake))))
  return whole
}

const told = ({ message, unknown }: Mistake, path: readonly PropertyKey[]): Place => {
  const meant = unknown && nearest(unknown.given, unknown.known)
  const sentence = message.charAt(0).toUpperCase() + message.slice(1)
  return { pointer: pointerTo(path), message: `${sentence}${meant === undefined ? '.' : `: did you mean "${meant}"?`}` }
}

/** Where a mistake stands in a whole document. */
export const inDocument =
  (document: Document) =>
  ({ noun, slug, path }: Mistake): readonly PropertyKey[] =>
    noun === 'track'
      ? ['track', ...path]
      : [plurals[noun], draftsOf(document, noun).findIndex(draft => draft.slug === slug), ...path]

/** Where it stands in the body of one noun: a circle may be told of another in it, and what follows elsewhere is told of the whole. */
export const inBody =
  (noun: Noun, slug: string) =>
  (mistake: Mistake): readonly PropertyKey[] => {
    if (mistake.noun !== noun) return []
    return mistake.slug === slug ? mistake.path : mistake.path.slice(0, 1)
  }

/** A circle of prerequisites that leads through other tracks shows only when all of them are looked at. */
export const refuseCircle = async (transaction: Transaction, document: Document): Promise<void> => {
  const { slug } = document.track
  const leads = document.skills.some(({ prerequisites }) => prerequisites.some(key => !key.startsWith(`${slug}.`)))
  const cycle = leads ? findCycle(prerequisitesWithin(await transaction.graph(slug))) : undefined
  if (cycle !== undefined)
    throw new Failure(
      'UNPROCESSABLE',
      `These come before each other in a circle: ${cycle.join(' needs ')}. Take one of the prerequisites out.`,
    )
}
