import { z } from 'zod'
import { identityFields, mentionFields } from './identity.ts'
import { refTo } from './keys.ts'
import { orNull, Text, Title } from './text.ts'
import { LearningKind } from './vocabulary.ts'

export const Category = z
  .strictObject({
    ...identityFields,
    title: Title.meta({ description: 'The name of the area.', examples: ['Error Handling'] }),
    summary: orNull(Text).meta({ description: 'The contents of the area and its use at work.' }),
    kind: orNull(LearningKind).meta({ description: 'Practical or theoretical; null if no document specifies it.' }),
    parent: orNull(refTo('category')).meta({
      description: 'Key of the category that it is a part of; null at the top. Three levels at most.',
    }),
    optional: z.boolean().default(false).meta({ description: 'True if a learner may skip it.' }),
    ...mentionFields,
  })
  .meta({ id: 'Category', description: 'An area of skills: a row of the matrix.' })
export type Category = z.infer<typeof Category>
