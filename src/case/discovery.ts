import { z } from 'zod'
import { type Endpoint, endpoints } from './endpoints.ts'
import { DocumentSet } from './objects.ts'
import { minorCodesIn10, StatusInfo } from './status-info.ts'
import { baseOf, fieldsNewIn11, type Site } from './versions.ts'

/** Builds the OpenAPI 3.0 description of a version, which CASE requires every service to offer. */
export const discoveryDocument = (site: Site): object => {
  const { list, byId } = buildPaths()
  return {
    openapi: '3.0.3',
    info: {
      title: 'Curriculum: Competencies and Academic Standards Exchange',
      version: site.version === 'v1p1' ? '1.1' : '1.0',
      description:
        'The tracks of this service as competency frameworks. All endpoints only read. They need a key only if the service requires one for reading.',
    },
    servers: [{ url: baseOf(site), description: 'This service.' }],
    paths: { '/CFDocuments': { get: list }, ...byId },
    components: { schemas: buildSchemas(site) },
  }
}

const buildPaths = () => ({
  list: {
    operationId: 'getAllCFDocuments',
    summary: 'List the documents',
    description: 'A page of all documents, filtered and sorted.',
    parameters: listParameters,
    responses: {
      200: { ...jsonResponse(DocumentSet), headers: listHeaders },
      ...errorResponses(['400', ...commonStatuses]),
    },
  },
  byId: Object.fromEntries(endpoints.map(one => [`/${one.collection}/{sourcedId}`, { get: buildOperation(one) }])),
})

const buildOperation = ({ operationId, objectName, schema }: Endpoint): object => ({
  operationId,
  summary: `Get ${/^[aeiou]/.test(objectName) ? 'an' : 'a'} ${objectName}`,
  description: String(schema.description),
  parameters: [
    {
      name: 'sourcedId',
      in: 'path',
      required: true,
      description: 'The identifier of the object, a UUID; the suffix `.json` is allowed.',
      schema: { type: 'string' },
    },
  ],
  responses: { 200: jsonResponse(schema), ...errorResponses(['404', ...commonStatuses]) },
})

const schemaOf = (schema: z.ZodType) => ({ $ref: `#/components/schemas/${schema.meta()?.id}` })

const jsonResponse = (schema: z.ZodType) => ({
  description: String(schema.description),
  content: { 'application/json': { schema: schemaOf(schema) } },
})

/** The error statuses of every operation. */
const commonStatuses = ['405', '406', '429', '500', 'default']

const errorResponses = (statuses: readonly string[]): object =>
  Object.fromEntries(statuses.map(status => [status, jsonResponse(StatusInfo)]))

const parameter = (name: string, description: string, schema: object): object => ({
  name,
  in: 'query',
  required: false,
  description,
  schema,
})

const int32 = { type: 'integer', format: 'int32' }

const listParameters = [
  parameter('limit', 'The maximum number of documents in the response.', { ...int32, minimum: 1, default: 100 }),
  parameter('offset', 'The number of documents to skip.', { ...int32, minimum: 0, default: 0 }),
  parameter('sort', 'The field to sort by; an unknown field does not change the order.', { type: 'string' }),
  parameter('orderBy', 'The direction of the order: ascending or descending.', {
    type: 'string',
    enum: ['asc', 'desc'],
  }),
  parameter(
    'filter',
    "A condition: a field, one of `=` `!=` `>` `>=` `<` `<=` `~` (contains) and a value in single quotes, such as `lastChangeDateTime>'2026-01-01T00:00:00Z'`. ` AND ` or ` OR ` joins two conditions.",
    { type: 'string' },
  ),
  parameter('fields', 'The fields to return, separated by commas.', { type: 'array', items: { type: 'string' } }),
]

const listHeaders = {
  'X-Total-Count': { description: 'The number of documents on all pages.', schema: { type: 'integer' } },
  Link: { description: 'The next, last, first and previous page (RFC 8288).', schema: { type: 'string' } },
}

/** Builds the component schemas from the zod objects that also type the responses. */
const buildSchemas = ({ version }: Site): object => {
  const all = z.union([DocumentSet, StatusInfo, ...endpoints.map(({ schema }) => schema)])
  const { definitions } = z.toJSONSchema(all, { target: 'openapi-3.0', io: 'output', override: dropPattern })
  const referenced = JSON.stringify(definitions).replaceAll('"#/definitions/', '"#/components/schemas/')
  return JSON.parse(referenced, version === 'v1p1' ? undefined : downgradeSchema) as object // a value of JSON, and the definitions are an object
}

/** Drops the pattern that zod adds to a string with a format. */
const dropPattern: NonNullable<z.core.ToJSONSchemaParams['override']> = ({ jsonSchema }) => {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern
}

/** Removes the fields and words that 1.0 lacks, and uses its spelling of codes (a reviver for JSON.parse). */
const downgradeSchema = (name: string, value: unknown): unknown => {
  if (fieldsNewIn11.includes(name) || name === 'Extensions') return undefined
  if (!Array.isArray(value) || (name !== 'required' && name !== 'enum')) return value
  return value
    .filter(word => ![...fieldsNewIn11, 'isTranslationOf'].includes(word))
    .map(word => minorCodesIn10[word] ?? word)
}
