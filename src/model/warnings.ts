import type { Document, Mistake } from './document.ts'
import type { Draft } from './draft.ts'
import { depths, edgesWithin } from './graph.ts'
import { keyOf } from './keys.ts'
import { held } from './required.ts'
import { tiers } from './vocabulary.ts'

/** What is not wrong with a document, but which a good teacher would look at again. Only for one without mistakes. */
export const advise = (document: Document): Mistake[] => {
  const skills = new Map(document.skills.map(skill => [keyOf(document.track.slug, skill.slug), skill]))
  const edges = edgesWithin(skills)
  const deep = depths(edges)
  return document.skills.flatMap(skill => [
    ...implied(skill, held(edges, keyOf(document.track.slug, skill.slug)), edges, deep, skills),
    ...harder(skill, skills),
    ...(skill.resources.length === 0
      ? [
          {
            ...at(skill, []),
            message: `"${skill.title}" names no resource: where can it be learnt?`,
            kind: 'skills name no resource to learn them from',
          },
        ]
      : []),
  ])
}

const at = (skill: Draft<'skill'>, path: Mistake['path']) => ({ noun: 'skill' as const, slug: skill.slug, path })

type Skills = ReadonlyMap<string, Draft<'skill'>>

/** An edge that the others imply says nothing and clutters every drawing. */
const implied = (
  skill: Draft<'skill'>,
  own: readonly string[],
  edges: ReadonlyMap<string, readonly string[]>,
  deep: ReadonlyMap<string, number>,
  skills: Skills,
): Mistake[] => {
  const least = Math.min(...own.map(key => held(deep, key)))
  const before = new Set<string>()
  const waiting = own.flatMap(key => held(edges, key))
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    // Whatever lies less deep than every prerequisite cannot lead to one.
    if (before.has(key) || held(deep, key) < least) continue
    before.add(key)
    waiting.push(...held(edges, key))
  }
  return skill.prerequisites.flatMap((key, index) =>
    before.has(key)
      ? [
          {
            ...at(skill, ['prerequisites', index]),
            message: `"${held(skills, key).title}" comes before another prerequisite of "${skill.title}" already: this line can go`,
            kind: 'prerequisites come before another prerequisite already, and can go',
          },
        ]
      : [],
  )
}

const harder = (skill: Draft<'skill'>, skills: Skills): Mistake[] =>
  skill.prerequisites.flatMap((key, index) => {
    const before = skills.get(key)
    if (before === undefined || tiers.indexOf(before.tier) <= tiers.indexOf(skill.tier)) return []
    return [
      {
        ...at(skill, ['prerequisites', index]),
        message: `"${before.title}" is ${before.tier}, and comes before "${skill.title}", which is ${skill.tier}: is that meant?`,
        kind: 'prerequisites are of a harder tier than what they come before',
      },
    ]
  })
