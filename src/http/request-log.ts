import type { IncomingMessage } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { answeredRequest } from '../runtime/diagnostics.ts'
import type { Metrics } from './metrics.ts'
import { pathIn } from './request.ts'
import type { GetRequestContext } from './request-context.ts'

export type ReportRequest = (request: IncomingMessage, route: string | undefined, status: number) => void

/** Returns a function that logs and counts an answered request. The log has the path without the query, which may hold secrets. */
export const createRequestReporter = (
  log: FastifyBaseLogger,
  metrics: Metrics,
  contextOf: GetRequestContext,
): ReportRequest => {
  // These fields hold no secrets, and redaction would take longer than writing the line.
  const lines = log.child({}, { redact: [] })
  return (request, route, status) => {
    const { id: reqId, start } = contextOf(request)
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

/** Reports the requests that Fastify answers; the fast path reports its own. */
export const logRequests = (app: FastifyInstance, reportRequest: ReportRequest): void => {
  app.addHook('onResponse', ({ raw, routeOptions }, { statusCode }, done) => {
    reportRequest(raw, routeOptions.url, statusCode)
    done()
  })
}
