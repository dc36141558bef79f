import { LRUCache } from 'lru-cache'
import { type Catalog, parseItems } from '../catalog.ts'
import { trackDependencies } from '../http/track-dependencies.ts'
import type { Item } from '../model/curriculum.ts'
import { trackOf } from '../model/keys.ts'
import { type Framework, loadFramework } from './framework.ts'
import { rubricsOf } from './items.ts'

/**
 * Caches the framework of each track until a track that it depends on changes. `tracking` is the catalog of one request, which
 * records what the response depends on.
 */
export interface FrameworkCache {
  /** Returns the framework of a track; undefined when there is no such track. */
  get(tracking: Catalog, track: string): Promise<Framework | undefined>
  /** Returns the time of the last change in a track's package. */
  changedAt(tracking: Catalog, track: string): Promise<string | undefined>
  /** Calls `look` with the framework that contains an identifier or id, and returns its result. */
  find<T>(tracking: Catalog, id: string, look: (framework: Framework) => T | undefined): Promise<T | undefined>
}

interface CachedValue<T> {
  value: T
  /** The last revision at which the value was still current. */
  validAt: number
  tracks: ReadonlySet<string>
}

/** The part of a framework that stays in memory for every track. */
interface FrameworkSummary {
  changedAt: string
  ids: IdSet
}

/** The number of items and associations cached over all tracks; each takes a few hundred bytes. */
const maxNodes = 200_000

export const createFrameworkCache = (catalog: Catalog): FrameworkCache => {
  const frameworks = new LRUCache<string, CachedValue<Framework>>({
    maxSize: maxNodes,
    sizeCalculation: ({ value }) => value.items.size + value.edges.size + 1,
  })
  const summaries = new LRUCache<string, CachedValue<FrameworkSummary>>({ max: 10_000 })
  const loading = new Map<string, Promise<CachedValue<Framework> | undefined>>()
  const validated = <T>(entry: CachedValue<T> | undefined, revision: number): CachedValue<T> | undefined => {
    if (entry === undefined) return undefined
    if (entry.validAt !== revision && catalog.changedSince(entry.validAt, entry.tracks)) return undefined
    entry.validAt = revision
    return entry
  }
  const load = async (track: string, validAt: number): Promise<CachedValue<Framework> | undefined> => {
    const tracked = trackDependencies(catalog)
    const value = await loadFramework(tracked.catalog, track)
    if (value === undefined) return undefined
    const tracks = tracked.tracks() as ReadonlySet<string> // only tracks were read by key
    const entry = { value, validAt, tracks }
    frameworks.set(track, entry)
    summaries.set(track, { value: summarize(value), validAt, tracks })
    return entry
  }
  const getCached = async (track: string): Promise<CachedValue<Framework> | undefined> => {
    const revision = await catalog.revision()
    const loadKey = `${revision} ${track}`
    const cached = validated(frameworks.get(track), revision) ?? loading.get(loadKey)
    if (cached !== undefined) return cached
    const loaded = load(track, revision).finally(() => loading.delete(loadKey))
    loading.set(loadKey, loaded)
    return loaded
  }
  const get: FrameworkCache['get'] = async (tracking, track) => {
    const entry = await getCached(track)
    return entry && recordDependencies(tracking, entry)
  }
  const getSummary = async (tracking: Catalog, track: string): Promise<FrameworkSummary | undefined> => {
    const cached = validated(summaries.get(track), await catalog.revision())
    if (cached !== undefined) return recordDependencies(tracking, cached)
    const framework = await get(tracking, track)
    return framework && summaries.get(track)?.value
  }
  const lookIn = async <T>(
    tracking: Catalog,
    track: string,
    look: (framework: Framework) => T,
  ): Promise<T | undefined> => {
    const framework = await get(tracking, track)
    return framework && look(framework)
  }
  return {
    get,
    changedAt: async (tracking, track) => (await getSummary(tracking, track))?.changedAt,
    find: async (tracking, id, look) => {
      const node = await catalog.findByUuid(id)
      if (node !== undefined) return lookIn(tracking, trackOf(node.key), look)
      for (const { key } of await listTracks(catalog)) {
        const summary = await getSummary(catalog, key)
        const found = summary?.ids.has(id) ? await lookIn(tracking, key, look) : undefined
        if (found !== undefined) return found
      }
      return undefined
    },
  }
}

const summarize = (framework: Framework): FrameworkSummary => ({
  changedAt: framework.changedAt,
  ids: createIdSet([
    ...framework.items.keys(),
    ...framework.ids.keys(),
    ...framework.edges.keys(),
    ...rubricsOf(framework).map(({ id }) => id),
  ]),
})

/** Records the tracks that a cached value was built from. */
const recordDependencies = <T>(tracking: Catalog, { value, tracks }: CachedValue<T>): T => {
  tracking.dependOn(tracks)
  return value
}

/** A set of UUIDs that takes eight bytes each. It compares prefixes, so `has` may rarely return true for an id not in it. */
interface IdSet {
  has(id: string): boolean
}

const createIdSet = (ids: readonly string[]): IdSet => {
  const numbers = Float64Array.from(ids, idPrefix).sort()
  return {
    has: id => {
      const target = idPrefix(id)
      let [from, to] = [0, numbers.length]
      while (from < to) {
        const middle = (from + to) >> 1
        if (Number(numbers[middle]) < target) from = middle + 1
        else to = middle
      }
      return numbers[from] === target
    },
  }
}

/** The first 48 bits as a number, which represents them exactly. */
const idPrefix = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

/** Lists all tracks by key. Their positions differ between servers, so they are not used here. */
export const listTracks = async (catalog: Catalog): Promise<Item<'track'>[]> => {
  const tracks: Item<'track'>[] = []
  for (let after: string | undefined; ; ) {
    const { data, more, cursorAfter: cursor } = await catalog.list('track', {}, { limit: 200, sort: 'default', after })
    tracks.push(...parseItems(data))
    if (!more) return tracks.sort((one, other) => (one.key < other.key ? -1 : 1))
    after = cursor(data.length - 1)
  }
}
