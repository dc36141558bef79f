import { answersIn, type Catalog, type Change, type TrackDocument } from '../catalog.ts'
import type { Answer } from '../model/curriculum.ts'
import { slugOf, trackOf } from '../model/keys.ts'
import type { Noun } from '../model/vocabulary.ts'
import { type ItemNoun, itemNouns } from './vocabulary.ts'

/** What an association can lead from or to. */
export interface Node {
  noun: Noun
  id: string
  key: string
  title: string
  changedAt: string
  /** Where it is, of a resource; null where nobody knows. */
  url: string | null
}

/** A category, skill, principle or project: as it is, or what is known of it since it was removed. */
export type Item = Node & { noun: ItemNoun } & ({ answer: Answer<ItemNoun> } | { removed: Change })

export const nameOf = (noun: Noun, key: string): string => `${noun} ${key}`

/** Something removed is no longer called by its key: another may be by now. */
export const nameOfRemoved = (id: string): string => `removed ${id}`

export const nodeOf = <N extends Noun>(noun: N, answer: Answer) => ({
  noun,
  id: answer.id,
  key: answer.key,
  title: answer.title,
  changedAt: answer.updatedAt,
  url: 'url' in answer ? answer.url : null,
})

/** Every item of a track by its name, in the order in which a package has them. */
export const itemsOf = (served: TrackDocument, removed: readonly Change[]): Map<string, Item> =>
  new Map<string, Item>([
    ...itemNouns.flatMap(noun => named(noun, answersIn(served, noun))),
    ...removed.map((change): [string, Item] => [nameOfRemoved(change.id), gone(change)]),
  ])

const named = (noun: ItemNoun, answers: readonly Answer<ItemNoun>[]): [string, Item][] =>
  answers.map(answer => [nameOf(noun, answer.key), { ...nodeOf(noun, answer), answer }])

const gone = (removed: Change): Item => ({
  noun: removed.noun as ItemNoun, // only removals of these are asked for
  id: removed.id,
  key: removed.key,
  title: removed.title ?? slugOf(removed.key),
  changedAt: removed.changedAt,
  url: null,
  removed,
})

/** What the associations of a track lead to beside its items, by name: its resources, and all that is in other tracks. */
export const neighboursOf = async (
  catalog: Catalog,
  { track, skills, projects, resources }: TrackDocument,
): Promise<[string, Node][]> => {
  const abroad = (keys: Iterable<string>) => [...new Set(keys)].filter(key => trackOf(key) !== track.key)
  const wanted = {
    skill: abroad([
      ...skills.flatMap(one => [...one.prerequisites, ...one.dependents, ...one.related, ...one.sameAs]),
      ...skills.flatMap(({ replacedBy }) => replacedBy ?? []),
      ...projects.flatMap(one => one.skills),
    ]),
    project: abroad(skills.flatMap(one => one.projects)),
    resource: abroad(skills.flatMap(one => one.resources)),
  }
  const tracks = Object.values(wanted).flatMap(keys => keys.map(trackOf))
  const found = resources.map((one): [string, Node] => [nameOf('resource', one.key), nodeOf('resource', one)])
  const asked = {
    ...wanted,
    track: abroad([...tracks, ...(track.translationOf === null ? [] : [track.translationOf])]),
  }
  for (const [noun, keys] of Object.entries(asked) as [keyof typeof asked, string[]][]) // entries forgets the names
    for (const answer of keys.length === 0 ? [] : await catalog.byKeys(noun, keys))
      found.push([nameOf(noun, answer.key), nodeOf(noun, answer)])
  return found
}
