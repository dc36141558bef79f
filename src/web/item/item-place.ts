import type { Catalog } from '../../catalog.ts'
import { trackOf } from '../../model/keys.ts'
import { compareInOrder } from '../../model/path.ts'
import { type PathTarget, pathToTargets } from '../content/path-targets.ts'
import type { NounWithPage } from '../page/links.ts'

/** The place of an item among its neighbours in the curriculum, or on the path to targets. */
export interface ItemPlace {
  /** The keys of the items before and after it. */
  previous?: string | undefined
  next?: string | undefined
  path?: { targets: PathTarget[]; step: number; count: number }
}

/** Finds the place of an item. A skill that is no step on the path to the targets is placed in the curriculum. */
export const findItemPlace = async (
  catalog: Catalog,
  noun: NounWithPage,
  { key, track }: { key: string; track: string },
  targets: PathTarget[],
): Promise<ItemPlace> => {
  if (noun !== 'skill') {
    const { data } = await catalog.list(noun, { track: [track] }, { limit: maxNeighbours, sort: 'default', fields: [] })
    return neighboursOf(key, data)
  }
  const { steps } = await pathToTargets(catalog, track, targets)
  const step = steps.findIndex(one => one.key === key) + 1
  if (step > 0) return { ...neighboursOf(key, steps), path: { targets, step, count: steps.length } }
  const skills = [...(await catalog.graph(track)).values()].filter(one => trackOf(one.key) === track)
  return neighboursOf(key, skills.sort(compareInOrder))
}

/** The most projects or exercises of a track that lead to each other. */
const maxNeighbours = 1_000

/** Returns the neighbours of an item; none if it is not in the list. */
const neighboursOf = (key: string, items: readonly { key: string }[]): Pick<ItemPlace, 'previous' | 'next'> => {
  const index = items.findIndex(one => one.key === key)
  return index < 0 ? {} : { previous: items[index - 1]?.key, next: items[index + 1]?.key }
}
