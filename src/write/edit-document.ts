import type { TrackDocument } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
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
  const changed = index < 0 ? [...list, draft] : list.with(index, draft)
  const edited = { ...document, [plurals[noun]]: changed }
  return noun === 'skill' ? withoutOtherPairs(edited, draft as Draft<'skill'>) : edited // as above
}

export const withoutDraft = (document: Document, noun: Exclude<Noun, 'track'>, slug: string): Document => ({
  ...document,
  [plurals[noun]]: draftsOf(document, noun).filter(draft => draft.slug !== slug),
})

/** Removes this skill from the `related` of skills that it does not list: a pair may be written on either side. */
const withoutOtherPairs = (document: Document, skill: Draft<'skill'>): Document => {
  const key = keyOf(document.track.slug, skill.slug)
  const related = new Set(skill.related.map(one => (one.includes('.') ? one : keyOf(document.track.slug, one))))
  const skills = document.skills.map(other =>
    related.has(keyOf(document.track.slug, other.slug)) || !other.related.includes(key)
      ? other
      : { ...other, related: other.related.filter(one => one !== key) },
  )
  return { ...document, skills }
}

/** Moves a skill whose category or tier changed to the end, so that it comes last in its new cell. */
export const moveChangedCellLast = (document: Document, before: Item<'skill'> | undefined): Document => {
  if (before === undefined) return document
  const moved = document.skills.filter(
    ({ slug, category, tier }) => slug === before.slug && !(category === before.category && tier === before.tier),
  )
  return { ...document, skills: [...document.skills.filter(skill => !moved.includes(skill)), ...moved] }
}

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
