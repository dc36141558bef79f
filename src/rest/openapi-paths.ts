import { z } from 'zod'
import { type HeaderName, withHeaders } from './openapi-headers.ts'
import { problemResponses, type RefusalName, refusalOf } from './openapi-responses.ts'
import { schemaOf } from './openapi-schemas.ts'
import type { Operation } from './operation.ts'
import { documented } from './parameters.ts'

/** The question as an address, and where it takes one, as a body. */
export const pathItem = (operation: Operation, example: unknown): object => ({
  get: {
    ...about(operation, operation.operationId),
    parameters: [
      ...pathParameters(operation),
      ...Object.entries(operation.query.shape).map(([name, schema]) => queryParameter(name, schema)),
      { $ref: '#/components/parameters/IfNoneMatch' },
    ],
    responses: {
      ...answered(operation, example, ['ETag']),
      304: { $ref: '#/components/responses/NotModified' },
      ...problemResponses(refusals(operation)),
    },
  },
  ...(operation.body && { post: postOf(operation, operation.body, example) }),
})

const postOf = (operation: Operation, body: NonNullable<Operation['body']>, example: unknown): object => ({
  ...about(operation, body.operationId),
  parameters: pathParameters(operation),
  requestBody: {
    description: body.schema.description,
    required: true,
    content: { 'application/json': { schema: schemaOf(body.schema), example: firstExample(body.schema) } },
  },
  responses: {
    ...answered(operation, example, []),
    ...problemResponses([...refusals(operation), 'PayloadTooLarge', 'UnsupportedMediaType']),
  },
})

const firstExample = (schema: z.ZodType): unknown => z.array(z.unknown()).parse(schema.meta()?.examples)[0]

const about = ({ summary, description, tag }: Operation, operationId: string): object => ({
  operationId,
  summary,
  description,
  tags: [tag],
})

/** Nothing can be asked again by the tag of what answered a body. */
const answered = (
  { types, schema, headers: more = [], ref }: Operation,
  example: unknown,
  tag: readonly HeaderName[],
): object => ({
  200: {
    description: schema.description,
    headers: withHeaders(['Cache-Control', 'Content-Encoding', 'Curriculum-Cursor', ...tag, 'Vary', ...more]),
    content: Object.fromEntries(types.map(type => [type, { schema: schemaOf(schema), example }])),
  },
  ...(ref === undefined ? {} : { 308: { $ref: '#/components/responses/Moved' } }),
})

const refusals = ({ problems, ref }: Operation): RefusalName[] => [
  ...problems.map(refusalOf),
  ...(ref === undefined ? [] : (['AddressTooLong'] as const)),
  'RateLimited',
  ...keyed,
  ...anywhere,
]

/** Where a key is needed: to write, and where the operator says so, to read. */
export const keyed = ['Unauthenticated', 'Forbidden'] as const

/** What any request can meet. */
export const anywhere = [
  'BadRequest',
  'MethodNotAllowed',
  'RequestTimeout',
  'HeadersTooLarge',
  'InternalServerError',
  'Unavailable',
] as const

export const pathParameters = ({ ref }: Pick<Operation, 'ref'>): object[] =>
  ref === undefined ? [] : [{ name: 'ref', in: 'path', required: true, description: ref, schema: Ref }]

const Ref = { type: 'string', minLength: 1, maxLength: 200, pattern: '^[A-Za-z0-9.-]+$' }

export const queryParameter = (name: string, schema: z.ZodType): object => {
  const about = descriptionOf(schema)
  if (about === undefined) throw new Error(`The parameter "${name}" is not described.`)
  const needed = !schema.safeParse(undefined).success
  return {
    name,
    in: 'query',
    required: needed,
    description: described(about),
    schema: about.schema,
    ...(about.schema.type === 'array' ? { style: 'form', explode: false } : {}),
    ...(needed ? { example: about.example } : {}),
  }
}

/** A page that lets people try would fill in every example: only what is needed has one, the others are told in words. */
const described = ({ description, example }: { description: string; example?: unknown }): string =>
  example === undefined ? description : `${description} Such as \`${String(example)}\`.`

/** What is described may be read by a transformation that stands around it. */
const descriptionOf = (schema: z.ZodType) =>
  documented.get(schema) ?? (schema instanceof z.ZodPipe ? documented.get(schema.in as z.ZodType) : undefined) // zod types what a pipe begins with as its core type
