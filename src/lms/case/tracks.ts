import type { Catalog } from '../../catalog.ts'
import type { Answer } from '../../model/curriculum.ts'

/** All tracks in order. */
export async function* everyTrack(catalog: Catalog): AsyncIterable<Answer<'track'>> {
  let after: string | undefined
  for (;;) {
    const { data, more, cursor } = await catalog.list('track', {}, { limit: 200, sort: 'default', after })
    yield* data
    if (!more) return
    after = cursor(data.length - 1)
  }
}
