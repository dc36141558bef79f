import { z } from 'zod'
import { Duration } from './duration.ts'
import { identityFields } from './identity.ts'
import { refTo, TrackSlug } from './keys.ts'
import { Language } from './language.ts'
import { listOf, orNull, Text, Title } from './text.ts'
import { Tier } from './vocabulary.ts'

export const TrackTier = z
  .strictObject({
    tier: Tier,
    title: Title.meta({ description: 'What this track calls the tier.', examples: ['Advanced'] }),
    theme: orNull(Title).meta({ description: 'What the tier is about, in a few words.' }),
    goal: orNull(Text).meta({ description: 'What a learner reaches in it.' }),
    duration: orNull(Duration).meta({ description: 'When it begins and ends, from the start of learning.' }),
  })
  .meta({ id: 'TrackTier', description: 'A tier as a track sees it.' })

export const Track = z
  .strictObject({
    ...identityFields,
    slug: TrackSlug.readonly(),
    title: Title.meta({ description: 'What the track teaches.', examples: ['Python'] }),
    summary: orNull(Text).meta({ description: 'One or two sentences for a list of tracks.' }),
    introduction: orNull(Text).meta({ description: 'What a learner should know before starting.' }),
    language: Language.default('en').meta({ description: 'Language of its texts (BCP 47).', examples: ['en'] }),
    license: orNull(Title).meta({
      description: 'License of the content (SPDX identifier where there is one).',
      examples: ['CC-BY-4.0'],
    }),
    version: orNull(Title).meta({ description: 'Version of the content, a text.', examples: ['2026.11'] }),
    translationOf: orNull(refTo('track')).meta({ description: 'Key of the track it is a translation of.' }),
    tiers: listOf(TrackTier).meta({ description: 'The tiers the track uses, easiest first.' }),
  })
  .meta({ id: 'Track', description: 'A curriculum of its own, such as Python.' })
export type Track = z.infer<typeof Track>
