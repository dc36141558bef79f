import { z } from 'zod'
import { Duration, spanFields } from './duration.ts'
import { identityFields, mentionFields } from './identity.ts'
import { refTo } from './keys.ts'
import { listOf, orNull, Text, Title } from './text.ts'
import { Tier } from './vocabulary.ts'

export const PlanKind = z
  .enum(['plan', 'timeline'])
  .meta({ id: 'PlanKind', description: 'A plan of months, or the timeline of one tier.' })

export const WeeklyHours = z
  .strictObject({
    from: z.int().min(0).max(168).meta({ description: 'At least so many hours a week.' }),
    to: z.int().min(0).max(168).meta({ description: 'At most so many hours a week.' }),
  })
  .meta({ id: 'WeeklyHours', description: 'How many hours a week it takes.' })

export const PlanStep = z
  .strictObject({
    ...spanFields,
    text: Text.meta({ description: 'What is done in it.' }),
    plan: orNull(refTo('plan')).meta({ description: 'Key of a plan it builds on.' }),
  })
  .meta({ id: 'PlanStep', description: 'A step of a plan.' })

export const Plan = z
  .strictObject({
    ...identityFields,
    kind: PlanKind,
    tier: orNull(Tier).meta({ description: 'The tier it is for; null for all.' }),
    title: Title.meta({ description: 'What the plan is called.', examples: ['6-month focused plan'] }),
    duration: orNull(Duration).meta({ description: 'How long it takes.' }),
    weeklyHours: orNull(WeeklyHours).meta({ description: 'How many hours a week it takes.' }),
    steps: listOf(PlanStep).meta({ description: 'What is done when, in order.' }),
    ...mentionFields,
  })
  .meta({ id: 'Plan', description: 'What to learn when.' })
export type Plan = z.infer<typeof Plan>
