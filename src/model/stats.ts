import type { Document } from './document.ts'
import type { Draft } from './draft.ts'
import { depths, edgesWithin } from './graph.ts'
import { keyOf } from './keys.ts'
import { held } from './required.ts'
import { type Tier, tiers } from './vocabulary.ts'

/** The shape of a track: where it is full, how deep it goes, and what is thin. */
export interface Stats {
  categories: { title: string; skills: Record<Tier, number> }[]
  totals: Record<Tier, number>
  edges: number
  /** Titles along the longest chain of prerequisites, the first to learn first. */
  longestPath: string[]
  /** Titles of skills that neither need another nor are needed. */
  alone: string[]
  /** Titles of skills that lack something a learner would look for, by what it is. */
  thin: Record<'summary' | 'outcomes' | 'resources', string[]>
}

export const statsOf = ({ track, categories, skills }: Document): Stats => {
  const byKey = new Map(skills.map(skill => [keyOf(track.slug, skill.slug), skill]))
  const needed = new Set(skills.flatMap(skill => skill.prerequisites))
  const titles = (wanted: (skill: Draft<'skill'>) => boolean) => skills.filter(wanted).map(({ title }) => title)
  return {
    categories: categories.map(({ title, slug }) => ({
      title,
      skills: countByTier(skills.filter(skill => skill.category === keyOf(track.slug, slug))),
    })),
    totals: countByTier(skills),
    edges: skills.reduce((sum, { prerequisites }) => sum + prerequisites.length, 0),
    longestPath: longestPath(byKey),
    alone: titles(skill => skill.prerequisites.length === 0 && !needed.has(keyOf(track.slug, skill.slug))),
    thin: {
      summary: titles(({ summary }) => summary === null),
      outcomes: titles(({ outcomes }) => outcomes.length < 2),
      resources: titles(({ resources }) => resources.length === 0),
    },
  }
}

const countByTier = (skills: Draft<'skill'>[]): Record<Tier, number> =>
  Object.fromEntries(tiers.map(tier => [tier, skills.filter(skill => skill.tier === tier).length])) as Record<
    Tier,
    number
  > // one entry a tier

const longestPath = (skills: ReadonlyMap<string, Draft<'skill'>>): string[] => {
  const edges = edgesWithin(skills)
  const deep = depths(edges)
  const deepest = (keys: Iterable<string>) => [...keys].sort((a, b) => held(deep, b) - held(deep, a))[0]
  const path: string[] = []
  for (let key = deepest(skills.keys()); key !== undefined; key = deepest(held(edges, key)))
    path.unshift(held(skills, key).title)
  return path
}
