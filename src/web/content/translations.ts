import { type Catalog, parseItems } from '../../catalog.ts'
import type { Item } from '../../model/curriculum.ts'
import { keyOf, slugOf, trackOf } from '../../model/keys.ts'
import { itemPath, type NounWithPage } from '../page/links.ts'

/** A page in one of several languages. */
export interface Translation {
  language: string
  path: string
}

type TrackLanguage = Pick<Item<'track'>, 'slug' | 'language' | 'translationOf'>

/** Returns the page of a track in all its languages; none if there is only one. */
export const trackTranslations = async (catalog: Catalog, track: TrackLanguage): Promise<Translation[]> => {
  const tracks = await translatedTracks(catalog, track)
  return several(tracks.map(({ slug, language }) => ({ language, path: `tracks/${slug}` })))
}

/**
 * Returns the page of an item in all its languages; none if there is only one. The item of another track is the one that is declared
 * to be the same, or else has the same slug.
 */
export const itemTranslations = async (
  catalog: Catalog,
  noun: NounWithPage,
  { key, slug, sameAs = [] }: { key: string; slug: string; sameAs?: readonly string[] },
  track: TrackLanguage,
): Promise<Translation[]> => {
  const tracks = await translatedTracks(catalog, track)
  if (tracks.length < 2) return []
  const candidates = tracks.map(other => ({
    language: other.language,
    keys:
      other.slug === track.slug
        ? [key]
        : [...sameAs.filter(one => trackOf(one) === other.slug), keyOf(other.slug, slug)],
  }))
  const found = await catalog.byKeys(
    noun,
    candidates.flatMap(({ keys }) => keys),
    ['slug'],
  )
  const existing = new Set(found.map(item => item.key))
  return several(
    candidates.flatMap(({ language, keys }) => {
      const translated = keys.find(one => existing.has(one))
      return translated === undefined
        ? []
        : [{ language, path: itemPath(trackOf(translated), noun, slugOf(translated)) }]
    }),
  )
}

const several = (translations: Translation[]): Translation[] => (translations.length < 2 ? [] : translations)

/** Returns a track with its original and the other translations of it. */
const translatedTracks = async (catalog: Catalog, track: TrackLanguage): Promise<TrackLanguage[]> => {
  const fields = ['slug', 'language', 'translationOf']
  const { data } = await catalog.list('track', {}, { limit: 1_000, sort: 'default', fields })
  const original = track.translationOf ?? track.slug
  return parseItems(data).filter(({ slug, translationOf }) => slug === original || translationOf === original)
}
