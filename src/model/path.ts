import { tiers } from './tiers.ts'
import type { Tier } from './vocabulary.ts'

/** A skill as a node of the graph of prerequisites. */
export interface GraphSkill {
  key: string
  tier: Tier
  category: string
  /** Its place in the curriculum, ascending. */
  order: number
  /** Keys of its direct prerequisites. */
  prerequisites: readonly string[]
}

/** Skills by key, all their prerequisites included. */
export type SkillGraph = ReadonlyMap<string, GraphSkill>

/** A skill to learn, and the skills it is a direct prerequisite of. */
export interface PathStep {
  key: string
  unlocks: string[]
}

/**
 * Returns the skills still to be learnt for the targets, each after its prerequisites; of several that could come next, the
 * one that the plan names or needs first, then the easier tier and the earlier place. A known skill implies its prerequisites.
 */
export const learningPath = (
  graph: SkillGraph,
  targets: readonly string[],
  known: ReadonlySet<string>,
  plan: readonly string[] = [],
): PathStep[] => {
  const places = placesInPlan(graph, plan)
  const needed = collectNeeded(graph, targets, withPrerequisites(graph, known))
  const unlocks = dependentsWithin(needed)
  const missing = new Map(
    [...needed].map(([key, skill]) => [key, skill.prerequisites.filter(one => needed.has(one)).length]),
  )
  const ready = createPriorityQueue<GraphSkill>((a, b) => compareByPlan(places, a, b) || compareInOrder(a, b))
  for (const skill of needed.values()) if (missing.get(skill.key) === 0) ready.push(skill)
  const steps: PathStep[] = []
  for (let skill = ready.pop(); skill !== undefined; skill = ready.pop()) {
    const opened = unlocks.get(skill.key) ?? []
    steps.push({ key: skill.key, unlocks: opened.map(({ key }) => key) })
    for (const one of opened) {
      const left = (missing.get(one.key) as number) - 1 // every unlocked skill is among the needed ones
      missing.set(one.key, left)
      if (left === 0) ready.push(one)
    }
  }
  return steps
}

/**
 * Returns the skills that can be started now because all their prerequisites are known: those of the plan first, in its order,
 * then those that unlock most, then by tier and place. A known skill implies its prerequisites.
 */
export const nextSkills = (
  graph: SkillGraph,
  learnt: ReadonlySet<string>,
  isOffered: (skill: GraphSkill) => boolean,
  plan: readonly string[] = [],
): PathStep[] => {
  const places = placesInPlan(graph, plan)
  const known = withPrerequisites(graph, learnt)
  const open = new Map([...graph].filter(([key]) => !known.has(key)))
  const unlocks = dependentsWithin(open)
  return [...open.values()]
    .filter(skill => isOffered(skill) && skill.prerequisites.every(key => known.has(key)))
    .map(skill => ({ skill, unlocks: unlocks.get(skill.key) ?? [] }))
    .sort(
      (a, b) =>
        compareByPlan(places, a.skill, b.skill) ||
        b.unlocks.length - a.unlocks.length ||
        compareInOrder(a.skill, b.skill),
    )
    .map(({ skill, unlocks: opened }) => ({ key: skill.key, unlocks: opened.map(({ key }) => key) }))
}

/** Numbers the skills of a plan in its order, each together with its prerequisites. */
const placesInPlan = (graph: SkillGraph, plan: readonly string[]): ReadonlyMap<string, number> => {
  const places = new Map<string, number>()
  const placed = new Set<string>()
  for (const key of plan) {
    const place = placed.size
    for (const needed of collectNeeded(graph, [key], placed).keys()) {
      places.set(needed, place)
      placed.add(needed)
    }
  }
  return places
}

/** Compares the places of two skills in a plan; skills that it does not need come last. */
const compareByPlan = (places: ReadonlyMap<string, number>, a: GraphSkill, b: GraphSkill): number =>
  (places.get(a.key) ?? places.size) - (places.get(b.key) ?? places.size)

/** Compares two skills by tier, then by place in the curriculum. */
export const compareInOrder = (a: GraphSkill, b: GraphSkill): number =>
  tiers.indexOf(a.tier) - tiers.indexOf(b.tier) || a.order - b.order

/** Returns the skills with all their direct and indirect prerequisites. */
const withPrerequisites = (graph: SkillGraph, known: ReadonlySet<string>): Set<string> =>
  new Set(collectNeeded(graph, [...known], new Set()).keys())

/** Returns the targets and their direct and indirect prerequisites, without known skills and what only those need. */
const collectNeeded = (
  graph: SkillGraph,
  targets: readonly string[],
  known: ReadonlySet<string>,
): Map<string, GraphSkill> => {
  const needed = new Map<string, GraphSkill>()
  const pending = [...targets]
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    const skill = graph.get(key)
    if (skill === undefined || known.has(key) || needed.has(key)) continue
    needed.set(key, skill)
    pending.push(...skill.prerequisites)
  }
  return needed
}

/** Returns the direct dependents of each skill among these, in curriculum order. */
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

/** Creates a priority queue (a binary heap) whose `pop` returns the least item. */
const createPriorityQueue = <T>(compare: (a: T, b: T) => number) => {
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
        heap[0] = last as T // the heap was not empty
        sink(0)
      }
      return top
    },
  }
}
