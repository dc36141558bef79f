import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Catalog, type Change, itemsIn, parseItems, type TrackDocument } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import { caseIdentifier, caseUuid } from '../model/identity.ts'
import { slugOf, trackOf } from '../model/keys.ts'
import { alignmentLabel } from '../model/skill.ts'
import type { Noun } from '../model/vocabulary.ts'
import { identify } from './versions.ts'
import { type ItemNoun, itemNouns } from './vocabulary.ts'

/** One end of an association. */
export interface Node {
  /** The noun; of the target of an alignment `CFItem` if it is an item in CASE, otherwise `alignment`. */
  noun: Noun | 'CFItem' | 'alignment'
  id: string
  /** Its identifier in CASE. */
  identifier: string
  key: string
  title: string
  changedAt: string
  /** The URL of a resource or of the target of an alignment, or null. */
  url: string | null
}

/** A category, skill, principle or project, or a removed one with its last known title. */
export type CaseItem = Node & { noun: ItemNoun } & ({ current: Item<ItemNoun> } | { removed: Change })

export const nodeName = (noun: Noun, key: string): string => `${noun} ${key}`

/** Names a removed item by its id, because a new one may have its key now. */
export const removedNodeName = (id: string): string => `removed ${id}`

export const toNode = <N extends Noun>(noun: N, item: Item) => ({
  noun,
  id: item.id,
  identifier: caseIdentifier(item),
  key: item.key,
  title: item.title,
  changedAt: item.updatedAt,
  url: 'url' in item ? item.url : null,
})

/** Returns the target of an alignment; undefined if it has no URL. */
export const targetOf = (skill: Item<'skill'>, alignment: Item<'skill'>['alignments'][number]): Node | undefined => {
  const { framework, code, title, url, type } = alignment
  if (url === null) return undefined
  const { pathname } = new URL(url)
  const uuid = type === 'CFItem' ? caseUuid(pathname.slice(pathname.lastIndexOf('/') + 1)) : undefined
  const identifier = uuid ?? identify(`alignment ${framework} ${code ?? title} ${url}`)
  const noun = uuid === undefined ? 'alignment' : 'CFItem'
  return {
    noun,
    id: identifier,
    identifier,
    key: '',
    title: alignmentLabel(alignment),
    changedAt: skill.updatedAt,
    url,
  }
}

/** Returns the items of a track by name, in the order of a package. A removed one is left out if another item has its identifier now. */
export const itemsByName = (served: TrackDocument, removed: readonly Change[]): Map<string, CaseItem> => {
  const current = itemNouns.flatMap(noun => toEntries(noun, itemsIn(served, noun)))
  const taken = new Set(current.map(([, { identifier }]) => identifier))
  const gone = removed.filter(change => !taken.has(caseIdentifier(change)))
  return new Map([
    ...current,
    ...gone.map((change): [string, CaseItem] => [removedNodeName(change.id), removedItem(change)]),
  ])
}

const toEntries = (noun: ItemNoun, items: readonly Item<ItemNoun>[]): [string, CaseItem][] =>
  items.map(item => [nodeName(noun, item.key), { ...toNode(noun, item), current: item }])

const removedItem = (removed: Change): CaseItem => ({
  noun: removed.noun as ItemNoun, // loadRemovals reads removals of these only
  id: removed.id,
  identifier: caseIdentifier(removed),
  key: removed.key,
  title: removed.title ?? slugOf(removed.key),
  changedAt: removed.changedAt,
  url: null,
  removed,
})

/** Loads the nodes that a track's items are associated with: its resources, and nodes of other tracks. */
export const loadNeighbours = async (
  catalog: Catalog,
  { track, skills, projects, resources }: TrackDocument,
): Promise<[string, Node][]> => {
  const ofOtherTracks = (keys: Iterable<string>) => [...new Set(keys)].filter(key => trackOf(key) !== track.key)
  const referenced = {
    skill: ofOtherTracks([
      ...skills.flatMap(one => [...one.prerequisites, ...one.dependents, ...one.related, ...one.sameAs]),
      ...skills.flatMap(({ replacedBy }) => replacedBy ?? []),
      ...projects.flatMap(one => one.skills),
    ]),
    project: ofOtherTracks(skills.flatMap(one => one.projects)),
    resource: ofOtherTracks(skills.flatMap(one => one.resources)),
  }
  const tracks = Object.values(referenced).flatMap(keys => keys.map(trackOf))
  const neighbours = resources.map((one): [string, Node] => [nodeName('resource', one.key), toNode('resource', one)])
  const keysByNoun = {
    ...referenced,
    track: ofOtherTracks([...tracks, ...(track.translationOf === null ? [] : [track.translationOf])]),
  }
  for (const [noun, keys] of Object.entries(keysByNoun) as [keyof typeof keysByNoun, string[]][]) // entries forgets the names
    for (const item of keys.length === 0 ? [] : parseItems<keyof typeof keysByNoun>(await catalog.byKeys(noun, keys)))
      neighbours.push([nodeName(noun, item.key), toNode(noun, item)])
  return neighbours
}

const pageSize = 1_000

/** Lists the items removed from a track and not restored, in the order of removal, as far back as changes are stored. */
export const loadRemovals = async (catalog: Catalog, track: Item<'track'>): Promise<Change[]> => {
  const last = new Map<string, Change>()
  for (const name of [...track.formerly, track.key])
    for await (const change of readChanges(catalog, name)) {
      last.delete(change.id)
      last.set(change.id, change)
    }
  return [...last.values()].filter(({ op }) => op === 'delete')
}

/** Reads the changes of a track page by page; between pages, other requests are served. */
async function* readChanges(catalog: Catalog, track: string): AsyncIterable<Change> {
  let cursor = 0
  for (;;) {
    const { data, more } = await catalog.changes({ cursor, limit: pageSize, nouns: itemNouns, tracks: [track] })
    yield* data
    if (!more) return
    cursor = data.reduce((_, { seq }) => seq, cursor)
    await nextTurn()
  }
}
