import type { TrackDocument } from '../catalog.ts'
import { createAncestorsOf } from '../model/category-tree.ts'
import type { Item } from '../model/curriculum.ts'
import { qualifiedKeyOf } from '../model/keys.ts'
import { cellsByCategory } from '../model/roadmap.ts'
import { tiers } from '../model/tiers.ts'
import type { Tier } from '../model/vocabulary.ts'

/** The skills of one category and tier, in order. */
export interface Cell {
  /** The category's qualified key and the tier: the identifier of the group on a platform. */
  id: string
  category: Item<'category'>
  tier: Tier
  skills: Item<'skill'>[]
}

/** A category with the skills of its own; those of the categories below it are in their branches. */
export interface Branch {
  category: Item<'category'>
  /** The number of categories that it is a part of. */
  depth: number
  cells: Cell[]
}

/** Groups skills by category and tier, without empty cells. Categories are in reading order. */
export const groupByCategory = ({ categories, skills }: TrackDocument): Branch[] => {
  const cellsOf = cellsByCategory(skills)
  const ancestorsOf = createAncestorsOf(categories)
  return categories.map(category => {
    const cells = cellsOf(category.key)
    const tierCells = tiers.map(tier => ({
      id: `${qualifiedKeyOf('category', category.key)}.${tier}`,
      category,
      tier,
      skills: cells[tier],
    }))
    return {
      category,
      depth: ancestorsOf(category.key).length,
      cells: tierCells.filter(cell => cell.skills.length > 0),
    }
  })
}

export const skillId = ({ key }: { key: string }): string => qualifiedKeyOf('skill', key)
export const categoryId = ({ key }: { key: string }): string => qualifiedKeyOf('category', key)

export type Slugged = { slug: string; formerly: readonly string[] }

/** Lists the slug, then its former ones. */
export const allSlugs = ({ slug, formerly }: Slugged): string[] => [slug, ...formerly]

/** Returns a function from a tier to its title in the track. */
export const tierTitles = ({ track }: { track: Pick<Item<'track'>, 'tiers'> }): ((tier: Tier) => string) => {
  const titles = new Map(track.tiers.map(({ tier, title }) => [tier, title]))
  return tier => titles.get(tier) ?? defaultTitles[tier]
}

const defaultTitles = Object.fromEntries(
  tiers.map(tier => [tier, `${tier.charAt(0).toUpperCase()}${tier.slice(1)}`]),
) as Record<Tier, string> // one entry a tier
