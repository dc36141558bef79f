import { held } from './required.ts'

/** The nodes of one cycle in order, the first repeated at the end; undefined where there is none. Each edge points from a node to what comes before it. */
export const findCycle = (edges: ReadonlyMap<string, readonly string[]>): string[] | undefined => {
  const finished = new Set<string>()
  for (const start of edges.keys()) {
    const cycle = cycleFrom(start, edges, finished)
    if (cycle !== undefined) return cycle
  }
  return undefined
}

/** Depth first with a stack of its own: a chain of thousands would overflow the call stack. */
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

/** The prerequisites of each skill that are among the skills. */
export const edgesWithin = (
  skills: ReadonlyMap<string, { prerequisites: readonly string[] }>,
): Map<string, readonly string[]> =>
  new Map([...skills].map(([key, { prerequisites }]) => [key, prerequisites.filter(one => skills.has(one))]))

/** How many edges the longest way down from each node has; for a graph without cycles whose edges end at its nodes. */
export const depths = (edges: ReadonlyMap<string, readonly string[]>): Map<string, number> => {
  const known = new Map<string, number>()
  const stack = [...edges.keys()]
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    const before = held(edges, node)
    const unknown = before.filter(one => !known.has(one))
    if (unknown.length > 0) {
      stack.push(...unknown)
      continue
    }
    known.set(node, Math.max(0, ...before.map(one => held(known, one) + 1)))
    stack.pop()
  }
  return known
}

/** The groups of nodes that lead to each other, a node alone being one too: each group after those it leads to. */
export const groupsOf = (edges: ReadonlyMap<string, readonly string[]>): string[][] => {
  const back = new Map([...edges.keys()].map(node => [node, [] as string[]]))
  for (const [node, before] of edges) for (const one of before) held(back, one).push(node)
  const found: string[][] = []
  const seen = new Set<string>()
  for (const node of finished(edges.keys(), edges, new Set()).reverse()) {
    const group = finished([node], back, seen)
    if (group.length > 0) found.unshift(group)
  }
  return found
}

/** All that the starts lead to and was not seen before, each after what it leads to. */
const finished = (
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
      stack.push({ node: top.node, leave: true }, ...held(edges, top.node).map(node => ({ node, leave: false })))
    }
  }
  return order
}
