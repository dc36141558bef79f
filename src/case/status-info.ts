import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Failure } from '../errors.ts'
import { pathOf, toFailure } from '../http/problem.ts'
import { baseOf, prefix, type Version, versions } from './addresses.ts'
import { discoveryPath } from './discovery-path.ts'

const minors = [
  'forbidden',
  'internal_server_error',
  'invalid_selection_field',
  'invalid_sort_field',
  'invalid_uuid',
  'server_busy',
  'unauthorised_request',
  'unknownobject',
] as const
type Minor = (typeof minors)[number]

/** Two words are written otherwise in 1.0. */
export const minorsIn10: Record<string, string> = {
  invalid_uuid: 'invaliduuid',
  unauthorised_request: 'unauthorisedrequest',
}

export const StatusInfo = z
  .strictObject({
    imsx_codeMajor: z.enum(['failure', 'unsupported']).meta({ description: 'Whether it could be asked at all.' }),
    imsx_severity: z.literal('error'),
    imsx_description: z.string().meta({ description: 'What is wrong and how to mend it.' }),
    imsx_codeMinor: z
      .strictObject({
        imsx_codeMinorField: z
          .array(
            z.strictObject({
              imsx_codeMinorFieldName: z.string().meta({ description: 'What is wrong: a parameter, or `sourcedId`.' }),
              imsx_codeMinorFieldValue: z.enum(minors).meta({ description: 'How it is wrong, for programs.' }),
            }),
          )
          .min(1),
      })
      .optional()
      .meta({ description: 'Left out where the standard has no word for what is wrong.' }),
  })
  .meta({ id: 'imsx_StatusInfo', description: 'Why there is no answer.' })

/** A failure that the standard has a word of its own for. */
export class Refusal extends Failure {
  readonly field: string
  readonly minor: Minor

  constructor(status: 400 | 404, field: string, minor: Minor, message: string) {
    super(status === 400 ? 'BAD_USER_INPUT' : 'NOT_FOUND', message)
    this.field = field
    this.minor = minor
  }
}

export const malformedId = (): Refusal =>
  new Refusal(
    404,
    'sourcedId',
    'invalid_uuid',
    'Invalid UUID: an identifier is a UUID such as 7c3a40fa-0a9d-5f24-a4c3-27df3aac477e.',
  )

export const unknownObject = (what: string, id: string): Refusal =>
  new Refusal(404, 'sourcedId', 'unknownobject', `Unknown Object: there is no ${what} ${id} here.`)

/** Tells of any error below the prefix as the standard asks for; nothing internal in it. */
export const sendStatusInfo = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const failure = failureOf(error, pathOf(request))
  if (failure.status >= 500) request.log.error({ reqId: request.id, err: error }, 'request failed')
  const body = statusInfo(failure, versionIn(pathOf(request)))
  return reply
    .code(failure.status)
    .headers({
      ...failure.headers,
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
    })
    .send(JSON.stringify(body))
}

/** What cannot be read in an address, or is too long, can only be an identifier that is none. */
const unreadable = ['FST_ERR_BAD_URL', 'FST_ERR_MAX_PARAM_LENGTH']

const failureOf = (error: unknown, path: string): Failure => {
  if (error instanceof Error && 'code' in error && unreadable.includes(String(error.code))) return malformedId()
  const failure = toFailure(error)
  if (failure.code !== 'NOT_FOUND' || failure instanceof Refusal) return failure
  return new Failure(
    'NOT_FOUND',
    `There is nothing at ${path.slice(0, 200)}; ${discoveryPath(versionIn(path))} says what there is.`,
  )
}

const versionIn = (path: string): Version =>
  versions.find(version => path.startsWith(`${baseOf({ origin: '', version })}/`)) ?? 'v1p1'

const statusInfo = (failure: Failure, version: Version): object => {
  const minor = failure instanceof Refusal ? failure.minor : minorOf[failure.status]
  const field = failure instanceof Refusal ? failure.field : 'curriculum'
  const written = minor && version === 'v1p0' ? (minorsIn10[minor] ?? minor) : minor
  return {
    imsx_codeMajor: unsupported.includes(failure.status) ? 'unsupported' : 'failure',
    imsx_severity: 'error',
    imsx_description: failure.message,
    ...(written === undefined
      ? {}
      : {
          imsx_codeMinor: {
            imsx_codeMinorField: [{ imsx_codeMinorFieldName: field, imsx_codeMinorFieldValue: written }],
          },
        }),
  }
}

const unsupported = [405, 406]

const minorOf: Record<number, Minor> = {
  400: 'invalid_selection_field',
  401: 'unauthorised_request',
  403: 'forbidden',
  404: 'unknownobject',
  429: 'server_busy',
  500: 'internal_server_error',
  503: 'server_busy',
}

export const isBelow = (path: string): boolean => path === prefix || path.startsWith(`${prefix}/`)
