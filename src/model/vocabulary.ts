import { z } from 'zod'
import { tiers } from './tiers.ts'

/** The nouns of a curriculum in the order of a document, each with its plural, which is its name in paths and documents. */
export const plurals = {
  track: 'tracks',
  source: 'sources',
  category: 'categories',
  skill: 'skills',
  principle: 'principles',
  project: 'projects',
  exercise: 'exercises',
  resource: 'resources',
  plan: 'plans',
  checklist: 'checklists',
} as const

/** Returns a number of items in words: `1 skill`, `2 categories`. */
export const countNouns = (count: number, noun: Noun): string => `${count} ${count === 1 ? noun : plurals[noun]}`

/** Returns a noun with its indefinite article: `a skill`, `an exercise`. */
export const withArticle = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`

export type Plural = (typeof plurals)[Noun]

export type Noun = keyof typeof plurals
export const nouns = Object.keys(plurals) as [Noun, ...Noun[]] // the keys of the table
export const Noun = z.enum(nouns).meta({ id: 'Noun', description: 'The kind of thing.' })

/** Returns the plurals of the nouns other than tracks, sources, categories and skills, as a phrase in a sentence. */
export const otherNounsPhrase = (): string => {
  const others = nouns
    .filter(noun => !['track', 'source', 'category', 'skill'].includes(noun))
    .map(noun => plurals[noun])
  return `${others.slice(0, -1).join(', ')} and ${others.at(-1)}`
}

export const Tier = z
  .enum(tiers)
  .meta({ id: 'Tier', description: 'The level of a learner: beginner, intermediate or senior.' })
export type Tier = z.infer<typeof Tier>

/** The scopes of an API key; each includes those before it. */
export const scopes = ['read', 'write', 'admin'] as const
export type Scope = (typeof scopes)[number]

/** The kind of learning: by doing or by understanding. */
export const LearningKind = z
  .enum(['practical', 'theoretical'])
  .meta({ id: 'LearningKind', description: 'Learnt by doing (practical) or by understanding (theoretical).' })

export const Unit = z.enum(['minute', 'hour', 'day', 'week', 'month', 'year']).meta({
  id: 'Unit',
  description:
    'The unit of a span of time. In sums a day has 8 hours of study, a week 5 days, a month 4 weeks and a year 12 months.',
})
