import type { z } from 'zod'
import { Category } from './category.ts'
import { Checklist } from './checklist.ts'
import { Exercise } from './exercise.ts'
import { Plan } from './plan.ts'
import { Principle } from './principle.ts'
import { Project } from './project.ts'
import { Resource } from './resource.ts'
import { Skill } from './skill.ts'
import { Source } from './source.ts'
import { Track } from './track.ts'
import type { Noun } from './vocabulary.ts'

/** The zod object of each noun, from which everything about the nouns is derived. */
export const schemas = {
  track: Track,
  source: Source,
  category: Category,
  skill: Skill,
  principle: Principle,
  project: Project,
  exercise: Exercise,
  resource: Resource,
  plan: Plan,
  checklist: Checklist,
} as const satisfies Record<Noun, z.ZodObject>

type Items = { [N in Noun]: z.infer<(typeof schemas)[N]> }

/** An item of a noun as clients read it: `Item<'skill'>` is a Skill. */
export type Item<N extends Noun = Noun> = Items[N]
