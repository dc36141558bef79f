import { allDrafts, type Document, type Mistake } from './document.ts'
import { findCycle, required } from './graph.ts'
import { keyOf, trackOf } from './keys.ts'
import type { Path } from './references.ts'
import { type Extent, type ResolveExternal, resolveReferences } from './resolve-references.ts'
import { tiers } from './tiers.ts'
import type { Noun } from './vocabulary.ts'

/** Resolves every reference of a document to a current key, and returns the document with all its mistakes. */
export const checkDocument = (
  document: Document,
  resolveExternal: ResolveExternal,
  extent: Extent = 'whole',
): { document: Document; mistakes: Mistake[] } => {
  const { document: resolved, mistakes } = resolveReferences(document, resolveExternal, extent)
  const reported = new Set(mistakes.map(placeOf))
  for (const rule of rules) mistakes.push(...rule(resolved).filter(mistake => !reported.has(placeOf(mistake))))
  return { document: resolved, mistakes }
}

/** Identifies the place of a mistake. Only the first mistake at a place is reported: the others follow from it. */
const placeOf = ({ noun, slug, path }: Mistake): string => JSON.stringify([noun, slug, path])

type Rule = (document: Document) => Mistake[]

const skillListsAreUnique: Rule = document =>
  document.skills.flatMap(skill =>
    (['prerequisites', 'related', 'resources', 'sameAs'] as const).flatMap(field =>
      skill[field].flatMap((key, index): Mistake[] => {
        const at = { noun: 'skill' as const, slug: skill.slug, path: [field, index] }
        // A skill among its own prerequisites is reported as a cycle.
        if (field === 'related' && key === keyOf(document.track.slug, skill.slug))
          return [{ ...at, message: `"${skill.title}" is related to itself: remove it from its own related` }]
        if (skill[field].indexOf(key) < index)
          return [{ ...at, message: `"${key}" is listed twice: remove one of the two` }]
        if (field === 'sameAs' && key.startsWith(`${document.track.slug}.`))
          return [{ ...at, message: `"${key}" is in this track: sameAs is for equal skills of other tracks` }]
        return []
      }),
    ),
  )

const projectSkillsAreUnique: Rule = document =>
  document.projects.flatMap(project =>
    project.skills.flatMap((key, index): Mistake[] =>
      project.skills.indexOf(key) < index
        ? [
            {
              noun: 'project',
              slug: project.slug,
              path: ['skills', index],
              message: `"${key}" is listed twice: remove one of the two`,
            },
          ]
        : [],
    ),
  )

/** Categories, plans and outline lines belong to the same track: only skills may refer to other tracks. */
const referencesStayInTrack: Rule = ({ track, ...document }) => {
  const inOtherTrack = (noun: Noun, slug: string, path: Path, key: string | null): Mistake[] =>
    key === null || key === track.slug || key.startsWith(`${track.slug}.`)
      ? []
      : [{ noun, slug, path, message: `"${key}" is in another track: refer to an item of the same track` }]
  return [
    ...document.skills.flatMap(({ slug, category }) => inOtherTrack('skill', slug, ['category'], category)),
    ...document.principles.flatMap(({ slug, category }) => inOtherTrack('principle', slug, ['category'], category)),
    ...document.plans.flatMap(({ slug, steps }) =>
      steps.flatMap(({ plan }, index) => inOtherTrack('plan', slug, ['steps', index, 'plan'], plan)),
    ),
    ...document.sources.flatMap(({ slug, outline }) =>
      outline.flatMap(({ category, of }, index) => [
        ...inOtherTrack('source', slug, ['outline', index, 'category'], category),
        ...inOtherTrack('source', slug, ['outline', index, 'of'], of),
      ]),
    ),
  ]
}

const prerequisitesHaveNoCycle: Rule = ({ track, skills }) => {
  const byKey = new Map(skills.map(skill => [keyOf(track.slug, skill.slug), skill]))
  const edges = new Map([...byKey].map(([key, { prerequisites }]) => [key, prerequisites]))
  return findCycleMistakes('skill', 'prerequisites', edges, byKey)
}

const plansHaveNoCycle: Rule = ({ track, plans }) => {
  const byKey = new Map(plans.map(plan => [keyOf(track.slug, plan.slug), plan]))
  const edges = new Map([...byKey].map(([key, { steps }]) => [key, steps.flatMap(step => step.plan ?? [])]))
  return findCycleMistakes('plan', 'steps', edges, byKey)
}

/** Finds a cycle of prerequisites through several tracks and returns a mistake for each of them: no single document shows it. */
export const cycleAcrossTracks = (documents: readonly Document[]): { track: string; mistake: Mistake }[] => {
  const skills = new Map(
    documents.flatMap(({ track, skills: own }) => own.map(one => [keyOf(track.slug, one.slug), one])),
  )
  const cycle = findCycle(new Map([...skills].map(([key, { prerequisites }]) => [key, prerequisites]))) ?? []
  const tracks = [...new Set(cycle.map(trackOf))]
  if (tracks.length < 2) return []
  return tracks.map(track => {
    const first = cycle.findIndex(key => trackOf(key) === track)
    const rotated = [...cycle.slice(first, -1), ...cycle.slice(0, first)]
    return { track, mistake: cycleMistake('skill', 'prerequisites', [...rotated, rotated[0] as string], skills) } // its own skill stands first
  })
}

const findCycleMistakes = (
  noun: Noun,
  field: string,
  edges: Map<string, string[]>,
  byKey: Map<string, { slug: string; title: string }>,
): Mistake[] => {
  const cycle = findCycle(edges)
  return cycle === undefined ? [] : [cycleMistake(noun, field, cycle, byKey)]
}

const cycleMistake = (
  noun: Noun,
  field: string,
  cycle: readonly string[],
  byKey: ReadonlyMap<string, { slug: string; title: string }>,
): Mistake => {
  const titles = cycle.map(key => `"${required(byKey, key).title}"`)
  const message = `these form a cycle: ${titles.join(' needs ')}. Remove one of the ${field}`
  return { noun, slug: required(byKey, cycle[0] as string).slug, path: [field], message } // a cycle has at least one node
}

const tiersAreInOrder: Rule = ({ track }) =>
  track.tiers.flatMap(({ tier }, index): Mistake[] => {
    const before = track.tiers[index - 1]?.tier
    if (before === undefined || tiers.indexOf(before) < tiers.indexOf(tier)) return []
    return [
      {
        noun: 'track',
        slug: track.slug,
        path: ['tiers', index, 'tier'],
        message: `tiers go from easiest to hardest, each once: ${tier} cannot follow ${before}`,
      },
    ]
  })

const tiersBelongToTrack: Rule = document => {
  const known = document.track.tiers.map(({ tier }) => tier)
  if (known.length === 0) return []
  return allDrafts(document).flatMap(({ noun, draft }): Mistake[] => {
    const tier = 'tier' in draft ? draft.tier : null
    if (tier === null || known.includes(tier)) return []
    return [
      {
        noun,
        slug: draft.slug,
        path: ['tier'],
        message: `the track has no tier "${tier}": its tiers are ${known.join(', ')}`,
      },
    ]
  })
}

const durationsRunForward: Rule = document => [
  ...document.track.tiers.flatMap(({ duration }, index) =>
    endsBeforeStart('track', document.track.slug, ['tiers', index, 'duration', 'to'], duration),
  ),
  ...document.plans.flatMap(plan => [
    ...endsBeforeStart('plan', plan.slug, ['duration', 'to'], plan.duration),
    ...endsBeforeStart('plan', plan.slug, ['weeklyHours', 'to'], plan.weeklyHours),
    ...plan.steps.flatMap((step, index) => endsBeforeStart('plan', plan.slug, ['steps', index, 'to'], step)),
  ]),
]

const endsBeforeStart = (
  noun: Noun,
  slug: string,
  path: Path,
  span: { from: number; to: number | null } | null,
): Mistake[] =>
  span === null || span.to === null || span.from <= span.to
    ? []
    : [
        {
          noun,
          slug,
          path,
          message: `it ends (${span.to}) before it begins (${span.from}): "to" must not be less than "from"`,
        },
      ]

const rules: Rule[] = [
  referencesStayInTrack,
  skillListsAreUnique,
  projectSkillsAreUnique,
  prerequisitesHaveNoCycle,
  plansHaveNoCycle,
  tiersAreInOrder,
  tiersBelongToTrack,
  durationsRunForward,
]
