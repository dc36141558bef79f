import { z } from 'zod'
import { identityFields, outlineFields } from './identity.ts'
import { refToAny } from './keys.ts'
import { listOf, orNull, Text, Title, Url } from './text.ts'

export const OutlineLine = z
  .strictObject({
    ...outlineFields,
    of: refToAny().meta({ description: 'Qualified key of the thing that the line mentions.' }),
  })
  .meta({
    id: 'OutlineLine',
    description: 'One place of a source document; the mentions of every other noun are derived from these.',
  })
export type OutlineLine = z.infer<typeof OutlineLine>

export const Source = z
  .strictObject({
    ...identityFields,
    title: Title.meta({ description: 'The title of the document.', examples: ['Skill matrix'] }),
    summary: orNull(Text).meta({ description: 'A description of the document.' }),
    sampleBase: orNull(Url).meta({ description: 'Address that the relative sample links of its skills start from.' }),
    outline: listOf(OutlineLine).meta({ description: 'The things that the document mentions, in its order.' }),
  })
  .meta({ id: 'Source', description: 'A document the curriculum was drawn from.' })
export type Source = z.infer<typeof Source>
