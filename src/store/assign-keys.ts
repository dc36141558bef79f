import { v5 } from 'uuid'
import { type Document, type Draft, draftsOf, normalizeDocument } from '../model/document.ts'
import { keyOf, namespace, qualifiedKeyOf } from '../model/keys.ts'
import { type Noun, nouns, tiers } from '../model/vocabulary.ts'

/** A draft with all that follows from its name and its place in the document. */
export interface Placed<N extends Noun = Noun> {
  noun: N
  draft: Draft<N>
  id: string
  key: string
  /** The qualified key. */
  name: string
  formerNames: string[]
  position: number
  sort: number
}

/** Every noun of a document in its place. */
export const placed = (document: Document): Placed[] => {
  const normal = normalizeDocument(document)
  const place = placesIn(normal)
  return nouns.flatMap(noun =>
    draftsOf(normal, noun).map((draft, index) => ({
      noun,
      draft,
      ...namesOf(document.track, noun, draft),
      ...(noun === 'skill' ? place(draft as Draft<'skill'>) : { position: index + 1, sort: index + 1 }), // the noun decides the type
    })),
  )
}

/** The UUIDv5 of the first qualified key something ever had. */
export const identify = (name: string): string => v5(name, namespace)

const namesOf = (track: Draft<'track'>, noun: Noun, draft: Draft) => {
  const name = (trackSlug: string, slug: string) =>
    noun === 'track' ? slug : qualifiedKeyOf(noun, keyOf(trackSlug, slug))
  const ownTracks = noun === 'track' ? [track.slug] : [...track.formerly, track.slug]
  const slugs = [...draft.formerly, draft.slug]
  const all = [...new Set(ownTracks.flatMap(trackSlug => slugs.map(slug => name(trackSlug, slug))))]
  const current = name(track.slug, draft.slug)
  return {
    id: identify(all[0] as string), // it has at least its current name
    key: noun === 'track' ? draft.slug : keyOf(track.slug, draft.slug),
    name: current,
    formerNames: all.filter(former => former !== current),
  }
}

const room = 2 ** 20 // more than a document may have skills in one cell

/** A skill's position is its place in its cell; `sort` puts its category first, then its tier. */
const placesIn = (document: Document) => {
  const categories = new Map(
    document.categories.map((category, index) => [keyOf(document.track.slug, category.slug), index + 1]),
  )
  const filled = new Map<string, number>()
  return ({ category, tier }: Draft<'skill'>) => {
    const cell = `${category} ${tier}`
    const position = (filled.get(cell) ?? 0) + 1
    filled.set(cell, position)
    const row = categories.get(category) as number // a checked document has the category of every skill
    return { position, sort: (row * tiers.length + tiers.indexOf(tier)) * room + position }
  }
}
