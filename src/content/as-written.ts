import { followRenames } from '../model/compare.ts'
import type { Document } from '../model/document.ts'
import type { Draft } from '../model/draft.ts'
import { keyOf } from '../model/names.ts'

/**
 * A document as the author of `existing` would have written it: references in the order in which they were written, since
 * their order says nothing, and each pair of related skills on the side on which it was.
 */
export const asWritten = (document: Document, existing: Document): Document => {
  const known = followRenames(existing, document)
  const related = relatedOnce(document, known)
  return {
    ...document,
    skills: document.skills.map(skill => {
      const before = knownAs(known.skills, skill)
      return {
        ...skill,
        prerequisites: inOrderOf(before?.prerequisites, skill.prerequisites),
        related: inOrderOf(before?.related, related(skill)),
        resources: inOrderOf(before?.resources, skill.resources),
        sameAs: inOrderOf(before?.sameAs, skill.sameAs),
      }
    }),
    projects: document.projects.map(project => ({
      ...project,
      skills: inOrderOf(knownAs(known.projects, project)?.skills, project.skills),
    })),
  }
}

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
