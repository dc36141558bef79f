import { z } from 'zod'
import { schemas } from '../model/curriculum.ts'
import { fieldsOf } from '../model/fields.ts'
import { type Noun, nouns, plurals } from '../model/vocabulary.ts'
import { ChangesPage, ChangesQuery, changesPath } from './changes.ts'
import { type HeaderName, withHeaders } from './openapi-headers.ts'
import { commonProblems, etagExample, keyProblems, queryParameter, refParameter } from './openapi-paths.ts'
import { type ProblemName, problemResponses } from './openapi-responses.ts'
import { inputSchemas, schemaOf } from './openapi-schemas.ts'
import { webhookBodies } from './openapi-webhooks.ts'
import { DocumentQuery, documentPath, documentTypes, WrittenDocument } from './write-document.ts'

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** What is written of a noun: what the server says may be left out. */
const writableSchema = (noun: Noun): z.ZodObject => {
  const shape: Record<string, z.ZodType> = { ...schemas[noun].shape }
  for (const { name, readonly } of fieldsOf(schemas[noun]))
    if (readonly) shape[name] = (shape[name] as z.ZodType).optional() // a field of it
  return z.strictObject(shape)
}

const bodies = Object.fromEntries(
  nouns.map(noun => {
    const description = `${schemas[noun].description} What the server says of it may stand as it was answered, or be left out.`
    return [noun, writableSchema(noun).meta({ id: `${capital(noun)}Input`, description })]
  }),
) as Record<Noun, z.ZodObject> // one a noun

const documentBody = z
  .strictObject({
    track: bodies.track,
    ...(Object.fromEntries(
      nouns
        .filter(noun => noun !== 'track')
        .map(noun => [plurals[noun], z.array(named(noun)).max(100_000).default([])]),
    ) as Record<string, z.ZodType>), // fromEntries forgets the types
  })
  .meta({ id: 'DocumentInput', description: 'A whole track: each noun with its slug, each list in order.' })

/** Within a document nothing but itself says what a noun is called. */
function named(noun: Noun): z.ZodObject {
  const description = `${schemas[noun].description} As part of a document it has its slug.`
  return bodies[noun]
    .required({ slug: true } as Record<never, true>)
    .meta({ id: `${capital(noun)}InDocument`, description }) // as above
}

/** Schemas of bodies that are sent. */
export const bodySchemas = (answered: Record<string, object>): Record<string, object> => ({
  ...inputSchemas([...Object.values(bodies), documentBody, ...webhookBodies], answered),
  ...Object.fromEntries(nouns.map(noun => [`${capital(noun)}Patch`, patchSchema(noun)])),
})

const patchSchema = (noun: Noun): object => ({
  description: `Fields of a ${noun} that change: a JSON merge patch (RFC 7396). Null takes away what is known.`,
  type: 'object',
  minProperties: 0,
  maxProperties: 50,
  propertyNames: { enum: Object.keys(schemas[noun].shape) },
})

/** What is written at each path, to stand beside what is read there; and what is followed. */
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
    ...operationInfo(`put${capital(noun)}`, plurals[noun], `Make or replace a ${noun}`),
    description: `Makes the ${noun} of this key; what is new stands last. Changing what exists needs \`If-Match\`.`,
    parameters: [
      refParameter(`Key of the ${noun}, or the id of one there is.`, lastSegment(request)),
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
      200: answered(noun, example, []),
      201: createdResponse(noun),
      ...writeProblemResponses,
    },
  },
  patch: {
    ...operationInfo(`patch${capital(noun)}`, plurals[noun], `Change some fields of a ${noun}`),
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
      200: answered(noun, example, []),
      ...writeProblemResponses,
      ...problemResponses(['NotFound', 'Gone']),
    },
  },
  delete: {
    ...operationInfo(`delete${capital(noun)}`, plurals[noun], `Remove a ${noun}`),
    description: `Refused where something refers to it${noun === 'track' ? ' from another track; what is in it goes with it' : ''}.`,
    parameters: [refParameter(`Id or key of the ${noun}.`, lastSegment(request)), ifMatch],
    responses: {
      204: { description: 'It is gone.', headers: withHeaders(['Cache-Control', 'Curriculum-Cursor']) },
      ...writeProblemResponses,
      ...problemResponses(['NotFound', 'Gone']),
    },
  },
})

const lastSegment = (request: string): string => request.slice(request.lastIndexOf('/') + 1)

/** What is written of an answer: without the fields that only the server writes. */
const writableFields = (noun: Noun, answer: unknown): object => {
  const readonly = new Set(fieldsOf(schemas[noun]).flatMap(field => (field.readonly ? [field.name] : [])))
  return Object.fromEntries(
    Object.entries({ ...(answer as object | undefined) }).filter(([name]) => !readonly.has(name)),
  ) // an answer is an object
}

const patch = { title: 'Another title' }

const operationInfo = (operationId: string, tag: string, summary: string) => ({
  operationId,
  summary,
  tags: [tag],
  security: [{ key: [] }],
})

const bodyOf = (content: object): object => ({ required: true, content })

const answered = (noun: Noun, example: unknown, more: readonly HeaderName[]): object => ({
  description: `The ${noun} as it now is.`,
  headers: withHeaders(['Cache-Control', 'Curriculum-Cursor', 'ETag', ...more]),
  content: { 'application/json': { schema: schemaOf(schemas[noun]), example } },
})

const createdResponse = (noun: Noun): object => ({
  description: `The ${noun} is made.`,
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

const tags = { type: 'string', maxLength: 2_000, pattern: '^(\\*|(W/)?"[^"]*"(, *(W/)?"[^"]*")*)$' }

const ifMatch = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'The `ETag` you have read, of any encoding: needed where what exists is changed.',
  schema: tags,
  example: etagExample,
}

const ifNoneMatchAny = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: '`*`: only where there is nothing yet.',
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
  ...operationInfo('putDocument', 'tracks', 'Make or replace a whole track'),
  description:
    'Puts a whole track in the place of what it was, in one go: only what differs is touched. Takes what GET answers, up to 16 MiB.',
  parameters: [
    refParameter('Slug of the track, or the id of one there is.', 'python'),
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
    200: documentAnswer('What has changed, or what would.', []),
    201: documentAnswer('The track is made.', ['Location']),
    ...writeProblemResponses,
  },
}

const getChanges = (example: unknown) => ({
  operationId: 'listChanges',
  summary: 'Follow what changes',
  description:
    'Every change in order, those of relations on both sides, with the noun as it now is. Whoever goes on from `next` misses none. An admin key is also told who made it.',
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
    description: 'A key made by `keys create`, of scope `write` or `admin`; of `read` where reading needs one too.',
  },
}
