import { z } from 'zod'
import { identityFields, mentionFields } from './identity.ts'
import { refTo } from './keys.ts'
import { orNull, Text, Title, Url } from './text.ts'

export const ResourceKind = z
  .enum(['book', 'documentation', 'course', 'article', 'site', 'video', 'tool'])
  .meta({ id: 'ResourceKind', description: 'The kind of resource.' })

export const Resource = z
  .strictObject({
    ...identityFields,
    kind: ResourceKind,
    title: Title.meta({ description: 'The title of the resource.', examples: ['Fluent Python'] }),
    summary: orNull(Text).meta({ description: 'The purpose of the resource.' }),
    url: orNull(Url).meta({ description: 'The URL of the resource.' }),
    skills: z.array(refTo('skill')).max(20_000).readonly().meta({ description: 'Keys of the skills it teaches.' }),
    projects: z
      .array(refTo('project'))
      .max(20_000)
      .readonly()
      .meta({ description: 'Keys of the projects it helps with.' }),
    ...mentionFields,
  })
  .meta({ id: 'Resource', description: 'A book, documentation, course, article, site, video or tool to learn from.' })
export type Resource = z.infer<typeof Resource>
