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
    from: z.int().min(0).max(168).meta({ description: 'Minimum hours a week.' }),
    to: z.int().min(0).max(168).meta({ description: 'Maximum hours a week.' }),
  })
  .meta({ id: 'WeeklyHours', description: 'A range of hours a week.' })

export const PlanStep = z
  .strictObject({
    ...spanFields,
    text: Text.meta({ description: 'The work of the step.' }),
    plan: orNull(refTo('plan')).meta({ description: 'Key of a plan it builds on.' }),
    skills: listOf(refTo('skill')).meta({ description: 'Keys of the skills to learn, in order.' }),
    projects: listOf(refTo('project')).meta({ description: 'Keys of the projects to build, in order.' }),
  })
  .meta({ id: 'PlanStep', description: 'A step of a plan.' })

export const Plan = z
  .strictObject({
    ...identityFields,
    kind: PlanKind,
    tier: orNull(Tier).meta({ description: 'The tier it is for; null for all.' }),
    title: Title.meta({ description: 'The title of the plan.', examples: ['6-month focused plan'] }),
    duration: orNull(Duration).meta({ description: 'The time that the plan takes.' }),
    weeklyHours: orNull(WeeklyHours).meta({ description: 'The hours a week that the plan takes.' }),
    steps: listOf(PlanStep).meta({ description: 'The steps of the plan, in order.' }),
    ...mentionFields,
  })
  .meta({ id: 'Plan', description: 'A schedule of learning.' })
export type Plan = z.infer<typeof Plan>

/** Returns the keys of the skills that a plan names, in order and each once; those of a plan that it builds on come where that stands. */
export const skillsOfPlan = (key: string, planOf: (key: string) => Pick<Plan, 'steps'> | undefined): string[] => {
  const skills = new Set<string>()
  const visited = new Set<string>()
  const visit = (plan: string): void => {
    if (visited.has(plan)) return
    visited.add(plan)
    for (const step of planOf(plan)?.steps ?? []) {
      if (step.plan !== null) visit(step.plan)
      for (const skill of step.skills) skills.add(skill)
    }
  }
  visit(key)
  return [...skills]
}
