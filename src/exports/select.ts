import type { TrackDocument } from '../catalog.ts'
import { type Tier, tiers } from '../model/vocabulary.ts'
import type { Scope } from './options.ts'

/**
 * The part of a track that is in scope, with the categories above its skills. What belongs to no tier belongs to all;
 * of all else than skills, only what a category can be told of is in a scope of categories.
 */
export const inScope = (whole: TrackDocument, { tier, category, source }: Scope): TrackDocument => {
  const ofTier = (one: { tier: Tier | null }) => tier === undefined || one.tier === null || tier.includes(one.tier)
  const ofCategory = (one: { category: string | null }) =>
    category === undefined || (one.category !== null && category.includes(one.category))
  const ofSource = (one: { mentions: readonly { source: string }[] }) =>
    source === undefined || one.mentions.some(mention => source.includes(mention.source))
  const skills = whole.skills.filter(one => ofTier(one) && ofCategory(one) && ofSource(one))
  const [held, above] = [new Set(skills.map(({ key }) => key)), new Set(skills.map(skill => skill.category))]
  const holds = (keys: readonly string[]) => keys.some(key => held.has(key))
  return {
    track: whole.track,
    sources: whole.sources.filter(({ key }) => source?.includes(key) ?? true),
    categories: whole.categories.filter(({ key }) => above.has(key)),
    skills,
    principles: whole.principles.filter(one => ofTier(one) && ofCategory(one) && ofSource(one)),
    projects: whole.projects.filter(
      one => ofTier(one) && ofSource(one) && (category === undefined || holds(one.skills)),
    ),
    resources: whole.resources.filter(one => holds(one.skills)),
    plans: whole.plans.filter(one => category === undefined && ofTier(one) && ofSource(one)),
    checklists: whole.checklists.filter(one => category === undefined && ofTier(one) && ofSource(one)),
  }
}

/** What the track calls a tier. */
export const tierTitles = ({ track }: TrackDocument): ((tier: Tier) => string) => {
  const called = new Map(track.tiers.map(({ tier, title }) => [tier, title]))
  return tier => called.get(tier) ?? standard[tier]
}

const standard = Object.fromEntries(
  tiers.map(tier => [tier, `${tier.charAt(0).toUpperCase()}${tier.slice(1)}`]),
) as Record<Tier, string> // one entry a tier
