import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Catalog, Writer } from '../catalog.ts'
import type { Authentication } from '../http/authentication.ts'
import { jsonParser } from '../http/body-parsing.ts'
import { rawCacheKeyWith } from '../http/cache-key.ts'
import type { Metrics } from '../http/metrics.ts'
import type { ResponseCache } from '../http/response-cache.ts'
import { decodeBody } from '../query/body-text.ts'
import type { Respond } from './graphql.ts'
import { readBody, readUrl } from './request.ts'

/** Adds `/graphql` (GraphQL over HTTP). The first request loads what answers it, because that takes 20 MB and a fifth of a second. */
export const addGraphql = (
  app: FastifyInstance,
  catalog: Catalog,
  responseCache: ResponseCache,
  metrics: Metrics,
  writer: Writer,
  authentication: Authentication,
): void => {
  let responder: Promise<Respond> | undefined
  const respond: Respond = async (...request) => {
    responder ??= import('./graphql.ts').then(({ createResponder }) =>
      createResponder(catalog, responseCache, metrics, writer, authentication),
    )
    return (await responder)(...request)
  }
  app.get('/graphql', (request, reply) => respond(request, reply, () => readUrl(request.query)))
  app.register(async scope => {
    const parseJson = jsonParser(scope)
    scope.removeContentTypeParser('application/json')
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer' },
      async (_request: FastifyRequest, bytes: Buffer) => decodeBody(bytes),
    )
    scope.post('/graphql', async (request: FastifyRequest<{ Body: string | undefined }>, reply) => {
      const { body = '' } = request
      request.context.rawCacheKey = rawCacheKeyWith(request, body)
      if (responseCache.sendAgain(request.raw, reply.raw, request.context) !== undefined) return reply.hijack()
      const json = parseJson(request, body)
      return respond(request, reply, () => readBody(json))
    })
  })
}
