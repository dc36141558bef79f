import { stateIn } from './mark.ts'
import type { SiteCompetency } from './site.ts'

/** A competency of the site, or one that is going to be there; the root stands for the framework. */
export interface Node {
  /** 0 until it is made. */
  id: number
  idNumber: string
  shortName: string
  description: string
  /** What a sync wrote last; undefined where it was made otherwise. */
  state: string | undefined
  parent: Node | undefined
  /** In their order. */
  children: Node[]
}

export const newNode = (parent: Node | undefined, idNumber: string, shortName: string): Node => {
  const node = { id: 0, idNumber, shortName, description: '', state: undefined, parent, children: [] }
  parent?.children.push(node)
  return node
}

/** The competencies of a framework as they stand below each other. */
export const treeOf = (competencies: readonly SiteCompetency[]): { root: Node; nodes: Node[] } => {
  const root = newNode(undefined, '', '')
  const byId = new Map<number, Node>([[0, root]])
  for (const { id, idnumber, shortname, description } of competencies)
    byId.set(id, { ...newNode(undefined, idnumber, shortname), id, description, state: stateIn(description) })
  for (const { id, parentid } of competencies.toSorted((one, other) => one.sortorder - other.sortorder)) {
    const [node, parent] = [byId.get(id) as Node, byId.get(parentid) ?? root] // each was put there above
    node.parent = parent
    parent.children.push(node)
  }
  byId.delete(0)
  return { root, nodes: [...byId.values()] }
}

/** Takes it out of where it stands. */
export const detach = (node: Node): void => {
  if (node.parent !== undefined) node.parent.children = node.parent.children.filter(one => one !== node)
  node.parent = undefined
}

/** Puts it last. */
export const moveTo = (node: Node, parent: Node): void => {
  detach(node)
  node.parent = parent
  parent.children.push(node)
}

export const depthOf = ({ parent }: Node): number => (parent === undefined ? 0 : 1 + depthOf(parent))

/**
 * The steps, each one place up, that bring some of the children into an order; the others keep their places. As few as
 * neighbours changing places can be.
 */
export const stepsUp = (parent: Node, order: readonly Node[]): Node[] => {
  const [ordered, next] = [new Set(order), order.values()]
  const wanted = parent.children.map(child => (ordered.has(child) ? (next.next().value as Node) : child)) // one of the order a place of one
  const now = parent.children
  const steps: Node[] = []
  for (const [place, node] of wanted.entries())
    for (let at = now.indexOf(node, place); at > place; at--) {
      now[at] = now[at - 1] as Node // there is one before it
      now[at - 1] = node
      steps.push(node)
    }
  return steps
}
