import type { TrackDocument } from '../catalog.ts'
import type { Answer } from '../model/curriculum.ts'
import { qualifiedKeyOf } from '../model/keys.ts'
import { cellsByCategory } from '../model/roadmap.ts'
import { type Tier, tiers } from '../model/vocabulary.ts'

/** A category and tier with the skills that stand there, in order. */
export interface Cell {
  /** The category's qualified key with the tier behind it: what a platform calls the group. */
  id: string
  category: Answer<'category'>
  tier: Tier
  skills: Answer<'skill'>[]
}

/** The cells that hold something, by category. */
export const branches = ({ categories, skills }: TrackDocument): { category: Answer<'category'>; cells: Cell[] }[] => {
  const cellsOf = cellsByCategory(skills)
  return categories.map(category => {
    const cells = cellsOf(category.key)
    const held = tiers.map(tier => ({
      id: `${qualifiedKeyOf('category', category.key)}.${tier}`,
      category,
      tier,
      skills: cells[tier],
    }))
    return { category, cells: held.filter(cell => cell.skills.length > 0) }
  })
}

export const skillId = ({ key }: { key: string }): string => qualifiedKeyOf('skill', key)
export const categoryId = ({ key }: { key: string }): string => qualifiedKeyOf('category', key)

export type Named = { slug: string; formerly: readonly string[] }

/** The slug of a thing, and then those that it had. */
export const slugs = ({ slug, formerly }: Named): string[] => [slug, ...formerly]
