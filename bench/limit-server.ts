import fastify, { type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { openLog } from '../src/runtime/logger.ts'
import { type BenchRequest, fetchResponse } from './load.ts'

// The limit: responses of our service as constants, with its log line and nothing else.
const [port, requests] = process.argv.slice(2) as [string, string] // servers.ts passes both
const { log } = openLog('info', process.stdout)
const app = fastify({
  loggerInstance: log,
  logController: new LogController({ disableRequestLogging: true }),
  childLoggerFactory: logger => logger,
})
const lines = log.child({}, { redact: [] })
app.addHook('onResponse', ({ id, method, url, routeOptions }, { statusCode, elapsedTime }, done) => {
  const responseTime = Math.round(elapsedTime * 1000) / 1000
  lines.info({ reqId: id, method, path: url, route: routeOptions.url, statusCode, responseTime }, 'request')
  done()
})
for (const { path, request } of JSON.parse(requests) as { path: string; request: BenchRequest }[]) {
  // Fastify derives the response to HEAD from the route of GET.
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const { type, etag, body } = await fetchResponse(Number(port), { ...request, method })
  const handler =
    request.status === 304
      ? (_: FastifyRequest, reply: FastifyReply) => reply.code(304).header('etag', etag).send()
      : (_: FastifyRequest, reply: FastifyReply) => reply.header('content-type', type).send(body)
  app.route({ method, url: path, handler })
}
app.get('/readyz', () => 'ready')
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
