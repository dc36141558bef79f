import { z } from 'zod'
import type { Item } from '../model/curriculum.ts'
import { caseIdentifier } from '../model/identity.ts'
import { AlignmentTarget } from '../model/skill.ts'
import { plainText } from '../text/html.ts'
import { externalOption, type Format, scopeOptions } from './format.ts'
import { encodeUrl, plainTitle } from './markup.ts'
import { skillId } from './tree.ts'

const Alignment = z
  .strictObject({
    type: z.array(z.literal('Alignment')).length(1).meta({ description: 'The type of the object.' }),
    targetCode: z
      .string()
      .min(1)
      .max(90)
      .optional()
      .meta({ description: 'The qualified key of the skill, or the code of the target in another framework.' }),
    targetDescription: z.string().min(1).max(4_000).optional().meta({ description: 'The summary of the skill.' }),
    targetName: z.string().min(1).max(300).meta({ description: 'The title of the skill or target.' }),
    targetFramework: z
      .string()
      .min(1)
      .max(300)
      .meta({ description: 'The title of the track, or the name of the framework.' }),
    targetType: AlignmentTarget.optional().meta({
      description: '`CFItem`, a competency of the CASE standard; of a target in another framework its `type`.',
    }),
    targetUrl: z.url().meta({ description: 'The URL of the competency or target.' }),
  })
  .meta({ id: 'Alignment', description: 'An Alignment of Open Badges 3.0, for the achievements of a badge.' })

export const Alignments = z.array(Alignment).max(100_000).meta({
  id: 'Alignments',
  description: 'An Alignment of Open Badges 3.0 for each skill, with `external=true` followed by those of the skill.',
})

/** Alignments for a badge's achievements. The target is the skill as a CASE competency, under its own id. */
export const alignments: Format = {
  name: 'ob3-alignments.json',
  mediaType: 'application/json; charset=utf-8',
  fileNameSuffix: '-ob3-alignments.json',
  description: 'An Alignment of Open Badges 3.0 for each skill, for the achievements of your badges.',
  options: [externalOption, ...scopeOptions],
  chunks: function* ({ selection, options, publicUrl }) {
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
      const external = options.external === 'true' ? skill.alignments.flatMap(toExternal) : []
      const lines = [alignment, ...external].map(one => JSON.stringify(one))
      yield `${index === 0 ? '' : ','}\n${lines.join(',\n')}`
    }
    yield '\n]\n'
  },
}

/** Converts an alignment of a skill; empty without a URL, which the standard requires. */
const toExternal = ({
  framework,
  code,
  title,
  url,
  type,
}: Item<'skill'>['alignments'][number]): z.infer<typeof Alignment>[] =>
  url === null
    ? []
    : [
        {
          type: ['Alignment'],
          ...(code === null ? {} : { targetCode: code }),
          targetName: title === null ? (code ?? plainTitle(framework)) : plainTitle(title),
          targetFramework: plainTitle(framework),
          ...(type === null ? {} : { targetType: type }),
          targetUrl: encodeUrl(url),
        },
      ]
