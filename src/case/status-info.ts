import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Failure } from '../errors.ts'
import { toFailure } from '../http/problem.ts'
import { pathOf } from '../http/request.ts'
import { baseOf, discoveryPath, prefix, type Version, versions } from './versions.ts'

const minorCodes = [
  'forbidden',
  'internal_server_error',
  'invalid_selection_field',
  'invalid_sort_field',
  'invalid_uuid',
  'server_busy',
  'unauthorised_request',
  'unknownobject',
] as const
type MinorCode = (typeof minorCodes)[number]

/** The two codes that CASE 1.0 spells differently. */
export const minorCodesIn10: Record<string, string> = {
  invalid_uuid: 'invaliduuid',
  unauthorised_request: 'unauthorisedrequest',
}

export const StatusInfo = z
  .strictObject({
    imsx_codeMajor: z
      .enum(['failure', 'unsupported'])
      .meta({ description: '`unsupported` if the service does not offer such a request, otherwise `failure`.' }),
    imsx_severity: z.literal('error'),
    imsx_description: z.string().meta({ description: 'A description of the mistake and how to fix it.' }),
    imsx_codeMinor: z
      .strictObject({
        imsx_codeMinorField: z
          .array(
            z.strictObject({
              imsx_codeMinorFieldName: z
                .string()
                .meta({ description: 'The name of the invalid parameter, or `sourcedId`.' }),
              imsx_codeMinorFieldValue: z
                .enum(minorCodes)
                .meta({ description: 'The code of the error, for programs.' }),
            }),
          )
          .min(1),
      })
      .optional()
      .meta({ description: 'Absent if the standard has no code for the error.' }),
  })
  .meta({ id: 'imsx_StatusInfo', description: 'The error.' })

/** A failure with a minor code of the standard. */
export class CaseFailure extends Failure {
  readonly field: string
  readonly minorCode: MinorCode

  constructor(status: 400 | 404, field: string, minor: MinorCode, message: string) {
    super(status === 400 ? 'BAD_USER_INPUT' : 'NOT_FOUND', message)
    this.field = field
    this.minorCode = minor
  }
}

export const malformedId = (): CaseFailure =>
  new CaseFailure(
    404,
    'sourcedId',
    'invalid_uuid',
    'Invalid UUID: an identifier is a UUID such as 7c3a40fa-0a9d-5f24-a4c3-27df3aac477e.',
  )

export const unknownObject = (objectName: string, id: string): CaseFailure =>
  new CaseFailure(
    404,
    'sourcedId',
    'unknownobject',
    `Unknown Object: there is no ${objectName} with the identifier ${id}.`,
  )

/** Sends any error below the prefix as imsx_StatusInfo, without internal details. */
export const sendStatusInfo = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const failure = toCaseFailure(error, pathOf(request))
  if (failure.status >= 500) request.log.error({ reqId: request.id, err: error }, 'request failed')
  const body = buildStatusInfo(failure, versionIn(pathOf(request)))
  return reply
    .code(failure.status)
    .headers({
      ...failure.headers,
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
    })
    .send(JSON.stringify(body))
}

/** Fastify's errors for a malformed or too long path parameter: the only parameter is the identifier. */
const invalidPathCodes = ['FST_ERR_BAD_URL', 'FST_ERR_MAX_PARAM_LENGTH']

const toCaseFailure = (error: unknown, path: string): Failure => {
  if (error instanceof Error && 'code' in error && invalidPathCodes.includes(String(error.code))) return malformedId()
  const failure = toFailure(error)
  if (failure.code !== 'NOT_FOUND' || failure instanceof CaseFailure) return failure
  return new Failure(
    'NOT_FOUND',
    `There is no endpoint at ${path.slice(0, 200)}; ${discoveryPath(versionIn(path))} lists all endpoints.`,
  )
}

const versionIn = (path: string): Version =>
  versions.find(version => path.startsWith(`${baseOf({ origin: '', version })}/`)) ?? 'v1p1'

const buildStatusInfo = (failure: Failure, version: Version): object => {
  const minor = failure instanceof CaseFailure ? failure.minorCode : minorCodeByStatus[failure.status]
  const field = failure instanceof CaseFailure ? failure.field : 'curriculum'
  const codeInVersion = minor && version === 'v1p0' ? (minorCodesIn10[minor] ?? minor) : minor
  return {
    imsx_codeMajor: unsupportedStatuses.includes(failure.status) ? 'unsupported' : 'failure',
    imsx_severity: 'error',
    imsx_description: failure.message,
    ...(codeInVersion === undefined
      ? {}
      : {
          imsx_codeMinor: {
            imsx_codeMinorField: [{ imsx_codeMinorFieldName: field, imsx_codeMinorFieldValue: codeInVersion }],
          },
        }),
  }
}

const unsupportedStatuses = [405, 406]

const minorCodeByStatus: Record<number, MinorCode> = {
  400: 'invalid_selection_field',
  401: 'unauthorised_request',
  403: 'forbidden',
  404: 'unknownobject',
  429: 'server_busy',
  500: 'internal_server_error',
  503: 'server_busy',
}

export const isCasePath = (path: string): boolean => path === prefix || path.startsWith(`${prefix}/`)
