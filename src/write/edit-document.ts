import type { TrackDocument } from '../catalog.ts'
import { allDrafts, type Document, type Draft, draftsOf, mapDrafts, normalizeDraft } from '../model/document.ts'
import { keyOf, qualifiedKeyOf } from '../model/keys.ts'
import { visitReferences } from '../model/references.ts'
import { type Noun, plurals } from '../model/vocabulary.ts'

/** Returns the drafts in a track document, without the fields that the server sets. */
export const draftsIn = (document: TrackDocument): Document => mapDrafts(document, normalizeDraft)

/** Returns the document with this draft instead of the old one; a new draft comes last. */
export const withDraft = <N extends Noun>(document: Document, noun: N, draft: Draft<N>): Document => {
  if (noun === 'track') return { ...document, track: draft as Draft<'track'> } // the noun decides the type
  const list = draftsOf(document, noun)
  const index = list.findIndex(({ slug }) => slug === draft.slug)
  return { ...document, [plurals[noun]]: index < 0 ? [...list, draft] : list.with(index, draft) }
}

export const withoutCategory = (document: Document, slug: string): Document => ({
  ...document,
  categories: document.categories.filter(category => category.slug !== slug),
})

/** Returns the qualified keys of the items in the document that refer to this one. */
export const referrersIn = (document: Document, noun: Noun, key: string): string[] => {
  const names = new Set<string>()
  for (const { noun: from, draft } of allDrafts(document))
    visitReferences(from, draft, (target, reference) => {
      const own = keyOf(document.track.slug, draft.slug)
      const same = target === 'any' ? reference === qualifiedKeyOf(noun, key) : target === noun && reference === key
      if (same && !(from === noun && own === key)) names.add(qualifiedKeyOf(from, own))
    })
  return [...names]
}
