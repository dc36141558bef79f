import type { Catalog } from '../catalog.ts'
import type { Answer } from '../model/curriculum.ts'

/** All tracks in the order of their keys: their positions depend on when each came to this server, and the order here must not. */
export const everyTrack = async (catalog: Catalog): Promise<Answer<'track'>[]> => {
  const tracks: Answer<'track'>[] = []
  for (let after: string | undefined; ; ) {
    const { data, more, cursorAfter: cursor } = await catalog.list('track', {}, { limit: 200, sort: 'default', after })
    tracks.push(...data)
    if (!more) return tracks.sort((one, other) => (one.key < other.key ? -1 : 1))
    after = cursor(data.length - 1)
  }
}
