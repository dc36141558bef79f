import { z } from 'zod'
import { type HeaderName, withHeaders } from './openapi-headers.ts'
import { type ProblemName, problemNameOf, problemResponses } from './openapi-responses.ts'
import { schemaOf } from './openapi-schemas.ts'
import type { Operation } from './operation.ts'
import { exampleCursor, parameterDocs } from './parameters.ts'

/** Returns the path item of an operation: GET, and POST if the query can be sent as a body. */
export const pathItem = (operation: Operation, example: unknown, cursor?: unknown): object => ({
  get: {
    ...operationInfo(operation, operation.operationId),
    parameters: [
      ...pathParameters(operation),
      ...Object.entries(operation.query.shape).map(([name, schema]) => queryParameter(name, schema, cursor)),
      { $ref: '#/components/parameters/IfNoneMatch' },
      { $ref: '#/components/parameters/MinCursor' },
    ],
    responses: {
      ...successResponses(operation, example, ['ETag']),
      304: { $ref: '#/components/responses/NotModified' },
      ...problemResponses(problemNames(operation)),
    },
  },
  ...(operation.body && { post: postOf(operation, operation.body, example) }),
})

const postOf = (operation: Operation, body: NonNullable<Operation['body']>, example: unknown): object => ({
  ...operationInfo(operation, body.operationId),
  parameters: pathParameters(operation),
  requestBody: {
    description: body.schema.description,
    required: true,
    content: { 'application/json': { schema: schemaOf(body.schema), example: firstExample(body.schema) } },
  },
  responses: {
    ...successResponses(operation, example, []),
    ...problemResponses([...problemNames(operation), 'PayloadTooLarge', 'UnsupportedMediaType']),
  },
})

const firstExample = (schema: z.ZodType): unknown => z.array(z.unknown()).parse(schema.meta()?.examples)[0]

const operationInfo = ({ summary, description, tag }: Operation, operationId: string): object => ({
  operationId,
  summary,
  description,
  tags: [tag],
})

/** Returns the 200, and the 308 of an earlier key. `tag` is empty for POST, whose responses have no ETag. */
const successResponses = (
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

const problemNames = ({ problems, ref }: Operation): ProblemName[] => [
  ...problems.map(problemNameOf),
  ...(ref === undefined ? [] : (['AddressTooLong'] as const)),
  'RateLimited',
  ...keyProblems,
  ...commonProblems,
]

/** Problems of requests that need a key: writes, and reads if `READ_ACCESS` is `key`. */
export const keyProblems = ['Unauthenticated', 'Forbidden'] as const

/** Problems of any request. */
export const commonProblems = [
  'BadRequest',
  'MethodNotAllowed',
  'RequestTimeout',
  'HeadersTooLarge',
  'InternalServerError',
  'Unavailable',
] as const

/** Returns the path parameter, whose example is taken from the example request. */
export const pathParameters = ({ path, ref, example }: Pick<Operation, 'path' | 'ref' | 'example'>): object[] =>
  ref === undefined ? [] : [refParameter(ref, String(example.split('/')[path.split('/').indexOf('{ref}')]))]

export const refParameter = (description: string, example: string): object => ({
  name: 'ref',
  in: 'path',
  required: true,
  description,
  schema: Ref,
  example,
})

/** An example ETag that no response has. */
export const etagExample = '"q3VfZ0mXyT2nA8cL"'

const Ref = { type: 'string', minLength: 1, maxLength: 200, pattern: '^[A-Za-z0-9.-]+$' }

export const queryParameter = (name: string, schema: z.ZodType, cursor?: unknown): object => {
  const about = descriptionOf(schema)
  if (about === undefined) throw new Error(`The parameter "${name}" has no description.`)
  return {
    name,
    in: 'query',
    required: !schema.safeParse(undefined).success,
    description: about.description,
    schema: about.schema,
    ...(about.schema.type === 'array' ? { style: 'form', explode: false } : {}),
    example: about.example === exampleCursor ? cursor : about.example,
  }
}

/** Returns the examples of an operation's parameters, without its cursor. */
export const exampleQuery = (operation: Operation): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(operation.query.shape).flatMap(([name, schema]) => {
      const example = descriptionOf(schema)?.example
      return example === exampleCursor ? [] : [[name, example]]
    }),
  )

/** Returns the description of a parameter, also if a transformation wraps it. */
const descriptionOf = (schema: z.ZodType) =>
  parameterDocs.get(schema) ?? (schema instanceof z.ZodPipe ? parameterDocs.get(schema.in as z.ZodType) : undefined) // zod types what a pipe begins with as its core type
