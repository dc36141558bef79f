import { type Code, Failure, failures } from '../errors.ts'
import { problemOf } from '../http/problem.ts'
import { type HeaderName, withHeaders } from './openapi-headers.ts'

/** Returns the responses that operations share, by name. */
export const sharedResponses = (): Record<string, object> => ({
  NotModified: {
    description: 'The content has not changed since it had this ETag.',
    headers: withHeaders(['Cache-Control', 'Content-Disposition', 'Curriculum-Cursor', 'ETag', 'Link', 'Vary']),
  },
  Moved: {
    description: 'The key has changed: `Location` is the current address.',
    headers: withHeaders(['Cache-Control', 'Location']),
  },
  ...Object.fromEntries(Object.entries(problems).map(([name, example]) => [name, problemResponse(example)])),
})

interface ProblemExample {
  failure: Failure
  headers?: readonly HeaderName[]
}

/** An example of each problem. */
const problems = {
  BadRequest: {
    failure: new Failure('BAD_USER_INPUT', '"limit" must be a whole number from 1 to 200.', {
      errors: [{ parameter: 'limit', message: '"limit" must be a whole number from 1 to 200.' }],
    }),
  },
  NotFound: { failure: new Failure('NOT_FOUND', 'There is no skill called "python.magic".') },
  MethodNotAllowed: {
    failure: new Failure('METHOD_NOT_ALLOWED', 'POST is not allowed here; allowed are GET, HEAD, OPTIONS.'),
    headers: ['Allow'],
  },
  NotAcceptable: { failure: new Failure('NOT_ACCEPTABLE', 'This is served as application/json.') },
  RequestTimeout: {
    failure: new Failure('BAD_USER_INPUT', 'The request did not arrive in time.', { status: 408 }),
  },
  Gone: { failure: new Failure('GONE', 'The skill "python.magic" was removed on 2026-11-01T00:00:00.000Z.') },
  PayloadTooLarge: { failure: new Failure('PAYLOAD_TOO_LARGE', 'The body is larger than this address accepts.') },
  AddressTooLong: {
    failure: new Failure('PAYLOAD_TOO_LARGE', 'A part of the address is longer than any id or key.', { status: 414 }),
  },
  UnsupportedMediaType: {
    failure: new Failure(
      'UNSUPPORTED_MEDIA_TYPE',
      'The media type of the body is not supported; send application/json.',
    ),
    headers: ['Accept-Encoding'],
  },
  Unauthenticated: {
    failure: new Failure('UNAUTHENTICATED', 'This needs a key: send it as "Authorization: Bearer …".'),
    headers: ['WWW-Authenticate'],
  },
  Forbidden: {
    failure: new Failure('FORBIDDEN', 'This needs a key of scope "write"; the key of the request has "read".'),
    headers: ['WWW-Authenticate'],
  },
  Conflict: {
    failure: new Failure(
      'CONFLICT',
      'The skill "python.functions" is referred to by "python.skill.decorators". Remove these references first.',
    ),
  },
  PreconditionFailed: {
    failure: new Failure(
      'PRECONDITION_FAILED',
      'The skill "python.decorators" has changed since you read it: read it again, and repeat your change.',
    ),
  },
  PreconditionRequired: {
    failure: new Failure(
      'PRECONDITION_REQUIRED',
      'The skill "python.decorators" already exists. To change it, send If-Match with the ETag that you read (in GraphQL, ifMatch with the etag).',
    ),
  },
  Unprocessable: {
    failure: new Failure('UNPROCESSABLE', '"title" is missing.', {
      errors: [{ pointer: '/title', message: '"title" is missing.' }],
    }),
  },
  RateLimited: {
    failure: new Failure('RATE_LIMITED', 'More than 1000 requests in a minute came from this address.'),
    headers: ['Retry-After'],
  },
  HeadersTooLarge: {
    failure: new Failure('PAYLOAD_TOO_LARGE', 'The headers are larger than 16 KiB.', { status: 431 }),
  },
  InternalServerError: {
    failure: new Failure('INTERNAL_SERVER_ERROR', 'The request failed. The log has the cause under this request id.'),
  },
  Unavailable: {
    failure: new Failure('UNAVAILABLE', 'The service is shutting down.'),
    headers: ['Retry-After'],
  },
} as const satisfies Record<string, ProblemExample>
export type ProblemName = keyof typeof problems

const problemResponse = ({ failure, headers = [] }: ProblemExample): object => ({
  description: `${failures[failure.code].title} (\`${failure.code}\`).`,
  headers: withHeaders(['Cache-Control', ...headers]),
  content: {
    'application/problem+json': {
      schema: { $ref: '#/components/schemas/Problem' },
      example: problemOf(failure, '/v1/skills', '8c7a1c52-6a0b-4d38-9a30-6f2f7a7f1d11'),
    },
  },
})

/** Returns references to problems, by status. */
export const problemResponses = (names: readonly ProblemName[]): Record<string, object> =>
  Object.fromEntries(
    names.map(name => [String(problems[name].failure.status), { $ref: `#/components/responses/${name}` }]),
  )

/** Returns the name of the response for a code. */
export const problemNameOf = (code: Code): ProblemName => {
  const found = (Object.keys(problems) as ProblemName[]).find(name => problems[name].failure.code === code) // the keys of the table
  if (found === undefined) throw new Error(`No response describes ${code}.`)
  return found
}
