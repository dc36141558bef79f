import { allDrafts, type Document, type Draft, type Mistake, mapDrafts } from './document.ts'
import { findCycle, required } from './graph.ts'
import { keyOf, qualifiedKeyOf, trackOf } from './keys.ts'
import { mapReferences, type Path } from './references.ts'
import { tiers } from './tiers.ts'
import { type Noun, nouns } from './vocabulary.ts'

/** Returns the current key of something in another track by its key or an earlier one; undefined if there is none. */
export type ResolveExternal = (noun: Noun, key: string) => string | undefined

/**
 * Resolves every reference of a document to a current key and returns the document with all its mistakes.
 * A reference may be a slug, a key, or a key made of an earlier slug. One that cannot be resolved stays as it is.
 */
export const checkDocument = (
  document: Document,
  resolveExternal: ResolveExternal,
): { document: Document; mistakes: Mistake[] } => {
  const mistakes: Mistake[] = []
  const names = collectKeys(document, mistakes)
  const resolved = resolveReferences(document, names, resolveExternal, mistakes)
  const reported = new Set(mistakes.map(placeOf))
  for (const rule of rules) mistakes.push(...rule(resolved).filter(mistake => !reported.has(placeOf(mistake))))
  return { document: resolved, mistakes }
}

/** Identifies the place of a mistake. Only the first mistake at a place is reported: the others follow from it. */
const placeOf = ({ noun, slug, path }: Mistake): string => JSON.stringify([noun, slug, path])

/** Maps each key of a noun, current or earlier, to the current key. */
type CurrentKeys = Record<Noun, Map<string, string>>

const collectKeys = (document: Document, mistakes: Mistake[]): CurrentKeys => {
  const names = Object.fromEntries(nouns.map(noun => [noun, new Map<string, string>()])) as CurrentKeys // one entry a noun
  for (const { noun, draft } of allDrafts(document)) {
    const key = noun === 'track' ? draft.slug : keyOf(document.track.slug, draft.slug)
    if (names[noun].has(key))
      mistakes.push({
        noun,
        slug: draft.slug,
        path: [],
        message: `there are two ${noun === 'category' ? 'categories' : `${noun}s`} called "${draft.slug}": give one of them another slug`,
      })
    names[noun].set(key, key)
  }
  for (const { noun, draft } of allDrafts(document)) {
    for (const [index, former] of draft.formerly.entries()) {
      const key = noun === 'track' ? former : keyOf(document.track.slug, former)
      const owner = names[noun].get(key)
      // Something that was renamed and got its old slug back still lists that slug first: its id is derived from it.
      const isOwn = former === draft.slug && draft.formerly.indexOf(former) === index
      if (owner !== undefined && !isOwn)
        mistakes.push({
          noun,
          slug: draft.slug,
          path: ['formerly', index],
          message: `"${former}" is the name of another ${noun} (${owner}): an earlier slug cannot be used again`,
        })
      else names[noun].set(key, noun === 'track' ? draft.slug : keyOf(document.track.slug, draft.slug))
    }
  }
  return names
}

const resolveReferences = (
  document: Document,
  names: CurrentKeys,
  resolveExternal: ResolveExternal,
  mistakes: Mistake[],
): Document => {
  const track = document.track.slug
  const find = (noun: Noun, reference: string): string | undefined => {
    if (noun === 'track') return names.track.get(reference) ?? resolveExternal('track', reference)
    const key = reference.includes('.') ? reference : keyOf(track, reference)
    return names[noun].get(key) ?? (key.startsWith(`${track}.`) ? undefined : resolveExternal(noun, key))
  }
  const resolveIn = <N extends Noun>(noun: N, draft: Draft<N>) =>
    mapReferences(noun, draft, (target, reference, path) => {
      const { noun: targetNoun, name } =
        target === 'any' ? parseQualifiedKey(reference, track) : { noun: target, name: reference }
      const key = targetNoun && find(targetNoun, name)
      if (targetNoun !== undefined && key !== undefined) return target === 'any' ? qualifiedKeyOf(targetNoun, key) : key
      mistakes.push(unknownReference({ noun, slug: draft.slug, path }, target, reference, names, track))
      return reference
    })
  return mapDrafts(document, resolveIn)
}

/** Parses `python.skill.decorators`, or without the track `skill.decorators`; the track itself is its slug or `track`. */
const parseQualifiedKey = (qualified: string, track: string): { noun: Noun | undefined; name: string } => {
  const parts = qualified.split('.')
  const [slug, noun, owner] = [parts.at(-1) as string, parts.at(-2), parts.at(-3) ?? track] // split yields at least one part
  if (noun === undefined) return { noun: 'track', name: slug === 'track' ? track : slug }
  return { noun: nouns.find(known => known === noun), name: keyOf(owner, slug) }
}

const unknownReference = (
  at: { noun: Noun; slug: string; path: Path },
  target: Noun | 'any',
  reference: string,
  names: CurrentKeys,
  track: string,
): Mistake => {
  const short = (key: string) => (key.startsWith(`${track}.`) ? key.slice(track.length + 1) : key)
  if (target !== 'any')
    return {
      ...at,
      message: `there is no ${target} called "${reference}"`,
      unknown: { noun: target, given: reference, known: [...names[target].keys()].map(short) },
    }
  const known = nouns.flatMap(noun =>
    [...names[noun].keys()].map(key => (noun === 'track' ? 'track' : `${noun}.${short(key)}`)),
  )
  return {
    ...at,
    message: `nothing is called "${reference}": write the noun and the slug, such as skill.decorators`,
    unknown: { noun: target, given: reference, known },
  }
}

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
      : [{ noun, slug, path, message: `"${key}" is in another track: this names something of its own track` }]
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
  const titles = new Map(skills.map(skill => [keyOf(track.slug, skill.slug), skill]))
  return findCycleMistakes(
    'skill',
    'prerequisites',
    new Map([...titles].map(([key, skill]) => [key, skill.prerequisites])),
    titles,
  )
}

const plansHaveNoCycle: Rule = ({ track, plans }) => {
  const titles = new Map(plans.map(plan => [keyOf(track.slug, plan.slug), plan]))
  const edges = [...titles].map(([key, plan]): [string, string[]] => [key, plan.steps.flatMap(step => step.plan ?? [])])
  return findCycleMistakes('plan', 'steps', new Map(edges), titles)
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
  titles: Map<string, { slug: string; title: string }>,
): Mistake[] => {
  const cycle = findCycle(edges)
  return cycle === undefined ? [] : [cycleMistake(noun, field, cycle, titles)]
}

const cycleMistake = (
  noun: Noun,
  field: string,
  cycle: readonly string[],
  titles: ReadonlyMap<string, { slug: string; title: string }>,
): Mistake => {
  const skills = cycle.map(key => required(titles, key))
  const names = skills.map(({ title }) => `"${title}"`)
  const message = `these form a circle: ${names.join(' needs ')}. Remove one of the ${field}`
  return { noun, slug: required(titles, cycle[0] as string).slug, path: [field], message }
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
