import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Catalog } from '../catalog.ts'
import { Failure } from '../errors.ts'
import { Alignments } from '../exports/alignments.ts'
import { exportTrack } from '../exports/export.ts'
import { type Format, type FormatOption, fileNameOf, type OptionValues } from '../exports/format.ts'
import { ExportList, formats, listFormats } from '../exports/formats.ts'
import type { RenderedResponse } from '../http/rendered-response.ts'
import type { ResponseCache } from '../http/response-cache.ts'
import { shorten } from '../query/explain.ts'
import { didYouMean, nearest } from '../query/suggest.ts'
import { findOrFail } from './items.ts'
import { capital } from './openapi-schemas.ts'
import { addOperation, json, type Operation } from './operation.ts'
import { choiceParameter, listParameter, textParameter } from './parameters.ts'
import { Document, documentOf } from './tracks.ts'

/** Returns the operations that list the export formats and export a track in each. */
export const exportOperations = (publicUrl: () => string): Operation[] => [
  listOperation,
  ...formats.map(format => exportOperation(format, publicUrl)),
]

/** Adds the routes of all export formats, and a 404 with a suggestion for unknown ones. */
export const addExports = (
  app: FastifyInstance,
  catalog: Catalog,
  cache: ResponseCache,
  publicUrl: () => string,
): void => {
  for (const operation of exportOperations(publicUrl)) addOperation(app, catalog, cache, operation)
  app.get<{ Params: { format: string } }>('/v1/tracks/:ref/export/:format', async ({ params }) => {
    throw unknownFormat(params.format)
  })
}

const problems = ['BAD_USER_INPUT', 'NOT_FOUND', 'NOT_ACCEPTABLE', 'GONE'] as const
const ref = 'Id or key of the track.'

const listOperation: Operation = {
  path: '/v1/tracks/{ref}/export',
  operationId: 'listExports',
  tag: 'export',
  summary: 'List the formats of a track',
  description: 'The export formats of the track, for learning platforms and other programs, with their options.',
  ref,
  query: z.strictObject({}),
  types: ['application/json'],
  schema: ExportList,
  problems,
  example: '/v1/tracks/python/export',
  answer: async (catalog, { ref }) => json({ data: listFormats((await findOrFail(catalog, 'track', ref)).key) }),
}

const exportOperation = (format: Format, publicUrl: () => string): Operation => ({
  path: `/v1/tracks/{ref}/export/${format.name}`,
  operationId: `export${format.name
    .split(/[^a-z0-9]/)
    .map(capital)
    .join('')}`,
  tag: 'export',
  summary: `Export a track as ${format.name}`,
  description: format.description,
  ref,
  query: z.strictObject(Object.fromEntries(format.options.map(option => [option.name, parameterOf(option)]))),
  types: [format.mediaType.split(';', 1)[0] as string], // split yields at least one part
  schema: bodies[format.name] ?? File,
  headers: ['Content-Disposition'],
  problems,
  example: `/v1/tracks/python/export/${format.name}`,
  answer: async (catalog, { ref, query }) => renderExport(catalog, ref, format, optionTexts(query), publicUrl()),
})

/** Formats with a schema; all others are files. */
const bodies: Record<string, z.ZodType> = { json: Document, yaml: Document, 'ob3-alignments.json': Alignments }

const File = z.string().min(1).max(1_000_000_000).meta({ id: 'ExportedFile', description: 'The exported file.' })

const parameterOf = ({ name, description, values, pattern, several, example }: FormatOption): z.ZodType => {
  if (several)
    return listParameter(name === 'tier' ? { $ref: '#/components/schemas/Tier' } : reference, description, example)
  if (values !== undefined) return choiceParameter(values, `${description} Without it: \`${values[0]}\`.`, example)
  return textParameter({ pattern: pattern?.source }, description, example)
}

const reference = { type: 'string', maxLength: 75, pattern: '^[a-z0-9.-]+$' }

/** Returns the options as text, as on the command line: lists are joined by commas. */
const optionTexts = (query: Record<string, unknown>): OptionValues =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]))

/** Renders an export in chunks, so that other requests are answered in between. */
const renderExport = async (
  catalog: Catalog,
  ref: string,
  format: Format,
  options: OptionValues,
  publicUrl: string,
): Promise<RenderedResponse> => {
  const whole = await documentOf(catalog, ref)
  const chunks: Buffer[] = []
  for (const bytes of await exportTrack(catalog, whole, format, options, publicUrl)) {
    chunks.push(bytes)
    await setImmediate()
  }
  const fileName = fileNameOf(whole.track.slug, format)
  return {
    body: Buffer.concat(chunks),
    type: format.mediaType,
    headers: { 'content-disposition': `attachment; filename="${fileName}"` },
  }
}

const unknownFormat = (name: string): Failure => {
  const names = formats.map(format => format.name)
  const others = `. The formats are ${names.join(', ')}.`
  return new Failure(
    'NOT_FOUND',
    `There is no format called "${shorten(name)}"${didYouMean(nearest(name, names), others)}`,
  )
}
