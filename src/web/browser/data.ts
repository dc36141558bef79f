import type { Tier } from '../../model/vocabulary.ts'

/** What the page hands to its script. Within it a slug names a skill, and the order of the skills is that of the curriculum. */
export interface PageData {
  /** The track's id: what is kept in the browser outlives a new name. */
  track: string
  tiers: { tier: Tier; title: string }[]
  skills: PageSkill[]
  projects: { slug: string; skills: string[] }[]
}

export interface PageSkill {
  id: string
  slug: string
  tier: Tier
  category: string
  prerequisites: string[]
}
