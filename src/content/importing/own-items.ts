import { v5 } from 'uuid'
import type { TrackDocument } from '../../catalog.ts'
import type { Item } from '../../model/curriculum.ts'
import { allDrafts, type Document, type Draft, draftsOf } from '../../model/document.ts'
import { keyOf, namespace, qualifiedKeyOf, trackOf } from '../../model/keys.ts'
import { visitReferences } from '../../model/references.ts'
import { type Noun, nouns, plurals } from '../../model/vocabulary.ts'

/** An item by its noun and key. */
export interface NamedItem {
  noun: Noun
  key: string
}

/** Returns the id that this service gives to an item with this first key. */
export const idOf = (noun: Noun, key: string): string => v5(qualifiedKeyOf(noun, key), namespace)

/** Returns the items of a track, and those of other tracks that they refer to, by the ids that this service gives them. */
export const itemsById = (existing: Document | undefined): ReadonlyMap<string, NamedItem> => {
  const items = new Map<string, NamedItem>()
  if (existing === undefined) return items
  const { slug: track, formerly } = existing.track
  for (const { noun, draft } of allDrafts(existing)) {
    visitReferences(noun, draft, (target, key) => {
      if (target !== 'any' && trackOf(key) !== track) items.set(idOf(target, key), { noun: target, key })
    })
    const key = noun === 'track' ? track : keyOf(track, draft.slug)
    for (const of of [...formerly, track])
      for (const name of noun === 'track' ? [of] : [...draft.formerly, draft.slug].map(slug => keyOf(of, slug)))
        items.set(idOf(noun, name), { noun, key })
  }
  return items
}

/** Returns a track as the exports read it. Fields that files do not have are empty. */
export const toTrackDocument = (document: Document): TrackDocument =>
  Object.fromEntries(
    nouns.map(noun => {
      const items = draftsOf(document, noun).map(draft => toItem(noun, draft, document.track.slug))
      return noun === 'track' ? [noun, items[0]] : [plurals[noun], items]
    }),
  ) as unknown as TrackDocument // one entry a noun, under the name that the type gives it

const toItem = <N extends Noun>(noun: N, draft: Draft<N>, track: string): Item<N> => {
  const key = noun === 'track' ? track : keyOf(track, draft.slug)
  const derived = { id: idOf(noun, key), key, track, position: 1, updatedAt: '', mentions: [] }
  const links = noun === 'skill' ? { dependents: [], projects: [], exercises: [] } : {}
  return { ...draft, ...derived, ...links } as unknown as Item<N> // the fields that exports of outcomes and CASE read
}

/** The noun, key and tier in an id that an export of this service gave, such as `python.skill.decorators`. */
export interface OwnId extends NamedItem {
  /** The tier of a group of skills: `python.category.testing.senior`. */
  tier?: string
}

/** Parses an id of an export of this service; undefined for other ids. */
export const parseOwnId = (id: string): OwnId | undefined => {
  const [, track = '', noun, slug = '', tier] = ownId.exec(id) ?? []
  if (noun === undefined) return undefined
  return { noun: noun as Noun, key: keyOf(track, slug), ...(tier !== undefined && { tier }) } // the pattern has no other words
}

const slugPattern = '[a-z0-9]+(?:-[a-z0-9]+)*'
const ownId = new RegExp(
  `^(${slugPattern})\\.(?:(category|skill|principle|project|resource)\\.(${slugPattern}))(?:\\.(beginner|intermediate|senior))?$`,
)
