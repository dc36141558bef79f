import { schemas } from './curriculum.ts'
import type { Draft } from './draft.ts'
import { fieldsOf } from './fields.ts'
import { type Noun, nouns, plurals } from './vocabulary.ts'

type Parts = { [N in Exclude<Noun, 'track'> as (typeof plurals)[N]]: Draft<N>[] }

/** A whole track as it is written: each list in order, a skill's place in its cell being its place in `skills`. References are keys. */
export type Document = { track: Draft<'track'> } & Parts

/** The nouns of a document, one list a noun, the track first. */
export const draftsOf = <N extends Noun>(document: Document, noun: N): Draft<N>[] =>
  (noun === 'track' ? [document.track] : document[plurals[noun as Exclude<Noun, 'track'>]]) as unknown as Draft<N>[] // the noun decides the type

export const emptyDocument = (track: Draft<'track'>): Document =>
  documentFrom(noun => (noun === 'track' ? [track] : []))

/** A copy of the document with each noun replaced by the result of `make`. */
export const mapDrafts = (document: Document, make: <N extends Noun>(noun: N, draft: Draft<N>) => Draft<N>): Document =>
  documentFrom(noun => draftsOf(document, noun).map(draft => make(noun, draft)))

/** A document of the nouns that `drafts` returns for each; for `track` it returns one. */
export const documentFrom = (drafts: (noun: Noun) => readonly Draft[]): Document =>
  Object.fromEntries(
    nouns.map(noun => (noun === 'track' ? [noun, drafts(noun)[0]] : [plurals[noun], drafts(noun)])),
  ) as unknown as Document // one entry a noun, under the name that Parts gives it

/** Every noun after those that its fields refer to: the order in which a reader can resolve each reference at once. */
export const referencedFirst: readonly Noun[] = (() => {
  const ordered = new Set<Noun>()
  const visited = new Set<Noun>()
  const visit = (noun: Noun): void => {
    if (visited.has(noun)) return
    visited.add(noun)
    for (const { readonly, references } of fieldsOf(schemas[noun]))
      if (!readonly && references !== undefined && references !== 'any') visit(references)
    ordered.add(noun)
  }
  for (const noun of nouns) visit(noun)
  return [...ordered]
})()

/** Something wrong with a document, and where. */
export interface Mistake {
  noun: Noun
  slug: string
  /** From the noun to the value, as in `['prerequisites', 2]`. */
  path: (string | number)[]
  /** Says what is wrong and how to mend it. */
  message: string
  /** Set for advice, which is no mistake: what several of the kind have in common, as words that follow a number. */
  kind?: string
  /** The word that is not known, the noun it should name, and the words that would be: whoever prints it adds the nearest. */
  unknown?: { noun: Noun | 'any'; given: string; known: string[] }
}

export const everyDraft = (document: Document): { noun: Noun; draft: Draft }[] =>
  nouns.flatMap(noun => draftsOf(document, noun).map(draft => ({ noun, draft })))
