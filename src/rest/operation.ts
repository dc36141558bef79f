import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Catalog } from '../catalog.ts'
import { type Code, Failure, type Place } from '../errors.ts'
import type { JsonFragments } from '../http/json-fragments.ts'
import { negotiateMediaType } from '../http/media-types.ts'
import { type RenderedResponse, renderOnce } from '../http/response-cache.ts'
import type { ResponseCache } from '../http/response-cache-fast-path.ts'
import { sendResponse } from '../http/send-response.ts'
import { nearest } from '../query/suggest.ts'
import { validateQueryBody } from './body.ts'
import type { HeaderName } from './openapi-headers.ts'

/** One thing a client can read: the route and its description in OpenAPI both come from this. */
export interface Operation<Q extends z.ZodObject = z.ZodObject> {
  /** As OpenAPI writes it, with `{ref}` for the one parameter a path can have. */
  path: string
  operationId: string
  tag: string
  summary: string
  description: string
  /** What `{ref}` is. */
  ref?: string
  query: Q
  /** The same question as a JSON body by POST, for one that no address could hold. */
  body?: { schema: z.ZodObject & z.ZodType<z.infer<Q>>; operationId: string }
  /** The body of a 200, by media type. */
  types: readonly string[]
  schema: z.ZodType
  headers?: readonly HeaderName[]
  problems: readonly Code[]
  /** A request whose answer is shown as the example. */
  example: string
  answer(
    catalog: Catalog,
    input: { ref: string; query: z.infer<Q>; type: string; page: (after: string | null) => string },
  ): Promise<RenderedResponse>
}

/** An earlier name was used: the answer stands at another address. */
export class MovedTo {
  readonly ref: string
  constructor(ref: string) {
    this.ref = ref
  }
}

export const json = (value: unknown, headers?: Record<string, string>): RenderedResponse =>
  jsonResponse(JSON.stringify(value), headers)

/** JSON that is text already, or pieces of it. */
export const jsonResponse = (body: string | JsonFragments, headers?: Record<string, string>): RenderedResponse => ({
  body,
  type: 'application/json; charset=utf-8',
  ...(headers === undefined ? {} : { headers }),
})

export const addOperation = <Q extends z.ZodObject>(
  app: FastifyInstance,
  catalog: Catalog,
  cache: ResponseCache,
  operation: Operation<Q>,
): void => {
  const path = operation.path.replace('{ref}', ':ref')
  app.get<RefParams>(path, (request, reply) => {
    const { key, input } = cache.parseOnce(request, () => {
      const ref = refOf(request)
      const [query, type] = [
        validateQuery(operation.query, request.query),
        negotiateMediaType(request, operation.types),
      ]
      return {
        key: JSON.stringify([operation.path, ref, query, type]),
        input: { ref, query, type, page: pageUrlOf(operation, ref, query) },
      }
    })
    return redirectIfMoved(operation, request, reply, () =>
      cache.send(request, reply, key, noting => operation.answer(noting, input)),
    )
  })
  const { body } = operation
  if (body === undefined) return
  app.post<RefParams>(path, { bodyLimit: 1024 * 1024 }, (request, reply) => {
    const ref = refOf(request)
    validateQuery(z.strictObject({}), request.query)
    const [query, type] = [validateQueryBody(body.schema, request.body), negotiateMediaType(request, operation.types)]
    const input = { ref, query, type, page: pageUrlOf(operation, ref, query) }
    return redirectIfMoved(operation, request, reply, async () =>
      sendResponse(request, reply, await renderOnce(catalog, noting => operation.answer(noting, input))),
    )
  })
}

type RefParams = { Params: { ref?: string } }

const refOf = (request: FastifyRequest<RefParams>): string => request.params.ref ?? ''

const urlOf = (operation: { path: string }, ref: string): string =>
  operation.path.replace('{ref}', encodeURIComponent(ref))

/** The address of another page of the same list; the first where it is behind nothing. */
const pageUrlOf = (
  operation: { path: string },
  ref: string,
  query: Record<string, unknown>,
): ((after: string | null) => string) => {
  let first: string | undefined
  return after => {
    first ??= `${urlOf(operation, ref)}${queryString({ ...query, after: undefined })}`
    return after === null ? first : `${first}&after=${encodeURIComponent(after)}`
  }
}

/** Where an earlier name was used, the way to the current one, with the same question. */
export const redirectIfMoved = async (
  operation: { path: string },
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<FastifyReply>,
): Promise<FastifyReply> => {
  try {
    return await work()
  } catch (thrown) {
    if (!(thrown instanceof MovedTo)) throw thrown
    const search = request.url.indexOf('?')
    return reply
      .code(308)
      .headers({
        location: `${urlOf(operation, thrown.ref)}${search < 0 ? '' : request.url.slice(search)}`,
        'cache-control': 'no-store',
      })
      .send()
  }
}

export const validateQuery = <Q extends z.ZodObject>(schema: Q, query: unknown): z.infer<Q> => {
  const result = schema.safeParse(query)
  if (result.success) return result.data
  const given = Object.keys(query as object) // the framework's parser makes an object of every query
  // Twenty are enough to mend, and nobody gets a long answer for a long question.
  const errors = result.error.issues
    .flatMap(issue => parameterPlaces(issue, Object.keys(schema.shape), given))
    .slice(0, 20)
  throw new Failure('BAD_USER_INPUT', errors.map(({ message }) => message).join(' '), { errors })
}

const parameterPlaces = (issue: z.core.$ZodIssue, known: string[], given: string[]): Place[] => {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({ parameter: key.slice(0, 80), message: unknownParameter(key, known) }))
  const parameter = String(issue.path[0])
  if (issue.code === 'invalid_value')
    return [{ parameter, message: `"${parameter}" is one of ${issue.values.join(', ')}.` }]
  const message = given.includes(parameter) ? issue.message : 'is needed'
  return [{ parameter, message: `"${parameter}" ${message}.` }]
}

const unknownParameter = (key: string, known: string[]): string => {
  const meant = nearest(key, known)
  const offer = known.length === 0 ? 'It takes none.' : `It takes ${known.join(', ')}.`
  return `There is no parameter "${key.slice(0, 80)}" here. ${meant === undefined ? offer : `Did you mean "${meant}"?`}`
}

/** A query in its one form: lists by comma, what is not given left out. */
const queryString = (query: Record<string, unknown>): string => {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  return `?${given
    .map(
      ([name, value]) =>
        `${name}=${[value]
          .flat()
          .map(one => encodeURIComponent(String(one)))
          .join(',')}`,
    )
    .join('&')}`
}
