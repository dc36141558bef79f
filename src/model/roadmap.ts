import { z } from 'zod'
import { Category } from './category.ts'
import { Project } from './project.ts'
import { Skill } from './skill.ts'
import { Track, TrackTier } from './track.ts'
import { type Tier, tiers } from './vocabulary.ts'

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

interface Parts {
  track: Track
  categories: Category[]
  skills: Skill[]
  projects: Project[]
}

export const roadmapOf = ({ track, categories, skills, projects }: Parts): Roadmap => {
  const cell = new Map<string, RoadmapSkill[]>()
  for (const { id, key, slug, title, kind, optional, summary, prerequisites, category, tier } of skills) {
    const name = `${category} ${tier}`
    const shown = { id, key, slug, title, kind, optional, summary, prerequisites }
    cell.get(name)?.push(shown) ?? cell.set(name, [shown])
  }
  const cellsOf = (category: string) =>
    Object.fromEntries(tiers.map(tier => [tier, cell.get(`${category} ${tier}`) ?? []])) as Record<Tier, RoadmapSkill[]> // one entry a tier
  return {
    track,
    tiers: track.tiers,
    categories: categories.map(category => ({ ...category, skills: cellsOf(category.key) })),
    projects,
  }
}
