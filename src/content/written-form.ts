import { followRenames } from '../model/compare-documents.ts'
import { schemas } from '../model/curriculum.ts'
import { type Document, type Draft, draftsOf, mapDrafts } from '../model/document.ts'
import { fieldsOf } from '../model/fields.ts'
import { keyOf } from '../model/keys.ts'
import type { Noun } from '../model/vocabulary.ts'

/**
 * A document as the author of `existing` would have written it: references in the order in which they were written, since
 * their order says nothing, and each pair of related skills on the side on which it was.
 */
export const asWritten = (document: Document, existing: Document): Document => {
  const known = followRenames(existing, document)
  const related = relatedOnce(document, known)
  return mapDrafts(document, (noun, draft) => {
    const names = writtenLists(noun)
    if (names.length === 0) return draft
    const before = knownAs(draftsOf(known, noun), draft) as Partial<Lists> | undefined // these fields are lists of keys
    const now = { ...draft, ...(noun === 'skill' && { related: related(draft as Draft<'skill'>) }) } // the noun decides the type
    const lists = names.map(name => [name, inOrderOf(before?.[name], (now as unknown as Lists)[name] as string[])])
    return { ...now, ...Object.fromEntries(lists) }
  })
}

/** Names of the fields of a noun that are written as lists of keys. */
const writtenLists = (noun: Noun): string[] =>
  fieldsOf(schemas[noun]).flatMap(({ name, list, readonly, references }) =>
    list && !readonly && references !== undefined ? [name] : [],
  )

type Lists = Record<string, string[]>

const knownAs = <D extends Draft>(before: D[], { slug, formerly }: D): D | undefined =>
  [slug, ...formerly].flatMap(name => before.find(one => one.slug === name) ?? [])[0]

const inOrderOf = (before: readonly string[] = [], after: readonly string[]): string[] => {
  const kept = before.filter(key => after.includes(key))
  return [...new Set([...kept, ...after])]
}

/** What a skill's file says of the pairs it is in: those that it said before, and new ones where it is the first of the two. */
const relatedOnce = ({ track, skills }: Document, known: Document) => {
  const keyFor = ({ slug }: Draft<'skill'>) => keyOf(track.slug, slug)
  const places = new Map(skills.map((skill, index) => [keyFor(skill), index]))
  const written = new Map(skills.map(skill => [keyFor(skill), new Set(knownAs(known.skills, skill)?.related)]))
  return (skill: Draft<'skill'>): string[] => {
    const own = keyFor(skill)
    const isBefore = (key: string) => (places.get(key) ?? skills.length) > skills.indexOf(skill)
    return skill.related.filter(key => written.get(own)?.has(key) || (!written.get(key)?.has(own) && isBefore(key)))
  }
}
