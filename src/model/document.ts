import type { Draft } from './draft.ts'
import { type Noun, nouns, plurals } from './vocabulary.ts'

type Parts = { [N in Exclude<Noun, 'track'> as (typeof plurals)[N]]: Draft<N>[] }

/** A whole track as it is written: each list in order, a skill's place in its cell being its place in `skills`. References are keys. */
export type Document = { track: Draft<'track'> } & Parts

/** The nouns of a document, one list a noun, the track first. */
export const draftsOf = <N extends Noun>(document: Document, noun: N): Draft<N>[] =>
  (noun === 'track' ? [document.track] : document[plurals[noun as Exclude<Noun, 'track'>]]) as unknown as Draft<N>[] // the noun decides the type

export const emptyDocument = (track: Draft<'track'>): Document => ({
  track,
  sources: [],
  categories: [],
  skills: [],
  principles: [],
  projects: [],
  resources: [],
  plans: [],
  checklists: [],
})

/** The document with each of its nouns as `make` makes it. */
export const mapDrafts = (
  document: Document,
  make: <N extends Noun>(noun: N, draft: Draft<N>) => Draft<N>,
): Document => ({
  track: make('track', document.track),
  sources: document.sources.map(draft => make('source', draft)),
  categories: document.categories.map(draft => make('category', draft)),
  skills: document.skills.map(draft => make('skill', draft)),
  principles: document.principles.map(draft => make('principle', draft)),
  projects: document.projects.map(draft => make('project', draft)),
  resources: document.resources.map(draft => make('resource', draft)),
  plans: document.plans.map(draft => make('plan', draft)),
  checklists: document.checklists.map(draft => make('checklist', draft)),
})

/** Something wrong with a document, and where. */
export interface Mistake {
  noun: Noun
  slug: string
  /** From the noun to the value, as in `['prerequisites', 2]`. */
  path: (string | number)[]
  /** Says what is wrong and how to mend it. */
  message: string
  /** The word that is not known, the noun it should name, and the words that would be: whoever prints it adds the nearest. */
  unknown?: { noun: Noun | 'any'; given: string; known: string[] }
}

export const everyDraft = (document: Document): { noun: Noun; draft: Draft }[] =>
  nouns.flatMap(noun => draftsOf(document, noun).map(draft => ({ noun, draft })))
