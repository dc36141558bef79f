import { allDrafts, type Document, type Draft, type Mistake, mapDrafts } from './document.ts'
import { keyOf, qualifiedKeyOf } from './keys.ts'
import { mapReferences, type Path } from './references.ts'
import { type Noun, nouns, plurals } from './vocabulary.ts'

/** Returns the current key of an item outside the document by its key or an earlier one; undefined if there is none. */
export type ResolveExternal = (noun: Noun, key: string) => string | undefined

/** A whole track, or a part of one: references to its other items are external. */
export type Extent = 'whole' | 'part'

/**
 * Resolves every reference of a document to a current key. A reference may be a slug, a key, or a key made of an earlier slug.
 * One that cannot be resolved stays as it is, and is a mistake, as is a name that two items have.
 */
export const resolveReferences = (
  document: Document,
  resolveExternal: ResolveExternal,
  extent: Extent,
): { document: Document; mistakes: Mistake[] } => {
  const mistakes: Mistake[] = []
  const keys = collectKeys(document, mistakes)
  const track = document.track.slug
  const find = (noun: Noun, reference: string): string | undefined => {
    if (noun === 'track') return keys.track.get(reference) ?? resolveExternal('track', reference)
    const key = reference.includes('.') ? reference : keyOf(track, reference)
    return (
      keys[noun].get(key) ??
      (extent === 'whole' && key.startsWith(`${track}.`) ? undefined : resolveExternal(noun, key))
    )
  }
  const resolveIn = <N extends Noun>(noun: N, draft: Draft<N>) =>
    mapReferences(noun, draft, (target, reference, path) => {
      const { noun: targetNoun, name } =
        target === 'any' ? parseQualifiedKey(reference, track) : { noun: target, name: reference }
      const key = targetNoun && find(targetNoun, name)
      if (targetNoun !== undefined && key !== undefined) return target === 'any' ? qualifiedKeyOf(targetNoun, key) : key
      mistakes.push(unknownReference({ noun, slug: draft.slug, path }, target, reference, keys, track))
      return reference
    })
  return { document: mapDrafts(document, resolveIn), mistakes }
}

/** Maps each key of a noun, current or earlier, to the current key. */
type CurrentKeys = Record<Noun, Map<string, string>>

const collectKeys = (document: Document, mistakes: Mistake[]): CurrentKeys => {
  const keys = Object.fromEntries(nouns.map(noun => [noun, new Map<string, string>()])) as CurrentKeys // one entry a noun
  const keyFor = (noun: Noun, slug: string) => (noun === 'track' ? slug : keyOf(document.track.slug, slug))
  for (const { noun, draft } of allDrafts(document)) {
    const key = keyFor(noun, draft.slug)
    if (keys[noun].has(key))
      mistakes.push({
        noun,
        slug: draft.slug,
        path: [],
        message: `there are two ${plurals[noun]} called "${draft.slug}": give one of them another slug`,
      })
    keys[noun].set(key, key)
  }
  for (const { noun, draft } of allDrafts(document)) {
    for (const [index, former] of draft.formerly.entries()) {
      const key = keyFor(noun, former)
      const owner = keys[noun].get(key)
      // Something that was renamed and got its old slug back still lists that slug first: its id is derived from it.
      const isOwn = former === draft.slug && draft.formerly.indexOf(former) === index
      if (owner !== undefined && !isOwn)
        mistakes.push({
          noun,
          slug: draft.slug,
          path: ['formerly', index],
          message: `"${former}" is the name of another ${noun} (${owner}): an earlier slug cannot be used again`,
        })
      else keys[noun].set(key, keyFor(noun, draft.slug))
    }
  }
  return keys
}

/** Parses `python.skill.decorators`, or without the track `skill.decorators`; the track itself is its slug or `track`. */
export const parseQualifiedKey = (qualified: string, track: string): { noun: Noun | undefined; name: string } => {
  const parts = qualified.split('.')
  const [slug, noun, owner] = [parts.at(-1) as string, parts.at(-2), parts.at(-3) ?? track] // split yields at least one part
  if (noun === undefined) return { noun: 'track', name: slug === 'track' ? track : slug }
  return { noun: nouns.find(known => known === noun), name: keyOf(owner, slug) }
}

const unknownReference = (
  at: { noun: Noun; slug: string; path: Path },
  target: Noun | 'any',
  reference: string,
  keys: CurrentKeys,
  track: string,
): Mistake => {
  const short = (key: string) => (key.startsWith(`${track}.`) ? key.slice(track.length + 1) : key)
  if (target !== 'any')
    return {
      ...at,
      message: `there is no ${target} called "${reference}"`,
      unknown: { noun: target, given: reference, known: [...keys[target].keys()].map(short) },
    }
  const known = nouns.flatMap(noun =>
    [...keys[noun].keys()].map(key => (noun === 'track' ? 'track' : `${noun}.${short(key)}`)),
  )
  return {
    ...at,
    message: `nothing is called "${reference}": write the noun and the slug, such as skill.decorators`,
    unknown: { noun: target, given: reference, known },
  }
}
