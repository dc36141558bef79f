import type { FastifyReply, FastifyRequest } from 'fastify'
import { GraphQLError } from 'graphql'
import { type Code, Failure, type Place } from '../errors.ts'
import { toFailure } from '../http/problem.ts'

/** An error as it is answered (GraphQL specification, section 7.1.2). */
export interface FormattedError {
  message: string
  locations?: readonly { line: number; column: number }[]
  path?: readonly (string | number)[]
  extensions: { code: Code; errors?: Place[] }
}

/** What an execution ends with that is not to be kept: errors, with data where some of it could be answered. */
export class RequestError extends Error {
  readonly errors: readonly unknown[]
  /** Undefined where nothing was carried out; null where it was, and nothing came of it. */
  readonly data: unknown
  /** The code of errors that have none of their own. */
  readonly code: Code

  constructor(errors: readonly unknown[], data?: unknown, code: Code = 'GRAPHQL_VALIDATION_FAILED') {
    super('the GraphQL request has errors')
    this.errors = errors
    this.data = data
    this.code = code
  }
}

export const sendErrors = (
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  error: unknown,
): FastifyReply => {
  const { data, errors, code, refused } = responseOf(error)
  const shown = formatErrors(errors, code)
  for (const cause of shown.hidden) request.log.error({ reqId: request.id, err: cause }, 'request failed')
  const answered = data !== undefined
  const body = answered ? { errors: shown.errors, data } : { errors: shown.errors }
  const legacy = type === 'application/json'
  return reply
    .code(refused?.status ?? (answered || legacy ? 200 : 400))
    .headers({
      ...refused?.headers,
      'cache-control': 'no-store',
      vary: 'Accept, Accept-Encoding',
      'content-type': `${type}; charset=utf-8`,
    })
    .send(JSON.stringify(body))
}

/** A request that was no GraphQL request has a status of its own; all else is an answer with errors. */
const responseOf = (error: unknown): { data?: unknown; errors: readonly unknown[]; code: Code; refused?: Failure } => {
  if (error instanceof RequestError) return error
  if (error instanceof Error && 'errors' in error && Array.isArray(error.errors) && !(error instanceof Failure))
    return { errors: error.errors, code: 'GRAPHQL_VALIDATION_FAILED' }
  return { errors: [error], code: 'INTERNAL_SERVER_ERROR', refused: toFailure(error) }
}

/** What may be told, with codes; what may not, for the log. */
const formatErrors = (errors: readonly unknown[], fallback: Code): { errors: FormattedError[]; hidden: unknown[] } => {
  const hidden: unknown[] = []
  const shown = errors.map(error => {
    const graphql = error instanceof GraphQLError ? error : undefined
    const cause = causeOf(error)
    const told = messageAndCode(cause, error, fallback)
    if (told.code === 'INTERNAL_SERVER_ERROR') hidden.push(cause)
    return {
      message: told.message,
      ...(graphql?.locations === undefined ? {} : { locations: graphql.locations }),
      ...(graphql?.path === undefined ? {} : { path: graphql.path }),
      extensions: {
        code: told.code,
        ...(cause instanceof Failure && cause.errors.length > 0 ? { errors: cause.errors } : {}),
      },
    }
  })
  return { errors: shown, hidden }
}

/** What went wrong in a resolver; what GraphQL itself has put into another error is told better by the outer one, which names the variable. */
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
