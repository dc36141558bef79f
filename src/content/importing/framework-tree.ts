import type { ItemCollector, Place } from './imported-track.ts'

/** An entry of a framework: a category, or a skill. */
export interface FrameworkNode {
  /** Unique in the framework. */
  id: string
  title: string
  place: Place
  /** The ids of its parents, the first of which counts; empty at the top. */
  parents: readonly string[]
  /** True for a category, false for something else; undefined if its children decide. */
  isCategory: boolean | undefined
}

/** A node at its place in a track. */
export interface PlacedNode<N extends FrameworkNode> {
  node: N
  isCategory: boolean
  /** The categories above it, from the top down, three at most. */
  above: readonly N[]
  /** All nodes above it, also those that are no category of the track. */
  ancestors: readonly N[]
}

/** The most levels of categories. */
const maxLevels = 3

/**
 * Arranges nodes as categories and the entries in them, in reading order. Reports repeated ids, missing and further parents, cycles
 * and levels that a track does not have.
 */
export const arrangeFramework = <N extends FrameworkNode>(
  nodes: readonly N[],
  collector: ItemCollector,
): PlacedNode<N>[] => {
  const byId = withoutRepeated(nodes, collector)
  const parents = new Map([...byId.values()].map(node => [node, chooseParent(node, byId, collector)]))
  breakCycles(parents, collector)
  const children = Map.groupBy(byId.values(), node => parents.get(node))
  const placed: PlacedNode<N>[] = []
  const open = placeAll(children.get(undefined), [], [])
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, above, ancestors } = next
    const below = children.get(node)
    const isCategory = node.isCategory ?? below !== undefined
    const isFolded = isCategory && above.length === maxLevels
    if (isFolded)
      collector.unplaced(
        node.place,
        `"${node.title}" is on the fourth level of categories or below, and a track has three: its entries are in "${above.at(-1)?.title}"`,
      )
    else placed.push({ node, isCategory, above, ancestors })
    open.push(...placeAll(below, isCategory && !isFolded ? [...above, node] : above, [...ancestors, node].slice(-10)))
  }
  return placed
}

/** Returns the places of siblings, the last first: they are taken from the end. */
const placeAll = <N extends FrameworkNode>(nodes: readonly N[] = [], above: readonly N[], ancestors: readonly N[]) =>
  nodes.map(node => ({ node, above, ancestors })).reverse()

const withoutRepeated = <N extends FrameworkNode>(
  nodes: readonly N[],
  collector: ItemCollector,
): ReadonlyMap<string, N> => {
  const byId = new Map<string, N>()
  for (const node of nodes) {
    const first = byId.get(node.id)
    if (first === undefined) byId.set(node.id, node)
    else collector.unplaced(node.place, `"${node.title}" has the same id as "${first.title}", ${node.id}`)
  }
  return byId
}

const chooseParent = <N extends FrameworkNode>(
  { title, place, parents }: N,
  byId: ReadonlyMap<string, N>,
  collector: ItemCollector,
): N | undefined => {
  const known = [...new Set(parents.flatMap(id => byId.get(id) ?? []))]
  for (const id of parents)
    if (!byId.has(id)) collector.note(place, `the parent of "${title}", ${id}, is not in the file`)
  for (const other of known.slice(1))
    collector.unplaced(
      place,
      `"${title}" is in "${known[0]?.title}" and in "${other.title}": an entry has one place, the first`,
    )
  return known[0]
}

/** Moves the first node of each cycle to the top. */
const breakCycles = <N extends FrameworkNode>(parents: Map<N, N | undefined>, collector: ItemCollector): void => {
  const checked = new Set<N>()
  for (const start of parents.keys()) {
    const path = new Set<N>()
    let node: N | undefined = start
    while (node !== undefined && !checked.has(node) && !path.has(node)) {
      path.add(node)
      node = parents.get(node)
    }
    if (node !== undefined && path.has(node)) {
      parents.set(node, undefined)
      collector.unplaced(node.place, `"${node.title}" is below itself: it is at the top now`)
    }
    for (const one of path) checked.add(one)
  }
}
