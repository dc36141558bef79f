import { Health } from '../http/health.ts'
import { Problem } from '../http/problem.ts'
import { schemas } from '../model/curriculum.ts'
import { nouns, plurals } from '../model/vocabulary.ts'
import { browserHeaders, headers, withHeaders } from './openapi-headers.ts'
import { anywhere, pathItem } from './openapi-paths.ts'
import { problemResponses, sharedResponses } from './openapi-responses.ts'
import { componentSchemas, schemaOf } from './openapi-schemas.ts'
import type { Operation } from './operation.ts'

/** What a client may send and what it gets, as OpenAPI 3.1. The examples are answers, by the request each operation names. */
export const openapi = (
  operations: readonly Operation[],
  examples: ReadonlyMap<string, unknown>,
  service: { version: string; description: string },
): object => ({
  openapi: '3.1.1',
  info: {
    title: 'Curriculum',
    version: service.version,
    summary: service.description,
    description,
    contact: { name: 'The maintainers of the curriculum service' },
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/', description: 'Where this document is served: locally or in production.', 'x-internal': false }],
  // An empty requirement says that nobody needs a key.
  security: [{}],
  tags,
  paths: {
    ...Object.fromEntries(operations.map(one => [one.path, pathItem(one, examples.get(one.example))])),
    '/healthz': { get: health },
    '/readyz': { get: readiness },
  },
  components: {
    schemas: componentSchemas([
      ...operations.flatMap(({ schema, body }) => [schema, ...(body ? [body.schema] : [])]),
      Health,
      Problem,
    ]),
    parameters: { IfNoneMatch: ifNoneMatch },
    headers,
    responses: sharedResponses(),
  },
})

const description = `A curriculum for developers: tracks of skills by category and tier, with principles, projects, resources, plans and checklists.

- An address takes the \`id\` or the \`key\` of a noun; nouns refer to each other by key, such as \`python.decorators\`.
- Every field is always there: null where nothing is known, \`[]\` where there is none.
- A list comes in pages of \`limit\`; \`Link\` and \`page.next\` lead on.
- Every answer has an \`ETag\`: with it as \`If-None-Match\` you get 304 for as long as nothing has changed.
- Whatever goes wrong is told as \`application/problem+json\` (RFC 9457), with a \`code\` for programs.
- HEAD answers as GET does, without the body; OPTIONS says which methods an address has.
- For browsers, every answer also has ${browserHeaders.map(name => `\`${name}\``).join(', ')}.`

const tags = [
  { name: 'service', description: 'What there is, and whether it works.' },
  ...nouns.map(noun => ({ name: plurals[noun], description: schemas[noun].description })),
  { name: 'learning', description: 'The way to a skill or project, and what can be started now.' },
  { name: 'search', description: 'Everything, by words.' },
]

const ifNoneMatch = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'The `ETag` of the answer you hold.',
  schema: { type: 'string', maxLength: 2_000, pattern: '^(\\*|(W/)?"[^"]*"(, *(W/)?"[^"]*")*)$' },
}

const probe = (operationId: string, summary: string, description: string, status: 'ok' | 'ready'): object => ({
  operationId,
  summary,
  description,
  tags: ['service'],
  responses: {
    200: {
      description: 'It does.',
      headers: withHeaders(['Cache-Control']),
      content: { 'application/json': { schema: schemaOf(Health), example: { status } } },
    },
    ...problemResponses(anywhere),
  },
})

const health = probe(
  'getHealth',
  'Ask whether the process works',
  'Speaks of the process alone, never of the database.',
  'ok',
)

const readiness = probe(
  'getReadiness',
  'Ask whether requests should come here',
  'Whether the database can be read and the service is not shutting down.',
  'ready',
)
