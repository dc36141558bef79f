import { z } from 'zod'
import { inReadingOrder } from './category-tree.ts'
import { type Item, schemas } from './curriculum.ts'
import { ExerciseFile, sortFiles } from './exercise.ts'
import { type Field, fieldsOf } from './fields.ts'
import { keyOf, Slug, TrackSlug } from './keys.ts'
import { type Noun, nouns, plurals } from './vocabulary.ts'

type DraftLists = { [N in Exclude<Noun, 'track'> as (typeof plurals)[N]]: Draft<N>[] }

/** A whole track as it is written. Lists are in order: the skills of a cell are in the order of `skills`. References are keys. */
export type Document = { track: Draft<'track'> } & DraftLists

/** Returns the drafts of one noun; for `track`, a list of one. */
export const draftsOf = <N extends Noun>(document: Document, noun: N): Draft<N>[] =>
  (noun === 'track' ? [document.track] : document[plurals[noun as Exclude<Noun, 'track'>]]) as unknown as Draft<N>[] // the noun decides the type

export const emptyDocument = (track: Draft<'track'>): Document =>
  buildDocument(noun => (noun === 'track' ? [track] : []))

/** Returns a copy of a document in which each draft is replaced by the result of `make`. */
export const mapDrafts = (document: Document, make: <N extends Noun>(noun: N, draft: Draft<N>) => Draft<N>): Document =>
  buildDocument(noun => draftsOf(document, noun).map(draft => make(noun, draft)))

/** Builds a document from the drafts of each noun; for `track`, a list of one. */
export const buildDocument = (drafts: (noun: Noun) => readonly Draft[]): Document =>
  Object.fromEntries(
    nouns.map(noun => (noun === 'track' ? [noun, drafts(noun)[0]] : [plurals[noun], drafts(noun)])),
  ) as unknown as Document // one entry a noun, under the name that `Document` gives it

/** The nouns, each after those that its fields refer to: in this order a reader can resolve each reference at once. */
export const nounsReferencedFirst: readonly Noun[] = (() => {
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

/** A mistake in a document and its place. */
export interface Mistake {
  noun: Noun
  slug: string
  /** The path from the draft to the value, such as `['prerequisites', 2]`. */
  path: (string | number)[]
  /** A sentence about what is wrong and how to fix it. */
  message: string
  /** The kind of warning, as words that follow a number; undefined for an error. */
  kind?: string
  /** An unknown reference, the noun it should name and the names that exist, from which the printer suggests the nearest. */
  unknown?: { noun: Noun | 'any'; given: string; known: string[] }
}

export const allDrafts = (document: Document): { noun: Noun; draft: Draft }[] =>
  nouns.flatMap(noun => draftsOf(document, noun).map(draft => ({ noun, draft })))

type Shape<N extends Noun> = (typeof schemas)[N]['shape']
type ReadonlyName<N extends Noun> = {
  [K in keyof Shape<N>]: Shape<N>[K] extends z.ZodReadonly ? K : never
}[keyof Shape<N>]
type Drafts = { [N in Noun]: { slug: string } & Omit<Item<N>, ReadonlyName<N>> }

/** A noun as it is written: its slug and all fields but those that the server derives. References are keys. */
export type Draft<N extends Noun = Noun> = Drafts[N]

/** The schemas of a noun's writable fields, by name. */
export const writableFields = (noun: Noun): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(schemas[noun].shape).filter(([, field]) => !(field instanceof z.ZodReadonly)))

/** Returns the schema of a noun's draft. Missing fields get their default. */
export const draftSchema = <N extends Noun>(noun: N): z.ZodType<Draft<N>> =>
  z.strictObject({ slug: noun === 'track' ? TrackSlug : Slug, ...writableFields(noun) }) as unknown as z.ZodType<
    Draft<N>
  > // the runtime filter matches the type's, which TypeScript cannot check

/**
 * Returns the canonical form of a document without mistakes: categories in reading order, references sorted, since their order
 * has no meaning, and each related pair on both sides.
 */
export const normalizeDocument = (document: Document): Document =>
  mapDrafts(
    { ...document, categories: categoriesInReadingOrder(document), skills: relatedBothWays(document) },
    normalizeDraft,
  )

export const categoriesInReadingOrder = ({ track, categories }: Document): Draft<'category'>[] =>
  inReadingOrder(categories.map(draft => ({ draft, key: keyOf(track.slug, draft.slug), parent: draft.parent }))).map(
    ({ draft }) => draft,
  )

/** Returns a draft with its fields in schema order, and references and files sorted. */
export const normalizeDraft = <N extends Noun>(noun: N, draft: Draft<N>): Draft<N> => {
  const values: Record<string, unknown> = { ...draft }
  const fields = fieldsOf(schemas[noun]).filter(field => !field.readonly)
  return Object.fromEntries([
    ['slug', draft.slug],
    ...fields.map(field => [field.name, normalizeValue(field, values[field.name])]),
  ]) as Draft<N> // the same fields as before
}

const normalizeValue = ({ type, list, references }: Field, value: unknown): unknown => {
  if (list && references !== undefined) return [...(value as string[])].sort() // a list of references holds keys
  return type === ExerciseFile ? sortFiles(value as ExerciseFile[]) : value // by the field's type
}

const relatedBothWays = ({ track, skills }: Document): Draft<'skill'>[] => {
  const partners = new Map<string, Set<string>>()
  const add = (key: string, partner: string) => partners.set(key, (partners.get(key) ?? new Set()).add(partner))
  for (const { slug, related } of skills)
    for (const other of related) {
      add(keyOf(track.slug, slug), other)
      add(other, keyOf(track.slug, slug))
    }
  return skills.map(skill => ({ ...skill, related: [...(partners.get(keyOf(track.slug, skill.slug)) ?? [])] }))
}
