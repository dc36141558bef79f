import type { Answer } from '../model/curriculum.ts'
import { AssociationGrouping, ConceptSet, ItemTypeSet, License, SubjectSet } from './definitions.ts'
import { type Asked, type Endpoint, json } from './request.ts'
import { everyTrack } from './tracks.ts'
import { concept, itemNouns, itemType, kinds, license, subject } from './vocabulary.ts'

/** What items and documents link to. */
export const definitionEndpoints: readonly Endpoint[] = [
  {
    collection: 'CFAssociationGroupings',
    operationId: 'getCFAssociationGrouping',
    what: 'association grouping',
    schema: AssociationGrouping,
    answer: async () => undefined,
  },
  {
    collection: 'CFConcepts',
    operationId: 'getCFConcept',
    what: 'concept',
    schema: ConceptSet,
    answer: async asked => {
      const all = kinds.map(kind => concept(asked.site, kind))
      return setOf(asked, 'CFConcepts', all)
    },
  },
  {
    collection: 'CFSubjects',
    operationId: 'getCFSubject',
    what: 'subject',
    schema: SubjectSet,
    answer: async asked => setOf(asked, 'CFSubjects', await ofTracks(asked, track => subject(asked.site, track))),
  },
  {
    collection: 'CFItemTypes',
    operationId: 'getCFItemType',
    what: 'item type',
    schema: ItemTypeSet,
    answer: async asked => {
      const all = itemNouns.map(noun => itemType(asked.site, noun))
      return setOf(asked, 'CFItemTypes', all)
    },
  },
  {
    collection: 'CFLicenses',
    operationId: 'getCFLicense',
    what: 'licence',
    schema: License,
    answer: async asked => {
      const names = (await ofTracks(asked, track => track.license)).filter(name => name !== null)
      const found = names.map(name => license(asked.site, name)).find(({ identifier }) => identifier === asked.id)
      return found && json(asked, found)
    },
  },
]

/** A set begins with what was asked for; nothing of ours has children. */
const setOf = (asked: Asked, name: string, all: readonly { identifier: string }[]): string | undefined => {
  const found = all.find(({ identifier }) => identifier === asked.id)
  return found && json(asked, { [name]: [found] })
}

const ofTracks = async <T>({ catalog }: Asked, make: (track: Answer<'track'>) => T): Promise<T[]> => {
  const made: T[] = []
  for (const track of await everyTrack(catalog)) made.push(make(track))
  return made
}
