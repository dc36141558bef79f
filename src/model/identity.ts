import { z } from 'zod'
import { Id, Key, refTo, Slug, Timestamp } from './keys.ts'
import { listOf, orNull, Text, Title } from './text.ts'
import { LearningKind, Tier } from './vocabulary.ts'

/** An id of another system: any text in one line. */
const ExternalId = z
  .string()
  .trim()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}]*$/u, 'must not have control characters')

/** The fields that every noun begins with. Clients write only `formerly` and `externalId`. */
export const identityFields = {
  id: Id.readonly(),
  slug: Slug.readonly(),
  track: refTo('track')
    .readonly()
    .meta({ description: 'Key of the track it belongs to; a track’s is its own.', examples: ['python'] }),
  key: Key.readonly(),
  position: z.int().min(1).max(1_000_000).readonly().meta({
    description:
      'Position in its list, from 1; of a skill, within its category and tier. A track keeps its position when others are removed.',
  }),
  updatedAt: Timestamp.readonly(),
  formerly: listOf(Slug).meta({
    description: 'Earlier slugs, oldest first: keys made of them still resolve.',
    examples: [[]],
  }),
  externalId: orNull(ExternalId).meta({
    description:
      'Its id in the system that it was imported from. Where it is a UUID of version 1 to 5, CASE serves it as the identifier.',
    examples: [null],
  }),
}

/** A UUID in the form that CASE requires: version 1 to 5, in lower case. */
export const caseUuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** Returns the UUID that CASE can serve for an external id; undefined if it is none. */
export const caseUuid = (externalId: string | null): string | undefined => {
  const lower = externalId?.toLowerCase()
  return lower !== undefined && caseUuidPattern.test(lower) ? lower : undefined
}

/** Returns the identifier of an item in CASE: its external id if that is a UUID, otherwise its id. */
export const caseIdentifier = ({ id, externalId }: { id: string; externalId: string | null }): string =>
  caseUuid(externalId) ?? id

/** The fields of a line of a source's outline: the description that the source document gives at that place. */
export const outlineFields = {
  section: orNull(Title).meta({ description: 'The heading above it in that document.' }),
  label: Title.meta({ description: 'The name or term that document uses.' }),
  category: orNull(refTo('category')).meta({ description: 'Key of the category that document groups it under.' }),
  tier: orNull(Tier).meta({ description: 'The tier that document gives it.' }),
  kind: orNull(LearningKind).meta({ description: 'Practical or theoretical, as that document classifies it.' }),
  optional: orNull(z.boolean()).meta({ description: 'True if that document calls it optional.' }),
  says: orNull(Text).meta({ description: 'The content of that place, in our words.' }),
  note: orNull(Text).meta({ description: 'A peculiarity of that place: words missing, a name outdated.' }),
}

export const Mention = z
  .strictObject({
    source: refTo('source').meta({ description: 'Key of the source.', examples: ['python.matrix'] }),
    position: z.int().min(1).max(1_000_000).meta({ description: 'The place in that source’s outline, from 1.' }),
    ...outlineFields,
  })
  .meta({
    id: 'Mention',
    description:
      'A place where a source document mentions something, as that document describes it; null where it gives no value.',
  })
export type Mention = z.infer<typeof Mention>

/** The field of every noun but track and source that lists its mentions. */
export const mentionFields = {
  mentions: z
    .array(Mention)
    .max(20_000)
    .readonly()
    .meta({ description: 'The places where source documents mention it, derived from their outlines.' }),
}
