import { z } from 'zod'
import { Duration } from './duration.ts'
import { identityFields } from './identity.ts'
import { refTo, TrackSlug } from './keys.ts'
import { Language } from './language.ts'
import { Picture } from './picture.ts'
import { listOf, orNull, Text, Title } from './text.ts'
import { Tier } from './vocabulary.ts'

export const TrackTier = z
  .strictObject({
    tier: Tier,
    title: Title.meta({ description: 'The name of the tier in this track.', examples: ['Advanced'] }),
    theme: orNull(Title).meta({ description: 'The theme of the tier in a few words.' }),
    goal: orNull(Text).meta({ description: 'The goal that a learner reaches in the tier.' }),
    duration: orNull(Duration).meta({
      description: 'The time from its beginning to its end, counted from the start of learning.',
    }),
  })
  .meta({ id: 'TrackTier', description: 'A tier as a track describes it.' })

export const Track = z
  .strictObject({
    ...identityFields,
    slug: TrackSlug.readonly(),
    title: Title.meta({ description: 'The subject of the track.', examples: ['Python'] }),
    summary: orNull(Text).meta({ description: 'One or two sentences for a list of tracks.' }),
    introduction: orNull(Text).meta({ description: 'An introduction for learners, to read before they start.' }),
    language: Language.default('en').meta({ description: 'Language of its texts (BCP 47).', examples: ['en'] }),
    license: orNull(Title).meta({
      description: 'License of the content (SPDX identifier where there is one).',
      examples: ['CC-BY-4.0'],
    }),
    version: orNull(Title).meta({ description: 'Version of the content, a text.', examples: ['2026.11'] }),
    translationOf: orNull(refTo('track')).meta({ description: 'Key of the track it is a translation of.' }),
    tiers: listOf(TrackTier).meta({ description: 'The tiers the track uses, easiest first.' }),
    pictures: z.array(Picture).max(20_000).readonly().meta({ description: 'The pictures that its texts can show.' }),
  })
  .meta({ id: 'Track', description: 'A complete curriculum on one subject, such as Python.' })
export type Track = z.infer<typeof Track>
