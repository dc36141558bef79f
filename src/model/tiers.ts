/**
 * The tiers, easiest first. A track may give them other titles: see `tiers` of a track. Apart from the schemas, because the
 * script of a track's page needs the list without zod.
 */
export const tiers = ['beginner', 'intermediate', 'senior'] as const
