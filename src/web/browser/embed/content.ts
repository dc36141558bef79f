/** A skill or project as the element shows it. */
export interface EmbeddedItem {
  key: string
  title: string
  tier: string | null
  optional?: boolean
}

/** The fields of a track that the element shows. */
export interface EmbeddedTrack {
  title: string
  language: string
  tiers: { tier: string; title: string; theme: string | null }[]
}

/** The fields of a roadmap (`GET /v1/tracks/{ref}/roadmap`) that the element shows. */
export interface EmbeddedRoadmap {
  track: EmbeddedTrack
  categories: { title: string; skills: Record<string, EmbeddedItem[]> }[]
  projects: EmbeddedItem[]
}

/** A tier with what is to be learned in it. */
export interface Stage {
  tier: string
  title: string
  theme: string | null
  areas: { title: string; skills: EmbeddedItem[] }[]
  projects: EmbeddedItem[]
  count: number
}

const tierNames = ['beginner', 'intermediate', 'senior']

/** Returns the first word that names no tier. */
export const unknownTier = (words: readonly string[]): string | undefined =>
  words.find(word => !tierNames.includes(word))

/** Returns the stages of a roadmap that have skills or projects, optionally only some tiers. Projects of no tier are in the last one. */
export const stagesOf = ({ track, categories, projects }: EmbeddedRoadmap, only: readonly string[]): Stage[] =>
  tiersOf(track)
    .filter(({ tier }) => only.length === 0 || only.includes(tier))
    .map(({ tier, title, theme }, index, all) => {
      const areas = categories
        .map(category => ({ title: category.title, skills: category.skills[tier] ?? [] }))
        .filter(({ skills }) => skills.length > 0)
      return {
        tier,
        title,
        theme,
        areas,
        projects: projects.filter(
          project => project.tier === tier || (project.tier === null && index === all.length - 1),
        ),
        count: areas.flatMap(({ skills }) => skills).length,
      }
    })
    .filter(({ count, projects }) => count + projects.length > 0)

/** Returns the tiers of a track; all tiers, without titles of its own, if it names none. */
export const tiersOf = ({ tiers }: Pick<EmbeddedTrack, 'tiers'>): EmbeddedTrack['tiers'] =>
  tiers.length > 0
    ? tiers
    : tierNames.map(tier => ({
        tier,
        title: `${tier.charAt(0).toUpperCase()}${tier.slice(1)}`,
        theme: null,
      }))

/** Splits a title into text and code between backticks; every second part is code. */
export const splitCode = (title: string): string[] => title.split(/`+([^`]+)`+/)
