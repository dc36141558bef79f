import { createServer, type RequestListener, type Server } from 'node:http'
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify'
import { knownAddresses, refuseMethods, tellMethods } from './allowed-methods.ts'
import { frontOf } from './fast-path.ts'
import { type IsLate, loadShedder } from './load-shedding.ts'
import { messageFault } from './message-errors.ts'
import type { Metrics } from './metrics.ts'
import { answerNotFound, type Refuse } from './not-found.ts'
import { answerUnreadable } from './parse-errors.ts'
import { answerPreflights } from './preflight.ts'
import { pathOf, sendProblem } from './problem.ts'
import { parseQuery, queryFault } from './query-string.ts'
import { type CountRequest, type RateCounts, rateCounter, rateHeaders, refusal } from './rate-limit.ts'
import { always } from './reply-headers.ts'
import { requestIdOf } from './request-id.ts'
import { logRequests, requestTeller } from './request-log.ts'
import { type Answers, wordingOf } from './response-cache-fast-path.ts'

export interface HttpOptions {
  logger: FastifyBaseLogger | false
  trustProxy: string | false
  /** Requests a client may make a minute; 0 is no limit. */
  ratePerMinute: number
  /** What counts requests, where several processes count together. */
  rateCounts?: RateCounts
  metrics: Metrics
  /** Returns true while the event loop runs late, where that is measured: then requests are turned away if there are many. */
  isLate?: IsLate
  /** Returns true once the service is about to stop: every reply then ends its connection. */
  isDraining?: () => boolean
  /** Bounds the connections of a server. */
  limitConnections?: (server: Server) => void
  /** Whether reading needs a key: then nothing is sent ahead of whoever looks at it. */
  readingNeedsKey?: boolean
}

/** How errors are told at some addresses, where a standard asks for another body than ours: also where nothing is there. */
export interface Manner {
  isBelow(path: string): boolean
  tell: Refuse
}

/** A server with all that every door needs and no door yet. */
export const createHttp = async (
  options: HttpOptions,
  answers: Answers,
  refuse: Refuse,
  manners: readonly Manner[],
): Promise<FastifyInstance> => {
  /** As is told usually, but where a standard asks for something else. */
  const orBy =
    (usual: Refuse): Refuse =>
    (error, request, reply) =>
      (manners.find(({ isBelow }) => isBelow(pathOf(request)))?.tell ?? usual)(error, request, reply)
  const countRequest = rateCounter(options.ratePerMinute, options.rateCounts)
  const quick = options.readingNeedsKey !== true
  const isDraining = options.isDraining ?? (() => false)
  const app: FastifyInstance = fastify({
    serverFactory: handler => {
      const server = serverWith((request, response) => {
        if (isDraining()) response.setHeader('connection', 'close')
        return (quick && front(request, response)) || handler(request, response)
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
      void orBy(sendProblem)(error, request, reply.headers({ ...always, 'x-request-id': request.id })),
    clientErrorHandler: answerUnreadable,
  })
  app.setErrorHandler((error, request, reply) => orBy(sendProblem)(error, request, reply))
  const tellRequest = requestTeller(app.log, options.metrics)
  const front = frontOf(answers, countRequest, tellRequest, options.trustProxy)
  logRequests(app, tellRequest)
  prepareReplies(app, countRequest, options.isLate ?? (() => false))
  const known = knownAddresses(app)
  tellMethods(app, known)
  answerPreflights(app)
  refuseMethods(app, known)
  app.setNotFoundHandler(answerNotFound(known, orBy(refuse)))
  return app
}

/** Who is slow to send or to read does not hold a connection for long. */
const serverWith = (listener: RequestListener): Server => {
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
const prepareReplies = (app: FastifyInstance, countRequest: CountRequest, isLate: IsLate): void => {
  app.decorateRequest('wording', '')
  app.decorateRequest('caller', undefined)
  app.decorateRequest('rate', undefined)
  app.decorateRequest('charge', function (this: FastifyRequest, more: number) {
    if (this.rate !== undefined) countRequest.more(this.rate, more)
  })
  const shed = loadShedder(isLate)
  app.addHook('onRequest', (request, reply, done) => {
    request.rate = countRequest(pathOf(request), request.ip)
    request.wording = wordingOf(request.raw)
    done(
      refusal(request.rate) ??
        shed(pathOf(request), reply.raw) ??
        messageFault(request.raw) ??
        (request.is404 ? undefined : queryFault(request.url)),
    )
  })
  // For all that is no finished answer: that has them already.
  app.addHook('onSend', (request, reply, _payload, done) => {
    reply.header('x-request-id', request.id).headers(rateHeaders(request.rate))
    for (const name in always) if (!reply.hasHeader(name)) reply.header(name, always[name])
    done()
  })
}
