import { z } from 'zod'
import { Category } from './category.ts'
import { TotalDuration } from './duration.ts'
import { required } from './graph.ts'
import { Project } from './project.ts'
import { Skill } from './skill.ts'
import { addTotals, sumDurations } from './sum-durations.ts'
import { tiers } from './tiers.ts'
import { Track, TrackTier } from './track.ts'
import type { Tier } from './vocabulary.ts'

/** A skill as a roadmap shows it. */
export const RoadmapSkill = Skill.pick({
  id: true,
  key: true,
  slug: true,
  title: true,
  kind: true,
  optional: true,
  duration: true,
  summary: true,
  prerequisites: true,
}).meta({ id: 'RoadmapSkill', description: 'A skill as a roadmap shows it.' })
type RoadmapSkill = z.infer<typeof RoadmapSkill>

const cells = z
  .strictObject({
    beginner: z.array(RoadmapSkill).max(20_000),
    intermediate: z.array(RoadmapSkill).max(20_000),
    senior: z.array(RoadmapSkill).max(20_000),
  })
  .meta({ id: 'RoadmapCells', description: 'The skills of a category by tier, each in order.' })

export const RoadmapCategory = Category.extend({
  skills: cells,
  totalDuration: TotalDuration.readonly().meta({
    description: 'The sum of the durations of its skills, and of those of the categories below it.',
  }),
}).meta({
  id: 'RoadmapCategory',
  description: 'A category with its skills by tier.',
})

export const RoadmapTier = TrackTier.extend({
  totalDuration: TotalDuration.readonly().meta({ description: 'The sum of the durations of its skills.' }),
}).meta({ id: 'RoadmapTier', description: 'A tier as a track describes it, with the time that its skills take.' })

export const Roadmap = z
  .strictObject({
    track: Track,
    tiers: z.array(RoadmapTier).max(10),
    categories: z.array(RoadmapCategory).max(20_000),
    projects: z.array(Project).max(20_000),
    totalDuration: TotalDuration.readonly().meta({ description: 'The sum of the durations of all skills.' }),
  })
  .meta({ id: 'Roadmap', description: 'The matrix of a track: categories by tier, and its projects.' })
export type Roadmap = z.infer<typeof Roadmap>

interface RoadmapParts {
  track: Track
  categories: Category[]
  skills: Skill[]
  projects: Project[]
}

export const roadmapOf = (parts: RoadmapParts): Roadmap => {
  const cellsOf = cellsByCategory(parts.skills)
  const totals = durationsOfTrack(parts)
  return {
    track: parts.track,
    tiers: parts.track.tiers.map(one => ({ ...one, totalDuration: totals.tiers[one.tier] })),
    categories: parts.categories.map(category => {
      const cells = cellsOf(category.key)
      return {
        ...category,
        skills: byTier(tier => cells[tier].map(toRoadmapSkill)),
        totalDuration: required(totals.categories, category.key),
      }
    }),
    projects: parts.projects,
    totalDuration: totals.track,
  }
}

/** The durations of the skills of a category, by tier. */
export type TierDurations = Record<Tier, TotalDuration>

export const tierDurations = (cells: Record<Tier, readonly Pick<Skill, 'duration'>[]>): TierDurations =>
  byTier(tier => sumDurations(cells[tier].map(({ duration }) => duration)))

/** The sums of the durations of a track's skills. */
export interface TotalDurations {
  track: TotalDuration
  tiers: TierDurations
  /** The sum of each category, by key; that of a parent includes the categories below it. */
  categories: ReadonlyMap<string, TotalDuration>
}

/** Adds the durations of the skills of a track. */
export const durationsOfTrack = ({
  categories,
  skills,
}: {
  categories: readonly { key: string; parent: string | null }[]
  skills: readonly Pick<Skill, 'category' | 'tier' | 'duration'>[]
}): TotalDurations => {
  const cellsOf = cellsByCategory(skills)
  return totalDurations(categories.map(({ key, parent }) => ({ key, parent, durations: tierDurations(cellsOf(key)) })))
}

/** Adds the durations of categories, which are all categories of a track. */
export const totalDurations = (
  categories: readonly { key: string; parent: string | null; durations: TierDurations }[],
): TotalDurations => {
  const own = new Map(categories.map(({ key, durations }) => [key, addTotals(Object.values(durations))]))
  const children = Map.groupBy(categories, ({ parent }) => parent)
  const totalOf = (key: string): TotalDuration => {
    const below = (children.get(key) ?? []).map(child => totalOf(child.key))
    const total = required(own, key)
    return below.length === 0 ? total : addTotals([total, ...below])
  }
  const sums = addTierDurations(categories.map(({ durations }) => durations))
  return {
    track: addTotals(Object.values(sums)),
    tiers: sums,
    categories: new Map(categories.map(({ key }) => [key, totalOf(key)])),
  }
}

/** Adds durations by tier. */
export const addTierDurations = (durations: readonly TierDurations[]): TierDurations =>
  byTier(tier => addTotals(durations.map(one => one[tier])))

const byTier = <T>(make: (tier: Tier) => T): Record<Tier, T> =>
  Object.fromEntries(tiers.map(tier => [tier, make(tier)])) as Record<Tier, T> // one entry a tier

export const toRoadmapSkill = ({
  id,
  key,
  slug,
  title,
  kind,
  optional,
  duration,
  summary,
  prerequisites,
}: Skill): RoadmapSkill => ({
  id,
  key,
  slug,
  title,
  kind,
  optional,
  duration,
  summary,
  prerequisites,
})

/** Groups skills by category and tier, in their order, and returns the cells of a category. */
export const cellsByCategory = <S extends { category: string; tier: Tier }>(
  skills: readonly S[],
): ((category: string) => Record<Tier, S[]>) => {
  const categories = new Map<string, Record<Tier, S[]>>()
  for (const skill of skills) {
    const cells = categories.get(skill.category) ?? emptyCells()
    cells[skill.tier].push(skill)
    categories.set(skill.category, cells)
  }
  return category => categories.get(category) ?? emptyCells()
}

const emptyCells = <S>(): Record<Tier, S[]> => ({ beginner: [], intermediate: [], senior: [] })
