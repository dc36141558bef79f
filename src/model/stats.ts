import { createAncestorsOf } from './category-tree.ts'
import { categoriesInReadingOrder, type Document, type Draft } from './document.ts'
import { depths, prerequisitesWithin, required } from './graph.ts'
import { keyOf } from './keys.ts'
import { durationsOfTrack, type TotalDurations } from './roadmap.ts'
import { tiers } from './tiers.ts'
import type { Tier } from './vocabulary.ts'

/** Statistics of a track: skills per cell, the longest chain of prerequisites, and gaps. */
export interface TrackStats {
  /** In reading order, each with the skills of its own and the number of categories that it is a part of. */
  categories: { title: string; depth: number; skills: Record<Tier, number> }[]
  totals: Record<Tier, number>
  /** The sums of the durations of its skills. */
  durations: TotalDurations
  edges: number
  /** Titles along the longest chain of prerequisites, in the order of learning. */
  longestPath: string[]
  /** Titles of skills without prerequisites and dependents. */
  alone: string[]
  /** Titles of skills without a summary, with fewer than two outcomes, or without resources. */
  thin: Record<'summary' | 'outcomes' | 'resources', string[]>
}

export const statsOf = (document: Document): TrackStats => {
  const { track, skills } = document
  const categories = categoriesInReadingOrder(document)
  const ancestorsOf = createAncestorsOf(
    categories.map(({ slug, parent }) => ({ key: keyOf(track.slug, slug), parent })),
  )
  const byKey = new Map(skills.map(skill => [keyOf(track.slug, skill.slug), skill]))
  const needed = new Set(skills.flatMap(skill => skill.prerequisites))
  const titles = (wanted: (skill: Draft<'skill'>) => boolean) => skills.filter(wanted).map(({ title }) => title)
  return {
    categories: categories.map(({ title, slug }) => ({
      title,
      depth: ancestorsOf(keyOf(track.slug, slug)).length,
      skills: countByTier(skills.filter(skill => skill.category === keyOf(track.slug, slug))),
    })),
    totals: countByTier(skills),
    durations: durationsOfTrack({
      categories: categories.map(({ slug, parent }) => ({ key: keyOf(track.slug, slug), parent })),
      skills,
    }),
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
  const edges = prerequisitesWithin(skills)
  const depthOf = depths(edges)
  const deepest = (keys: Iterable<string>) => [...keys].sort((a, b) => required(depthOf, b) - required(depthOf, a))[0]
  const path: string[] = []
  for (let key = deepest(skills.keys()); key !== undefined; key = deepest(required(edges, key)))
    path.unshift(required(skills, key).title)
  return path
}
