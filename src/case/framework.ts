import { setImmediate as turn } from 'node:timers/promises'
import type { Catalog, TrackDocument } from '../catalog.ts'
import { identify } from './addresses.ts'
import { type Item, itemsOf, type Node, nameOf, neighboursOf, nodeOf } from './nodes.ts'
import type { AssociationType } from './objects.ts'
import { type Relation, relationsOf } from './relations.ts'
import { removedFrom } from './removed.ts'
import { definedAt } from './vocabulary.ts'

/** An association, before it is written in a version of the standard. */
export interface Edge {
  id: string
  type: AssociationType
  origin: Node
  destination: Node
  /** The track whose package it stands in. */
  owner: Node
  sequence: number | undefined
}

/** A track as CASE sees it. */
export interface Framework {
  served: TrackDocument
  /** The track itself. */
  document: Node
  items: ReadonlyMap<string, Item>
  /** Also those that stand in the package of another track and touch an item of this one. */
  edges: ReadonlyMap<string, Edge>
  /** The associations of each item, by its id. */
  edgesOf: ReadonlyMap<string, readonly Edge[]>
  /** The newest time of all that stands in the package. */
  changedAt: string
}

/** Reads a track and what it is related to; undefined where there is none. Other requests have their turn meanwhile. */
export const frameworkOf = async (catalog: Catalog, track: string): Promise<Framework | undefined> => {
  const served = await catalog.document(track)
  if (served === undefined) return undefined
  const items = itemsOf(served, await removedFrom(catalog, served.track))
  const document = nodeOf('track', served.track)
  const nodes = new Map<string, Node>([
    ...(await neighboursOf(catalog, served)),
    ...items,
    [nameOf('track', track), document],
  ])
  const edges = new Map<string, Edge>()
  const edgesOf = new Map<string, Edge[]>([...items.values()].map(({ id }) => [id, []]))
  for (const relation of relationsOf(served, items.values())) {
    const edge = edgeOf(relation, nodes)
    if (edge === undefined) continue
    edges.set(edge.id, edge)
    edgesOf.get(edge.origin.id)?.push(edge)
    edgesOf.get(edge.destination.id)?.push(edge)
    if (edges.size % 500 === 0) await turn()
  }
  const own = [...edges.values()].filter(({ owner }) => owner === document)
  const times = [
    definedAt,
    document.changedAt,
    ...[...items.values()].map(item => item.changedAt),
    ...own.map(changeOf),
  ]
  const byId = new Map([...items.values()].map(item => [item.id, item]))
  return { served, document, items: byId, edges, edgesOf, changedAt: times.reduce(later) }
}

/** An end may be missing where the tracks changed between two questions: then the answer is made again. */
const edgeOf = (relation: Relation, nodes: ReadonlyMap<string, Node>): Edge | undefined => {
  const [origin, destination] = [nodes.get(relation.origin), nodes.get(relation.destination)]
  const owner = nodes.get(nameOf('track', relation.owner))
  if (origin === undefined || destination === undefined || owner === undefined) return undefined
  const { type, sequence } = relation
  return { id: identify(`${origin.id} ${type} ${destination.id}`), type, origin, destination, owner, sequence }
}

/**
 * When an association last changed: when the later of its ends did. Whatever makes, moves or words an association stands
 * in the answer of one of its ends (its references on either side, its category and place, its title), and whatever changes
 * an answer sets its `updatedAt`. So this is never earlier than the change that made the association what it is. What is in
 * the answer of neither end, such as a place among all children of a category, must not get into an association.
 */
export const changeOf = ({ origin, destination }: Edge): string => later(origin.changedAt, destination.changedAt)

/** Times are all written alike (UTC, milliseconds), so that they compare as texts. */
const later = (one: string, other: string): string => (one < other ? other : one)
