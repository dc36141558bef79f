import type { FastifyInstance } from 'fastify'
import type { Metrics } from './metrics.ts'
import { pathOf } from './problem.ts'

/** One line a request and one count, when it is answered. Never the query: it may hold what nobody else should read. */
export const logRequests = (app: FastifyInstance, metrics: Metrics): void => {
  // Nothing that is logged here can be a secret, and looking for some in every line takes longer than writing it.
  const lines = app.log.child({}, { redact: [] })
  app.addHook('onResponse', (request, reply, done) => {
    metrics.request(request.routeOptions.url, reply.statusCode, reply.elapsedTime / 1000)
    lines.info(
      {
        reqId: request.id,
        method: request.method,
        path: pathOf(request),
        route: request.routeOptions.url ?? null,
        statusCode: reply.statusCode,
        responseTime: Math.round(reply.elapsedTime * 1000) / 1000,
      },
      'request',
    )
    done()
  })
}
