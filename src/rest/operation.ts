import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Catalog } from '../catalog.ts'
import type { Code } from '../errors.ts'
import { canonicalCacheKey } from '../http/cache-key.ts'
import type { JsonFragments } from '../http/json-fragments.ts'
import { negotiateMediaType } from '../http/media-types.ts'
import { redirectTo } from '../http/redirect.ts'
import { type RenderedResponse, renderOnce } from '../http/rendered-response.ts'
import type { ResponseCache } from '../http/response-cache.ts'
import { sendResponse } from '../http/send-response.ts'
import type { HeaderName } from './openapi-headers.ts'
import { validateQuery, validateQueryBody } from './validate-query.ts'

/** A read operation: its route and its description in OpenAPI are derived from it. */
export interface Operation<Q extends z.ZodObject = z.ZodObject> {
  /** In OpenAPI's form, with `{ref}` for the only parameter a path can have. */
  path: string
  operationId: string
  tag: string
  summary: string
  description: string
  /** The description of `{ref}`. */
  ref?: string
  query: Q
  /** The query as a JSON body by POST, for queries that are too long for a URL. */
  body?: { schema: z.ZodObject & z.ZodType<z.infer<Q>>; operationId: string }
  /** The media types of a 200. */
  types: readonly string[]
  schema: z.ZodType
  headers?: readonly HeaderName[]
  problems: readonly Code[]
  /** The URL whose response is the example in OpenAPI. */
  example: string
  answer(
    catalog: Catalog,
    input: { ref: string; query: z.infer<Q>; type: string; page: (after: string | null) => string },
  ): Promise<RenderedResponse>
}

/** Thrown if a request names a noun by an earlier key. `ref` is the current key. */
export class MovedTo {
  readonly ref: string
  constructor(ref: string) {
    this.ref = ref
  }
}

export const json = (value: unknown, headers?: Record<string, string>): RenderedResponse =>
  jsonResponse(JSON.stringify(value), headers)

/** Returns a response of serialized JSON. */
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
    const { cacheKey, input } = cache.parseOnce(request, () => {
      const ref = refOf(request)
      const [query, type] = [
        validateQuery(operation.query, request.query),
        negotiateMediaType(request, operation.types),
      ]
      return {
        cacheKey: canonicalCacheKey(operation.path, ref, query, type),
        input: { ref, query, type, page: pageUrlOf(operation, ref, query) },
      }
    })
    return redirectIfMoved(operation, request, reply, () =>
      cache.send(request, reply, cacheKey, tracked => operation.answer(tracked, input)),
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
      sendResponse(request, reply, await renderOnce(catalog, tracked => operation.answer(tracked, input))),
    )
  })
}

type RefParams = { Params: { ref?: string } }

const refOf = (request: FastifyRequest<RefParams>): string => request.params.ref ?? ''

const urlOf = (operation: { path: string }, ref: string): string =>
  operation.path.replace('{ref}', encodeURIComponent(ref))

/** Returns a function that builds the URL of another page of the same list; of the first page for null. */
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

/** Redirects a request that names an earlier key to the current one with 308, with the same query. */
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
    return redirectTo(request, reply, urlOf(operation, thrown.ref))
  }
}

/** Returns the canonical query string: lists by comma, without absent parameters. */
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
