import type { TrackDocument } from '../catalog.ts'
import type { Answer } from '../model/curriculum.ts'
import { allDrafts, type Document, type Draft, draftsOf, mapDrafts, normalizeDraft } from '../model/document.ts'
import { keyOf, qualifiedKeyOf } from '../model/keys.ts'
import { mapReferences } from '../model/references.ts'
import { type Noun, plurals } from '../model/vocabulary.ts'

/** What was written of a track, as it is answered. */
export const writtenIn = (served: TrackDocument): Document => mapDrafts(served, normalizeDraft)

/** The document with this noun in its place; a new one stands last. */
export const withDraft = <N extends Noun>(document: Document, noun: N, draft: Draft<N>): Document => {
  if (noun === 'track') return { ...document, track: draft as Draft<'track'> } // the noun decides the type
  const list = draftsOf(document, noun)
  const known = list.findIndex(({ slug }) => slug === draft.slug)
  const changed = known < 0 ? [...list, draft] : list.with(known, draft)
  const edited = { ...document, [plurals[noun]]: changed }
  return noun === 'skill' ? unpaired(edited, draft as Draft<'skill'>) : edited // as above
}

export const withoutDraft = (document: Document, noun: Exclude<Noun, 'track'>, slug: string): Document => ({
  ...document,
  [plurals[noun]]: draftsOf(document, noun).filter(draft => draft.slug !== slug),
})

/** A pair of related skills is written on either side: whom this one does not name does not name it either. */
const unpaired = (document: Document, skill: Draft<'skill'>): Document => {
  const key = keyOf(document.track.slug, skill.slug)
  const named = new Set(skill.related.map(one => (one.includes('.') ? one : keyOf(document.track.slug, one))))
  const skills = document.skills.map(other =>
    named.has(keyOf(document.track.slug, other.slug)) || !other.related.includes(key)
      ? other
      : { ...other, related: other.related.filter(one => one !== key) },
  )
  return { ...document, skills }
}

/** A skill that has moved to another cell stands last there. */
export const movedLast = (document: Document, before: Answer<'skill'> | undefined): Document => {
  if (before === undefined) return document
  const moved = document.skills.filter(
    ({ slug, category, tier }) => slug === before.slug && !(category === before.category && tier === before.tier),
  )
  return { ...document, skills: [...document.skills.filter(skill => !moved.includes(skill)), ...moved] }
}

/** Qualified keys of what refers to something in its own track. */
export const referrersIn = (document: Document, noun: Noun, key: string): string[] => {
  const names = new Set<string>()
  for (const { noun: from, draft } of allDrafts(document))
    mapReferences(from, draft, (target, reference) => {
      const own = keyOf(document.track.slug, draft.slug)
      const same = target === 'any' ? reference === qualifiedKeyOf(noun, key) : target === noun && reference === key
      if (same && !(from === noun && own === key)) names.add(qualifiedKeyOf(from, own))
      return reference
    })
  return [...names]
}
