import { z } from 'zod'
import { TotalDuration } from '../model/duration.ts'
import { LearningStep } from '../model/skill.ts'
import { sumDurations } from '../model/sum-durations.ts'
import { tiers } from '../model/tiers.ts'
import { resolveFilter } from '../query/filters.ts'
import { findLearningPath, findNextSkills } from '../query/learning-paths.ts'
import { findOrFail } from './items.ts'
import { json, type Operation } from './operation.ts'
import { listParameter, requiredListParameter, textParameter } from './parameters.ts'

const name = { type: 'string', maxLength: 83, pattern: '^(project:)?[a-z0-9.-]+$' }
const names = z.array(z.string().min(1).max(83)).max(20_000)
const known =
  'Skills that are known already: slugs, keys, or up to 500 ids. The prerequisites of a known skill count as known.'

const Steps = z
  .strictObject({ data: z.array(LearningStep).max(20_000) })
  .meta({ id: 'LearningSteps', description: 'Skills in the order to learn them, each with what it unlocks.' })

const Path = z
  .strictObject({
    data: z.array(LearningStep).max(20_000),
    duration: TotalDuration.readonly().meta({ description: 'The sum of the durations of these skills.' }),
  })
  .meta({
    id: 'LearningPath',
    description: 'Skills in the order to learn them, each with what it unlocks, and the time that they take.',
  })

const plan = (description: string) =>
  textParameter({ maxLength: 83, pattern: '^[a-z0-9.-]+$' }, description, '6-month-focused-plan')
const planName = z.string().min(1).max(83).optional()

const common = {
  tag: 'learning',
  ref: 'Id or key of the track.',
  types: ['application/json'],
  schema: Steps,
  problems: ['BAD_USER_INPUT', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'GONE'],
} as const

const pathQuery = z.strictObject({
  to: requiredListParameter(
    name,
    'The targets: skills by slug, key or id, or `project:slug` for the skills of a project.',
    'metaclasses',
  ),
  known: listParameter(name, known, 'functions'),
  plan: plan('A plan of the track, by slug, key or id, whose order comes first among equals.'),
})

export const pathOperation: Operation<typeof pathQuery> = {
  ...common,
  schema: Path,
  path: '/v1/tracks/{ref}/path',
  operationId: 'getPath',
  summary: 'Find the path to a skill or project',
  description:
    'The skills that are still to be learned, prerequisites first; among equals the order of the plan, the easier tier and the earlier position. A target that is known already gives an empty path.',
  query: pathQuery,
  body: {
    operationId: 'postPath',
    schema: z.strictObject({ to: names.min(1), known: names.optional(), plan: planName }).meta({
      id: 'PathQuestion',
      description: 'The targets, the known skills, and the plan to follow.',
      examples: [{ to: ['project:url-shortener'], known: ['functions'] }],
    }),
  },
  example: '/v1/tracks/python/path?to=generators&known=functions',
  answer: async (catalog, { ref, query }) => {
    const track = await findOrFail(catalog, 'track', ref)
    const data = await findLearningPath(catalog, track.key, query)
    return json({ data, duration: sumDurations(data.map(({ duration }) => duration)) })
  },
}

const nextQuery = z.strictObject({
  known: listParameter(name, known, 'functions'),
  plan: plan('A plan of the track, by slug, key or id, whose skills come first, in its order.'),
  tier: listParameter({ $ref: '#/components/schemas/Tier' }, 'Only skills of these tiers.', 'beginner'),
  category: listParameter(
    { type: 'string', maxLength: 75, pattern: '^[a-z0-9.-]+$' },
    'Only skills of these categories and those below them: slugs, keys or ids.',
    'testing',
  ),
})

export const nextOperation: Operation<typeof nextQuery> = {
  ...common,
  path: '/v1/tracks/{ref}/next',
  operationId: 'getNext',
  summary: 'Find the skills that can be started now',
  description:
    'Every skill whose prerequisites are all known: those of the plan first, then those that unlock most, then by tier and position.',
  query: nextQuery,
  body: {
    operationId: 'postNext',
    schema: z
      .strictObject({
        known: names.optional(),
        plan: planName,
        tier: z.array(z.enum(tiers)).min(1).max(3).optional(),
        category: names.min(1).optional(),
      })
      .meta({
        id: 'NextQuestion',
        description: 'The known skills, the plan to follow, and the filters.',
        examples: [{ known: ['functions'], tier: ['beginner'] }],
      }),
  },
  example: '/v1/tracks/python/next?known=functions&tier=beginner',
  answer: async (catalog, { ref, query }) => {
    const track = await findOrFail(catalog, 'track', ref)
    const only = await resolveFilter(catalog, 'skill', {
      track: [track.key],
      tier: query.tier,
      category: query.category,
    })
    return json({ data: await findNextSkills(catalog, track.key, query, only) })
  },
}
