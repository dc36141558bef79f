import type { Document, Mistake } from './document.ts'
import type { Draft } from './draft.ts'
import { depths } from './graph.ts'
import { keyOf } from './names.ts'
import { tiers } from './vocabulary.ts'

/** What is not wrong with a document, but which a good teacher would look at again. Only for one without mistakes. */
export const advise = (document: Document): Mistake[] => {
  const skills = new Map(document.skills.map(skill => [keyOf(document.track.slug, skill.slug), skill]))
  const deep = depths(new Map([...skills].map(([key, { prerequisites }]) => [key, prerequisites])))
  return document.skills.flatMap(skill => [
    ...implied(skill, skills, deep),
    ...harder(skill, skills),
    ...(skill.resources.length === 0
      ? [{ ...at(skill, []), message: `"${skill.title}" names no resource: where can it be learnt?` }]
      : []),
  ])
}

const at = (skill: Draft<'skill'>, path: Mistake['path']) => ({ noun: 'skill' as const, slug: skill.slug, path })

type Skills = ReadonlyMap<string, Draft<'skill'>>

/** An edge that the others imply says nothing and clutters every drawing. */
const implied = (skill: Draft<'skill'>, skills: Skills, deep: ReadonlyMap<string, number>): Mistake[] => {
  if (skill.prerequisites.length < 2) return []
  const least = Math.min(...skill.prerequisites.map(key => deep.get(key) ?? 0))
  const before = new Set<string>()
  const waiting = skill.prerequisites.flatMap(key => skills.get(key)?.prerequisites ?? [])
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    // Whatever lies less deep than every prerequisite cannot lead to one.
    if (before.has(key) || (deep.get(key) ?? 0) < least) continue
    before.add(key)
    waiting.push(...(skills.get(key)?.prerequisites ?? []))
  }
  return skill.prerequisites.flatMap((key, index) =>
    before.has(key)
      ? [
          {
            ...at(skill, ['prerequisites', index]),
            message: `"${skills.get(key)?.title}" comes before another prerequisite of "${skill.title}" already: this line can go`,
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
      },
    ]
  })
