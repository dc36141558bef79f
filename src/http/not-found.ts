import type { FastifyReply, FastifyRequest } from 'fastify'
import { Failure } from '../errors.ts'
import type { KnownAddresses } from './allowed-methods.ts'
import { pathOf, sendProblem } from './problem.ts'
import { isRead } from './send-response.ts'

/** How a failure is told to who may be a person or a program. */
export type Refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply

/**
 * Where no route is: a slash too many leads on to the address without it, all else is refused. Programs ask what is below
 * `/v1` and `/graphql`: they are told of the slash, since a client that follows it unseen asks twice for ever.
 */
export const answerNotFound =
  (known: KnownAddresses, refuse: Refuse) =>
  (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const path = pathOf(request)
    const shorter = path.endsWith('/') && known.methods(path.slice(0, -1)) !== undefined ? path.slice(0, -1) : undefined
    const failure = nothingAt(path, shorter === undefined ? meantInstead(known.meant(path)) : slashTooMany)
    if (forPrograms.test(path)) return sendProblem(failure, request, reply)
    if (shorter === undefined || !isRead(request)) return refuse(failure, request, reply)
    return reply
      .code(308)
      .headers({ location: `${shorter}${request.url.slice(path.length)}`, 'cache-control': 'no-store' })
      .send()
  }

const forPrograms = /^\/(v1|graphql)(\/|$)/

const nothingAt = (path: string, instead: string): Failure =>
  new Failure('NOT_FOUND', `There is nothing at ${path.slice(0, 200)}; ${instead}`)

const slashTooMany = 'leave out the slash at its end.'

const meantInstead = (address: string | undefined): string =>
  address === undefined ? '/v1 says what there is.' : `did you mean ${address}?`
