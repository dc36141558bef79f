import type { Catalog } from './catalog.ts'
import type { TrackContent } from './content/read.ts'
import { Failure } from './errors.ts'
import type { Loaded } from './loading.ts'

/**
 * Loads tracks as they come. What would break what is in the database waits, and is tried again with those that refer to it,
 * which may do so no longer, and once more at the end.
 */
export const loaderInto = (catalog: Catalog, result: Pick<Loaded, 'loaded' | 'refused'>) => {
  let waiting: { tracks: TrackContent[]; message: string }[] = []
  const load = async (tracks: TrackContent[]): Promise<void> => {
    const message = await loadTogether(catalog, tracks, result)
    if (message !== undefined) waiting.push({ tracks, message })
  }
  const take = async (tracks: TrackContent[], needs: ReadonlySet<string>): Promise<void> => {
    if (tracks.length === 0) return
    const needed = waiting.filter(one => one.tracks.some(({ slug }) => needs.has(slug)))
    waiting = waiting.filter(one => !needed.includes(one))
    await load([...needed.flatMap(one => one.tracks), ...tracks])
  }
  const finish = async (): Promise<void> => {
    const again = waiting
    waiting = []
    for (const { tracks } of again) await load(tracks)
    result.refused.push(...waiting.map(({ tracks, message }) => ({ slugs: tracks.map(({ slug }) => slug), message })))
  }
  return { take, finish }
}

/** All of them or, where they would break what is in the database, none; then the answer says how. */
const loadTogether = async (
  catalog: Catalog,
  tracks: TrackContent[],
  result: Pick<Loaded, 'loaded'>,
): Promise<string | undefined> => {
  try {
    const differences = await catalog.replace(...tracks)
    result.loaded.push(
      ...differences.map((difference, index) => ({ slug: (tracks[index] as TrackContent).slug, difference })),
    ) // one difference a track
    return undefined
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure
    return failure.message
  }
}
