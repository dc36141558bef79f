import type { FastifyInstance } from 'fastify'
import { negotiateMediaType } from '../http/media-types.ts'
import { type CachedResponse, type RenderedResponse, toCachedResponse } from '../http/response-cache.ts'
import type { ResponseCache } from '../http/response-cache-fast-path.ts'
import { sendResponse } from '../http/send-response.ts'
import { serviceIndex } from '../http/service-index.ts'
import { docsPage, graphiqlPage } from './api-tools.ts'
import { assetNames, assetOf } from './asset-files.ts'
import { indexPage } from './home-page.ts'
import { openapiJson, openapiYaml, type Serving } from './openapi-file.ts'

/** What people look at, and the description of REST for programs. */
export const addPages = (
  app: FastifyInstance,
  answers: ResponseCache,
  { graphiql, ...serving }: Serving & { graphiql: boolean },
): void => {
  app.get('/', async (request, reply) => {
    const type = negotiateMediaType(request, ['text/html', 'application/json'])
    return answers.send(request, reply, `/ ${type}`, async noting => {
      const { headers, ...made } = type === 'text/html' ? await indexPage(noting, graphiql) : addressesMade
      return { ...made, headers: { ...headers, vary: 'Accept, Accept-Encoding' } }
    })
  })
  const unchanging: Record<string, () => Promise<CachedResponse>> = {
    '/openapi.yaml': once(() => openapiYaml(serving)),
    '/openapi.json': once(() => openapiJson(serving)),
    '/docs': once(() => docsPage(serving.configuredUrl)),
    ...(graphiql ? { '/graphiql': once(graphiqlPage) } : {}),
    ...Object.fromEntries(assetNames.map(name => [`/assets/${name}`, () => assetOf(name)])),
  }
  for (const [path, made] of Object.entries(unchanging))
    app.get(path, async (request, reply) => sendResponse(request, reply, await made()))
}

const addressesMade: RenderedResponse = { body: JSON.stringify(serviceIndex), type: 'application/json; charset=utf-8' }

/** Made when it is first asked for, and kept. */
const once = (make: () => Promise<RenderedResponse>): (() => Promise<CachedResponse>) => {
  let made: Promise<CachedResponse> | undefined
  return () => {
    made ??= make().then(one => toCachedResponse(one, null))
    return made
  }
}
