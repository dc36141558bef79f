import { z } from 'zod'
import { identityFields, mentionFields } from './identity.ts'
import { refTo } from './keys.ts'
import { listOf, orNull, Text, Title } from './text.ts'
import { Tier } from './vocabulary.ts'

export const PrincipleKind = z.enum(['rule', 'practice', 'pitfall', 'advice']).meta({
  id: 'PrincipleKind',
  description: 'A rule for production code, a practice for every level, a pitfall to avoid, or advice.',
})

export const Principle = z
  .strictObject({
    ...identityFields,
    kind: PrincipleKind,
    title: Title.meta({ description: 'The principle in a few words.', examples: ['Error Handling'] }),
    statements: listOf(Text).meta({ description: 'The requirements of the principle, a sentence each, in order.' }),
    risk: orNull(Text).meta({ description: 'The harm that a pitfall does; null otherwise.' }),
    remedy: orNull(Text).meta({ description: 'The way to avoid a pitfall; null otherwise.' }),
    category: orNull(refTo('category')).meta({ description: 'Key of the category it applies to.' }),
    tier: orNull(Tier).meta({ description: 'The tier it applies to; null for all.' }),
    ...mentionFields,
  })
  .meta({
    id: 'Principle',
    description: 'A principle for production code: a rule, a practice, a pitfall or advice.',
  })
export type Principle = z.infer<typeof Principle>
