import type { Catalog, Filter } from '../catalog.ts'
import { trackOf } from '../model/keys.ts'

/** Returns a catalog that records the tracks that are read through it: only a change to one of them can change the result. */
export const trackDependencies = (
  catalog: Catalog,
): {
  catalog: Catalog /** Returns the recorded tracks; undefined for all tracks. */
  tracks: () => ReadonlySet<string> | undefined
} => {
  const recorded = new Set<string>()
  let every = false
  const record = (tracks: Iterable<string> | undefined): void => {
    if (tracks === undefined) every = true
    else for (const track of tracks) recorded.add(track)
  }
  const tracking: Catalog = {
    ...catalog,
    dependOn: record,
    find: async (noun, ref) => {
      const found = await catalog.find(noun, ref)
      if (found !== undefined && 'item' in found) record([trackOf(found.item.key)])
      else record(undefined)
      return found
    },
    findById: async id => {
      const known = await catalog.findById(id)
      record(known && tracksOf([known.key]))
      return known
    },
    findByUuid: async uuid => {
      const known = await catalog.findByUuid(uuid)
      record(known && tracksOf([known.key]))
      return known
    },
    byKeys: (noun, keys, fields) => {
      record(tracksOf(keys))
      return catalog.byKeys(noun, keys, fields)
    },
    list: (noun, filter, page) => {
      record(tracksIn(filter))
      return catalog.list(noun, filter, page)
    },
    removed: (noun, of) => {
      record(of.track)
      return catalog.removed(noun, of)
    },
    count: (noun, filter) => {
      record(tracksIn(filter))
      return catalog.count(noun, filter)
    },
    currentKeys: (noun, keys) => {
      record(tracksOf(keys))
      return catalog.currentKeys(noun, keys)
    },
    withSubcategories: keys => {
      record(tracksOf(keys))
      return catalog.withSubcategories(keys)
    },
    keys: (noun, tracks) => {
      record(tracks)
      return catalog.keys(noun, tracks)
    },
    changes: query => {
      record(query.tracks)
      return catalog.changes(query)
    },
    document: track => {
      record([track])
      return catalog.document(track)
    },
    storedTrack: track => {
      record([track])
      return catalog.storedTrack(track)
    },
    roadmap: track => {
      record([track])
      return catalog.roadmap(track)
    },
    pictures: (track, path) => {
      record([track])
      return catalog.pictures(track, path)
    },
    graph: async track => {
      const graph = await catalog.graph(track)
      record([track, ...tracksOf(graph.keys())])
      return graph
    },
    // Scores depend on the texts of all tracks.
    search: query => {
      record(undefined)
      return catalog.search(query)
    },
    indexedWords: () => {
      record(undefined)
      return catalog.indexedWords()
    },
    trackSizes: () => {
      record(undefined)
      return catalog.trackSizes()
    },
  }
  return { catalog: tracking, tracks: () => (every ? undefined : recorded) }
}

/** Yields the track of each key that differs from the track of the key before. */
const tracksOf = function* (keys: Iterable<string>): Iterable<string> {
  let last: string | undefined
  for (const key of keys) {
    const track = trackOf(key)
    if (track !== last) yield track
    last = track
  }
}

/** Returns the tracks a filter names, or those of its categories; undefined for all tracks. */
const tracksIn = ({ track, category }: Filter): Iterable<string> | undefined =>
  track ?? (category && tracksOf(category))
