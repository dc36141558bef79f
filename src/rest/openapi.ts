import { Health } from '../http/health.ts'
import { Exposition, expositionExample } from '../http/metrics.ts'
import { Problem } from '../http/problem.ts'
import { schemas } from '../model/curriculum.ts'
import { nouns, otherNounsPhrase, plurals } from '../model/vocabulary.ts'
import { changesPath } from './changes.ts'
import { itemExamples } from './items.ts'
import { browserHeaders, headers, withHeaders } from './openapi-headers.ts'
import { commonProblems, etagExample, pathItem } from './openapi-paths.ts'
import { problemResponses, sharedResponses } from './openapi-responses.ts'
import { bodySchemas, componentSchemas, schemaOf } from './openapi-schemas.ts'
import { replayBody, webhookPathItems, webhookSchemas } from './openapi-webhooks.ts'
import { securitySchemes, writePathItems, writeResponseSchemas } from './openapi-writes.ts'
import type { Operation } from './operation.ts'

/** Returns the OpenAPI 3.1 document. `examples` are responses by the request that each operation names. */
export const openapi = (
  operations: readonly Operation[],
  examples: ReadonlyMap<string, unknown>,
  service: { version: string; description: string },
): object => {
  const writePaths = writePathItems(examples, noun => itemExamples[noun])
  const responseSchemas = componentSchemas([
    ...operations.flatMap(({ schema, body }) => [schema, ...(body ? [body.schema] : [])]),
    ...writeResponseSchemas,
    ...webhookSchemas,
    replayBody,
    Health,
    Exposition,
    Problem,
  ])
  return {
    openapi: '3.1.1',
    info: {
      title: 'Curriculum',
      version: service.version,
      summary: service.description,
      description,
      contact: { name: 'The maintainers of the curriculum service' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    // A service with PUBLIC_URL or READ_ACCESS=key serves these two sections with other values.
    servers: [{ url: '/', description: 'The server of this document, local or in production.', 'x-internal': false }],
    security: withOrWithoutKey,
    tags,
    paths: {
      ...Object.fromEntries(
        operations.map(one => [
          one.path,
          { ...pathItem(one, examples.get(one.example), examples.get(cursorOf(one.path))), ...writePaths[one.path] },
        ]),
      ),
      [changesPath]: writePaths[changesPath],
      ...webhookPathItems(),
      '/healthz': { get: health },
      '/readyz': { get: readiness },
      '/metrics': { get: metrics },
    },
    components: {
      schemas: sortedByName({ ...responseSchemas, ...bodySchemas(responseSchemas) }),
      securitySchemes,
      parameters: { IfNoneMatch: ifNoneMatch, MinCursor: minCursor },
      headers,
      responses: sharedResponses(),
    },
  }
}

/** Security requirements are alternatives: `{}` is none. */
const withOrWithoutKey = [{}, { key: [] }]

/** Returns the name of an operation's cursor among the examples. */
export const cursorOf = (path: string): string => `cursor of ${path}`

const sortedByName = (schemas: Record<string, object>): Record<string, object> =>
  Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)))

const description = `A curriculum for developers: tracks of skills by category and tier, with ${otherNounsPhrase()}.

- A path takes the \`id\` or the \`key\` of a noun; nouns refer to each other by key, such as \`python.decorators\`.
- Every field is always present: null if unknown, \`[]\` if there is none.
- A list comes in pages of \`limit\`; \`Link\` and \`page.next\` are the next page.
- Every cacheable response has an \`ETag\`: send it as \`If-None-Match\` to get 304 until the content changes.
- Errors are \`application/problem+json\` (RFC 9457), with a \`code\` for programs.
- Writes need a key, and \`If-Match\` with the version that is changed; \`/v1/changes\` lists every change.
- HEAD returns the headers of GET; OPTIONS lists the methods of a path.
- For browsers, every response also has ${browserHeaders.map(name => `\`${name}\``).join(', ')}.`

const tags = [
  { name: 'service', description: 'The service itself: index, state and changes.' },
  ...nouns.map(noun => ({ name: plurals[noun], description: schemas[noun].description })),
  { name: 'learning', description: 'Learning paths to skills and projects, and the skills that can be started now.' },
  { name: 'export', description: 'Whole tracks as files for learning platforms and other programs.' },
  { name: 'search', description: 'Full-text search over all nouns.' },
  { name: 'webhooks', description: 'Receivers of events, by Standard Webhooks 1.0.' },
]

const ifNoneMatch = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'The `ETag` of the stored response.',
  schema: { type: 'string', maxLength: 2_000, pattern: '^(\\*|(W/)?"[^"]*"(, *(W/)?"[^"]*")*)$' },
  example: etagExample,
}

const minCursor = {
  name: 'Curriculum-Min-Cursor',
  in: 'header',
  required: false,
  description:
    'The `Curriculum-Cursor` of an earlier response, perhaps of another node: the response has at least that state. Waits up to a second for it, then answers 503.',
  schema: { type: 'integer', format: 'int64', minimum: 0, maximum: 999_999_999_999_999 },
  example: 1,
}

/** Returns an operation for monitoring. */
const monitoringOperation = (
  operationId: string,
  summary: string,
  description: string,
  answer: { description: string; content: object },
): object => ({
  operationId,
  summary,
  description,
  tags: ['service'],
  security: withOrWithoutKey,
  responses: {
    200: { description: answer.description, headers: withHeaders(['Cache-Control']), content: answer.content },
    ...problemResponses(commonProblems),
  },
})

const healthy = (status: 'ok' | 'ready') => ({
  description: 'It works.',
  content: { 'application/json': { schema: schemaOf(Health), example: { status } } },
})

const health = monitoringOperation(
  'getHealth',
  'Check that the process works',
  'Checks the process only, not the database.',
  healthy('ok'),
)

const readiness = monitoringOperation(
  'getReadiness',
  'Check that requests can be sent here',
  'Checks that the database can be read and the service is not shutting down.',
  healthy('ready'),
)

const metrics = monitoringOperation(
  'getMetrics',
  'Get metrics',
  'Requests by route and status, GraphQL operations, cache hits, and the metrics of Node, summed over all processes.',
  {
    description: 'All metrics.',
    content: { 'text/plain': { schema: schemaOf(Exposition), example: expositionExample } },
  },
)

/** Shortens a response to an example: lists to one element, except the tiers of a roadmap. Times are fixed, so that examples change only with the content. */
export const exampleOf = (value: unknown, name = ''): unknown => {
  if (Array.isArray(value)) return (name === 'tiers' ? value : value.slice(0, 1)).map(one => exampleOf(one))
  if (name === 'updatedAt' || name === 'changedAt') return '2026-11-01T00:00:00.000Z'
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([field, one]) => [field, exampleOf(one, field)]))
}
