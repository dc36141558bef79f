import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { type DestinationStream, type Logger, symbols } from 'pino'
import { answeredRequest } from '../runtime/diagnostics.ts'
import type { Metrics } from './metrics.ts'
import { pathIn } from './request.ts'
import type { GetRequestContext } from './request-context.ts'

export type ReportRequest = (request: IncomingMessage, route: string | undefined, status: number) => void

/** Returns a function that logs and counts an answered request. The log has the path without the query, which may hold secrets. */
export const createRequestReporter = (
  log: Logger | false,
  metrics: Metrics,
  contextOf: GetRequestContext,
): ReportRequest => {
  const writeLine = log === false ? () => undefined : createLineWriter(log)
  return (request, route, status) => {
    const { id, start } = contextOf(request)
    const duration = performance.now() - start
    metrics.observeRequest(route, status, duration / 1000)
    answeredRequest.publish({ request, route, status })
    writeLine({
      reqId: id,
      method: request.method,
      path: pathIn(request.url as string), // a request has an address
      route: route ?? null,
      statusCode: status,
      responseTime: Math.round(duration * 1000) / 1000,
    })
  }
}

interface Line {
  reqId: string
  method: string | undefined
  path: string
  route: string | null
  statusCode: number
  responseTime: number
}

/**
 * Returns a function that writes the line `log.info(line, 'request')` would write. Since the fields are known, and hold no secrets to
 * redact, this takes 1.5 µs instead of the 3.5 of pino, and a response from the cache takes a tenth less.
 */
export const createLineWriter = (log: Logger): ((line: Line) => void) => {
  const { [symbols.chindingsSym]: bindings, [symbols.streamSym]: stream } = log as unknown as Internals
  return ({ reqId, method, path, route, statusCode, responseTime }) => {
    if (log.isLevelEnabled('info'))
      stream.write(
        `{"level":30,"time":${Date.now()}${bindings},"reqId":${quote(reqId)},"method":"${method}","path":${quote(path)},"route":${quote(route)},"statusCode":${statusCode},"responseTime":${responseTime},"msg":"request"}\n`,
      )
  }
}

/** The parts of a logger that pino exposes by symbols, for integrations: the bindings as JSON (`,"pid":1,"hostname":"a"`), and its output. */
interface Internals {
  [symbols.chindingsSym]: string
  [symbols.streamSym]: DestinationStream
}

const quote = JSON.stringify

/** Reports the requests that Fastify answers; the fast path reports its own. */
export const logRequests = (app: FastifyInstance, reportRequest: ReportRequest): void => {
  app.addHook('onResponse', ({ raw, routeOptions }, { statusCode }, done) => {
    reportRequest(raw, routeOptions.url, statusCode)
    done()
  })
}
