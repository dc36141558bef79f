import { z } from 'zod'
import { refTo } from './reference.ts'
import { orNull, Text, Title } from './text.ts'
import { LearningKind, Tier } from './vocabulary.ts'

/** What a document says at one place, in its own order and view. */
export const said = {
  section: orNull(Title).meta({ description: 'The heading it stands under in that document.' }),
  label: Title.meta({ description: 'The name or term that document uses.' }),
  category: orNull(refTo('category')).meta({ description: 'Key of the category that document groups it under.' }),
  tier: orNull(Tier).meta({ description: 'The tier that document gives it.' }),
  kind: orNull(LearningKind).meta({ description: 'Whether that document counts it as practical or theoretical.' }),
  optional: orNull(z.boolean()).meta({ description: 'Whether that document calls it optional.' }),
  says: orNull(Text).meta({ description: 'What the document says there, in our words.' }),
  note: orNull(Text).meta({ description: 'A peculiarity of that place: words missing, a name outdated.' }),
}

export const Mention = z
  .strictObject({
    source: refTo('source').meta({ description: 'Key of the source.', examples: ['python.matrix'] }),
    position: z.int().min(1).max(1_000_000).meta({ description: 'The place in that source’s outline, from 1.' }),
    ...said,
  })
  .meta({
    id: 'Mention',
    description:
      'A place where a source document speaks of something, in that document’s order and view; null where it says nothing.',
  })
export type Mention = z.infer<typeof Mention>
