import { type Catalog, parseItems } from '../../catalog.ts'
import type { Item } from '../../model/curriculum.ts'

/** Returns all tracks in their order. */
export const listTracks = async (catalog: Catalog): Promise<Item<'track'>[]> =>
  parseItems((await catalog.list('track', {}, { limit: maxTracks, sort: 'default' })).data)

const maxTracks = 10_000

/** Returns the language of all tracks if they share one, else English. */
export const sharedLanguage = (tracks: readonly Pick<Item<'track'>, 'language'>[]): string => {
  const [language = 'en', ...others] = new Set(tracks.map(track => new Intl.Locale(track.language).language))
  return others.length === 0 ? language : 'en'
}
