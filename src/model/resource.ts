import { z } from 'zod'
import { identityFields, mentionFields } from './identity.ts'
import { refTo } from './keys.ts'
import { orNull, Text, Title, Url } from './text.ts'

export const ResourceKind = z
  .enum(['book', 'documentation', 'course', 'article', 'site'])
  .meta({ id: 'ResourceKind', description: 'What kind of thing to read or follow it is.' })

export const Resource = z
  .strictObject({
    ...identityFields,
    kind: ResourceKind,
    title: Title.meta({ description: 'What it is called.', examples: ['Fluent Python'] }),
    summary: orNull(Text).meta({ description: 'What it is good for.' }),
    url: orNull(Url).meta({ description: 'Where it is.' }),
    skills: z.array(refTo('skill')).max(20_000).readonly().meta({ description: 'Keys of the skills it teaches.' }),
    ...mentionFields,
  })
  .meta({ id: 'Resource', description: 'A book, documentation, course, article or site to learn from.' })
export type Resource = z.infer<typeof Resource>
