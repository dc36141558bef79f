import type { Document, Draft, Mistake } from './document.ts'
import { depths, prerequisitesWithin, required } from './graph.ts'
import { keyOf } from './keys.ts'
import { tiers } from './tiers.ts'

/** Finds doubtful places in a document without mistakes: prerequisites that are redundant or far harder, and skills without a resource. */
export const findWarnings = (document: Document): Mistake[] => {
  const skills = new Map(document.skills.map(skill => [keyOf(document.track.slug, skill.slug), skill]))
  const edges = prerequisitesWithin(skills)
  const depthOf = depths(edges)
  return document.skills.flatMap(skill => [
    ...redundantPrerequisites(skill, required(edges, keyOf(document.track.slug, skill.slug)), edges, depthOf, skills),
    ...harderPrerequisites(skill, skills),
    ...(skill.resources.length === 0
      ? [
          {
            ...at(skill, []),
            message: `"${skill.title}" has no resource to learn it from`,
            kind: 'skills have no resource to learn them from',
          },
        ]
      : []),
  ])
}

const at = (skill: Draft<'skill'>, path: Mistake['path']) => ({ noun: 'skill' as const, slug: skill.slug, path })

type Skills = ReadonlyMap<string, Draft<'skill'>>

/** Finds prerequisites that the others imply: they add nothing and clutter every drawing of the graph. */
const redundantPrerequisites = (
  skill: Draft<'skill'>,
  own: readonly string[],
  edges: ReadonlyMap<string, readonly string[]>,
  deep: ReadonlyMap<string, number>,
  skills: Skills,
): Mistake[] => {
  const least = Math.min(...own.map(key => required(deep, key)))
  const reachable = new Set<string>()
  const pending = own.flatMap(key => required(edges, key))
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    // A skill that is less deep than every prerequisite cannot lead to one.
    if (reachable.has(key) || required(deep, key) < least) continue
    reachable.add(key)
    pending.push(...required(edges, key))
  }
  return skill.prerequisites.flatMap((key, index) =>
    reachable.has(key)
      ? [
          {
            ...at(skill, ['prerequisites', index]),
            message: `"${required(skills, key).title}" is already a prerequisite of another prerequisite of "${skill.title}": this line can be removed`,
            kind: 'prerequisites are implied by another prerequisite, and can be removed',
          },
        ]
      : [],
  )
}

/** Finds prerequisites that are more than one tier harder; one tier is common, since curricula place early tools late. */
const harderPrerequisites = (skill: Draft<'skill'>, skills: Skills): Mistake[] =>
  skill.prerequisites.flatMap((key, index) => {
    const before = skills.get(key)
    if (before === undefined || tiers.indexOf(before.tier) - tiers.indexOf(skill.tier) < 2) return []
    return [
      {
        ...at(skill, ['prerequisites', index]),
        message: `"${before.title}" is ${before.tier}, and comes before "${skill.title}", which is ${skill.tier}: check whether that is intended`,
        kind: 'prerequisites are two tiers harder than their skill',
      },
    ]
  })
