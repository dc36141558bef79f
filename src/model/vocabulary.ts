import { z } from 'zod'

/**
 * The nouns of a curriculum in the order of a document, each with its plural: the name in paths, documents and answers
 * that hold several.
 */
export const plurals = {
  track: 'tracks',
  source: 'sources',
  category: 'categories',
  skill: 'skills',
  principle: 'principles',
  project: 'projects',
  resource: 'resources',
  plan: 'plans',
  checklist: 'checklists',
} as const
export type Plural = (typeof plurals)[Noun]

export type Noun = keyof typeof plurals
export const nouns = Object.keys(plurals) as [Noun, ...Noun[]] // the keys of the table, in its order
export const Noun = z.enum(nouns).meta({ id: 'Noun', description: 'What kind of thing it is.' })

/** The plurals of the nouns that a track has beside its sources, categories and skills, as a phrase in a sentence. */
export const besideSkills = (): string => {
  const others = nouns
    .filter(noun => !['track', 'source', 'category', 'skill'].includes(noun))
    .map(noun => plurals[noun])
  return `${others.slice(0, -1).join(', ')} and ${others.at(-1)}`
}

/** Easiest first. What a track calls them is its own: see `tiers` of a track. */
export const tiers = ['beginner', 'intermediate', 'senior'] as const
export const Tier = z
  .enum(tiers)
  .meta({ id: 'Tier', description: 'How far along a learner is: beginner, intermediate or senior.' })
export type Tier = z.infer<typeof Tier>

/** What a key is good for; each for all that those before it are. */
export const scopes = ['read', 'write', 'admin'] as const
export type Scope = (typeof scopes)[number]

/** Whether something is learnt by doing or by understanding. */
export const LearningKind = z
  .enum(['practical', 'theoretical'])
  .meta({ id: 'LearningKind', description: 'Whether it is learnt by doing or by understanding.' })

export const Unit = z.enum(['week', 'month', 'year']).meta({ id: 'Unit', description: 'The unit of a span of time.' })
