import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify'
import type { Logger } from 'pino'
import { answerPreflights } from './cors.ts'
import { createLoadShedder, type IsOverloaded } from './load-shedding.ts'
import { answerParseError, messageFailure } from './malformed-requests.ts'
import type { Metrics } from './metrics.ts'
import { createServer } from './node-http.ts'
import { handleNotFound, isApiPath } from './not-found.ts'
import { type SendError, sendProblem } from './problem.ts'
import { parseQuery, queryFailure, queryIn } from './query-string.ts'
import { createRateLimiter, type RateLimiter, type RequestCounter, rateLimitFailure } from './rate-limit.ts'
import { pathOf } from './request.ts'
import { type GetRequestContext, perRequestHeaders, requestContexts } from './request-context.ts'
import { createRequestReporter, logRequests } from './request-log.ts'
import type { ResponseCache } from './response-cache.ts'
import { commonHeaders, framableHeaders } from './response-headers.ts'
import { addAllowHeader, createRouteIndex, rejectMethods } from './route-index.ts'

export interface HttpOptions {
  logger: Logger | false
  trustProxy: string | false
  /** The requests that a client may send per minute; 0 for no limit. */
  ratePerMinute: number
  /** A counter shared by several processes; defaults to a counter of this process. */
  requestCounter?: RequestCounter
  metrics: Metrics
  /** Returns true when the server is overloaded; defaults to never. */
  isOverloaded?: IsOverloaded
  /** Returns true once the service drains: every reply then ends its connection. Defaults to never. */
  isDraining?: () => boolean
  /** Limits the number of open connections of a server. */
  limitConnections?: (server: Server) => void
  /** True if reading needs a key. Then the fast path is off, because it checks no keys. */
  readingNeedsKey?: boolean
}

/** Overrides the error format below a path, where a standard defines the body of an error. */
export interface ErrorFormat {
  appliesTo(path: string): boolean
  send: SendError
}

/** Creates the server with what REST, GraphQL, CASE and the pages share; they add their routes to it. */
export const createHttp = async (
  options: HttpOptions,
  cache: ResponseCache,
  sendPage: SendError,
  errorFormats: readonly ErrorFormat[],
): Promise<FastifyInstance> => {
  const withErrorFormat =
    (send: SendError): SendError =>
    (error, request, reply) =>
      (errorFormats.find(({ appliesTo }) => appliesTo(pathOf(request)))?.send ?? send)(error, request, reply)
  /** Sends an error of a request without a route: problem details to programs, a page to browsers. */
  const sendWithoutRoute = withErrorFormat((error, request, reply) =>
    (isApiPath(pathOf(request)) ? sendProblem : sendPage)(error, request, reply),
  )
  const countRequest = createRateLimiter(options.ratePerMinute, options.requestCounter)
  const contextOf = requestContexts(countRequest, options.trustProxy)
  /** Answers cache hits before Fastify, which would double their time. Everything else is left to Fastify, its failures too. */
  const answerFromCache = (request: IncomingMessage, response: ServerResponse): boolean => {
    const context = contextOf(request)
    if (options.readingNeedsKey || rateLimitFailure(context.rateLimit) !== undefined) return false
    const sent = cache.sendAgain(request, response, context)
    if (sent !== undefined) reportRequest(request, sent.route, sent.status)
    return sent !== undefined
  }
  const isDraining = options.isDraining ?? (() => false)
  const app: FastifyInstance = fastify({
    serverFactory: handler => {
      const server = createNodeServer((request, response) => {
        if (isDraining()) response.setHeader('connection', 'close')
        return answerFromCache(request, response) || handler(request, response)
      })
      options.limitConnections?.(server)
      return server
    },
    ...(options.logger === false ? { logger: false } : { loggerInstance: options.logger as FastifyBaseLogger }),
    logController: new LogController({ disableRequestLogging: true }),
    // A child logger per request is expensive, and few log lines need the request id: they add it themselves.
    childLoggerFactory: logger => logger,
    genReqId: request => contextOf(request as IncomingMessage).id, // the server speaks HTTP/1.1 only
    // Requests that arrive during shutdown are answered like all others.
    return503OnClosing: false,
    bodyLimit: 256 * 1024,
    schemaController: { compilersFactory: { buildValidator: rejectSchema, buildSerializer: rejectSchema } },
    routerOptions: { maxParamLength: 200, querystringParser: parseQuery },
    // No hook runs for these errors, so their common headers and request id are set here.
    frameworkErrors: (error, request, reply) => {
      request.query = parseQuery(queryIn(request.url))
      reply.headers({ ...commonHeaders, ...perRequestHeaders(contextOf(request.raw)) })
      void sendWithoutRoute(error, request, reply)
    },
    clientErrorHandler: answerParseError,
  })
  app.setErrorHandler((error, request, reply) => withErrorFormat(sendProblem)(error, request, reply))
  const reportRequest = createRequestReporter(options.logger, options.metrics, contextOf)
  logRequests(app, reportRequest)
  addRequestHooks(app, contextOf, countRequest, options.isOverloaded ?? (() => false))
  const routes = createRouteIndex(app)
  addAllowHeader(app, routes)
  answerPreflights(app)
  rejectMethods(app, routes)
  app.setNotFoundHandler(handleNotFound(routes, sendWithoutRoute))
  return app
}

/** zod parses all input, so no route has a JSON Schema. With factories of ours, Fastify does not load its own, some hundred modules. */
const rejectSchema = (): never => {
  throw new Error('A route has a JSON Schema; parse its input with zod instead.')
}

/** Creates the Node server with timeouts, so that slow clients do not occupy connections. */
const createNodeServer = (listener: RequestListener): Server => {
  const server = createServer(
    {
      // `messageFailure` rejects a missing Host header, with a body.
      requireHostHeader: false,
      maxHeaderSize: 16 * 1024,
      headersTimeout: 13_000,
      requestTimeout: 14_000,
      // The default would check the timeouts only twice a minute.
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 5_000,
    },
    listener,
  )
  server.setTimeout(14_000)
  // Expectations other than 100-continue are rejected by `messageFailure` too.
  server.on('checkExpectation', listener)
  return server
}

/** Applies the rate limit and load shedding to each request, rejects malformed ones, and sets the headers of every reply. */
const addRequestHooks = (
  app: FastifyInstance,
  contextOf: GetRequestContext,
  countRequest: RateLimiter,
  isOverloaded: IsOverloaded,
): void => {
  app.decorateRequest('caller', undefined)
  app.decorateReply('framable', false)
  app.decorateRequest('context', {
    getter(this: FastifyRequest) {
      return contextOf(this.raw)
    },
  })
  app.decorateRequest('charge', function (this: FastifyRequest, more: number) {
    countRequest.charge(this.context.rateLimit, more)
  })
  const shedLoad = createLoadShedder(isOverloaded)
  app.addHook('onRequest', (request, reply, done) => {
    done(
      rateLimitFailure(request.context.rateLimit) ??
        shedLoad(pathOf(request), reply.raw) ??
        messageFailure(request.raw) ??
        (request.is404 ? undefined : queryFailure(request.url)),
    )
  })
  // Does not run for cached responses, which have these headers already.
  app.addHook('onSend', (request, reply, _payload, done) => {
    reply.headers(perRequestHeaders(request.context))
    const headers = reply.framable ? framableHeaders : commonHeaders
    for (const name in headers) if (!reply.hasHeader(name)) reply.header(name, headers[name])
    done()
  })
}
