import { plural } from './plural.ts'

/**
 * The words of the pages in English: every other language has the same keys. `{name}` is replaced by a value, and a message
 * with `one` and `other` is chosen by a number (`Intl.PluralRules`).
 */
export const en = {
  language: 'en',
  frame: {
    skipToContent: 'Skip to the content',
    allTracks: 'All roadmaps',
    search: 'Search',
    searchLabel: 'Search all roadmaps',
    reference: 'API reference',
    builtWith: 'Served by Curriculum',
    home: 'To the home page',
  },
  counts: {
    skill: plural('{count} skill', '{count} skills'),
    category: plural('{count} area', '{count} areas'),
    project: plural('{count} project', '{count} projects'),
    exercise: plural('{count} exercise', '{count} exercises'),
  },
}

export type Messages = typeof en
