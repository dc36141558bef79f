import { stateIn } from './mark.ts'
import type { SiteCompetency } from './site.ts'

/** A competency that exists on the site or is to be created there; the root stands for the framework. */
export interface Node {
  /** 0 until the competency is created. */
  id: number
  idNumber: string
  shortName: string
  description: string
  /** The state that the last sync wrote; undefined for a competency that no sync wrote. */
  state: string | undefined
  parent: Node | undefined
  /** In the order of the site. */
  children: Node[]
}

export const newNode = (parent: Node | undefined, idNumber: string, shortName: string): Node => {
  const node = { id: 0, idNumber, shortName, description: '', state: undefined, parent, children: [] }
  parent?.children.push(node)
  return node
}

/** Builds the tree of a framework's competencies. */
export const treeOf = (competencies: readonly SiteCompetency[]): { root: Node; nodes: Node[] } => {
  const root = newNode(undefined, '', '')
  const byId = new Map<number, Node>([[0, root]])
  for (const { id, idnumber, shortname, description } of competencies)
    byId.set(id, { ...newNode(undefined, idnumber, shortname), id, description, state: stateIn(description) })
  for (const { id, parentid } of competencies.toSorted((one, other) => one.sortorder - other.sortorder)) {
    const [node, parent] = [byId.get(id) as Node, byId.get(parentid) ?? root] // the loop above put it there
    node.parent = parent
    parent.children.push(node)
  }
  byId.delete(0)
  return { root, nodes: [...byId.values()] }
}

/** Removes a node from its parent. */
export const detach = (node: Node): void => {
  if (node.parent !== undefined) node.parent.children = node.parent.children.filter(one => one !== node)
  node.parent = undefined
}

/** Moves a node to the end of another parent's children. */
export const moveTo = (node: Node, parent: Node): void => {
  detach(node)
  node.parent = parent
  parent.children.push(node)
}

export const depthOf = ({ parent }: Node): number => (parent === undefined ? 0 : 1 + depthOf(parent))

/**
 * Lists the moves, each by one place up, that bring some of a node's children into an order; the other children keep
 * their places. No shorter list of swaps of neighbours does it.
 */
export const stepsUp = (parent: Node, order: readonly Node[]): Node[] => {
  const [ordered, next] = [new Set(order), order.values()]
  const wanted = parent.children.map(child => (ordered.has(child) ? (next.next().value as Node) : child)) // as many as the order has
  const now = parent.children
  const steps: Node[] = []
  for (const [place, node] of wanted.entries())
    for (let at = now.indexOf(node, place); at > place; at--) {
      now[at] = now[at - 1] as Node // at > place >= 0
      now[at - 1] = node
      steps.push(node)
    }
  return steps
}
