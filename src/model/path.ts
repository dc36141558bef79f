import { type Tier, tiers } from './vocabulary.ts'

/** A skill as the graph of prerequisites sees it. */
export interface GraphSkill {
  key: string
  tier: Tier
  category: string
  /** Its place in the curriculum: of two skills the one with the lesser comes first. */
  order: number
  /** Keys of the skills that come directly before it. */
  prerequisites: readonly string[]
}

/** Skills by key, with all that any of them needs. */
export type SkillGraph = ReadonlyMap<string, GraphSkill>

/** A skill to learn, and the skills it is a direct prerequisite of. */
export interface Step {
  key: string
  unlocks: string[]
}

/**
 * What is still to be learnt for the targets, every prerequisite first; among those that could come next, the easier
 * tier and the earlier place. Who knows a skill knows what it needs.
 */
export const pathTo = (graph: SkillGraph, targets: readonly string[], known: ReadonlySet<string>): Step[] => {
  const needed = neededFor(graph, targets, withNeeds(graph, known))
  const unlocks = dependentsWithin(needed)
  const waitsFor = new Map(
    [...needed].map(([key, skill]) => [key, skill.prerequisites.filter(one => needed.has(one)).length]),
  )
  const ready = queueBy(comesBefore)
  for (const skill of needed.values()) if (waitsFor.get(skill.key) === 0) ready.push(skill)
  const steps: Step[] = []
  for (let skill = ready.pop(); skill !== undefined; skill = ready.pop()) {
    const opened = unlocks.get(skill.key) ?? []
    steps.push({ key: skill.key, unlocks: opened.map(({ key }) => key) })
    for (const one of opened) {
      const left = (waitsFor.get(one.key) as number) - 1 // whatever is unlocked is needed
      waitsFor.set(one.key, left)
      if (left === 0) ready.push(one)
    }
  }
  return steps
}

/**
 * What can be started now, since all that comes before it is known; what unlocks most first, then the easier tier and
 * the earlier place. Who knows a skill knows what it needs.
 */
export const nextAfter = (
  graph: SkillGraph,
  learnt: ReadonlySet<string>,
  offered: (skill: GraphSkill) => boolean,
): Step[] => {
  const known = withNeeds(graph, learnt)
  const open = new Map([...graph].filter(([key]) => !known.has(key)))
  const unlocks = dependentsWithin(open)
  return [...open.values()]
    .filter(skill => offered(skill) && skill.prerequisites.every(key => known.has(key)))
    .map(skill => ({ skill, unlocks: unlocks.get(skill.key) ?? [] }))
    .sort((a, b) => b.unlocks.length - a.unlocks.length || comesBefore(a.skill, b.skill))
    .map(({ skill, unlocks: opened }) => ({ key: skill.key, unlocks: opened.map(({ key }) => key) }))
}

const comesBefore = (a: GraphSkill, b: GraphSkill): number =>
  tiers.indexOf(a.tier) - tiers.indexOf(b.tier) || a.order - b.order

/** What somebody who knows these skills knows. */
const withNeeds = (graph: SkillGraph, known: ReadonlySet<string>): Set<string> =>
  new Set(neededFor(graph, [...known], new Set()).keys())

const neededFor = (
  graph: SkillGraph,
  targets: readonly string[],
  known: ReadonlySet<string>,
): Map<string, GraphSkill> => {
  const needed = new Map<string, GraphSkill>()
  const waiting = [...targets]
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    const skill = graph.get(key)
    if (skill === undefined || known.has(key) || needed.has(key)) continue
    needed.set(key, skill)
    waiting.push(...skill.prerequisites)
  }
  return needed
}

/** Who depends on whom among these, in curriculum order. */
const dependentsWithin = (skills: ReadonlyMap<string, GraphSkill>): Map<string, GraphSkill[]> => {
  const dependents = new Map<string, GraphSkill[]>()
  for (const skill of [...skills.values()].sort((a, b) => a.order - b.order))
    for (const key of skill.prerequisites) {
      const list = dependents.get(key)
      if (list === undefined) dependents.set(key, [skill])
      else list.push(skill)
    }
  return dependents
}

/** A binary heap: the least first. */
const queueBy = <T>(compare: (a: T, b: T) => number) => {
  const heap: T[] = []
  const less = (a: number, b: number): boolean => compare(heap[a] as T, heap[b] as T) < 0 // both indices are within the heap
  const swap = (a: number, b: number): void => {
    ;[heap[a], heap[b]] = [heap[b] as T, heap[a] as T] // as above
  }
  const sink = (at: number): void => {
    let least = at
    for (const child of [2 * at + 1, 2 * at + 2]) if (child < heap.length && less(child, least)) least = child
    if (least === at) return
    swap(at, least)
    sink(least)
  }
  return {
    push: (item: T): void => {
      heap.push(item)
      for (let at = heap.length - 1; at > 0 && less(at, (at - 1) >> 1); at = (at - 1) >> 1) swap(at, (at - 1) >> 1)
    },
    pop: (): T | undefined => {
      const top = heap[0]
      const last = heap.pop()
      if (heap.length > 0) {
        heap[0] = last as T // there was one to take
        sink(0)
      }
      return top
    },
  }
}
