import type { Outside } from '../model/check.ts'
import { everyDraft } from '../model/document.ts'
import { keyOf, trackOf } from '../model/names.ts'
import type { Track } from './track.ts'

/** What the other tracks of the same content hold, and beyond them what `outside` knows: files are newer than whatever was loaded. */
export const outsideOf = (tracks: Track[], track: Track, outside: Outside): Outside => {
  const others = tracks.filter(other => other !== track)
  const keys = new Map(others.flatMap(keysOf))
  return (noun, key) => {
    const known = keys.get(`${noun} ${key}`)
    if (known !== undefined || others.some(({ slug }) => slug === trackOf(key))) return known
    return outside(noun, key)
  }
}

/** Every name that a thing of a track has or had, with the key it has. */
const keysOf = ({ slug: track, document }: Track): [string, string][] =>
  everyDraft(document).flatMap(({ noun, draft }) => {
    const key = (slug: string) => (noun === 'track' ? slug : keyOf(track, slug))
    return [...draft.formerly, draft.slug].map((slug): [string, string] => [`${noun} ${key(slug)}`, key(draft.slug)])
  })
