import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Catalog, DocumentContent, Writer } from '../catalog.ts'
import { Failure } from '../errors.ts'
import type { Authentication } from '../http/authentication.ts'
import { relativeUrl } from '../http/redirect.ts'
import { Noun } from '../model/vocabulary.ts'
import { redirectIfMoved } from './operation.ts'
import { choiceParameter, textParameter } from './parameters.ts'
import { validateQuery } from './validate-query.ts'
import { keyToWrite, sendWritten, writeOptions } from './writes.ts'

export const documentPath = '/v1/tracks/{ref}/document'

/** In bytes. */
export const maxDocumentBytes = 16 * 1024 * 1024

const flagParameter = (description: string, example: 'true' | 'false') =>
  choiceParameter(['true', 'false'], description, example).transform(value => value === 'true')

export const DocumentQuery = z.strictObject({
  dryRun: flagParameter('Only reports what would change.', 'true'),
  load: textParameter(
    { pattern: '^[\\w-]+$' },
    'The hash of the files that the document was read from. The track then counts as loaded from these files, and the load is refused if the track was changed through the API since its last load.',
    '9f86d081884c7d65',
  ).refine(hash => hash === undefined || /^[\w-]{1,100}$/.test(hash), 'is letters, digits, - and _, at most 100'),
  overwrite: flagParameter('Loads the document even if the track was changed through the API.', 'false'),
})

const nounKeys = z.array(z.strictObject({ noun: Noun, key: z.string().max(75) })).max(1_000_000)

export const WrittenDocument = z
  .strictObject({
    dryRun: z.boolean().meta({ description: 'True if nothing was written.' }),
    created: nounKeys.meta({ description: 'The created nouns.' }),
    changed: nounKeys.meta({ description: 'The nouns whose fields changed, in any track.' }),
    removed: nounKeys.meta({ description: 'The removed nouns.' }),
    changes: z
      .array(
        z.strictObject({
          noun: Noun,
          how: z
            .string()
            .max(200)
            .meta({ description: 'The kind of change, such as `added`, `removed`, `renamed` or `changed`.' }),
          title: z.string().max(300),
          slug: z.string().max(50),
          detail: z.string().max(2_000).meta({ description: 'Details, such as names of fields.' }),
        }),
      )
      .max(1_000_000)
      .meta({ description: 'The differences, in curriculum order.' }),
  })
  .meta({ id: 'WrittenDocument', description: 'The changes made by writing a document.' })

/** `PUT /v1/tracks/{ref}/document`. */
export const addDocumentWrite = (
  app: FastifyInstance,
  catalog: Catalog,
  writer: Writer,
  callers: Authentication,
): void => {
  app.register(async scope => {
    // The write thread parses it, since parsing would block the event loop for too long.
    scope.removeAllContentTypeParsers()
    for (const type of Object.keys(types))
      scope.addContentTypeParser(type, { parseAs: 'buffer' }, async (_request: FastifyRequest, bytes: Buffer) => bytes)
    scope.put<{ Params: { ref: string }; Body: Buffer | undefined }>(
      documentPath.replace('{ref}', ':ref'),
      { onRequest: callers.requireHook('write'), bodyLimit: maxDocumentBytes },
      (request, reply) =>
        redirectIfMoved({ path: documentPath }, request, reply, async () => {
          const query = validateQuery(DocumentQuery, request.query)
          const track = await keyToWrite(catalog, 'track', request.params.ref)
          const { created, etag, difference, changes } = await writer.putDocument(track, contentOf(request), {
            ...writeOptions(request),
            ...query,
          })
          const written = { dryRun: query.dryRun, ...difference, changes }
          if (created && !query.dryRun)
            reply.code(201).header('location', relativeUrl(request, documentPath.replace('{ref}', track)))
          return sendWritten(reply, catalog, etag, JSON.stringify(written))
        }),
    )
  })
}

/** The format of each media type. RFC 9512 registers `application/yaml`; the other YAML types are older names. */
const types: Record<string, DocumentContent['type']> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/x-yaml': 'yaml',
  'text/yaml': 'yaml',
}
export const documentTypes = ['application/json', 'application/yaml'] as const

const contentOf = (request: FastifyRequest<{ Body: Buffer | undefined }>): DocumentContent => {
  if (request.body === undefined || request.body.length === 0)
    throw new Failure('BAD_USER_INPUT', 'The body is empty: send a document as JSON or YAML.')
  const [type] = String(request.headers['content-type']).split(';', 1) as [string] // a body of another type is rejected before
  return { bytes: request.body, type: types[type.trim().toLowerCase()] as DocumentContent['type'] }
}
