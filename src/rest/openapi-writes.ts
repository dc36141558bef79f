import type { z } from 'zod'
import { schemas } from '../model/curriculum.ts'
import { fieldsOf } from '../model/fields.ts'
import { type Noun, nouns, plurals, withArticle } from '../model/vocabulary.ts'
import { ChangesPage, ChangesQuery, changesPath } from './changes.ts'
import { type HeaderName, withHeaders } from './openapi-headers.ts'
import { commonProblems, etagExample, keyProblems, queryParameter, refParameter } from './openapi-paths.ts'
import { type ProblemName, problemResponses } from './openapi-responses.ts'
import { capital, schemaOf } from './openapi-schemas.ts'
import { DocumentQuery, documentPath, documentTypes, WrittenDocument } from './write-document.ts'

/** Returns the write operations by path, and the feed of changes. */
export const writePathItems = (
  examples: ReadonlyMap<string, unknown>,
  exampleOf: (noun: Noun) => string,
): Record<string, object> => ({
  ...Object.fromEntries(
    nouns.map(noun => [
      `/v1/${plurals[noun]}/{ref}`,
      writeOperations(noun, exampleOf(noun), examples.get(exampleOf(noun))),
    ]),
  ),
  [documentPath]: { put: putDocument },
  [changesPath]: { get: getChanges(examples.get(changesExample)) },
})

export const changesExample = '/v1/changes?types=skill&limit=1'

const writeOperations = (noun: Noun, request: string, example: unknown): object => ({
  put: {
    ...operationInfo(`put${capital(noun)}`, plurals[noun], `Create or replace ${withArticle(noun)}`),
    description: `Creates or replaces the ${noun} of this key; a new one comes last. Replacing an existing one requires \`If-Match\`.`,
    parameters: [
      refParameter(`Key of the ${noun}, or the id of an existing one.`, lastSegment(request)),
      ifMatch,
      ifNoneMatchAny,
    ],
    requestBody: bodyOf({
      'application/json': {
        schema: { $ref: `#/components/schemas/${capital(noun)}Input` },
        example: writableFields(noun, example),
      },
    }),
    responses: {
      200: nounResponse(noun, example, []),
      201: createdResponse(noun),
      ...writeProblemResponses,
    },
  },
  patch: {
    ...operationInfo(`patch${capital(noun)}`, plurals[noun], `Change some fields of ${withArticle(noun)}`),
    description: 'Takes a JSON merge patch (RFC 7396).',
    parameters: [refParameter(`Id or key of the ${noun}.`, lastSegment(request)), ifMatch],
    requestBody: bodyOf({
      'application/merge-patch+json': {
        schema: { $ref: `#/components/schemas/${capital(noun)}Patch` },
        example: patch,
      },
      'application/json': { schema: { $ref: `#/components/schemas/${capital(noun)}Patch` }, example: patch },
    }),
    responses: {
      200: nounResponse(noun, example, []),
      ...writeProblemResponses,
      ...problemResponses(['NotFound', 'Gone']),
    },
  },
  delete: {
    ...operationInfo(`delete${capital(noun)}`, plurals[noun], `Remove ${withArticle(noun)}`),
    description: `Rejected with 409 if another noun refers to it${noun === 'track' ? ' from another track; everything in the track is removed too' : ''}.`,
    parameters: [refParameter(`Id or key of the ${noun}.`, lastSegment(request)), ifMatch],
    responses: {
      204: { description: 'The noun was removed.', headers: withHeaders(['Cache-Control', 'Curriculum-Cursor']) },
      ...writeProblemResponses,
      ...problemResponses(['NotFound', 'Gone']),
    },
  },
})

const lastSegment = (request: string): string => request.slice(request.lastIndexOf('/') + 1)

/** Returns the fields of a response that clients may write. */
const writableFields = (noun: Noun, answer: unknown): object => {
  const readonly = new Set(fieldsOf(schemas[noun]).flatMap(field => (field.readonly ? [field.name] : [])))
  return Object.fromEntries(
    Object.entries({ ...(answer as object | undefined) }).filter(([name]) => !readonly.has(name)),
  ) // a noun is an object
}

const patch = { title: 'Another title' }

const operationInfo = (operationId: string, tag: string, summary: string) => ({
  operationId,
  summary,
  tags: [tag],
  security: [{ key: [] }],
})

const bodyOf = (content: object): object => ({ required: true, content })

const nounResponse = (noun: Noun, example: unknown, more: readonly HeaderName[]): object => ({
  description: `The changed ${noun}.`,
  headers: withHeaders(['Cache-Control', 'Curriculum-Cursor', 'ETag', ...more]),
  content: { 'application/json': { schema: schemaOf(schemas[noun]), example } },
})

const createdResponse = (noun: Noun): object => ({
  description: `The ${noun} was created.`,
  headers: withHeaders(['Cache-Control', 'Curriculum-Cursor', 'ETag', 'Location']),
  content: { 'application/json': { schema: schemaOf(schemas[noun]) } },
})

const writeProblems: readonly ProblemName[] = [
  'Conflict',
  'PreconditionFailed',
  'PreconditionRequired',
  'PayloadTooLarge',
  'AddressTooLong',
  'UnsupportedMediaType',
  'Unprocessable',
  'RateLimited',
  ...keyProblems,
  ...commonProblems,
]
const writeProblemResponses = { ...problemResponses(writeProblems), 308: { $ref: '#/components/responses/Moved' } }

const etagListSchema = { type: 'string', maxLength: 2_000, pattern: '^(\\*|(W/)?"[^"]*"(, *(W/)?"[^"]*")*)$' }

const ifMatch = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'The `ETag` that you read, of any encoding; required to change an existing noun.',
  schema: etagListSchema,
  example: etagExample,
}

const ifNoneMatchAny = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: '`*`: only creates, never replaces.',
  schema: { type: 'string', enum: ['*'] },
  example: '*',
}

const documentExample = {
  dryRun: false,
  created: [],
  changed: [{ noun: 'skill', key: 'python.decorators' }],
  removed: [],
  changes: [{ noun: 'skill', how: 'changed', title: 'Decorators', slug: 'decorators', detail: 'summary' }],
}
const documentAnswer = (description: string, more: readonly HeaderName[]) => ({
  description,
  headers: withHeaders(['Cache-Control', 'Curriculum-Cursor', 'ETag', ...more]),
  content: { 'application/json': { schema: schemaOf(WrittenDocument), example: documentExample } },
})

const putDocument = {
  ...operationInfo('putDocument', 'tracks', 'Create or replace a whole track'),
  description:
    'Replaces a whole track in one transaction, in which only differences are written. Takes the document that GET returns, up to 16 MiB.',
  parameters: [
    refParameter('Slug of the track, or the id of an existing one.', 'python'),
    ...Object.entries(DocumentQuery.shape).map(([name, schema]) => queryParameter(name, schema)),
    ifMatch,
    ifNoneMatchAny,
  ],
  requestBody: bodyOf(
    Object.fromEntries(
      documentTypes.map(type => [
        type,
        { schema: { $ref: '#/components/schemas/DocumentInput' }, example: { track: { title: 'Python' } } },
      ]),
    ),
  ),
  responses: {
    200: documentAnswer('The changes that were made, or that would be.', []),
    201: documentAnswer('The track was created.', ['Location']),
    ...writeProblemResponses,
  },
}

const getChanges = (example: unknown) => ({
  operationId: 'listChanges',
  summary: 'List changes',
  description:
    'Every change in order, those of relations on both sides, with the current noun. Continue from `next` to miss none. With an admin key each change has its author.',
  tags: ['service'],
  parameters: Object.entries(ChangesQuery.shape).map(([name, schema]) => queryParameter(name, schema)),
  responses: {
    200: {
      description: 'A page of changes.',
      headers: withHeaders(['Cache-Control', 'Curriculum-Cursor']),
      content: { 'application/json': { schema: schemaOf(ChangesPage), example } },
    },
    ...problemResponses(['Gone', 'RateLimited', ...keyProblems, ...commonProblems]),
  },
})

export const writeResponseSchemas: readonly z.ZodType[] = [WrittenDocument, ChangesPage]

export const securitySchemes = {
  key: {
    type: 'http',
    scheme: 'bearer',
    description: 'A key made by `keys create`, of scope `write` or `admin`; of scope `read` if reading needs a key.',
  },
}
