import type { FastifyReply, FastifyRequest } from 'fastify'
import { GraphQLError } from 'graphql'
import { type Code, Failure, type Place } from '../errors.ts'
import { toFailure } from '../http/problem.ts'

/** An error in the form of the response (GraphQL specification, section 7.1.2). */
export interface FormattedError {
  message: string
  locations?: readonly { line: number; column: number }[]
  path?: readonly (string | number)[]
  extensions: { code: Code; errors?: Place[] }
}

/** The errors of a request, with the data of a partial result. Thrown, because such a response is never cached. */
export class RequestError extends Error {
  readonly errors: readonly unknown[]
  /** Undefined if the operation was not executed; null if it was and no data is left. */
  readonly data: unknown
  /** The code of errors without a code. */
  readonly code: Code

  constructor(errors: readonly unknown[], data?: unknown, code: Code = 'GRAPHQL_VALIDATION_FAILED') {
    super('the GraphQL request has errors')
    this.errors = errors
    this.data = data
    this.code = code
  }
}

/** Sends the response to a request that failed, and logs internal errors. */
export const sendErrors = (
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  error: unknown,
): FastifyReply => {
  const { data, errors, code, failure } = responseOf(error)
  const { formatted, internal } = formatErrors(errors, code)
  for (const cause of internal) request.log.error({ reqId: request.id, err: cause }, 'request failed')
  const executed = data !== undefined
  const body = executed ? { errors: formatted, data } : { errors: formatted }
  const legacy = type === 'application/json'
  return reply
    .code(failure?.status ?? (executed || legacy ? 200 : 400))
    .headers({
      ...failure?.headers,
      'cache-control': 'no-store',
      vary: 'Accept, Accept-Encoding',
      'content-type': `${type}; charset=utf-8`,
    })
    .send(JSON.stringify(body))
}

/** Returns the parts of the response. A failure outside of GraphQL, such as an unreadable body, keeps its status. */
const responseOf = (error: unknown): { data?: unknown; errors: readonly unknown[]; code: Code; failure?: Failure } => {
  if (error instanceof RequestError) return error
  return { errors: [error], code: 'INTERNAL_SERVER_ERROR', failure: toFailure(error) }
}

/** Formats errors for the client, and returns the causes of internal errors for the log. */
const formatErrors = (
  errors: readonly unknown[],
  fallback: Code,
): { formatted: FormattedError[]; internal: unknown[] } => {
  const internal: unknown[] = []
  const formatted = errors.map(error => {
    const graphql = error instanceof GraphQLError ? error : undefined
    const cause = causeOf(error)
    const { message, code } = messageAndCode(cause, error, fallback)
    if (code === 'INTERNAL_SERVER_ERROR') internal.push(cause)
    return {
      message,
      ...(graphql?.locations === undefined ? {} : { locations: graphql.locations }),
      ...(graphql?.path === undefined ? {} : { path: graphql.path }),
      extensions: {
        code,
        ...(cause instanceof Failure && cause.errors.length > 0 ? { errors: cause.errors } : {}),
      },
    }
  })
  return { formatted, internal }
}

/** Returns the error that a resolver threw. If graphql wrapped one of its errors, returns the outer error, which names the variable. */
const causeOf = (error: unknown): unknown => {
  const inner = error instanceof GraphQLError ? error.originalError : undefined
  return inner instanceof GraphQLError ? error : (inner ?? error)
}

const messageAndCode = (cause: unknown, error: unknown, fallback: Code): { message: string; code: Code } => {
  if (cause instanceof Failure) return { message: cause.message, code: cause.code }
  if (cause instanceof GraphQLError)
    return { message: cause.message, code: (cause.extensions?.code as Code | undefined) ?? fallback } // only our own rules set one
  if (isFormatted(error)) return { message: error.message, code: error.extensions.code }
  const { message, code } = toFailure(cause)
  return { message, code }
}

const isFormatted = (error: unknown): error is FormattedError =>
  typeof error === 'object' && error !== null && !(error instanceof Error) && 'extensions' in error
