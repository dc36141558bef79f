import type { Item } from './curriculum.ts'
import type { Noun } from './vocabulary.ts'

/**
 * The fields whose former values the change log stores: those that an export since a cursor shows or filters by.
 * An export compares current values with former ones, so a field that is missing here counts as unchanged.
 */
export const loggedFields = {
  track: ['title', 'summary', 'tiers'],
  source: [],
  category: ['key', 'title', 'summary', 'parent'],
  skill: [
    'key',
    'category',
    'tier',
    'code',
    'title',
    'summary',
    'kind',
    'optional',
    'duration',
    'outcomes',
    'prerequisites',
    'related',
    'resources',
    'alignments',
    'mentions',
  ],
  principle: [],
  project: [],
  exercise: [],
  resource: ['key', 'title', 'url', 'kind'],
  plan: [],
  checklist: [],
} as const satisfies { [N in Noun]: readonly (keyof Item<N>)[] }

/** The logged fields that a change modified, with their former values. */
export type FormerValues = Record<string, unknown>

export const formerValues = (noun: Noun, before: Item, after: Item): FormerValues => {
  const [old, current]: Record<string, unknown>[] = [{ ...before }, { ...after }]
  const differing = loggedFields[noun].filter(name => JSON.stringify(old?.[name]) !== JSON.stringify(current?.[name]))
  return Object.fromEntries(differing.map(name => [name, old?.[name]]))
}
