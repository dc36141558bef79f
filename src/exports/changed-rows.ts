import type { Catalog, Change, LoggedChange, TrackDocument } from '../catalog.ts'
import { badParameter, Failure } from '../errors.ts'
import { createAncestorsOf } from '../model/category-tree.ts'
import { keyOf, qualifiedKeyOf, slugOf } from '../model/keys.ts'
import { type Noun, nouns } from '../model/vocabulary.ts'

/** A track, and its part in scope. */
export interface ScopedTrack {
  document: TrackDocument
  selection: TrackDocument
}

/** The changes of a track since a cursor. */
export interface TrackChanges {
  /** The last change of each changed noun, by id. */
  latest: ReadonlyMap<string, Change>
  /**
   * The track at the cursor, without nouns that are newer or whose former values are unknown; undefined when the track
   * itself is.
   */
  previous: ScopedTrack | undefined
}

/** Loads the changes of the nouns that an outcome shows. Rejects a cursor that is too new or too old. */
export const loadChanges = async (
  catalog: Catalog,
  document: TrackDocument,
  since: number,
  selectScope: (track: TrackDocument) => TrackDocument,
): Promise<TrackChanges> => {
  await checkCursor(catalog, since)
  const changes: LoggedChange[] = []
  for (let cursor = since, more = true; more; ) {
    const page = await catalog.changes({ cursor, limit: 1_000, nouns: shownNouns, tracks: [document.track.key] })
    changes.push(...page.data)
    more = page.more
    cursor = page.data.at(-1)?.seq ?? cursor
  }
  const previous = restoreDocument(document, changes)
  return {
    latest: new Map(changes.map(change => [change.id, change])),
    previous: previous && { document: previous, selection: selectScope(previous) },
  }
}

/** The place of each noun in the outcomes of Canvas and the competencies of Moodle; null for nouns that they do not show. */
const placeInOutcomes: { readonly [N in Noun]: 'group' | 'outcome' | 'description' | null } = {
  track: 'group',
  source: null,
  category: 'group',
  skill: 'outcome',
  principle: null,
  project: null,
  exercise: null,
  resource: 'description',
  plan: null,
  checklist: null,
}

const shownNouns: readonly Noun[] = nouns.filter(noun => placeInOutcomes[noun] !== null)

const checkCursor = async (catalog: Catalog, since: number): Promise<void> => {
  const [newest, oldest] = [await catalog.latestCursor(), await catalog.oldestCursor()]
  if (since > newest)
    throw badParameter('since', `"since" is a cursor that was never given: the last change has the number ${newest}.`)
  if (since < oldest) {
    const message = `"since" cannot be ${since}: changes are known from ${oldest} on. Take the whole export, without "since".`
    throw new Failure('GONE', message, { errors: [{ parameter: 'since', message }] })
  }
}

/**
 * Reverts changes, the newest first. A change without former values created its noun, or was logged before former values
 * were.
 */
const restoreDocument = (document: TrackDocument, changes: readonly LoggedChange[]): TrackDocument | undefined => {
  const byId = Map.groupBy(changes.toReversed(), ({ id }) => id)
  const restore = <T extends { id: string }>(one: T): T[] => {
    const changesOfOne = byId.get(one.id) ?? []
    if (changesOfOne.some(({ former }) => former === null)) return []
    return changesOfOne.length === 0 ? [one] : [Object.assign({}, one, ...changesOfOne.map(({ former }) => former))]
  }
  const [track] = restore(document.track)
  if (track === undefined) return undefined
  return {
    ...document,
    track,
    categories: document.categories.flatMap(restore),
    skills: document.skills.flatMap(restore),
    resources: document.resources.flatMap(restore),
  }
}

/** Selects the skills whose rows may differ: something changed that their outcome shows, or a scope that they are in. */
export const affectedSkills = (
  skills: TrackDocument['skills'],
  { document, changes }: { document: TrackDocument; changes: TrackChanges },
) => {
  const isChanged = ({ id }: { id: string }) => changes.latest.has(id)
  if (isChanged(document.track)) return skills
  const keysOf = (list: readonly { id: string; key: string }[]) => new Set(list.filter(isChanged).map(({ key }) => key))
  const [skillKeys, resourceKeys, categoryKeys] = [
    keysOf(document.skills),
    keysOf(document.resources),
    keysOf(document.categories),
  ]
  const ancestorsOf = createAncestorsOf(document.categories)
  return skills.filter(
    skill =>
      isChanged(skill) ||
      [...skill.prerequisites, ...skill.related].some(key => skillKeys.has(key)) ||
      skill.resources.some(key => resourceKeys.has(key)) ||
      categoryKeys.has(skill.category) ||
      ancestorsOf(skill.category).some(({ key }) => categoryKeys.has(key)),
  )
}

/** An object that the platform must delete. */
export interface DeletedRow {
  noun: 'skill' | 'category'
  guid: string
  title: string
}

/** Lists removed nouns and the former keys of renamed ones, skills before their categories. */
export const deletedRows = (document: TrackDocument, { latest, previous }: TrackChanges): DeletedRow[] => [
  ...findDeleted('skill', document.skills, previous?.document.skills, latest),
  ...findDeleted('category', document.categories, previous?.document.categories, latest),
]

type Identified = { id: string; key: string; track: string; title: string; formerly: readonly string[] }

const findDeleted = (
  noun: DeletedRow['noun'],
  current: readonly Identified[],
  previous: readonly Identified[] | undefined,
  latest: TrackChanges['latest'],
): DeletedRow[] => {
  const [currentById, previousById] = [mapById(current), mapById(previous ?? [])]
  const currentKeys = new Set(current.map(({ key }) => key))
  const deleted = new Map<string, string>()
  for (const change of latest.values()) {
    if (change.noun !== noun) continue
    const one = currentById.get(change.id)
    if (one === undefined) deleted.set(change.key, change.title ?? slugOf(change.key))
    else for (const key of formerKeys(one, previousById.get(change.id))) deleted.set(key, one.title)
  }
  return [...deleted]
    .filter(([key]) => !currentKeys.has(key))
    .map(([key, title]) => ({ noun, guid: qualifiedKeyOf(noun, key), title }))
}

const mapById = (list: readonly Identified[]) => new Map(list.map(one => [one.id, one]))

/** Returns the key at the cursor, or every former key when that one is unknown. */
const formerKeys = ({ track, formerly }: Identified, previous: Identified | undefined): string[] =>
  previous === undefined ? formerly.map(slug => keyOf(track, slug)) : [previous.key]
