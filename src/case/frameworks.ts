import { LRUCache } from 'lru-cache'
import type { Catalog } from '../catalog.ts'
import { concerning } from '../http/track-dependencies.ts'
import { trackOf } from '../model/keys.ts'
import { type Framework, frameworkOf } from './framework.ts'
import { type IdSet, idSet } from './id-set.ts'
import { rubricsOf } from './rubrics.ts'
import { everyTrack } from './tracks.ts'

/** Frameworks by track, each made once for as long as the tracks it speaks of are what they were. `noting` is the catalog of an answer. */
export interface Frameworks {
  /** The framework of a track; undefined where there is none. */
  of(noting: Catalog, track: string): Promise<Framework | undefined>
  /** When anything in the package of a track last changed. */
  changedAt(noting: Catalog, track: string): Promise<string | undefined>
  /** What `look` sees in the framework that knows an id. */
  find<T>(noting: Catalog, id: string, look: (framework: Framework) => T | undefined): Promise<T | undefined>
}

interface Kept<T> {
  what: T
  /** The last change at which it was seen to hold. */
  heldAt: number
  tracks: ReadonlySet<string>
}

/** What stays in memory of every track. */
interface Sketch {
  changedAt: string
  ids: IdSet
}

/** So many items and associations of all tracks are kept, a few hundred bytes each. */
const most = 200_000

export const frameworksIn = (catalog: Catalog): Frameworks => {
  const whole = new LRUCache<string, Kept<Framework>>({
    maxSize: most,
    sizeCalculation: ({ what }) => what.items.size + what.edges.size + 1,
  })
  const sketches = new LRUCache<string, Kept<Sketch>>({ max: 10_000 })
  const underWay = new Map<string, Promise<Kept<Framework> | undefined>>()
  const holding = <T>(kept: Kept<T> | undefined, revision: number): Kept<T> | undefined => {
    if (kept === undefined) return undefined
    if (kept.heldAt !== revision && catalog.changedSince(kept.heldAt, kept.tracks)) return undefined
    kept.heldAt = revision
    return kept
  }
  const make = async (track: string, heldAt: number): Promise<Kept<Framework> | undefined> => {
    const concerned = concerning(catalog)
    const what = await frameworkOf(concerned.catalog, track)
    if (what === undefined) return undefined
    const tracks = concerned.tracks() as ReadonlySet<string> // only tracks by name were asked about
    const kept = { what, heldAt, tracks }
    whole.set(track, kept)
    sketches.set(track, { what: sketchOf(what), heldAt, tracks })
    return kept
  }
  const keptOf = async (track: string): Promise<Kept<Framework> | undefined> => {
    const revision = await catalog.revision()
    const name = `${revision} ${track}`
    const known = holding(whole.get(track), revision) ?? underWay.get(name)
    if (known !== undefined) return known
    const made = make(track, revision).finally(() => underWay.delete(name))
    underWay.set(name, made)
    return made
  }
  const of: Frameworks['of'] = async (noting, track) => {
    const kept = await keptOf(track)
    return kept && noted(noting, kept)
  }
  const sketched = async (noting: Catalog, track: string): Promise<Sketch | undefined> => {
    const known = holding(sketches.get(track), await catalog.revision())
    if (known !== undefined) return noted(noting, known)
    const framework = await of(noting, track)
    return framework && sketches.get(track)?.what
  }
  const seen = async <T>(noting: Catalog, track: string, look: (framework: Framework) => T): Promise<T | undefined> => {
    const framework = await of(noting, track)
    return framework && look(framework)
  }
  return {
    of,
    changedAt: async (noting, track) => (await sketched(noting, track))?.changedAt,
    find: async (noting, id, look) => {
      const node = await catalog.findById(id)
      if (node !== undefined) return seen(noting, trackOf(node.key), look)
      for (const { key } of await everyTrack(catalog)) {
        const sketch = await sketched(catalog, key)
        const found = sketch?.ids.has(id) ? await seen(noting, key, look) : undefined
        if (found !== undefined) return found
      }
      return undefined
    },
  }
}

const sketchOf = (framework: Framework): Sketch => ({
  changedAt: framework.changedAt,
  ids: idSet([...framework.items.keys(), ...framework.edges.keys(), ...rubricsOf(framework).map(({ id }) => id)]),
})

/** Asks for these tracks, so that the answer is known to speak of them though the question was asked before. */
const noted = <T>(noting: Catalog, { what, tracks }: Kept<T>): T => {
  for (const track of tracks) noting.cachedDocument(track)
  return what
}
