import { z } from 'zod'
import { Duration } from './duration.ts'
import { identityFields, mentionFields } from './identity.ts'
import { refTo } from './keys.ts'
import { listOf, Markdown, orNull, Text, Title, Url } from './text.ts'
import { Tier } from './vocabulary.ts'

export const Phase = z
  .strictObject({
    tier: orNull(Tier).meta({ description: 'The tier the phase belongs to.' }),
    title: Title.meta({ description: 'The title of the phase: the thing to build.' }),
    parts: listOf(Text).meta({ description: 'The parts of the phase, in order.' }),
  })
  .meta({ id: 'Phase', description: 'A stage of a project that grows with its learner.' })

export const Project = z
  .strictObject({
    ...identityFields,
    code: orNull(Title).meta({ description: 'The letter a document gives it.', examples: ['A'] }),
    tier: orNull(Tier).meta({ description: 'The tier it is for; null where its phases have their own.' }),
    title: Title.meta({ description: 'The name of the thing to build.', examples: ['URL Shortener'] }),
    summary: orNull(Text).meta({ description: 'The project in one or two sentences.' }),
    brief: orNull(Markdown).meta({ description: 'The task in Markdown: what to build, and why.' }),
    duration: orNull(Duration).meta({ description: 'The time that a learner needs for it.' }),
    starter: orNull(Url).meta({ description: 'The URL of code to begin with.' }),
    stack: listOf(Title).meta({ description: 'The technologies used to build it.' }),
    features: listOf(Text).meta({ description: 'The features of the finished project.' }),
    milestones: listOf(Text).meta({ description: 'The steps to the finished project, in order.' }),
    phases: listOf(Phase).meta({ description: 'The stages of a project that grows through the tiers.' }),
    acceptance: listOf(Text).meta({
      description: 'The acceptance criteria: measurable results of the finished project.',
    }),
    skills: listOf(refTo('skill')).meta({ description: 'Keys of the skills it exercises.' }),
    resources: listOf(refTo('resource')).meta({ description: 'Keys of the resources that help with it.' }),
    ...mentionFields,
  })
  .meta({ id: 'Project', description: 'Something to build that exercises skills.' })
export type Project = z.infer<typeof Project>
