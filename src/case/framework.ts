import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Catalog, TrackDocument } from '../catalog.ts'
import { type CaseItem, itemsByName, loadNeighbours, loadRemovals, type Node, nodeName, toNode } from './nodes.ts'
import type { AssociationType } from './objects.ts'
import { type Relation, relationsOf } from './relations.ts'
import { identify } from './versions.ts'
import { definitionsChangedAt } from './vocabulary.ts'

/** An association, independent of the version of the standard. */
export interface Edge {
  id: string
  type: AssociationType
  origin: Node
  destination: Node
  /** The track whose package contains it. */
  owner: Node
  sequence: number | undefined
}

/** A track as a framework of CASE. */
export interface Framework {
  served: TrackDocument
  /** The track itself. */
  document: Node
  /** The items by id. */
  items: ReadonlyMap<string, CaseItem>
  /** The id of each item whose identifier is not its id, by its identifier. */
  ids: ReadonlyMap<string, string>
  /** All associations of the items, including those owned by another track. */
  edges: ReadonlyMap<string, Edge>
  /** The associations of each item, by its id. */
  edgesOf: ReadonlyMap<string, readonly Edge[]>
  /** The time of the last change in the package. */
  changedAt: string
}

/** Loads a track and its associations; undefined when there is no such track. Other requests are served meanwhile. */
export const loadFramework = async (catalog: Catalog, track: string): Promise<Framework | undefined> => {
  const served = await catalog.document(track)
  if (served === undefined) return undefined
  const items = itemsByName(served, await loadRemovals(catalog, served.track))
  const document = toNode('track', served.track)
  const nodes = new Map<string, Node>([
    ...(await loadNeighbours(catalog, served)),
    ...items,
    [nodeName('track', track), document],
  ])
  const edges = new Map<string, Edge>()
  const edgesOf = new Map<string, Edge[]>([...items.values()].map(({ id }) => [id, []]))
  for (const relation of relationsOf(served, items.values())) {
    const edge = toEdge(relation, nodes)
    if (edge === undefined || edges.has(edge.id)) continue
    edges.set(edge.id, edge)
    edgesOf.get(edge.origin.id)?.push(edge)
    edgesOf.get(edge.destination.id)?.push(edge)
    if (edges.size % 500 === 0) await nextTurn()
  }
  const ownEdges = [...edges.values()].filter(({ owner }) => owner === document)
  const times = [
    definitionsChangedAt,
    document.changedAt,
    ...[...items.values()].map(item => item.changedAt),
    ...ownEdges.map(edgeChangedAt),
  ]
  const byId = new Map([...items.values()].map(item => [item.id, item]))
  const ids = new Map(
    [...items.values()].flatMap(({ id, identifier }): [string, string][] =>
      id === identifier ? [] : [[identifier, id]],
    ),
  )
  return { served, document, items: byId, ids, edges, edgesOf, changedAt: times.reduce(later) }
}

/** Finds an item by its identifier, or by its id, which stays valid when it gets another identifier. */
export const findItem = ({ items, ids }: Framework, uuid: string): CaseItem | undefined =>
  items.get(ids.get(uuid) ?? uuid)

/** Builds an edge. An end may be missing when a track changed between two reads; the response is then built again. */
const toEdge = (relation: Relation, nodes: ReadonlyMap<string, Node>): Edge | undefined => {
  const { destination: end } = relation
  const [origin, destination] = [nodes.get(relation.origin), typeof end === 'string' ? nodes.get(end) : end]
  const owner = nodes.get(nodeName('track', relation.owner))
  if (origin === undefined || destination === undefined || owner === undefined) return undefined
  const { type, sequence } = relation
  return { id: identify(`${origin.id} ${type} ${destination.id}`), type, origin, destination, owner, sequence }
}

/**
 * The time an association last changed: the later change of its two ends. Everything in an association comes from the
 * body of one of its ends (references, category, position, title), and every change of a body sets its `updatedAt`. So
 * data that is in neither body, such as an index among all children of a category, must not get into an association.
 */
export const edgeChangedAt = ({ origin, destination }: Edge): string => later(origin.changedAt, destination.changedAt)

/** Times are all in the same format (UTC, milliseconds), so that they compare as texts. */
const later = (one: string, other: string): string => (one < other ? other : one)
