import { type Document, everyDraft, type Mistake, mapDrafts } from './document.ts'
import type { Draft } from './draft.ts'
import { findCycle } from './graph.ts'
import { keyOf, qualifiedKeyOf, trackOf } from './keys.ts'
import { mapReferences, type Path } from './references.ts'
import { held } from './required.ts'
import { type Noun, nouns, tiers } from './vocabulary.ts'

/** The current key of something in another track, by its key or an old one; undefined where there is nothing of that name. */
export type Outside = (noun: Noun, key: string) => string | undefined

/**
 * The document with every reference as a current key, and all that is wrong with it.
 * A reference may be a slug, a key, or a key made of an earlier slug; only where `mistakes` is empty is the document whole.
 */
export const check = (document: Document, outside: Outside): { document: Document; mistakes: Mistake[] } => {
  const mistakes: Mistake[] = []
  const names = namesOf(document, mistakes)
  const resolved = resolve(document, names, outside, mistakes)
  const known = new Set(mistakes.map(placeOf))
  for (const rule of rules) mistakes.push(...rule(resolved).filter(mistake => !known.has(placeOf(mistake))))
  return { document: resolved, mistakes }
}

/** Of one place only the first mistake is told: the others follow from it. */
const placeOf = ({ noun, slug, path }: Mistake): string => JSON.stringify([noun, slug, path])

/** Current key by key, for the names a noun has and had. */
type Names = Record<Noun, Map<string, string>>

const namesOf = (document: Document, mistakes: Mistake[]): Names => {
  const names = Object.fromEntries(nouns.map(noun => [noun, new Map<string, string>()])) as Names // one entry a noun
  for (const { noun, draft } of everyDraft(document)) {
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
  for (const { noun, draft } of everyDraft(document)) {
    for (const [index, former] of draft.formerly.entries()) {
      const key = noun === 'track' ? former : keyOf(document.track.slug, former)
      const holder = names[noun].get(key)
      // What was renamed and got its old slug back still begins with the slug that its id comes from.
      const isOwn = former === draft.slug && draft.formerly.indexOf(former) === index
      if (holder !== undefined && !isOwn)
        mistakes.push({
          noun,
          slug: draft.slug,
          path: ['formerly', index],
          message: `"${former}" is the name of another ${noun} (${holder}): an earlier slug is never used again`,
        })
      else names[noun].set(key, noun === 'track' ? draft.slug : keyOf(document.track.slug, draft.slug))
    }
  }
  return names
}

const resolve = (document: Document, names: Names, outside: Outside, mistakes: Mistake[]): Document => {
  const track = document.track.slug
  const find = (noun: Noun, reference: string): string | undefined => {
    if (noun === 'track') return names.track.get(reference) ?? outside('track', reference)
    const key = reference.includes('.') ? reference : keyOf(track, reference)
    return names[noun].get(key) ?? (key.startsWith(`${track}.`) ? undefined : outside(noun, key))
  }
  const resolveIn = <N extends Noun>(noun: N, draft: Draft<N>) =>
    mapReferences(noun, draft, (target, reference, path) => {
      const { noun: named, name } = target === 'any' ? nameIn(reference, track) : { noun: target, name: reference }
      const key = named && find(named, name)
      if (named !== undefined && key !== undefined) return target === 'any' ? qualifiedKeyOf(named, key) : key
      mistakes.push(unknownReference({ noun, slug: draft.slug, path }, target, reference, names, track))
      return reference
    })
  return mapDrafts(document, resolveIn)
}

/** `python.skill.decorators`, or without the track `skill.decorators`; the track itself is its slug or `track`. */
const nameIn = (qualified: string, track: string): { noun: Noun | undefined; name: string } => {
  const parts = qualified.split('.')
  const [slug, noun, owner] = [parts.at(-1) as string, parts.at(-2), parts.at(-3) ?? track] // split yields at least one part
  if (noun === undefined) return { noun: 'track', name: slug === 'track' ? track : slug }
  return { noun: nouns.find(known => known === noun), name: keyOf(owner, slug) }
}

const unknownReference = (
  at: { noun: Noun; slug: string; path: Path },
  target: Noun | 'any',
  given: string,
  names: Names,
  track: string,
): Mistake => {
  const short = (key: string) => (key.startsWith(`${track}.`) ? key.slice(track.length + 1) : key)
  if (target !== 'any')
    return {
      ...at,
      message: `there is no ${target} called "${given}"`,
      unknown: { noun: target, given, known: [...names[target].keys()].map(short) },
    }
  const known = nouns.flatMap(noun =>
    [...names[noun].keys()].map(key => (noun === 'track' ? 'track' : `${noun}.${short(key)}`)),
  )
  return {
    ...at,
    message: `nothing is called "${given}": write the noun and the slug, such as skill.decorators`,
    unknown: { noun: target, given, known },
  }
}

type Rule = (document: Document) => Mistake[]

const edgesAreSets: Rule = document =>
  document.skills.flatMap(skill =>
    (['prerequisites', 'related', 'resources', 'sameAs'] as const).flatMap(field =>
      skill[field].flatMap((key, index): Mistake[] => {
        const at = { noun: 'skill' as const, slug: skill.slug, path: [field, index] }
        // One that needs itself is a circle, and is told as one.
        if (field === 'related' && key === keyOf(document.track.slug, skill.slug))
          return [{ ...at, message: `"${skill.title}" names itself: take it out of its own related` }]
        if (skill[field].indexOf(key) < index) return [{ ...at, message: `"${key}" stands here twice: once is enough` }]
        if (field === 'sameAs' && key.startsWith(`${document.track.slug}.`))
          return [{ ...at, message: `"${key}" is in this track: sameAs is for equal skills of other tracks` }]
        return []
      }),
    ),
  )

const projectSkillsAreSets: Rule = document =>
  document.projects.flatMap(project =>
    project.skills.flatMap((key, index): Mistake[] =>
      project.skills.indexOf(key) < index
        ? [
            {
              noun: 'project',
              slug: project.slug,
              path: ['skills', index],
              message: `"${key}" stands here twice: once is enough`,
            },
          ]
        : [],
    ),
  )

/** What groups, or is outlined, is of the same track: only learning leads from one track into another. */
const homely: Rule = ({ track, ...document }) => {
  const abroad = (noun: Noun, slug: string, path: Path, key: string | null): Mistake[] =>
    key === null || key === track.slug || key.startsWith(`${track.slug}.`)
      ? []
      : [{ noun, slug, path, message: `"${key}" is in another track: this names something of its own track` }]
  return [
    ...document.skills.flatMap(({ slug, category }) => abroad('skill', slug, ['category'], category)),
    ...document.principles.flatMap(({ slug, category }) => abroad('principle', slug, ['category'], category)),
    ...document.plans.flatMap(({ slug, steps }) =>
      steps.flatMap(({ plan }, index) => abroad('plan', slug, ['steps', index, 'plan'], plan)),
    ),
    ...document.sources.flatMap(({ slug, outline }) =>
      outline.flatMap(({ category, of }, index) => [
        ...abroad('source', slug, ['outline', index, 'category'], category),
        ...abroad('source', slug, ['outline', index, 'of'], of),
      ]),
    ),
  ]
}

const prerequisitesHaveNoCycle: Rule = ({ track, skills }) => {
  const titles = new Map(skills.map(skill => [keyOf(track.slug, skill.slug), skill]))
  return cycleMistake(
    'skill',
    'prerequisites',
    new Map([...titles].map(([key, skill]) => [key, skill.prerequisites])),
    titles,
  )
}

const plansHaveNoCycle: Rule = ({ track, plans }) => {
  const titles = new Map(plans.map(plan => [keyOf(track.slug, plan.slug), plan]))
  const edges = [...titles].map(([key, plan]): [string, string[]] => [key, plan.steps.flatMap(step => step.plan ?? [])])
  return cycleMistake('plan', 'steps', new Map(edges), titles)
}

/** A circle of prerequisites that leads through several tracks, told in each of them: none of their documents shows it alone. */
export const circleAcross = (documents: readonly Document[]): { track: string; mistake: Mistake }[] => {
  const skills = new Map(
    documents.flatMap(({ track, skills: own }) => own.map(one => [keyOf(track.slug, one.slug), one])),
  )
  const cycle = findCycle(new Map([...skills].map(([key, { prerequisites }]) => [key, prerequisites]))) ?? []
  const tracks = [...new Set(cycle.map(trackOf))]
  if (tracks.length < 2) return []
  return tracks.map(track => {
    const first = cycle.findIndex(key => trackOf(key) === track)
    const turned = [...cycle.slice(first, -1), ...cycle.slice(0, first)]
    return { track, mistake: circle('skill', 'prerequisites', [...turned, turned[0] as string], skills) } // its own skill stands first
  })
}

const cycleMistake = (
  noun: Noun,
  field: string,
  edges: Map<string, string[]>,
  titles: Map<string, { slug: string; title: string }>,
): Mistake[] => {
  const cycle = findCycle(edges)
  return cycle === undefined ? [] : [circle(noun, field, cycle, titles)]
}

const circle = (
  noun: Noun,
  field: string,
  cycle: readonly string[],
  titles: ReadonlyMap<string, { slug: string; title: string }>,
): Mistake => {
  const named = cycle.map(key => held(titles, key))
  const names = named.map(({ title }) => `"${title}"`)
  const message = `these come before each other in a circle: ${names.join(' needs ')}. Take one of the ${field} out`
  return { noun, slug: held(titles, cycle[0] as string).slug, path: [field], message }
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

const tiersAreTheTracks: Rule = document => {
  const known = document.track.tiers.map(({ tier }) => tier)
  if (known.length === 0) return []
  return everyDraft(document).flatMap(({ noun, draft }): Mistake[] => {
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

const spansRunForward: Rule = document => [
  ...document.track.tiers.flatMap(({ duration }, index) =>
    backward('track', document.track.slug, ['tiers', index, 'duration', 'to'], duration),
  ),
  ...document.plans.flatMap(plan => [
    ...backward('plan', plan.slug, ['duration', 'to'], plan.duration),
    ...backward('plan', plan.slug, ['weeklyHours', 'to'], plan.weeklyHours),
    ...plan.steps.flatMap((step, index) => backward('plan', plan.slug, ['steps', index, 'to'], step)),
  ]),
]

const backward = (noun: Noun, slug: string, path: Path, span: { from: number; to: number | null } | null): Mistake[] =>
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
  homely,
  edgesAreSets,
  projectSkillsAreSets,
  prerequisitesHaveNoCycle,
  plansHaveNoCycle,
  tiersAreInOrder,
  tiersAreTheTracks,
  spansRunForward,
]
