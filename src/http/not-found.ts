import type { FastifyReply, FastifyRequest } from 'fastify'
import { Failure } from '../errors.ts'
import type { RouteIndex } from './allowed-methods.ts'
import { pathOf, sendProblem } from './problem.ts'
import { isGetOrHead } from './send-response.ts'

/** How a failure is told to who may be a person or a program. */
export type SendError = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply

/**
 * Where no route is: a slash too many leads on to the address without it, all else is refused. Programs ask what is below
 * `/v1` and `/graphql`: they are told of the slash, since a client that follows it unseen asks twice for ever.
 */
export const handleNotFound =
  (routes: RouteIndex, sendError: SendError) =>
  (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const path = pathOf(request)
    const withoutSlash =
      path.endsWith('/') && routes.allowedMethods(path.slice(0, -1)) !== undefined ? path.slice(0, -1) : undefined
    const failure = pathNotFound(path, withoutSlash === undefined ? suggestAddress(routes.suggest(path)) : removeSlash)
    if (apiPaths.test(path)) return sendProblem(failure, request, reply)
    if (withoutSlash === undefined || !isGetOrHead(request)) return sendError(failure, request, reply)
    return reply
      .code(308)
      .headers({ location: `${withoutSlash}${request.url.slice(path.length)}`, 'cache-control': 'no-store' })
      .send()
  }

const apiPaths = /^\/(v1|graphql)(\/|$)/

const pathNotFound = (path: string, advice: string): Failure =>
  new Failure('NOT_FOUND', `There is nothing at ${path.slice(0, 200)}; ${advice}`)

const removeSlash = 'leave out the slash at its end.'

const suggestAddress = (address: string | undefined): string =>
  address === undefined ? '/v1 says what there is.' : `did you mean ${address}?`
