import { v5 } from 'uuid'
import { type Document, type Draft, draftsOf, normalizeDocument } from '../model/document.ts'
import { keyOf, namespace, qualifiedKeyOf } from '../model/keys.ts'
import { tiers } from '../model/tiers.ts'
import { type Noun, nouns, type Tier } from '../model/vocabulary.ts'

/** A draft with everything that follows from its slug and its place in the document. */
export interface IdentifiedDraft<N extends Noun = Noun> {
  noun: N
  draft: Draft<N>
  id: string
  key: string
  qualifiedKey: string
  formerQualifiedKeys: string[]
  /** The place that clients see: 1 is the first of its list, or of its cell for a skill. */
  position: number
  /** The place within the track: rows of a noun are ordered by it. */
  sort: number
}

/** Assigns id, keys and position to every draft of a document. The track comes first. */
export const assignKeys = (document: Document): IdentifiedDraft[] => {
  const normal = normalizeDocument(document)
  const skillPlace = skillPlaces(normal)
  return nouns.flatMap(noun =>
    draftsOf(normal, noun).map((draft, index) => ({
      noun,
      draft,
      ...keysOf(document.track, noun, draft),
      ...(noun === 'skill' ? skillPlace(draft as Draft<'skill'>) : { position: index + 1, sort: index + 1 }), // the noun decides the type
    })),
  )
}

/** Returns the id and the keys of a draft, which follow from its slugs and those of its track. */
export const keysOf = (track: Draft<'track'>, noun: Noun, draft: Draft) => {
  const qualified = (trackSlug: string, slug: string) =>
    noun === 'track' ? slug : qualifiedKeyOf(noun, keyOf(trackSlug, slug))
  const trackSlugs = noun === 'track' ? [track.slug] : [...track.formerly, track.slug]
  const slugs = [...draft.formerly, draft.slug]
  const all = [...new Set(trackSlugs.flatMap(trackSlug => slugs.map(slug => qualified(trackSlug, slug))))]
  const current = qualified(track.slug, draft.slug)
  return {
    id: idOf(all[0] as string), // there is at least the current one
    key: noun === 'track' ? draft.slug : keyOf(track.slug, draft.slug),
    qualifiedKey: current,
    formerQualifiedKeys: all.filter(key => key !== current),
  }
}

/** Returns the UUIDv5 of the first qualified key that the item ever had, so that a rename does not change the id. */
const idOf = (firstQualifiedKey: string): string => v5(firstQualifiedKey, namespace)

/** More than the skills that a document may have in one cell. */
const cellSize = 2 ** 20

/** The values of `sort` in a list or cell: from `start`, which no item has, to before `end`. */
export interface Span {
  start: number
  end: number
}

/** Returns the span of a cell. */
export const cellAt = (category: number, tier: Tier): Span => {
  const start = (category * tiers.length + tiers.indexOf(tier)) * cellSize
  return { start, end: start + cellSize }
}

/** The part of `sort` that the skills of one category have. */
export const categorySize = tiers.length * cellSize

/** Returns the span of the cell, or for other nouns of the list, that an item is in. */
export const spanAround = (noun: Noun, sort: number): Span => {
  if (noun !== 'skill') return { start: 0, end: Number.MAX_SAFE_INTEGER }
  const start = sort - (sort % cellSize)
  return { start, end: start + cellSize }
}

/** Returns the place of each skill: `position` counts within its cell; `sort` orders by category, then tier, then position. */
const skillPlaces = (document: Document) => {
  const categories = new Map(
    document.categories.map((category, index) => [keyOf(document.track.slug, category.slug), index + 1]),
  )
  const counts = new Map<string, number>()
  return ({ category, tier }: Draft<'skill'>) => {
    const cell = `${category} ${tier}`
    const position = (counts.get(cell) ?? 0) + 1
    counts.set(cell, position)
    const row = categories.get(category) as number // a checked document has the category of every skill
    return { position, sort: cellAt(row, tier).start + position }
  }
}
