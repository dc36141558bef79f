import { type Catalog, parseItems } from '../catalog.ts'
import { badParameter } from '../errors.ts'
import type { Item } from '../model/curriculum.ts'
import { keyOf, trackOf } from '../model/keys.ts'
import { learningPath, nextSkills, type PathStep, type SkillGraph } from '../model/path.ts'
import { skillsOfPlan } from '../model/plan.ts'
import type { Tier } from '../model/vocabulary.ts'
import { shorten } from './explain.ts'
import { keysOfRefs } from './ids.ts'
import { didYouMean, nearest } from './suggest.ts'

/** A skill to learn, and the keys of the skills that it is a direct prerequisite of. */
export type SkillToLearn = Item<'skill'> & { unlocks: string[] }

/** Returns the skills to learn on the way to skills or projects, without those that are already known. */
export const findLearningPath = async (
  catalog: Catalog,
  track: string,
  { to, known, plan }: PathQuestion,
): Promise<SkillToLearn[]> => {
  const projects = to.flatMap(name => projectName.exec(name)?.[1] ?? [])
  const skills = to.filter(name => !projectName.test(name))
  const targets = [
    ...(await resolveKeys(catalog, track, 'to', 'skill', skills)),
    ...(await skillsOfProjects(catalog, await resolveKeys(catalog, track, 'to', 'project', projects))),
  ]
  const knownKeys = await resolveKeys(catalog, track, 'known', 'skill', known ?? [])
  const planned = await skillsInPlan(catalog, track, plan)
  const graph = await graphOf(catalog, [track, ...targets.map(trackOf)])
  return withSkills(catalog, learningPath(graph, targets, new Set(knownKeys), planned))
}

/** The targets of a path, the known skills, and the plan whose order it follows. */
interface PathQuestion {
  to: readonly string[]
  known?: readonly string[] | null | undefined
  plan?: string | null | undefined
}

/** Merges the graphs of several tracks, since a target can be in another track. Skills of the first track come first among equals. */
const graphOf = async (catalog: Catalog, tracks: readonly string[]): Promise<SkillGraph> => {
  const graphs = await Promise.all([...new Set(tracks)].map(track => catalog.graph(track)))
  const [first] = graphs
  if (first !== undefined && graphs.length === 1) return first
  const skills = new Map(graphs.flatMap(graph => [...graph]))
  return new Map([...skills.values()].map((skill, order) => [skill.key, { ...skill, order }]))
}

/** Returns the skills whose prerequisites are all known. */
export const findNextSkills = async (
  catalog: Catalog,
  track: string,
  { known, plan }: Omit<PathQuestion, 'to'>,
  only: { tier?: readonly Tier[] | undefined; category?: readonly string[] | undefined },
): Promise<SkillToLearn[]> => {
  const learnt = await resolveKeys(catalog, track, 'known', 'skill', known ?? [])
  const planned = await skillsInPlan(catalog, track, plan)
  const offered = (skill: { key: string; tier: Tier; category: string }) =>
    skill.key.startsWith(`${track}.`) &&
    (only.tier?.includes(skill.tier) ?? true) &&
    (only.category?.includes(skill.category) ?? true)
  return withSkills(catalog, nextSkills(await catalog.graph(track), new Set(learnt), offered, planned))
}

const withSkills = async (catalog: Catalog, steps: PathStep[]): Promise<SkillToLearn[]> => {
  const items = new Map(
    parseItems(
      await catalog.byKeys(
        'skill',
        steps.map(({ key }) => key),
      ),
    ).map(item => [item.key, item]),
  )
  // A skill may have been removed since the graph was read: the response is then rendered again.
  return steps.flatMap(({ key, unlocks }) => {
    const item = items.get(key)
    return item === undefined ? [] : [{ ...item, unlocks }]
  })
}

const projectName = /^project:(.+)$/

const skillsOfProjects = async (catalog: Catalog, projects: readonly string[]): Promise<string[]> =>
  parseItems(await catalog.byKeys('project', projects)).flatMap(({ skills }) => skills)

/** Returns the keys of the skills of a plan of this track, in order; none without a plan. */
const skillsInPlan = async (catalog: Catalog, track: string, name: string | null | undefined): Promise<string[]> => {
  if (name === undefined || name === null) return []
  const [key] = await resolveKeys(catalog, track, 'plan', 'plan', [name])
  if (key === undefined || trackOf(key) !== track) throw await unknownName(catalog, track, 'plan', 'plan', name)
  const plans = new Map<string, Item<'plan'>>()
  for (let keys = [key]; keys.length > 0; ) {
    const found = parseItems(await catalog.byKeys('plan', keys))
    for (const plan of found) plans.set(plan.key, plan)
    keys = found.flatMap(({ steps }) => steps.flatMap(({ plan }) => (plan === null || plans.has(plan) ? [] : [plan])))
  }
  return skillsOfPlan(key, plan => plans.get(plan))
}

/** Returns the current keys of slugs, keys, earlier keys or ids. */
const resolveKeys = async (
  catalog: Catalog,
  track: string,
  parameter: string,
  noun: 'skill' | 'project' | 'plan',
  names: readonly string[],
): Promise<string[]> => {
  const refs = (await keysOfRefs(catalog, parameter, noun, names)).map(name =>
    name.includes('.') ? name : keyOf(track, name),
  )
  const current = await catalog.currentKeys(noun, refs)
  const missing = names.find((_, index) => !current.has(refs[index] as string)) // there is a reference for each name
  if (missing !== undefined) throw await unknownName(catalog, track, parameter, noun, missing)
  return [...current.values()]
}

const unknownName = async (
  catalog: Catalog,
  track: string,
  parameter: string,
  noun: 'skill' | 'project' | 'plan',
  name: string,
) => {
  const keys = await catalog.keys(noun, [track])
  const words = name.includes('.') ? keys : keys.map(key => key.slice(track.length + 1))
  const meant = nearest(name, words)
  const suggestion = noun === 'project' && meant !== undefined ? `project:${meant}` : meant
  return badParameter(
    parameter,
    `There is no ${noun} called "${shorten(name)}" in ${track}${didYouMean(suggestion, '.')}`,
  )
}
