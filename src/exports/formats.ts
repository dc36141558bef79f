import { z } from 'zod'
import { alignments } from './alignments.ts'
import { canvas } from './canvas-csv.ts'
import { cartridge } from './cartridge.ts'
import { spreadsheet } from './csv.ts'
import { json, ndjson, yaml } from './document-formats.ts'
import { type Format, fileNameOf } from './format.ts'
import { roadmap } from './markdown-roadmap.ts'
import { mermaid } from './mermaid.ts'
import { moodle } from './moodle-csv.ts'

/** All formats, those of learning platforms first. */
export const formats: readonly Format[] = [
  moodle,
  canvas,
  cartridge,
  json,
  yaml,
  ndjson,
  spreadsheet,
  roadmap,
  mermaid,
  alignments,
]

const text = (description: string) => z.string().min(1).max(500).meta({ description })

const ExportOption = z
  .strictObject({
    name: text('Name of the query parameter.'),
    description: text('Effect of the option.'),
    values: z.array(text('An allowed word.')).max(10).nullable().meta({
      description:
        'The allowed words; for an option with a single value, the first is the default. Null when other values are allowed.',
    }),
    several: z.boolean().meta({ description: 'True when it takes several values, separated by commas: any of them.' }),
    example: text('An example value.'),
  })
  .meta({ id: 'ExportOption', description: 'An option of a format.' })

const ExportFormat = z
  .strictObject({
    format: text('Name in the URL.'),
    mediaType: text('Value of `Content-Type`.'),
    fileName: text('Name of the file.'),
    description: text('Purpose of the format.'),
    options: z.array(ExportOption).max(20).meta({ description: 'Options, as query parameters.' }),
    url: text('URL of the export: a relative reference.'),
  })
  .meta({ id: 'ExportFormat', description: 'A format that a track can be exported as.' })

export const ExportList = z
  .strictObject({ data: z.array(ExportFormat).max(100) })
  .meta({ id: 'ExportList', description: 'All formats of a track, those of learning platforms first.' })

export const listFormats = (track: string): z.infer<typeof ExportFormat>[] =>
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
