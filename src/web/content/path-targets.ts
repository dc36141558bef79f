import type { FastifyRequest } from 'fastify'
import { type Catalog, parseItem } from '../../catalog.ts'
import { keyOf, slugOf, trackOf } from '../../model/keys.ts'
import type { SearchHit } from '../../model/paging.ts'
import { keyOfRef } from '../../query/ids.ts'
import { findLearningPath, type SkillToLearn } from '../../query/learning-paths.ts'
import { search } from '../../query/search.ts'
import { plainText } from '../../text/html.ts'

/** A skill or project that a path leads to. */
export interface PathTarget {
  noun: 'skill' | 'project'
  /** Its name in a URL: `decorators`, `project:blog`, or the key of a skill of another track. */
  name: string
  key: string
  title: string
}

/** A path to its targets, which a page shows. */
export interface PathToTargets {
  targets: PathTarget[]
  steps: SkillToLearn[]
}

/** A word of `?to=` that is no target, with targets that were perhaps meant. */
export interface UnknownTarget {
  text: string
  suggestions: PathTarget[]
}

/** Returns the text of `?to=`: the targets of a path, separated by commas. */
export const parseTargets = ({ query }: FastifyRequest): string => {
  const { to = [] } = query as { to?: string | string[] } // the framework's parser makes these of every query
  return [to].flat().join(',').trim()
}

/**
 * Resolves the targets of `?to=`, separated by commas: slugs, keys and ids of skills, `project:` and those of a project, and
 * titles, which a form without a script sends.
 */
export const resolveTargets = async (
  catalog: Catalog,
  track: string,
  text: string,
): Promise<{ targets: PathTarget[]; unknown: UnknownTarget[] }> => {
  if (text === '') return { targets: [], unknown: [] }
  // A title may contain a comma.
  const whole = await resolveTarget(catalog, track, text)
  const resolved =
    'key' in whole || !text.includes(',')
      ? [whole]
      : await Promise.all(
          text
            .split(',')
            .filter(part => part.trim() !== '')
            .slice(0, maxTargets)
            .map(part => resolveTarget(catalog, track, part)),
        )
  const targets = resolved.filter(one => 'key' in one)
  return {
    targets: [...new Map(targets.map(target => [target.name, target])).values()],
    unknown: resolved.filter(one => 'text' in one),
  }
}

/** Each target costs a few queries. */
const maxTargets = 50

const resolveTarget = async (catalog: Catalog, track: string, given: string): Promise<PathTarget | UnknownTarget> => {
  const text = given.trim()
  const [, prefix, ref = ''] = /^(project:)?([a-z0-9.-]+)$/i.exec(text) ?? []
  const named =
    ref !== '' &&
    (await findByName(catalog, track, prefix === undefined ? ['skill', 'project'] : ['project'], ref.toLowerCase()))
  if (named) return named
  const hits = await searchTargets(catalog, track, text)
  const sameTitle = hits.filter(({ title }) => title.toLowerCase() === text.toLowerCase())
  return sameTitle[0] !== undefined && sameTitle.length === 1 ? sameTitle[0] : { text, suggestions: hits }
}

/** Finds a skill or project by its slug, key, earlier key or id. */
const findByName = async (
  catalog: Catalog,
  track: string,
  nouns: readonly ('skill' | 'project')[],
  ref: string,
): Promise<PathTarget | undefined> => {
  for (const noun of nouns) {
    const key = await keyOfRef(catalog, noun, ref)
    const full = key.includes('.') ? key : keyOf(track, key)
    const [current] = (await catalog.currentKeys(noun, [full])).values()
    const [stored] = current === undefined ? [] : await catalog.byKeys(noun, [current])
    if (stored !== undefined) return toTarget(track, noun, stored.key, parseItem(stored).title)
  }
  return undefined
}

/** Finds the targets whose texts match, or nearly match. */
const searchTargets = async (catalog: Catalog, track: string, text: string): Promise<PathTarget[]> => {
  const { data } = await search(catalog, {
    q: text.slice(0, 200),
    track: [track],
    noun: ['skill', 'project'],
    limit: maxSuggestions,
  })
  return data.map(({ noun, key, title }: SearchHit) => toTarget(track, noun as PathTarget['noun'], key, title)) // the search was limited to them
}

const maxSuggestions = 8

const toTarget = (track: string, noun: PathTarget['noun'], key: string, title: string): PathTarget => {
  const name = trackOf(key) === track ? slugOf(key) : key
  return { noun, name: noun === 'project' ? `project:${name}` : name, key, title: plainText(title) }
}

/** Returns the path to targets. */
export const pathToTargets = async (
  catalog: Catalog,
  track: string,
  targets: PathTarget[],
): Promise<PathToTargets> => ({
  targets,
  steps: await findLearningPath(catalog, track, { to: targets.map(({ name }) => name) }),
})
