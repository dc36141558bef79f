import type { Tier } from '../../model/vocabulary.ts'

/** A tier and its title in a document. */
export interface NamedTier {
  tier: Tier
  title: string
}

const words: Record<Tier, RegExp> = {
  beginner:
    /^(beginners?|basics?|junior|foundation(s|al)?|fundamentals?|novice|entry|elementary|starter|introductory|trainee|easy)$/,
  intermediate: /^(intermediate|mid|middle|medior|medium|regular|practitioner|proficient|competent)$/,
  senior: /^(senior|advanced|experts?|masters?|mastery|lead|principal|staff|hard)$/,
}

/** Words that may stand beside the name of a tier. */
const fillers =
  /^(a|the|for|of|and|skills?|topics?|concepts?|levels?|tiers?|stages?|phases?|steps?|parts?|developers?|engineers?|knowledge|l|\d+)$/

/** Returns the tier that a title names and nothing else, such as "Beginner", "Level 1" or "Advanced topics (12 months)"; undefined for others. */
export const tierOfTitle = (title: string): NamedTier | undefined => {
  const [name = ''] = title.replaceAll(/\([^)]*\)/g, '').split(/\s+[–—-]\s|:/)
  const parts = wordsOf(name)
  const tier = tierOfWords(parts)
  return tier !== undefined &&
    parts.every(word => fillers.test(word) || Object.values(words).some(one => one.test(word)))
    ? { tier, title: shortTitle(name) }
    : undefined
}

/** Returns the tier that the head of a column names somewhere; undefined if it names none. */
export const tierOfColumn = (title: string): NamedTier | undefined => {
  const tier = tierOfWords(wordsOf(title))
  return tier === undefined ? undefined : { tier, title: shortTitle(title) }
}

const wordsOf = (title: string): string[] =>
  title
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word !== '')

const tierOfWords = (parts: readonly string[]): Tier | undefined => {
  for (const part of parts)
    for (const [tier, pattern] of Object.entries(words) as [Tier, RegExp][]) if (pattern.test(part)) return tier // one entry a tier
  const [, level] = /\b(?:level|tier|stage|phase|l) ?(\d)\b/.exec(parts.join(' ')) ?? []
  if (level === undefined || level === '0') return undefined
  return (['beginner', 'intermediate'] as const)[Number(level) - 1] ?? 'senior'
}

/** Returns the title of a tier without the word for what it contains. */
const shortTitle = (title: string): string => title.replace(/\s+(skills?|topics?|concepts?|level)\s*$/i, '').trim()
