import { z } from 'zod'
import { identityFields, mentionFields } from './identity.ts'
import { listOf, orNull, Text, Title } from './text.ts'
import { Tier } from './vocabulary.ts'

export const ChecklistKind = z
  .enum(['completion', 'interview', 'commands', 'testing', 'infrastructure'])
  .meta({ id: 'ChecklistKind', description: 'The purpose of the list.' })

export const ChecklistItem = z
  .strictObject({
    text: Text.meta({ description: 'The thing to check or do.' }),
    command: orNull(Text).meta({ description: 'The command for it, word for word.' }),
    note: orNull(Text).meta({ description: 'A remark, such as the command on another system.' }),
    group: orNull(Title).meta({ description: 'The heading above it in the list.' }),
  })
  .meta({ id: 'ChecklistItem', description: 'A line of a checklist.' })

export const Checklist = z
  .strictObject({
    ...identityFields,
    kind: ChecklistKind,
    tier: orNull(Tier).meta({ description: 'The tier it is for; null for all.' }),
    title: Title.meta({ description: 'The title of the list.', examples: ['Beginner checklist'] }),
    items: listOf(ChecklistItem).meta({ description: 'The lines of the list, in order.' }),
    ...mentionFields,
  })
  .meta({
    id: 'Checklist',
    description: 'A list to tick off: completion of a tier, an interview, commands, tests, infrastructure.',
  })
export type Checklist = z.infer<typeof Checklist>
