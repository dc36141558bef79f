import type { Catalog, Change, Served } from '../catalog.ts'
import { badParameter, Failure } from '../errors.ts'
import { keyOf, qualifiedKeyOf, slugOf } from '../model/names.ts'
import type { Noun } from '../model/vocabulary.ts'
import type { Export } from './format.ts'

/** The last change of each thing that has changed, by id. */
export type Changed = ReadonlyMap<string, Change>

/** What has changed in a track since a cursor, of all that an outcome shows. */
export const changedSince = async (catalog: Catalog, track: string, since: number): Promise<Changed> => {
  await refuseCursor(catalog, since)
  const changed = new Map<string, Change>()
  for (let cursor = since, more = true; more; ) {
    const page = await catalog.changes({ cursor, limit: 1_000, nouns: shown, tracks: [track] })
    for (const change of page.data) changed.set(change.id, change)
    more = page.more
    cursor = page.data.at(-1)?.seq ?? cursor
  }
  return changed
}

const shown: readonly Noun[] = ['track', 'category', 'skill', 'resource']

const refuseCursor = async (catalog: Catalog, since: number): Promise<void> => {
  const [newest, oldest] = [await catalog.cursor(), await catalog.oldestCursor()]
  if (since > newest)
    throw badParameter('since', `"since" is a cursor that was never given: the last change has the number ${newest}.`)
  if (since < oldest) {
    const message = `"since" cannot be ${since}: changes are known from ${oldest} on. Take the whole export, without "since".`
    throw new Failure('GONE', message, { errors: [{ parameter: 'since', message }] })
  }
}

/** What is in scope and is shown otherwise than at the cursor; all of it where the track, which says how its tiers are called, has changed. */
export const narrowed = ({ whole, chosen, changed }: Pick<Export, 'whole' | 'chosen' | 'changed'>): Served => {
  if (changed === undefined || changed.has(whole.track.id)) return chosen
  const has = ({ id }: { id: string }) => changed.has(id)
  const keysOf = (list: readonly { id: string; key: string }[]) => new Set(list.filter(has).map(({ key }) => key))
  const [skillKeys, resourceKeys] = [keysOf(whole.skills), keysOf(whole.resources)]
  const skills = chosen.skills.filter(
    skill =>
      has(skill) ||
      [...skill.prerequisites, ...skill.related].some(key => skillKeys.has(key)) ||
      skill.resources.some(key => resourceKeys.has(key)),
  )
  const above = new Set(skills.map(({ category }) => category))
  const categories = chosen.categories.filter(category => has(category) || above.has(category.key))
  return { ...chosen, categories, skills }
}

/** What a platform has to take away. */
export interface Deleted {
  noun: 'skill' | 'category'
  guid: string
  title: string
}

/** What was removed, and the earlier names of what has changed, skills before the categories they stood in. */
export const deleted = ({ whole, changed }: Pick<Export, 'whole' | 'changed'>): Deleted[] => {
  if (changed === undefined) return []
  return [...deletedOf('skill', whole.skills, changed), ...deletedOf('category', whole.categories, changed)]
}

type Held = { id: string; key: string; track: string; title: string; formerly: readonly string[] }

const deletedOf = (noun: Deleted['noun'], held: readonly Held[], changed: Changed): Deleted[] => {
  const there = new Map(held.map(one => [one.id, one]))
  const taken = new Set(held.map(({ key }) => key))
  const gone = new Map<string, string>()
  for (const change of changed.values()) {
    if (change.noun !== noun) continue
    const one = there.get(change.id)
    if (one === undefined) gone.set(change.key, change.title ?? slugOf(change.key))
    else for (const slug of one.formerly) gone.set(keyOf(one.track, slug), one.title)
  }
  return [...gone]
    .filter(([key]) => !taken.has(key))
    .map(([key, title]) => ({ noun, guid: qualifiedKeyOf(noun, key), title }))
}
