import { z } from 'zod'
import { caseIdentifier } from '../model/identity.ts'
import { plainText } from '../text/html.ts'
import { type Format, scopeOptions } from './format.ts'
import { plainTitle } from './markup.ts'
import { skillId } from './tree.ts'

const Alignment = z
  .strictObject({
    type: z.array(z.literal('Alignment')).length(1).meta({ description: 'The type of the object.' }),
    targetCode: z.string().min(1).max(90).meta({ description: 'The qualified key of the skill.' }),
    targetDescription: z.string().min(1).max(4_000).optional().meta({ description: 'The summary of the skill.' }),
    targetName: z.string().min(1).max(300).meta({ description: 'The title of the skill.' }),
    targetFramework: z.string().min(1).max(300).meta({ description: 'The title of the track.' }),
    targetType: z.literal('CFItem').meta({ description: 'A competency of the CASE standard.' }),
    targetUrl: z.url().max(2_000).meta({ description: 'The URL of the competency.' }),
  })
  .meta({ id: 'Alignment', description: 'An Alignment of Open Badges 3.0, for the achievements of a badge.' })

export const Alignments = z
  .array(Alignment)
  .max(100_000)
  .meta({ id: 'Alignments', description: 'An Alignment of Open Badges 3.0 for each skill.' })

/** Alignments for a badge's achievements. The target is the skill as a CASE competency, under its own id. */
export const alignments: Format = {
  name: 'ob3-alignments.json',
  mediaType: 'application/json; charset=utf-8',
  fileNameSuffix: '-ob3-alignments.json',
  description: 'An Alignment of Open Badges 3.0 for each skill, for the achievements of your badges.',
  options: scopeOptions,
  chunks: function* ({ selection, publicUrl }) {
    const targetFramework = plainTitle(selection.track.title)
    yield '['
    for (const [index, skill] of selection.skills.entries()) {
      const alignment: z.infer<typeof Alignment> = {
        type: ['Alignment'],
        targetCode: skillId(skill),
        ...(skill.summary === null ? {} : { targetDescription: plainText(skill.summary) }),
        targetName: plainTitle(skill.title),
        targetFramework,
        targetType: 'CFItem',
        targetUrl: `${publicUrl}/ims/case/v1p1/CFItems/${caseIdentifier(skill)}`,
      }
      yield `${index === 0 ? '' : ','}\n${JSON.stringify(alignment)}`
    }
    yield '\n]\n'
  },
}
