import { z } from 'zod'
import { refTo } from './reference.ts'
import { Skill } from './skill.ts'

/** A step on the way: the skill, and what it opens. */
export const LearningStep = Skill.extend({
  unlocks: z
    .array(refTo('skill'))
    .max(20_000)
    .meta({ description: 'Keys of the skills it is a direct prerequisite of, among those still to be learnt.' }),
}).meta({ id: 'LearningStep', description: 'A skill to learn next or on the way to others, with what it unlocks.' })
