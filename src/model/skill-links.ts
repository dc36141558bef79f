import { Key, keyOf, trackOf } from './keys.ts'

/**
 * Creates a function that returns the key of the skill that a link in Markdown names, such as `[Cargo](cargo)`: by its slug,
 * an earlier slug or a key. A key of another track is returned unchecked, since that track may be elsewhere. A file name is not a key.
 */
export const skillLinkResolver = (
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
