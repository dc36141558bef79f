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
import { componentSchemas, schemaOf } from './openapi-schemas.ts'
import { replayBody, webhookPathItems, webhookSchemas } from './openapi-webhooks.ts'
import { bodySchemas, securitySchemes, writePathItems, writeResponseSchemas } from './openapi-writes.ts'
import type { Operation } from './operation.ts'

/** What a client may send and what it gets, as OpenAPI 3.1. The examples are answers, by the request each operation names. */
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
    // A service that has a PUBLIC_URL, or reads with a key alone, serves these two sections otherwise.
    servers: [
      { url: '/', description: 'Where this document is served: locally or in production.', 'x-internal': false },
    ],
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
      parameters: { IfNoneMatch: ifNoneMatch },
      headers,
      responses: sharedResponses(),
    },
  }
}

/** Security requirements are alternatives: the first one is none at all. */
const withOrWithoutKey = [{}, { key: [] }]

/** The name that the cursor of an operation has among the examples. */
export const cursorOf = (path: string): string => `cursor of ${path}`

const sortedByName = (schemas: Record<string, object>): Record<string, object> =>
  Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)))

const description = `A curriculum for developers: tracks of skills by category and tier, with ${otherNounsPhrase()}.

- An address takes the \`id\` or the \`key\` of a noun; nouns refer to each other by key, such as \`python.decorators\`.
- Every field is always there: null where nothing is known, \`[]\` where there is none.
- A list comes in pages of \`limit\`; \`Link\` and \`page.next\` lead on.
- Every answer that may be kept has an \`ETag\`: with it as \`If-None-Match\` you get 304 for as long as nothing has changed.
- Whatever goes wrong is told as \`application/problem+json\` (RFC 9457), with a \`code\` for programs.
- Whoever writes shows a key, and says with \`If-Match\` what it is that is changed; \`/v1/changes\` tells everybody what was.
- HEAD answers as GET does, without the body; OPTIONS says which methods an address has.
- For browsers, every answer also has ${browserHeaders.map(name => `\`${name}\``).join(', ')}.`

const tags = [
  { name: 'service', description: 'What there is, and whether it works.' },
  ...nouns.map(noun => ({ name: plurals[noun], description: schemas[noun].description })),
  { name: 'learning', description: 'The way to a skill or project, and what can be started now.' },
  { name: 'export', description: 'Whole tracks as files for learning platforms and other programs.' },
  { name: 'search', description: 'Everything, by words.' },
  { name: 'webhooks', description: 'Who is told of changes, by Standard Webhooks 1.0.' },
]

const ifNoneMatch = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'The `ETag` of the answer you hold.',
  schema: { type: 'string', maxLength: 2_000, pattern: '^(\\*|(W/)?"[^"]*"(, *(W/)?"[^"]*")*)$' },
  example: etagExample,
}

/** What is asked by whoever watches the service. */
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
  description: 'It does.',
  content: { 'application/json': { schema: schemaOf(Health), example: { status } } },
})

const health = monitoringOperation(
  'getHealth',
  'Ask whether the process works',
  'Speaks of the process alone, never of the database.',
  healthy('ok'),
)

const readiness = monitoringOperation(
  'getReadiness',
  'Ask whether requests should come here',
  'Whether the database can be read and the service is not shutting down.',
  healthy('ready'),
)

const metrics = monitoringOperation(
  'getMetrics',
  'Measure the service',
  'Requests by route and status, GraphQL operations, answers from the cache, and what Node says of its processes, added up over all of them.',
  {
    description: 'Every metric there is.',
    content: { 'text/plain': { schema: schemaOf(Exposition), example: expositionExample } },
  },
)

/** Shortens an answer to an example: one element is enough of a list, but not of the tiers that all skills stand in. Times are fixed, so that only what matters changes it. */
export const exampleOf = (value: unknown, name = ''): unknown => {
  if (Array.isArray(value)) return (name === 'tiers' ? value : value.slice(0, 1)).map(one => exampleOf(one))
  if (name === 'updatedAt' || name === 'changedAt') return '2026-11-01T00:00:00.000Z'
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([field, one]) => [field, exampleOf(one, field)]))
}
