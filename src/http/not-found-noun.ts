import type { Catalog } from '../catalog.ts'
import { Failure, notFound } from '../errors.ts'
import { slugOf, trackOf } from '../model/keys.ts'
import { type Noun, plurals } from '../model/vocabulary.ts'
import { nearest } from '../query/suggest.ts'

/** Why an address leads to no noun, with the key that was probably meant. */
export const nounNotFound = async (catalog: Catalog, noun: Noun, ref: string): Promise<Failure> => {
  if (ref === '')
    return new Failure(
      'NOT_FOUND',
      `The address names no ${noun}; /v1/${plurals[noun]}, without a slash at its end, lists them all.`,
    )
  return notFound(
    noun,
    ref,
    ref.includes('.') ? await nearestKey(catalog, noun, ref) : await nearestSlug(catalog, noun, ref),
  )
}

/** In its own track, where there is such a track. */
const nearestKey = async (catalog: Catalog, noun: Noun, ref: string): Promise<string | undefined> => {
  const near = await catalog.keys(noun, [trackOf(ref)])
  return nearest(ref, near.length > 0 ? near : await catalog.keys(noun))
}

/** A slug alone is no address: whoever wrote one is told the key. */
const nearestSlug = async (catalog: Catalog, noun: Noun, ref: string): Promise<string | undefined> => {
  const keys = await catalog.keys(noun)
  const meant = nearest(ref, keys.map(slugOf))
  return keys.find(key => slugOf(key) === meant)
}
