import type { FastifyInstance } from 'fastify'
import { pathOf } from './problem.ts'

/** One line a request, when it is answered. Never the query: it may hold what nobody else should read. */
export const logRequests = (app: FastifyInstance): void => {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        path: pathOf(request),
        route: request.routeOptions.url ?? null,
        statusCode: reply.statusCode,
        responseTime: Math.round(reply.elapsedTime * 1000) / 1000,
      },
      'request',
    )
  })
}
