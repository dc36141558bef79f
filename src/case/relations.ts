import type { TrackDocument } from '../catalog.ts'
import type { Answer } from '../model/curriculum.ts'
import { trackOf } from '../model/keys.ts'
import { tiers } from '../model/vocabulary.ts'
import { type Item, nameOf, nameOfRemoved } from './nodes.ts'
import type { AssociationType } from './objects.ts'

/** An association by the names of its ends. */
export interface Relation {
  type: AssociationType
  origin: string
  destination: string
  /** The track whose package it stands in. */
  owner: string
  sequence?: number
}

/** All relations that touch an item of a track. Those that two tracks know of are the same in both, and have one owner. */
export function* relationsOf({ track }: TrackDocument, items: Iterable<Item>): Iterable<Relation> {
  if (track.translationOf !== null)
    yield {
      type: 'isTranslationOf',
      origin: nameOf('track', track.key),
      destination: nameOf('track', track.translationOf),
      owner: track.key,
    }
  for (const item of items) yield* relationsOfItem(item, track.key)
}

/**
 * Room for the places of one noun, or of one tier: positions end at a million. A place made of the item's own noun, tier
 * and position moves only when the item itself does; counting through all children would move it with others.
 */
const room = 1_000_000

const relationsOfItem = (item: Item, track: string): Relation[] => {
  const root = nameOf('track', track)
  const child = { type: 'isChildOf', origin: nameOf(item.noun, item.key), destination: root, owner: track } as const
  if ('removed' in item) return [{ ...child, origin: nameOfRemoved(item.id) }]
  const { answer } = item
  if ('prerequisites' in answer) return skillRelations(answer)
  if ('statements' in answer)
    return [
      { ...child, sequence: room + answer.position },
      ...(answer.category === null ? [] : [related(child.origin, nameOf('category', answer.category), track)]),
    ]
  if ('skills' in answer)
    return [
      { ...child, sequence: 2 * room + answer.position },
      ...answer.skills.map(key => related(child.origin, nameOf('skill', key), track)),
    ]
  return [{ ...child, sequence: answer.position }]
}

const related = (origin: string, destination: string, owner: string): Relation => ({
  type: 'isRelatedTo',
  origin,
  destination,
  owner,
})

const skillRelations = (skill: Answer<'skill'>): Relation[] => {
  const { key, track } = skill
  const self = nameOf('skill', key)
  const abroad = (other: string) => trackOf(other) !== track
  const away = (type: AssociationType, destination: string): Relation => ({
    type,
    origin: self,
    destination,
    owner: track,
  })
  const before = (first: string, then: string): Relation => ({
    type: 'precedes',
    origin: nameOf('skill', first),
    destination: nameOf('skill', then),
    owner: trackOf(then),
  })
  return [
    {
      ...away('isChildOf', nameOf('category', skill.category)),
      sequence: tiers.indexOf(skill.tier) * room + skill.position,
    },
    ...skill.prerequisites.map(other => before(other, key)),
    ...skill.dependents.filter(abroad).map(other => before(key, other)),
    // One a pair, from the key that comes first in the alphabet; within a track the other end would only tell it again.
    ...skill.related
      .filter(other => key < other || abroad(other))
      .map(other => [key, other].sort() as [string, string]) // as many as went in
      .map(([one, other]) => related(nameOf('skill', one), nameOf('skill', other), trackOf(one))),
    ...skill.projects.filter(abroad).map(other => related(nameOf('project', other), self, trackOf(other))),
    ...skill.sameAs.map(other => away('exactMatchOf', nameOf('skill', other))),
    ...(skill.replacedBy === null ? [] : [away('replacedBy', nameOf('skill', skill.replacedBy))]),
    ...skill.resources.map(other => away('exemplar', nameOf('resource', other))),
  ]
}
