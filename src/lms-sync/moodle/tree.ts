import { readState } from './mark.ts'
import type { SiteCompetency } from './site.ts'

/** A competency that exists on the site or is to be created there; the root stands for the framework. */
export interface CompetencyNode {
  /** 0 until the competency is created. */
  id: number
  idNumber: string
  shortName: string
  description: string
  /** The state that the last sync wrote; undefined for a competency that no sync wrote. */
  state: string | undefined
  parent: CompetencyNode | undefined
  /** In the order of the site. */
  children: CompetencyNode[]
}

export const newNode = (parent: CompetencyNode | undefined, idNumber: string, shortName: string): CompetencyNode => {
  const node = { id: 0, idNumber, shortName, description: '', state: undefined, parent, children: [] }
  parent?.children.push(node)
  return node
}

/** Builds the tree of a framework's competencies. */
export const buildTree = (
  competencies: readonly SiteCompetency[],
): { root: CompetencyNode; nodes: CompetencyNode[] } => {
  const root = newNode(undefined, '', '')
  const byId = new Map<number, CompetencyNode>([[0, root]])
  for (const { id, idnumber, shortname, description } of competencies)
    byId.set(id, { ...newNode(undefined, idnumber, shortname), id, description, state: readState(description) })
  for (const { id, parentid } of competencies.toSorted((one, other) => one.sortorder - other.sortorder)) {
    const [node, parent] = [byId.get(id) as CompetencyNode, byId.get(parentid) ?? root] // the loop above put it there
    node.parent = parent
    parent.children.push(node)
  }
  byId.delete(0)
  return { root, nodes: [...byId.values()] }
}

/** Removes a node from its parent. */
export const detach = (node: CompetencyNode): void => {
  if (node.parent !== undefined) node.parent.children = node.parent.children.filter(one => one !== node)
  node.parent = undefined
}

/** Moves a node to the end of another parent's children. */
export const moveTo = (node: CompetencyNode, parent: CompetencyNode): void => {
  detach(node)
  node.parent = parent
  parent.children.push(node)
}

export const depthOf = ({ parent }: CompetencyNode): number => (parent === undefined ? 0 : 1 + depthOf(parent))

/**
 * Lists the moves, each by one place up, that bring some of a node's children into an order; the other children keep
 * their places. No shorter list of swaps of neighbours does it.
 */
export const movesUp = (parent: CompetencyNode, order: readonly CompetencyNode[]): CompetencyNode[] => {
  const [ordered, next] = [new Set(order), order.values()]
  const wanted = parent.children.map(child => (ordered.has(child) ? (next.next().value as CompetencyNode) : child)) // as many as the order has
  const now = parent.children
  const steps: CompetencyNode[] = []
  for (const [place, node] of wanted.entries())
    for (let at = now.indexOf(node, place); at > place; at--) {
      now[at] = now[at - 1] as CompetencyNode // at > place >= 0
      now[at - 1] = node
      steps.push(node)
    }
  return steps
}
