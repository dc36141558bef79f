import type { Catalog, Filter } from '../catalog.ts'
import { trackOf } from '../model/keys.ts'

/** A catalog that notes which tracks it was asked about: only a change to one of these can change what came of it. */
export const concerning = (
  catalog: Catalog,
): { catalog: Catalog /** Undefined stands for every track. */; tracks: () => ReadonlySet<string> | undefined } => {
  const noted = new Set<string>()
  let every = false
  const note = (tracks: Iterable<string> | undefined): void => {
    if (tracks === undefined) every = true
    else for (const track of tracks) noted.add(track)
  }
  const noting: Catalog = {
    ...catalog,
    find: async (noun, ref) => {
      const found = await catalog.find(noun, ref)
      if (found !== undefined && 'answer' in found) note([found.answer.track])
      else note(undefined)
      return found
    },
    findById: async id => {
      const known = await catalog.findById(id)
      note(known && tracksOf([known.key]))
      return known
    },
    byKeys: (noun, keys) => {
      note(tracksOf(keys))
      return catalog.byKeys(noun, keys)
    },
    list: (noun, filter, page) => {
      note(tracksIn(filter))
      return catalog.list(noun, filter, page)
    },
    removed: (noun, of) => {
      note(of.track)
      return catalog.removed(noun, of)
    },
    count: (noun, filter) => {
      note(tracksIn(filter))
      return catalog.count(noun, filter)
    },
    currentKeys: (noun, keys) => {
      note(tracksOf(keys))
      return catalog.currentKeys(noun, keys)
    },
    keys: (noun, tracks) => {
      note(tracks)
      return catalog.keys(noun, tracks)
    },
    changes: query => {
      note(query.tracks)
      return catalog.changes(query)
    },
    document: track => {
      note([track])
      return catalog.document(track)
    },
    cachedByKeys: (noun, keys) => {
      note(tracksOf(keys))
      return catalog.cachedByKeys(noun, keys)
    },
    cachedDocument: track => {
      note([track])
      return catalog.cachedDocument(track)
    },
    graph: async track => {
      const graph = await catalog.graph(track)
      note([track, ...tracksOf(graph.keys())])
      return graph
    },
    // How well a text fits depends on all there is to compare it with.
    search: query => {
      note(undefined)
      return catalog.search(query)
    },
  }
  return { catalog: noting, tracks: () => (every ? undefined : noted) }
}

/** Each that is another than that of the key before. */
const tracksOf = function* (keys: Iterable<string>): Iterable<string> {
  let last: string | undefined
  for (const key of keys) {
    const track = trackOf(key)
    if (track !== last) yield track
    last = track
  }
}

/** A noun and its category are of one track. */
const tracksIn = ({ track, category }: Filter): Iterable<string> | undefined =>
  track ?? (category && tracksOf(category))
