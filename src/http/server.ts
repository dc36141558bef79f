import { createServer, type RequestListener, type Server } from 'node:http'
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify'
import { addAllowHeader, createRouteIndex, rejectMethods } from './allowed-methods.ts'
import { createFastPath } from './fast-path.ts'
import { createLoadShedder, type IsOverloaded } from './load-shedding.ts'
import { messageFailure } from './message-errors.ts'
import type { Metrics } from './metrics.ts'
import { handleNotFound, type SendError } from './not-found.ts'
import { answerParseError } from './parse-errors.ts'
import { answerPreflights } from './preflight.ts'
import { pathOf, sendProblem } from './problem.ts'
import { parseQuery, queryFailure } from './query-string.ts'
import {
  createRateLimiter,
  type RateLimiter,
  type RequestCounter,
  rateLimitFailure,
  rateLimitHeaders,
} from './rate-limit.ts'
import { commonHeaders } from './reply-headers.ts'
import { requestIdOf } from './request-id.ts'
import { createRequestReporter, logRequests } from './request-log.ts'
import { type ResponseCache, rawCacheKeyOf } from './response-cache-fast-path.ts'

export interface HttpOptions {
  logger: FastifyBaseLogger | false
  trustProxy: string | false
  /** Requests a client may make a minute; 0 is no limit. */
  ratePerMinute: number
  /** What counts requests, where several processes count together. */
  requestCounter?: RequestCounter
  metrics: Metrics
  /** Returns true while the event loop runs late, where that is measured: then requests are turned away if there are many. */
  isOverloaded?: IsOverloaded
  /** Returns true once the service is about to stop: every reply then ends its connection. */
  isDraining?: () => boolean
  /** Bounds the connections of a server. */
  limitConnections?: (server: Server) => void
  /** Whether reading needs a key: then nothing is sent ahead of whoever looks at it. */
  readingNeedsKey?: boolean
}

/** How errors are told at some addresses, where a standard asks for another body than ours: also where nothing is there. */
export interface ErrorFormat {
  appliesTo(path: string): boolean
  send: SendError
}

/** A server with all that every door needs and no door yet. */
export const createHttp = async (
  options: HttpOptions,
  answers: ResponseCache,
  refuse: SendError,
  errorFormats: readonly ErrorFormat[],
): Promise<FastifyInstance> => {
  /** As is told usually, but where a standard asks for something else. */
  const withErrorFormat =
    (usual: SendError): SendError =>
    (error, request, reply) =>
      (errorFormats.find(({ appliesTo }) => appliesTo(pathOf(request)))?.send ?? usual)(error, request, reply)
  const countRequest = createRateLimiter(options.ratePerMinute, options.requestCounter)
  const mayUseFastPath = options.readingNeedsKey !== true
  const isDraining = options.isDraining ?? (() => false)
  const app: FastifyInstance = fastify({
    serverFactory: handler => {
      const server = createNodeServer((request, response) => {
        if (isDraining()) response.setHeader('connection', 'close')
        return (mayUseFastPath && tryFastPath(request, response)) || handler(request, response)
      })
      options.limitConnections?.(server)
      return server
    },
    ...(options.logger === false ? { logger: false } : { loggerInstance: options.logger }),
    logController: new LogController({ disableRequestLogging: true }),
    // A logger of its own for each request costs more than the few lines that need its id: they name it.
    childLoggerFactory: logger => logger,
    trustProxy: options.trustProxy,
    genReqId: request => requestIdOf(request.headers['x-request-id']),
    // Requests that arrive while the service ends are still answered, as every other is.
    return503OnClosing: false,
    bodyLimit: 256 * 1024,
    routerOptions: { maxParamLength: 200, querystringParser: parseQuery },
    // No hook has run for these: what every reply has is set here.
    frameworkErrors: (error, request, reply) =>
      void withErrorFormat(sendProblem)(
        error,
        request,
        reply.headers({ ...commonHeaders, 'x-request-id': request.id }),
      ),
    clientErrorHandler: answerParseError,
  })
  app.setErrorHandler((error, request, reply) => withErrorFormat(sendProblem)(error, request, reply))
  const reportRequest = createRequestReporter(app.log, options.metrics)
  const tryFastPath = createFastPath(answers, countRequest, reportRequest, options.trustProxy)
  logRequests(app, reportRequest)
  addRequestHooks(app, countRequest, options.isOverloaded ?? (() => false))
  const routes = createRouteIndex(app)
  addAllowHeader(app, routes)
  answerPreflights(app)
  rejectMethods(app, routes)
  app.setNotFoundHandler(handleNotFound(routes, withErrorFormat(refuse)))
  return app
}

/** Who is slow to send or to read does not hold a connection for long. */
const createNodeServer = (listener: RequestListener): Server => {
  const server = createServer(
    {
      // `messageFault` refuses what has none, with a body.
      requireHostHeader: false,
      maxHeaderSize: 16 * 1024,
      headersTimeout: 13_000,
      requestTimeout: 14_000,
      // Otherwise who is late is looked for twice a minute.
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 5_000,
    },
    listener,
  )
  server.setTimeout(14_000)
  // What Node cannot expect is refused by `messageFault`, too.
  server.on('checkExpectation', listener)
  return server
}

/** Counts each request, and sets what every reply has. */
const addRequestHooks = (app: FastifyInstance, countRequest: RateLimiter, isLate: IsOverloaded): void => {
  app.decorateRequest('rawCacheKey', '')
  app.decorateRequest('caller', undefined)
  app.decorateRequest('rateLimit', undefined)
  app.decorateRequest('charge', function (this: FastifyRequest, more: number) {
    if (this.rateLimit !== undefined) countRequest.charge(this.rateLimit, more)
  })
  const shed = createLoadShedder(isLate)
  app.addHook('onRequest', (request, reply, done) => {
    request.rateLimit = countRequest(pathOf(request), request.ip)
    request.rawCacheKey = rawCacheKeyOf(request.raw)
    done(
      rateLimitFailure(request.rateLimit) ??
        shed(pathOf(request), reply.raw) ??
        messageFailure(request.raw) ??
        (request.is404 ? undefined : queryFailure(request.url)),
    )
  })
  // For all that is no finished answer: that has them already.
  app.addHook('onSend', (request, reply, _payload, done) => {
    reply.header('x-request-id', request.id).headers(rateLimitHeaders(request.rateLimit))
    for (const name in commonHeaders) if (!reply.hasHeader(name)) reply.header(name, commonHeaders[name])
    done()
  })
}
