import { type Catalog, parseItems, type TrackDocument } from '../../catalog.ts'
import type { Item } from '../../model/curriculum.ts'
import { keyOf } from '../../model/keys.ts'
import type { Noun } from '../../model/vocabulary.ts'
import type { Links } from '../page/links.ts'
import { createTrackView, type TrackView } from './track-view.ts'

/** The keys of the items that a page shows, and the Markdown texts whose links name more of them. */
export interface ShownItems {
  skills?: readonly string[]
  projects?: readonly string[]
  exercises?: readonly string[]
  resources?: readonly string[]
  categories?: readonly string[]
  texts: readonly (string | null)[]
}

/**
 * Creates the view of the part of a track that the page of an item shows, with the skills of other tracks that it links to. A track
 * may have thousands of skills, so the whole is not read.
 */
export const createItemView = async (
  catalog: Catalog,
  { track, mentions }: Pick<Item<'skill'>, 'track' | 'mentions'>,
  { skills = [], projects = [], exercises = [], resources = [], categories = [], texts }: ShownItems,
  links: Links,
): Promise<TrackView> => {
  const read = async <N extends Noun>(noun: N, keys: readonly string[]): Promise<Item<N>[]> =>
    parseItems(await catalog.byKeys(noun, [...new Set(keys)]))
  const named = await catalog.currentKeys('skill', keysIn(texts, track))
  const linked = await read('skill', [...skills, ...named.values()])
  const tracks = await read('track', [track, ...linked.map(skill => skill.track)])
  const document: TrackDocument = {
    track: tracks.find(({ slug }) => slug === track) as Item<'track'>, // the track of an item that exists
    categories: await withAncestors(catalog, categories),
    skills: linked,
    projects: await read('project', projects),
    exercises: await read('exercise', exercises),
    resources: await read('resource', resources),
    sources: await read(
      'source',
      mentions.map(({ source }) => source),
    ),
    principles: [],
    plans: [],
    checklists: [],
  }
  return createTrackView(document, links, undefined, new Map(tracks.map(({ slug, title }) => [slug, title])))
}

/** Returns categories after those that they are a part of. */
const withAncestors = async (catalog: Catalog, keys: readonly string[]): Promise<Item<'category'>[]> => {
  const categories = parseItems(await catalog.byKeys('category', keys))
  const parents = categories.flatMap(({ parent }) => parent ?? [])
  return parents.length === 0 ? categories : [...(await withAncestors(catalog, parents)), ...categories]
}

/** Returns the keys that links in Markdown texts may name, current or earlier. */
const keysIn = (texts: readonly (string | null)[], track: string): string[] =>
  texts
    .flatMap(text => [...(text ?? '').matchAll(linkAddress)].map(([, address = '']) => address))
    .map(address => (address.includes('.') ? address : keyOf(track, address)))

/** Matches the address of a link in Markdown or HTML that may be the slug or key of a skill. */
const linkAddress = /(?:\]\(\s*<?|\]:\s*<?|\bhref\s*=\s*["']?)([a-z0-9-]+(?:\.[a-z0-9-]+)?)(?![\w./:-])/g
