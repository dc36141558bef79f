import { z } from 'zod'
import { baseOf, type Site } from './addresses.ts'
import { newIn11 } from './downgrade.ts'
import { endpoints } from './endpoints.ts'
import { DocumentSet } from './objects.ts'
import type { Endpoint } from './request.ts'
import { minorsIn10, StatusInfo } from './status-info.ts'

/** What a version answers at this address, as OpenAPI 3.0: every service of CASE has to say so itself. */
export const discovery = (site: Site): object => {
  const { list, byId } = pathsOf()
  return {
    openapi: '3.0.3',
    info: {
      title: 'Curriculum: Competencies and Academic Standards Exchange',
      version: site.version === 'v1p1' ? '1.1' : '1.0',
      description: 'The tracks of this service as competency frameworks. Everything is read; nothing needs a key.',
    },
    servers: [{ url: baseOf(site), description: 'This service.' }],
    paths: { '/CFDocuments': { get: list }, ...byId },
    components: { schemas: schemasIn(site) },
  }
}

const pathsOf = () => ({
  list: {
    operationId: 'getAllCFDocuments',
    summary: 'List the documents',
    description: 'A page of all documents, filtered and sorted.',
    parameters: listParameters,
    responses: { 200: { ...answered(DocumentSet), headers: listHeaders }, ...refused(['400', ...refusals]) },
  },
  byId: Object.fromEntries(endpoints.map(one => [`/${one.collection}/{sourcedId}`, { get: operationOf(one) }])),
})

const operationOf = ({ operationId, what, schema }: Endpoint): object => ({
  operationId,
  summary: `Get ${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what}`,
  description: String(schema.description),
  parameters: [
    {
      name: 'sourcedId',
      in: 'path',
      required: true,
      description: 'Its identifier, a UUID; `.json` may follow.',
      schema: { type: 'string' },
    },
  ],
  responses: { 200: answered(schema), ...refused(['404', ...refusals]) },
})

const schemaOf = (schema: z.ZodType) => ({ $ref: `#/components/schemas/${schema.meta()?.id}` })

const answered = (schema: z.ZodType) => ({
  description: String(schema.description),
  content: { 'application/json': { schema: schemaOf(schema) } },
})

/** What any request can meet. */
const refusals = ['405', '406', '429', '500', 'default']

const refused = (statuses: readonly string[]): object =>
  Object.fromEntries(statuses.map(status => [status, answered(StatusInfo)]))

const parameter = (name: string, description: string, schema: object): object => ({
  name,
  in: 'query',
  required: false,
  description,
  schema,
})

const whole = { type: 'integer', format: 'int32' }

const listParameters = [
  parameter('limit', 'So many at most.', { ...whole, minimum: 1, default: 100 }),
  parameter('offset', 'How many to skip.', { ...whole, minimum: 0, default: 0 }),
  parameter('sort', 'The field to sort by; an unknown one leaves the order as it is.', { type: 'string' }),
  parameter('orderBy', 'Upwards or downwards.', { type: 'string', enum: ['asc', 'desc'] }),
  parameter(
    'filter',
    "A field, one of `=` `!=` `>` `>=` `<` `<=` `~` (contains) and a value in single quotes; ` AND ` or ` OR ` may join two of these. Such as `lastChangeDateTime>'2026-01-01T00:00:00Z'`.",
    { type: 'string' },
  ),
  parameter('fields', 'The fields to answer, by comma.', { type: 'array', items: { type: 'string' } }),
]

const listHeaders = {
  'X-Total-Count': { description: 'How many there are on all pages.', schema: { type: 'integer' } },
  Link: { description: 'The next, last, first and previous page (RFC 8288).', schema: { type: 'string' } },
}

/** Every object by its name, from the same descriptions that the answers are typed by. */
const schemasIn = ({ version }: Site): object => {
  const all = z.union([DocumentSet, StatusInfo, ...endpoints.map(({ schema }) => schema)])
  const { definitions } = z.toJSONSchema(all, { target: 'openapi-3.0', io: 'output', override })
  const named = JSON.stringify(definitions).replaceAll('"#/definitions/', '"#/components/schemas/')
  return JSON.parse(named, version === 'v1p1' ? undefined : without11) as object // a value of JSON, and the definitions are an object
}

/** A format says more than the pattern made from it. */
const override: NonNullable<z.core.ToJSONSchemaParams['override']> = ({ jsonSchema }) => {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern
}

/** Takes out what 1.0 does not have, and writes what it writes otherwise. */
const without11 = (name: string, value: unknown): unknown => {
  if (newIn11.includes(name) || name === 'Extensions') return undefined
  if (!Array.isArray(value) || (name !== 'required' && name !== 'enum')) return value
  return value.filter(word => ![...newIn11, 'isTranslationOf'].includes(word)).map(word => minorsIn10[word] ?? word)
}
