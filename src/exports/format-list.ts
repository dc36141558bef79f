import { z } from 'zod'
import { fileNameOf } from './format.ts'
import { formats } from './formats.ts'

const text = (description: string) => z.string().min(1).max(500).meta({ description })

const ExportOption = z
  .strictObject({
    name: text('Its name in the query.'),
    description: text('What it does.'),
    values: z.array(text('A word it takes.')).max(10).nullable().meta({
      description:
        'The words it takes; of one that takes a single word, the first holds without it. Null where it takes others.',
    }),
    several: z.boolean().meta({ description: 'Whether it takes several, by comma: any of them.' }),
    example: text('What it could be.'),
  })
  .meta({ id: 'ExportOption', description: 'Something that can be asked of a format.' })

const ExportFormat = z
  .strictObject({
    format: text('Its name in the address.'),
    mediaType: text('What `Content-Type` says.'),
    fileName: text('What the file is called.'),
    description: text('What it is for.'),
    options: z.array(ExportOption).max(20).meta({ description: 'What it takes in the query.' }),
    url: text('Where it is: a relative reference.'),
  })
  .meta({ id: 'ExportFormat', description: 'A format that a track can be exported as.' })

export const ExportList = z
  .strictObject({ data: z.array(ExportFormat).max(100) })
  .meta({ id: 'ExportList', description: 'Every format of a track, those of learning platforms first.' })

export const listOf = (track: string): z.infer<typeof ExportFormat>[] =>
  formats.map(format => ({
    format: format.name,
    mediaType: format.mediaType,
    fileName: fileNameOf(track, format),
    description: format.description,
    options: format.options.map(({ name, description, values, several, example }) => ({
      name,
      description,
      values: values === undefined ? null : [...values],
      several: several === true,
      example,
    })),
    url: `/v1/tracks/${track}/export/${format.name}`,
  }))
