import { z } from 'zod'
import { plainText } from '../text/html.ts'
import type { Format } from './format.ts'
import { nameOf } from './markup.ts'
import { scopeOptions } from './options.ts'
import { skillId } from './tree.ts'

const Alignment = z
  .strictObject({
    type: z.array(z.literal('Alignment')).length(1).meta({ description: 'What it is.' }),
    targetCode: z.string().min(1).max(90).meta({ description: 'The qualified key of the skill.' }),
    targetDescription: z.string().min(1).max(4_000).optional().meta({ description: 'What the skill is.' }),
    targetName: z.string().min(1).max(300).meta({ description: 'What the skill is called.' }),
    targetFramework: z.string().min(1).max(300).meta({ description: 'What the track is called.' }),
    targetType: z.literal('CFItem').meta({ description: 'A competency of the CASE standard.' }),
    targetUrl: z.url().max(2_000).meta({ description: 'Where the competency is.' }),
  })
  .meta({ id: 'Alignment', description: 'An Alignment of Open Badges 3.0, for the achievements of a badge.' })

export const Alignments = z
  .array(Alignment)
  .max(100_000)
  .meta({ id: 'Alignments', description: 'An Alignment of Open Badges 3.0 for each skill.' })

/** What a badge says it is aligned to. The target is the skill as a competency of the CASE standard, under our own id. */
export const alignments: Format = {
  name: 'ob3-alignments.json',
  mediaType: 'application/json; charset=utf-8',
  ending: '-ob3-alignments.json',
  description: 'An Alignment of Open Badges 3.0 for each skill, to be put into the achievements of your badges.',
  options: scopeOptions,
  chunks: function* ({ chosen, publicUrl }) {
    const targetFramework = nameOf(chosen.track.title)
    yield '['
    for (const [index, skill] of chosen.skills.entries()) {
      const alignment: z.infer<typeof Alignment> = {
        type: ['Alignment'],
        targetCode: skillId(skill),
        ...(skill.summary === null ? {} : { targetDescription: plainText(skill.summary) }),
        targetName: nameOf(skill.title),
        targetFramework,
        targetType: 'CFItem',
        targetUrl: `${publicUrl}/ims/case/v1p1/CFItems/${skill.id}`,
      }
      yield `${index === 0 ? '' : ','}\n${JSON.stringify(alignment)}`
    }
    yield '\n]\n'
  },
}
