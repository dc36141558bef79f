import type { IncomingMessage } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { answeredRequest } from '../runtime/diagnostics.ts'
import type { Metrics } from './metrics.ts'
import { pathIn } from './problem.ts'

export interface FinishedRequest {
  reqId: string
  request: IncomingMessage
  route: string | undefined
  status: number
  /** When it came, in milliseconds of the clock that never jumps. */
  start: number
}
export type ReportRequest = (told: FinishedRequest) => void

/** One line a request and one count, when it is answered. Never the query: it may hold what nobody else should read. */
export const createRequestReporter = (log: FastifyBaseLogger, metrics: Metrics): ReportRequest => {
  // Nothing that is logged here can be a secret, and looking for some in every line takes longer than writing it.
  const lines = log.child({}, { redact: [] })
  return ({ reqId, request, route, status, start }) => {
    const duration = performance.now() - start
    metrics.observeRequest(route, status, duration / 1000)
    answeredRequest.publish({ request, route, status })
    lines.info(
      {
        reqId,
        method: request.method,
        path: pathIn(request.url as string), // a request has an address
        route: route ?? null,
        statusCode: status,
        responseTime: Math.round(duration * 1000) / 1000,
      },
      'request',
    )
  }
}

export const logRequests = (app: FastifyInstance, reportRequest: ReportRequest): void => {
  app.addHook('onResponse', ({ id, raw, routeOptions }, { statusCode, elapsedTime }, done) => {
    const start = performance.now() - elapsedTime
    reportRequest({ reqId: id, request: raw, route: routeOptions.url, status: statusCode, start })
    done()
  })
}
