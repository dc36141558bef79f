import { Key, keyOf, trackOf } from './keys.ts'

/**
 * Returns the key of the skill that a link in Markdown names, as `[Cargo](cargo)` does: by its slug, an earlier slug or a key.
 * A key of another track is taken as it is, since that track may be elsewhere; the name of a file is none.
 */
export const skillNames = (
  track: string,
  skills: readonly { slug: string; formerly: readonly string[] }[],
): ((address: string) => string | undefined) => {
  const keys = new Map(
    skills.flatMap(({ slug, formerly }) => [...formerly, slug].map(name => [keyOf(track, name), keyOf(track, slug)])),
  )
  return address => {
    if (!Key.safeParse(address).success || /\.(ya?ml|md|html?)$/.test(address)) return undefined
    const key = address.includes('.') ? address : keyOf(track, address)
    return trackOf(key) === track ? keys.get(key) : key
  }
}
