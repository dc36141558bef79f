import { z } from 'zod'
import { Id, Key, Slug, Timestamp } from './keys.ts'
import { Mention } from './mention.ts'
import { refTo } from './reference.ts'
import { listOf } from './text.ts'

/** What every noun begins with. The server says all of it but `formerly`. */
export const identity = {
  id: Id.readonly(),
  slug: Slug.readonly(),
  track: refTo('track')
    .readonly()
    .meta({ description: 'Key of the track it belongs to; a track’s is its own.', examples: ['python'] }),
  key: Key.readonly(),
  position: z.int().min(1).max(1_000_000).readonly().meta({
    description:
      'Its place among its like, from 1: a skill’s within its category and tier. A track keeps its position when others go.',
  }),
  updatedAt: Timestamp.readonly(),
  formerly: listOf(Slug).meta({
    description: 'Earlier slugs, oldest first: keys made of them still resolve.',
    examples: [[]],
  }),
}

/** Where the documents speak of it; derived from the outlines of the sources. */
export const mentioned = {
  mentions: z
    .array(Mention)
    .max(20_000)
    .readonly()
    .meta({ description: 'Where the documents speak of it, by source and place: derived from their outlines.' }),
}
