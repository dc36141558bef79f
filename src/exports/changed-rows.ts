import type { Catalog, Change, LoggedChange, TrackDocument } from '../catalog.ts'
import { badParameter, Failure } from '../errors.ts'
import { keyOf, qualifiedKeyOf, slugOf } from '../model/keys.ts'
import type { Noun } from '../model/vocabulary.ts'

/** A track, and the part of it that is in scope. */
export interface Scoped {
  whole: TrackDocument
  chosen: TrackDocument
}

/** What has changed in a track since a cursor. */
export interface Changed {
  /** The last change of each noun that has changed, by id. */
  latest: ReadonlyMap<string, Change>
  /** The track as exports showed it at the cursor, without what was new since or is not known; undefined where that is the track itself. */
  before: Scoped | undefined
}

/** Reads the changes to everything that an outcome shows. */
export const changedSince = async (
  catalog: Catalog,
  whole: TrackDocument,
  since: number,
  inScope: (track: TrackDocument) => TrackDocument,
): Promise<Changed> => {
  await refuseCursor(catalog, since)
  const changes: LoggedChange[] = []
  for (let cursor = since, more = true; more; ) {
    const page = await catalog.changes({ cursor, limit: 1_000, nouns: shown, tracks: [whole.track.key] })
    changes.push(...page.data)
    more = page.more
    cursor = page.data.at(-1)?.seq ?? cursor
  }
  const before = wholeBefore(whole, changes)
  return {
    latest: new Map(changes.map(change => [change.id, change])),
    before: before && { whole: before, chosen: inScope(before) },
  }
}

const shown: readonly Noun[] = ['track', 'category', 'skill', 'resource']

const refuseCursor = async (catalog: Catalog, since: number): Promise<void> => {
  const [newest, oldest] = [await catalog.latestCursor(), await catalog.oldestCursor()]
  if (since > newest)
    throw badParameter('since', `"since" is a cursor that was never given: the last change has the number ${newest}.`)
  if (since < oldest) {
    const message = `"since" cannot be ${since}: changes are known from ${oldest} on. Take the whole export, without "since".`
    throw new Failure('GONE', message, { errors: [{ parameter: 'since', message }] })
  }
}

/** Takes changes back, the newest first. A change without former values made its noun, or is from before they were kept. */
const wholeBefore = (whole: TrackDocument, changes: readonly LoggedChange[]): TrackDocument | undefined => {
  const byId = Map.groupBy(changes.toReversed(), ({ id }) => id)
  const before = <T extends { id: string }>(one: T): T[] => {
    const own = byId.get(one.id) ?? []
    if (own.some(({ former }) => former === null)) return []
    return own.length === 0 ? [one] : [Object.assign({}, one, ...own.map(({ former }) => former))]
  }
  const [track] = before(whole.track)
  if (track === undefined) return undefined
  return {
    ...whole,
    track,
    categories: whole.categories.flatMap(before),
    skills: whole.skills.flatMap(before),
    resources: whole.resources.flatMap(before),
  }
}

/** The skills of which something has changed that an outcome shows of itself or of what is around it: only their rows can differ. */
export const candidates = (
  skills: TrackDocument['skills'],
  { whole, changed }: { whole: TrackDocument; changed: Changed },
) => {
  const has = ({ id }: { id: string }) => changed.latest.has(id)
  if (has(whole.track)) return skills
  const keysOf = (list: readonly { id: string; key: string }[]) => new Set(list.filter(has).map(({ key }) => key))
  const [skillKeys, resourceKeys] = [keysOf(whole.skills), keysOf(whole.resources)]
  return skills.filter(
    skill =>
      has(skill) ||
      [...skill.prerequisites, ...skill.related].some(key => skillKeys.has(key)) ||
      skill.resources.some(key => resourceKeys.has(key)),
  )
}

/** What a platform has to take away. */
export interface Deleted {
  noun: 'skill' | 'category'
  guid: string
  title: string
}

/** What was removed, and the former names of what was renamed, skills before the categories they stood in. */
export const deleted = (whole: TrackDocument, { latest, before }: Changed): Deleted[] => [
  ...deletedOf('skill', whole.skills, before?.whole.skills, latest),
  ...deletedOf('category', whole.categories, before?.whole.categories, latest),
]

type Named = { id: string; key: string; track: string; title: string; formerly: readonly string[] }

const deletedOf = (
  noun: Deleted['noun'],
  now: readonly Named[],
  before: readonly Named[] | undefined,
  latest: Changed['latest'],
): Deleted[] => {
  const [there, then] = [byIdOf(now), byIdOf(before ?? [])]
  const taken = new Set(now.map(({ key }) => key))
  const gone = new Map<string, string>()
  for (const change of latest.values()) {
    if (change.noun !== noun) continue
    const one = there.get(change.id)
    if (one === undefined) gone.set(change.key, change.title ?? slugOf(change.key))
    else for (const key of formerKeys(one, then.get(change.id))) gone.set(key, one.title)
  }
  return [...gone]
    .filter(([key]) => !taken.has(key))
    .map(([key, title]) => ({ noun, guid: qualifiedKeyOf(noun, key), title }))
}

const byIdOf = (list: readonly Named[]) => new Map(list.map(one => [one.id, one]))

/** The key it had at the cursor; every key it ever had where that one is not known. */
const formerKeys = ({ track, formerly }: Named, then: Named | undefined): string[] =>
  then === undefined ? formerly.map(slug => keyOf(track, slug)) : [then.key]
