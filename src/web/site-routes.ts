import type { FastifyInstance } from 'fastify'
import { canonicalCacheKey } from '../http/cache-key.ts'
import { negotiateMediaType } from '../http/media-types.ts'
import { type CachedResponse, type RenderedResponse, toCachedResponse } from '../http/rendered-response.ts'
import type { ResponseCache } from '../http/response-cache.ts'
import { sendResponse } from '../http/send-response.ts'
import { serviceIndex } from '../http/service-index.ts'
import { assetNames, loadAsset } from './asset-files.ts'
import { embedScript } from './embed-script.ts'
import { homePage } from './home-page.ts'
import { logoPath } from './logo.ts'
import { openapiJson, openapiYaml, type ServerSettings } from './openapi-file.ts'
import type { Site } from './site.ts'
import { renderSitePage } from './site-page.ts'

/** Adds the pages of the site, their assets and the OpenAPI description. */
export const addSiteRoutes = (
  app: FastifyInstance,
  cache: ResponseCache,
  site: Site,
  { graphiql, ...settings }: ServerSettings & { graphiql: boolean },
): void => {
  app.get('/', async (request, reply) => {
    const type = negotiateMediaType(request, ['text/html', 'application/json'])
    return cache.send(request, reply, canonicalCacheKey('home', type), async tracking => {
      const { headers, ...response } =
        type === 'text/html' ? await homePage(tracking, site, graphiql) : serviceIndexResponse
      return { ...response, headers: { ...headers, vary: 'Accept, Accept-Encoding' } }
    })
  })
  const logo = site.logo?.file
  const staticResponses: Record<string, () => Promise<CachedResponse>> = {
    '/openapi.yaml': once(() => openapiYaml(settings)),
    '/openapi.json': once(() => openapiJson(settings)),
    '/docs': once(async () => docsPage(settings.configuredUrl)),
    ...(graphiql ? { '/graphiql': once(async () => graphiqlPage()) } : {}),
    '/embed.js': once(async () => embedScript(site)),
    ...(logo && { [`/${logoPath}`]: async () => logo }),
    ...Object.fromEntries(assetNames.map(name => [`/assets/${name}`, async () => loadAsset(name)])),
  }
  for (const [path, render] of Object.entries(staticResponses))
    app.get(path, async (request, reply) => sendResponse(request, reply, await render()))
}

const serviceIndexResponse: RenderedResponse = {
  body: JSON.stringify(serviceIndex),
  type: 'application/json; charset=utf-8',
}

/** Renders a response on the first request and caches it. */
const once = (render: () => Promise<RenderedResponse>): (() => Promise<CachedResponse>) => {
  let response: Promise<CachedResponse> | undefined
  return () => {
    response ??= render().then(one => toCachedResponse(one, null))
    return response
  }
}

/** The REST reference (Swagger UI). */
const docsPage = (configuredUrl: string | undefined) =>
  renderSitePage({
    title: 'Curriculum API',
    styles: ['swagger-ui.css', 'docs.css'],
    scripts: ['swagger-ui-bundle.js', 'docs.js'],
    // "Try it out" sends requests to the server that the description names.
    extraPolicy: `; connect-src 'self'${configuredUrl === undefined ? '' : ` ${new URL(configuredUrl).origin}`}`,
    body: `<main id="swagger-ui"><noscript>This page needs JavaScript; <a href="openapi.yaml">openapi.yaml</a> has the same content.</noscript></main>`,
  })

/** The GraphQL editor (GraphiQL). */
const graphiqlPage = () =>
  renderSitePage({
    title: 'Curriculum · GraphiQL',
    styles: ['graphiql.min.css', 'graphiql-page.css'],
    scripts: ['react.production.min.js', 'react-dom.production.min.js', 'graphiql.min.js', 'graphiql-page.js'],
    extraPolicy: "; connect-src 'self'",
    body: `<main id="graphiql"><noscript>This page needs JavaScript; queries go to <code>graphql</code> without it too.</noscript></main>`,
  })
