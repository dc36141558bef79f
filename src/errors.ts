import { didYouMean } from './query/suggest.ts'

/** Every failure a client can get: code, HTTP status and title. REST and GraphQL use this table. */
export const failures = {
  BAD_USER_INPUT: { status: 400, title: 'The request is not valid' },
  UNAUTHENTICATED: { status: 401, title: 'A key is needed' },
  FORBIDDEN: { status: 403, title: 'The key does not allow this' },
  NOT_FOUND: { status: 404, title: 'Not found' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The method is not allowed here' },
  NOT_ACCEPTABLE: { status: 406, title: 'None of the accepted media types can be served' },
  CONFLICT: { status: 409, title: 'The request conflicts with other content' },
  GONE: { status: 410, title: 'It was removed' },
  PRECONDITION_FAILED: { status: 412, title: 'It has changed in the meantime' },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'The request is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The media type is not supported' },
  UNPROCESSABLE: { status: 422, title: 'The content is not valid' },
  PRECONDITION_REQUIRED: { status: 428, title: 'A precondition is needed' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  INTERNAL_SERVER_ERROR: { status: 500, title: 'Internal server error' },
  UNAVAILABLE: { status: 503, title: 'The service is not available' },
  GRAPHQL_PARSE_FAILED: { status: 400, title: 'The query is not valid GraphQL' },
  GRAPHQL_VALIDATION_FAILED: { status: 400, title: 'The query does not fit the schema' },
  COST_LIMIT: { status: 400, title: 'The query is too expensive' },
  PERSISTED_QUERY_NOT_FOUND: { status: 400, title: 'The persisted query is not known' },
} as const

export type Code = keyof typeof failures

/** An invalid part of the input. */
export type Place = { parameter: string; message: string } | { pointer: string; message: string }

/** A suggestion for a mistyped name: an item of the curriculum, or a path of the service. */
export type Suggestion = { noun: string; key: string; title: string } | { path: string }

/** An error that clients see. The message is sent to them; the cause is only logged. */
export class Failure extends Error {
  readonly code: Code
  readonly errors: Place[]
  readonly headers: Record<string, string>
  readonly status: number
  readonly suggestion: Suggestion | undefined

  constructor(
    code: Code,
    message: string,
    more: {
      errors?: Place[]
      headers?: Record<string, string>
      status?: number
      cause?: unknown
      suggestion?: Suggestion | undefined
    } = {},
  ) {
    super(message, { cause: more.cause })
    this.name = 'Failure'
    this.code = code
    this.errors = more.errors ?? []
    this.headers = more.headers ?? {}
    this.status = more.status ?? failures[code].status
    this.suggestion = more.suggestion
  }
}

export const badParameter = (parameter: string, message: string): Failure =>
  new Failure('BAD_USER_INPUT', message, { errors: [{ parameter, message }] })

export const notFound = (noun: string, ref: string, meant?: { key: string; title: string }): Failure =>
  new Failure('NOT_FOUND', `There is no ${noun} called "${ref.slice(0, 100)}"${didYouMean(meant?.key, '.')}`, {
    suggestion: meant && { noun, ...meant },
  })

export const gone = (noun: string, ref: string, since: string): Failure =>
  new Failure('GONE', `The ${noun} "${ref}" was removed on ${since}.`)

/** Thrown by a command that cannot run; the message gives the reason and a way to fix it. */
export class Refused extends Error {
  override name = 'Refused'
}
