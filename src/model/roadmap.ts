import { z } from 'zod'
import { Category } from './category.ts'
import { Project } from './project.ts'
import { Skill } from './skill.ts'
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

export const RoadmapCategory = Category.extend({ skills: cells }).meta({
  id: 'RoadmapCategory',
  description: 'A category with its skills by tier.',
})

export const Roadmap = z
  .strictObject({
    track: Track,
    tiers: z.array(TrackTier).max(10),
    categories: z.array(RoadmapCategory).max(20_000),
    projects: z.array(Project).max(20_000),
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
  return {
    track: parts.track,
    tiers: parts.track.tiers,
    categories: parts.categories.map(category => {
      const cells = cellsOf(category.key)
      return {
        ...category,
        skills: Object.fromEntries(tiers.map(tier => [tier, cells[tier].map(toRoadmapSkill)])) as RoadmapCells, // one entry a tier
      }
    }),
    projects: parts.projects,
  }
}
type RoadmapCells = z.infer<typeof cells>

export const toRoadmapSkill = ({
  id,
  key,
  slug,
  title,
  kind,
  optional,
  summary,
  prerequisites,
}: Skill): RoadmapSkill => ({
  id,
  key,
  slug,
  title,
  kind,
  optional,
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
