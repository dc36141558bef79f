import { type Catalog, parseItems } from '../catalog.ts'
import { keyOf, trackOf } from '../model/keys.ts'
import { compareInOrder, learningPath } from '../model/path.ts'
import type { NounWithPage } from './links.ts'

/** The place of an item among its neighbours in the curriculum, or on the path to a target. */
export interface ItemPlace {
  /** The keys of the items before and after it. */
  previous?: string | undefined
  next?: string | undefined
  path?: PathPlace
}

export interface PathPlace {
  /** The target as it is in the URL: `decorators`, `project:url-shortener`. */
  to: string
  title: string
  step: number
  count: number
}

/** Finds the place of an item. A skill that is no step on the path to the target is placed in the curriculum. */
export const findItemPlace = async (
  catalog: Catalog,
  noun: NounWithPage,
  { key, track }: { key: string; track: string },
  to: string | undefined,
): Promise<ItemPlace> => {
  if (noun !== 'skill') {
    const { data } = await catalog.list(noun, { track: [track] }, { limit: maxNeighbours, sort: 'default', fields: [] })
    return neighboursOf(
      key,
      data.map(item => item.key),
    )
  }
  const graph = await catalog.graph(track)
  const target = to === undefined ? undefined : await findTarget(catalog, track, to)
  if (to !== undefined && target !== undefined) {
    const steps = learningPath(graph, target.skills, new Set()).map(step => step.key)
    const step = steps.indexOf(key) + 1
    if (step > 0) return { ...neighboursOf(key, steps), path: { to, title: target.title, step, count: steps.length } }
  }
  const skills = [...graph.values()].filter(skill => trackOf(skill.key) === track).sort(compareInOrder)
  return neighboursOf(
    key,
    skills.map(skill => skill.key),
  )
}

/** The most projects or exercises of a track that lead to each other. */
const maxNeighbours = 1_000

const neighboursOf = (key: string, keys: readonly string[]): ItemPlace => {
  const index = keys.indexOf(key)
  return { previous: keys[index - 1], next: index < 0 ? undefined : keys[index + 1] }
}

/** Finds the title and the skills of a target. */
const findTarget = async (
  catalog: Catalog,
  track: string,
  to: string,
): Promise<{ title: string; skills: readonly string[] } | undefined> => {
  const [, project] = /^project:(.+)$/.exec(to) ?? []
  const key = keyOf(track, project ?? to)
  if (project !== undefined) return parseItems(await catalog.byKeys('project', [key]))[0]
  const [skill] = parseItems(await catalog.byKeys('skill', [key]))
  return skill && { title: skill.title, skills: [skill.key] }
}
