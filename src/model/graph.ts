/** Returns the nodes of one cycle in order, the first repeated at the end; undefined if there is none. An edge points from a node to its prerequisite. */
export const findCycle = (edges: ReadonlyMap<string, readonly string[]>): string[] | undefined => {
  const finished = new Set<string>()
  for (const start of edges.keys()) {
    const cycle = cycleFrom(start, edges, finished)
    if (cycle !== undefined) return cycle
  }
  return undefined
}

/** Searches depth first with an explicit stack: a chain of thousands would overflow the call stack. */
const cycleFrom = (
  start: string,
  edges: ReadonlyMap<string, readonly string[]>,
  finished: Set<string>,
): string[] | undefined => {
  const path: string[] = []
  const onPath = new Set<string>()
  const stack: { node: string; leave: boolean }[] = [{ node: start, leave: false }]
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top.leave) {
      path.pop()
      onPath.delete(top.node)
      finished.add(top.node)
      continue
    }
    if (onPath.has(top.node)) return [...path.slice(path.indexOf(top.node)), top.node]
    if (finished.has(top.node)) continue
    path.push(top.node)
    onPath.add(top.node)
    stack.push({ node: top.node, leave: true })
    for (const next of edges.get(top.node) ?? []) stack.push({ node: next, leave: false })
  }
  return undefined
}

/** Returns the prerequisites of each skill that are among these skills. */
export const prerequisitesWithin = (
  skills: ReadonlyMap<string, { prerequisites: readonly string[] }>,
): Map<string, readonly string[]> =>
  new Map([...skills].map(([key, { prerequisites }]) => [key, prerequisites.filter(one => skills.has(one))]))

/** Returns the number of edges of the longest path from each node. The graph has no cycles, and its edges end at its nodes. */
export const depths = (edges: ReadonlyMap<string, readonly string[]>): Map<string, number> => {
  const depthOf = new Map<string, number>()
  const stack = [...edges.keys()]
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    const before = required(edges, node)
    const unknown = before.filter(one => !depthOf.has(one))
    if (unknown.length > 0) {
      stack.push(...unknown)
      continue
    }
    depthOf.set(node, Math.max(0, ...before.map(one => required(depthOf, one) + 1)))
    stack.pop()
  }
  return depthOf
}

/** Returns the strongly connected components, each after those that it leads to (Kosaraju's algorithm). */
export const connectedComponents = (edges: ReadonlyMap<string, readonly string[]>): string[][] => {
  const back = new Map([...edges.keys()].map(node => [node, [] as string[]]))
  for (const [node, before] of edges) for (const one of before) required(back, one).push(node)
  const found: string[][] = []
  const seen = new Set<string>()
  for (const node of postorder(edges.keys(), edges, new Set()).reverse()) {
    const group = postorder([node], back, seen)
    if (group.length > 0) found.unshift(group)
  }
  return found
}

/** Returns the nodes reachable from the starts and not seen before, in postorder. */
const postorder = (
  starts: Iterable<string>,
  edges: ReadonlyMap<string, readonly string[]>,
  seen: Set<string>,
): string[] => {
  const order: string[] = []
  for (const start of starts) {
    const stack = [{ node: start, leave: false }]
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      if (top.leave) order.push(top.node)
      if (top.leave || seen.has(top.node)) continue
      seen.add(top.node)
      stack.push({ node: top.node, leave: true }, ...required(edges, top.node).map(node => ({ node, leave: false })))
    }
  }
  return order
}

/** Returns the value of a key that is in the map. */
export const required = <K, V>(map: ReadonlyMap<K, V>, key: K): V => map.get(key) as V // the caller guarantees the key
