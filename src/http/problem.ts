import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Code, Failure, failures } from '../errors.ts'
import { STATUS_CODES } from './node-http.ts'
import { pathOf } from './request.ts'

const requestId = z
  .string()
  .max(128)
  .regex(/^[\w.:-]*$/)

/** Codes that only GraphQL answers with. */
const graphqlOnlyCodes: readonly Code[] = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'COST_LIMIT',
  'PERSISTED_QUERY_NOT_FOUND',
]
const codes = Object.keys(failures) as Code[] // the keys of the table are the codes

const message = z.string().min(1).max(2_000).meta({ description: 'A description of the mistake and how to fix it.' })

const Place = z
  .union([
    z.strictObject({
      parameter: z.string().max(200).meta({ description: 'The name of the parameter.' }),
      message,
    }),
    z.strictObject({
      pointer: z
        .string()
        .max(2_000)
        .regex(/^(\/.*)?$/s)
        .meta({ description: 'The JSON pointer to the place in the body (RFC 6901).' }),
      message,
    }),
  ])
  .meta({ id: 'Place', description: 'An invalid part of the request.' })

/** Problem details (RFC 9457) with the service's own `code`. */
export const Problem = z
  .strictObject({
    type: z
      .string()
      .max(100)
      .regex(/^urn:curriculum:problem:[a-z-]+$/)
      .meta({ description: 'The code as a URN.' }),
    title: z.string().min(1).max(100).meta({ description: 'The kind of problem.' }),
    status: z.int().min(400).max(599).meta({ description: 'The HTTP status.' }),
    detail: z
      .string()
      .min(1)
      .max(20_000)
      .meta({ description: 'A description of what is wrong with this request, for people.' }),
    instance: z
      .string()
      .max(16_384)
      .regex(/^\S*$/)
      .meta({ description: 'The path of the request, without its query; empty if it could not be parsed.' }),
    code: z
      .enum(codes.filter(code => !graphqlOnlyCodes.includes(code)))
      .meta({ description: 'The kind of problem, for programs.' }),
    requestId: requestId.meta({
      description: 'The request id, as in `X-Request-Id` and the log; empty if the request was not HTTP.',
    }),
    errors: z
      .array(Place)
      .max(100)
      .meta({ description: 'Every invalid part of the request; empty if no single part is invalid.' }),
  })
  .meta({ id: 'Problem', description: 'An error (RFC 9457).' })
export type Problem = Omit<z.infer<typeof Problem>, 'code'> & { code: Code }

/** Converts an error to the failure that clients see. Unexpected errors become a 500 that reveals nothing internal. */
export const toFailure = (error: unknown): Failure => {
  if (error instanceof Failure) return error
  const { statusCode: status = 500, code = '' } = error as Partial<FastifyError> // whatever was thrown, these are read with a default
  const known = frameworkFailures[code]
  if (known !== undefined)
    return new Failure(known.code, known.message, { cause: error, status: known.status ?? failures[known.code].status })
  if (status < 500)
    return new Failure('BAD_USER_INPUT', 'The request could not be read.', {
      cause: error,
      status: status === 408 ? 408 : 400,
    })
  return new Failure('INTERNAL_SERVER_ERROR', 'The request failed. The log has the cause under this request id.', {
    cause: error,
  })
}

/** Failures for Fastify's own errors, by their code. */
const frameworkFailures: Record<string, { code: Code; message: string; status?: number }> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'The media type of the body is not supported; send application/json.',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'PAYLOAD_TOO_LARGE', message: 'The body is larger than this address accepts.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'BAD_USER_INPUT',
    message: 'The body is not as long as Content-Length says.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'BAD_USER_INPUT', message: 'The body is empty; send JSON.' },
  FST_ERR_CTP_INVALID_JSON_BODY: {
    code: 'BAD_USER_INPUT',
    message: 'The body is not JSON, or has a member called __proto__ or constructor.prototype.',
  },
  FST_ERR_BAD_URL: {
    code: 'BAD_USER_INPUT',
    message:
      'The address is not a valid URL: each % needs two hexadecimal digits behind it, and the bytes must be UTF-8.',
  },
  FST_ERR_MAX_PARAM_LENGTH: {
    code: 'PAYLOAD_TOO_LARGE',
    message: 'A part of the address is longer than any id or key.',
    status: 414,
  },
}

export const problemOf = (failure: Failure, instance: string, requestId: string): Problem => ({
  type: `urn:curriculum:problem:${failure.code.toLowerCase().replaceAll('_', '-')}`,
  title: failures[failure.code].title,
  status: failure.status,
  detail: failure.message,
  instance,
  code: failure.code,
  requestId,
  errors: failure.errors,
})

/** Sends an error in one of the error formats. */
export type SendError = (
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
) => FastifyReply | Promise<FastifyReply>

export const sendProblem = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const failure = toFailure(error)
  // An intended 503, such as readiness during shutdown, has no cause: its request line in the log is enough.
  if (failure.status >= 500 && failure.cause !== undefined)
    request.log.error({ reqId: request.id, err: failure.cause }, 'request failed')
  const body = JSON.stringify(problemOf(failure, pathOf(request), request.id))
  return reply
    .code(failure.status)
    .headers({
      ...failure.headers,
      'cache-control': 'no-store',
      'content-type': 'application/problem+json; charset=utf-8',
    })
    .send(body)
}

/** Returns a whole HTTP reply as text, for bytes that could not be parsed as a request. */
export const rawProblem = (status: number, code: Code, detail: string): string => {
  const body = JSON.stringify(problemOf(new Failure(code, detail, { status }), '', ''))
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json; charset=utf-8\r\nCache-Control: no-store\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}
