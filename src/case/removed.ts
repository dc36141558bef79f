import { setImmediate as turn } from 'node:timers/promises'
import type { Catalog, Change } from '../catalog.ts'
import type { Answer } from '../model/curriculum.ts'
import { itemNouns } from './vocabulary.ts'

const page = 1_000

/** What was removed from a track and did not come back, in the order in which it was: as far as changes are remembered. */
export const removedFrom = async (catalog: Catalog, track: Answer<'track'>): Promise<Change[]> => {
  const last = new Map<string, Change>()
  for (const name of [...track.formerly, track.key])
    for await (const change of changesOf(catalog, name)) {
      last.delete(change.id)
      last.set(change.id, change)
    }
  return [...last.values()].filter(({ op }) => op === 'delete')
}

/** Other requests have their turn between pages: a track may have changed often. */
async function* changesOf(catalog: Catalog, track: string): AsyncIterable<Change> {
  let cursor = 0
  for (;;) {
    const { data, more } = await catalog.changes({ cursor, limit: page, nouns: itemNouns, tracks: [track] })
    yield* data
    if (!more) return
    cursor = data.reduce((_, { seq }) => seq, cursor)
    await turn()
  }
}
