import type { Catalog } from '../catalog.ts'
import { badParameter } from '../errors.ts'
import type { Answer } from '../model/curriculum.ts'
import { keyOf, trackOf } from '../model/names.ts'
import { nextAfter, pathTo, type SkillGraph, type Step } from '../model/path.ts'
import type { Tier } from '../model/vocabulary.ts'
import { nearest } from '../suggest.ts'

/** A skill to learn, and the keys of what it is a direct prerequisite of. */
export type Learning = Answer<'skill'> & { unlocks: string[] }

/** The way to some skills, or to what projects exercise, for somebody who knows some already. */
export const wayTo = async (
  catalog: Catalog,
  track: string,
  to: readonly string[],
  known: readonly string[],
): Promise<Learning[]> => {
  const targets = (await Promise.all(to.map(name => targetOf(catalog, track, name)))).flat()
  const learnt = await skillsNamed(catalog, track, 'known', known)
  return withSkills(catalog, pathTo(await graphOf(catalog, [track, ...targets.map(trackOf)]), targets, new Set(learnt)))
}

/** The graph of several tracks, since a target may be in another: the first track's skills come first among equals. */
const graphOf = async (catalog: Catalog, tracks: readonly string[]): Promise<SkillGraph> => {
  const graphs = await Promise.all([...new Set(tracks)].map(track => catalog.graph(track)))
  const [first] = graphs
  if (first !== undefined && graphs.length === 1) return first
  const skills = new Map(graphs.flatMap(graph => [...graph]))
  return new Map([...skills.values()].map((skill, order) => [skill.key, { ...skill, order }]))
}

/** What somebody who knows some skills can start now. */
export const startable = async (
  catalog: Catalog,
  track: string,
  known: readonly string[],
  only: { tier?: readonly Tier[] | undefined; category?: readonly string[] | undefined },
): Promise<Learning[]> => {
  const learnt = await skillsNamed(catalog, track, 'known', known)
  const offered = (skill: { key: string; tier: Tier; category: string }) =>
    skill.key.startsWith(`${track}.`) &&
    (only.tier?.includes(skill.tier) ?? true) &&
    (only.category?.includes(skill.category) ?? true)
  return withSkills(catalog, nextAfter(await catalog.graph(track), new Set(learnt), offered))
}

const withSkills = async (catalog: Catalog, steps: Step[]): Promise<Learning[]> => {
  const answers = new Map(
    (
      await catalog.byKeys(
        'skill',
        steps.map(({ key }) => key),
      )
    ).map(answer => [answer.key, answer]),
  )
  // One may have gone since the graph was read: then the answer is made again.
  return steps.flatMap(({ key, unlocks }) => {
    const answer = answers.get(key)
    return answer === undefined ? [] : [{ ...answer, unlocks }]
  })
}

const ofProject = /^project:(.+)$/

const targetOf = async (catalog: Catalog, track: string, name: string): Promise<string[]> => {
  const project = ofProject.exec(name)?.[1]
  if (project === undefined) return skillsNamed(catalog, track, 'to', [name])
  const asked = project.includes('.') ? project : keyOf(track, project)
  const key = (await catalog.currentKeys('project', [asked])).get(asked)
  const [found] = key === undefined ? [] : await catalog.byKeys('project', [key])
  if (found === undefined) throw await unknown(catalog, track, 'to', 'project', project)
  return found.skills
}

/** Current keys of skills named by slug, key or an earlier key. */
const skillsNamed = async (
  catalog: Catalog,
  track: string,
  parameter: string,
  names: readonly string[],
): Promise<string[]> => {
  const asked = names.map(name => (name.includes('.') ? name : keyOf(track, name)))
  const current = await catalog.currentKeys('skill', asked)
  const missing = names.find(name => !current.has(name) && !current.has(keyOf(track, name)))
  if (missing !== undefined) throw await unknown(catalog, track, parameter, 'skill', missing)
  return [...current.values()]
}

const unknown = async (catalog: Catalog, track: string, parameter: string, noun: 'skill' | 'project', name: string) => {
  const keys = await catalog.keys(noun, [track])
  const words = name.includes('.') ? keys : keys.map(key => key.slice(track.length + 1))
  const meant = nearest(name.slice(0, 80), words)
  return badParameter(
    parameter,
    `There is no ${noun} called "${name.slice(0, 80)}" in ${track}.${meant === undefined ? '' : ` Did you mean "${noun === 'project' ? 'project:' : ''}${meant}"?`}`,
  )
}
