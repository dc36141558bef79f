import { allDrafts, type Document, draftsOf, type Mistake } from './document.ts'
import { type ExerciseFile, maxExerciseFilesLength } from './exercise.ts'
import { findCycle, required } from './graph.ts'
import { caseUuid } from './identity.ts'
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

const listsAreUnique: Rule = document => [
  ...document.projects.flatMap(({ slug, skills, resources }) => [
    ...listedTwice('project', slug, ['skills'], skills),
    ...listedTwice('project', slug, ['resources'], resources),
  ]),
  ...document.exercises.flatMap(({ slug, skills }) => listedTwice('exercise', slug, ['skills'], skills)),
  ...document.plans.flatMap(({ slug, steps }) =>
    steps.flatMap(({ skills, projects }, index) => [
      ...listedTwice('plan', slug, ['steps', index, 'skills'], skills),
      ...listedTwice('plan', slug, ['steps', index, 'projects'], projects),
    ]),
  ),
]

const listedTwice = (noun: Noun, slug: string, path: Path, list: readonly string[]): Mistake[] =>
  list.flatMap((name, index): Mistake[] =>
    list.indexOf(name) < index
      ? [{ noun, slug, path: [...path, index], message: `"${name}" is listed twice: remove one of the two` }]
      : [],
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
    ...document.categories.flatMap(({ slug, parent }) => inOtherTrack('category', slug, ['parent'], parent)),
    ...document.plans.flatMap(({ slug, steps }) =>
      steps.flatMap(({ plan, ...lists }, index) => [
        ...inOtherTrack('plan', slug, ['steps', index, 'plan'], plan),
        ...(['skills', 'projects'] as const).flatMap(field =>
          lists[field].flatMap((key, place) => inOtherTrack('plan', slug, ['steps', index, field, place], key)),
        ),
      ]),
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

const categoriesNest: Rule = ({ track, categories }) => {
  const byKey = new Map(categories.map(category => [keyOf(track.slug, category.slug), category]))
  const edges = new Map([...byKey].map(([key, { parent }]) => [key, parent === null ? [] : [parent]]))
  const cycle = findCycleMistakes('category', 'parent', edges, byKey)
  if (cycle.length > 0) return cycle
  const parentOf = (key: string | null): string | null => {
    const parent = byKey.get(key ?? '')?.parent ?? null
    // One that is not in this track is another mistake.
    return parent !== null && byKey.has(parent) ? parent : null
  }
  return categories.flatMap(({ slug, title, parent }): Mistake[] =>
    parentOf(parentOf(parent)) === null
      ? []
      : [
          {
            noun: 'category',
            slug,
            path: ['parent'],
            message: `"${title}" would be on a fourth level, and categories nest on three levels at most: give it a parent further up`,
          },
        ],
  )
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
  const message =
    noun === 'category'
      ? `these form a cycle: ${titles.join(' is part of ')}. Give one of them another parent`
      : `these form a cycle: ${titles.join(' needs ')}. Remove one of the ${field}`
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
  ...(['skill', 'project', 'exercise'] as const).flatMap(noun =>
    draftsOf(document, noun).flatMap(({ slug, duration }) => endsBeforeStart(noun, slug, ['duration', 'to'], duration)),
  ),
  ...document.plans.flatMap(plan => [
    ...endsBeforeStart('plan', plan.slug, ['duration', 'to'], plan.duration),
    ...endsBeforeStart('plan', plan.slug, ['weeklyHours', 'to'], plan.weeklyHours),
    ...plan.steps.flatMap((step, index) => endsBeforeStart('plan', plan.slug, ['steps', index, 'to'], step)),
  ]),
]

const questionsHaveAnswers: Rule = ({ exercises }) =>
  exercises.flatMap(({ slug, kind, questions }) => {
    const mistake = (path: Path, message: string): Mistake => ({ noun: 'exercise', slug, path, message })
    if (kind !== 'quiz')
      return questions.length === 0
        ? []
        : [mistake(['questions'], `only a quiz has questions, and this is an ${kind}: write kind: quiz`)]
    if (questions.length === 0) return [mistake(['questions'], 'a quiz has at least one question: add its questions')]
    return questions.flatMap(({ choices, answer }, index) => {
      const path = ['questions', index]
      if (choices.length === 0)
        return answer === null
          ? [mistake(path, 'this question has neither choices nor an answer: add one of them')]
          : []
      if (answer !== null)
        return [mistake([...path, 'answer'], 'the right choices are the answer: remove "answer", or the choices')]
      if (choices.length === 1)
        return [mistake([...path, 'choices'], 'one choice is no choice: add another, or write the answer as "answer"')]
      if (choices.every(({ correct }) => !correct))
        return [mistake([...path, 'choices'], 'none of the choices is right: write correct: true under those that are')]
      return listedTwice(
        'exercise',
        slug,
        [...path, 'choices'],
        choices.map(({ text }) => text),
      )
    })
  })

const exerciseFilesFitFolder: Rule = ({ exercises }) =>
  exercises.flatMap(({ slug, files }) => [
    ...listedTwice(
      'exercise',
      slug,
      ['files'],
      files.map(({ role, path }) => `${role}/${path}`),
    ),
    ...filesThatAreFolders(slug, files),
    ...filesThatAreTooLarge(slug, files),
  ])

const filesThatAreFolders = (slug: string, files: readonly ExerciseFile[]): Mistake[] =>
  files.flatMap(({ role, path }, index): Mistake[] => {
    const inside = files.find(other => other.role === role && other.path.startsWith(`${path}/`))
    const message = `"${role}/${path}" is a file here, and the folder of "${inside?.path}": rename one of the two`
    return inside === undefined ? [] : [{ noun: 'exercise', slug, path: ['files', index, 'path'], message }]
  })

const filesThatAreTooLarge = (slug: string, files: readonly ExerciseFile[]): Mistake[] => {
  const length = files.reduce((sum, { text }) => sum + text.length, 0)
  const message = `its files have ${length} characters together, and ${maxExerciseFilesLength} are the most: leave some out, or link to them`
  return length <= maxExerciseFilesLength ? [] : [{ noun: 'exercise', slug, path: ['files'], message }]
}

/** Two items cannot have the same identifier in CASE. */
const identifiersAreUnique: Rule = document => {
  const owners = new Map<string, string>()
  return repeatedIdentifiers(document, (uuid, item) => {
    const owner = owners.get(uuid)
    owners.set(uuid, owner ?? item)
    return owner
  })
}

/** Finds the items whose identifier in CASE another item has; `ownerOf` returns that one. */
export const repeatedIdentifiers = (
  document: Document,
  ownerOf: (uuid: string, item: string) => string | undefined,
): Mistake[] =>
  allDrafts(document).flatMap(({ noun, draft: { slug, externalId } }): Mistake[] => {
    const uuid = caseUuid(externalId)
    const owner = uuid && ownerOf(uuid, `${noun} "${slug}"`)
    return owner === undefined
      ? []
      : [
          {
            noun,
            slug,
            path: ['externalId'],
            message: `${owner} has this UUID too, and CASE identifies both by it: give one of the two another externalId, or none`,
          },
        ]
  })

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
  listsAreUnique,
  prerequisitesHaveNoCycle,
  categoriesNest,
  plansHaveNoCycle,
  tiersAreInOrder,
  tiersBelongToTrack,
  durationsRunForward,
  questionsHaveAnswers,
  exerciseFilesFitFolder,
  identifiersAreUnique,
]
