import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Code, Failure, failures } from '../errors.ts'

const requestId = z
  .string()
  .max(128)
  .regex(/^[\w.:-]*$/)

/** What only GraphQL has a code for. */
const graphqlOnlyCodes: readonly Code[] = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'COST_LIMIT',
  'PERSISTED_QUERY_NOT_FOUND',
]
const codes = Object.keys(failures) as Code[] // the keys of the table are the codes

const message = z.string().min(1).max(2_000).meta({ description: 'What is wrong and how to mend it.' })

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
        .meta({ description: 'The place in the body: a JSON pointer (RFC 6901).' }),
      message,
    }),
  ])
  .meta({ id: 'Place', description: 'Where in the request something is wrong.' })

/** RFC 9457 problem details with a code of ours. */
export const Problem = z
  .strictObject({
    type: z
      .string()
      .max(100)
      .regex(/^urn:curriculum:problem:[a-z-]+$/)
      .meta({ description: 'The code as a URN.' }),
    title: z.string().min(1).max(100).meta({ description: 'What kind of problem it is.' }),
    status: z.int().min(400).max(599).meta({ description: 'The HTTP status.' }),
    detail: z.string().min(1).max(20_000).meta({ description: 'What went wrong this time, for people.' }),
    instance: z
      .string()
      .max(16_384)
      .regex(/^\S*$/)
      .meta({ description: 'The address that was asked for, without its query; empty where it could not be read.' }),
    code: z
      .enum(codes.filter(code => !graphqlOnlyCodes.includes(code)))
      .meta({ description: 'What kind of problem it is, for programs.' }),
    requestId: requestId.meta({
      description: 'The id under which the log has this request, as in `X-Request-Id`; empty where it was no HTTP.',
    }),
    errors: z.array(Place).max(100).meta({ description: 'Each place that is wrong; empty where no place is.' }),
  })
  .meta({ id: 'Problem', description: 'Why there is no answer (RFC 9457).' })
export type Problem = Omit<z.infer<typeof Problem>, 'code'> & { code: Code }

/** What a client is told of an error: a failure as it is, anything unforeseen without its inside. */
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
  return new Failure('INTERNAL_SERVER_ERROR', 'The request failed. The log has the reason under this request id.', {
    cause: error,
  })
}

/** What the framework refuses by itself, in our words. */
const frameworkFailures: Record<string, { code: Code; message: string; status?: number }> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'The body is of a media type that is not understood here; send application/json.',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'PAYLOAD_TOO_LARGE', message: 'The body is larger than is taken here.' },
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
      'The address is not a valid URL: behind each % stand two hexadecimal digits, and the bytes they name are UTF-8.',
  },
  FST_ERR_MAX_PARAM_LENGTH: {
    code: 'PAYLOAD_TOO_LARGE',
    message: 'A part of the address is longer than any name can be.',
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

export const sendProblem = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const failure = toFailure(error)
  // What the service refuses by intent, such as readiness while it drains, has no cause: its request line says enough.
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

/** Without its query, which may hold what nobody else should read. */
export const pathOf = (request: FastifyRequest): string => pathIn(request.url)

export const pathIn = (url: string): string => url.split('?', 1)[0] as string // split yields at least one part

/** The whole reply for a request that was no HTTP: there is no request object to answer through. */
export const rawProblem = (status: number, code: Code, detail: string): string => {
  const body = JSON.stringify(problemOf(new Failure(code, detail, { status }), '', ''))
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json; charset=utf-8\r\nCache-Control: no-store\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}
