import type { TrackDocument } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import { trackOf } from '../model/keys.ts'
import { tiers } from '../model/tiers.ts'
import { type CaseItem, type Node, nodeName, removedNodeName, targetOf } from './nodes.ts'
import type { AssociationType } from './objects.ts'

/** An association between two nodes, given by their names; the target of an alignment has none. */
export interface Relation {
  type: AssociationType
  origin: string
  destination: string | Node
  /** The track whose package contains it. */
  owner: string
  sequence?: number
}

/** Lists the relations of a track's items. A relation between two tracks is the same in both, and one of them owns it. */
export function* relationsOf({ track }: TrackDocument, items: Iterable<CaseItem>): Iterable<Relation> {
  if (track.translationOf !== null)
    yield {
      type: 'isTranslationOf',
      origin: nodeName('track', track.key),
      destination: nodeName('track', track.translationOf),
      owner: track.key,
    }
  for (const item of items) yield* relationsOfItem(item, track.key)
}

/**
 * The range of sequence numbers for one noun or tier; positions are below a million. A number made of an item's noun, tier
 * and position changes only when the item itself changes; an index among all children would change with others.
 */
const positionRange = 1_000_000

const relationsOfItem = (item: CaseItem, track: string): Relation[] => {
  const root = nodeName('track', track)
  const child = { type: 'isChildOf', origin: nodeName(item.noun, item.key), destination: root, owner: track } as const
  if ('removed' in item) return [{ ...child, origin: removedNodeName(item.id) }]
  const { current } = item
  if ('prerequisites' in current) return skillRelations(current)
  if ('statements' in current)
    return [
      { ...child, sequence: positionRange + current.position },
      ...(current.category === null ? [] : [relatedTo(child.origin, nodeName('category', current.category), track)]),
    ]
  if ('skills' in current)
    return [
      { ...child, sequence: 2 * positionRange + current.position },
      ...current.skills.map(key => relatedTo(child.origin, nodeName('skill', key), track)),
    ]
  if (current.parent === null) return [{ ...child, sequence: current.position }]
  const destination = nodeName('category', current.parent)
  return [{ ...child, destination, sequence: tiers.length * positionRange + current.position }] // after the skills of its parent
}

const relatedTo = (origin: string, destination: string, owner: string): Relation => ({
  type: 'isRelatedTo',
  origin,
  destination,
  owner,
})

const skillRelations = (skill: Item<'skill'>): Relation[] => {
  const { key, track } = skill
  const self = nodeName('skill', key)
  const inOtherTrack = (other: string) => trackOf(other) !== track
  const fromSelf = (type: AssociationType, destination: string | Node): Relation => ({
    type,
    origin: self,
    destination,
    owner: track,
  })
  const precedes = (first: string, then: string): Relation => ({
    type: 'precedes',
    origin: nodeName('skill', first),
    destination: nodeName('skill', then),
    owner: trackOf(then),
  })
  return [
    {
      ...fromSelf('isChildOf', nodeName('category', skill.category)),
      sequence: tiers.indexOf(skill.tier) * positionRange + skill.position,
    },
    ...skill.prerequisites.map(other => precedes(other, key)),
    ...skill.dependents.filter(inOtherTrack).map(other => precedes(key, other)),
    // One association a pair, from the key that is first in alphabetical order.
    ...skill.related
      .filter(other => key < other || inOtherTrack(other))
      .map(other => [key, other].sort() as [string, string]) // as many as went in
      .map(([one, other]) => relatedTo(nodeName('skill', one), nodeName('skill', other), trackOf(one))),
    ...skill.projects.filter(inOtherTrack).map(other => relatedTo(nodeName('project', other), self, trackOf(other))),
    ...skill.sameAs.map(other => fromSelf('exactMatchOf', nodeName('skill', other))),
    ...(skill.replacedBy === null ? [] : [fromSelf('replacedBy', nodeName('skill', skill.replacedBy))]),
    ...skill.alignments.flatMap(one => targetOf(skill, one) ?? []).map(target => fromSelf('isRelatedTo', target)),
    ...skill.resources.map(other => fromSelf('exemplar', nodeName('resource', other))),
  ]
}
