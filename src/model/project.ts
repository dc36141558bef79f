import { z } from 'zod'
import { identityFields, mentionFields } from './identity.ts'
import { refTo } from './keys.ts'
import { listOf, orNull, Text, Title } from './text.ts'
import { Tier } from './vocabulary.ts'

export const Phase = z
  .strictObject({
    tier: orNull(Tier).meta({ description: 'The tier the phase belongs to.' }),
    title: Title.meta({ description: 'What is built in it.' }),
    parts: listOf(Text).meta({ description: 'What belongs to it, in order.' }),
  })
  .meta({ id: 'Phase', description: 'A stage of a project that grows with its learner.' })

export const Project = z
  .strictObject({
    ...identityFields,
    code: orNull(Title).meta({ description: 'The letter a document gives it.', examples: ['A'] }),
    tier: orNull(Tier).meta({ description: 'The tier it is for; null where its phases have their own.' }),
    title: Title.meta({ description: 'What the learner builds.', examples: ['URL Shortener'] }),
    summary: orNull(Text).meta({ description: 'What it is, in one or two sentences.' }),
    stack: listOf(Title).meta({ description: 'What it is built with.' }),
    features: listOf(Text).meta({ description: 'What it does.' }),
    milestones: listOf(Text).meta({ description: 'The steps to it, in order.' }),
    phases: listOf(Phase).meta({ description: 'The stages of a project that grows through the tiers.' }),
    acceptance: listOf(Text).meta({ description: 'What can be measured when it is done.' }),
    skills: listOf(refTo('skill')).meta({ description: 'Keys of the skills it exercises.' }),
    ...mentionFields,
  })
  .meta({ id: 'Project', description: 'Something to build that exercises skills.' })
export type Project = z.infer<typeof Project>
