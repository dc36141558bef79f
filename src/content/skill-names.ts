import { Refused } from '../errors.ts'
import { Slug } from '../model/keys.ts'
import { slugFrom } from './suggest-slug.ts'
import { nameOf, type Track } from './track.ts'

/** A slug that a skill of the track can take: one that never was another's than its `own`, since clients may still ask for that. */
export const freeSlug = (track: Track, slug: string, own?: string): string => {
  const [issue] = Slug.safeParse(slug).error?.issues ?? []
  const possible = slugFrom(slug)
  if (issue !== undefined)
    throw new Refused(
      `"${slug}" cannot be a slug: ${issue.message}${possible === '' ? '' : `; "${possible}" would do`}`,
    )
  if (track.homes.has(nameOf('skill', slug)))
    throw new Refused(`there already is a skill "${slug}": choose another slug`)
  const former = track.document.skills.find(({ formerly }) => formerly.includes(slug))
  if (former !== undefined && former.slug !== own)
    throw new Refused(
      `"${slug}" was the slug of "${former.slug}", and an earlier slug is never used again: choose another one`,
    )
  return slug
}
