import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Catalog } from '../../catalog.ts'
import { badParameter } from '../../errors.ts'
import { canonicalCacheKey } from '../../http/cache-key.ts'
import { negotiateMediaType } from '../../http/media-types.ts'
import { type CachedResponse, type RenderedResponse, toCachedResponse } from '../../http/rendered-response.ts'
import type { ResponseCache } from '../../http/response-cache.ts'
import { sendResponse } from '../../http/send-response.ts'
import { homeTypes, serviceIndex } from '../../http/service-index.ts'
import { assetNames, loadAsset } from '../page/asset-files.ts'
import { logoPath } from '../page/logo.ts'
import { isEmbedded } from '../page/page-frame.ts'
import type { Site } from '../page/site.ts'
import { embedScript } from './embed-script.ts'
import { homePage } from './home-page.ts'
import { openapiJson, openapiYaml, type ServerSettings } from './openapi-file.ts'
import { addSearchPage } from './search-page.ts'
import { robots, sitemap } from './sitemap.ts'
import { docsPage, graphiqlPage } from './tool-pages.ts'

/** Adds the pages of the site, their assets and the OpenAPI description. */
export const addSiteRoutes = (
  app: FastifyInstance,
  catalog: Catalog,
  cache: ResponseCache,
  site: Site,
  { graphiql, ...settings }: ServerSettings & { graphiql: boolean },
): void => {
  app.get('/', async (request, reply) => {
    const type = negotiateMediaType(request, homeTypes(settings.readingNeedsKey))
    const embedded = isEmbedded(request)
    return cache.send(request, reply, canonicalCacheKey('home', type, embedded), async tracking => {
      const { headers, ...response } =
        type === 'text/html' ? await homePage(tracking, site, graphiql, embedded) : serviceIndexResponse
      return { ...response, headers: { ...headers, vary: 'Accept, Accept-Encoding' } }
    })
  })
  addSearchPage(app, catalog, cache, site)
  app.get('/sitemap.xml', async (request: FastifyRequest<{ Querystring: { part?: unknown } }>, reply) => {
    const part = parsePart(request.query.part)
    return cache.send(request, reply, canonicalCacheKey('sitemap', part), tracking => sitemap(tracking, site, part))
  })
  const logo = site.logo?.file
  const staticResponses: Record<string, () => Promise<CachedResponse>> = {
    '/robots.txt': once(async () => robots(site, settings.readingNeedsKey === true)),
    '/favicon.ico': once(async () => iconFile('favicon.ico', 'image/vnd.microsoft.icon')),
    '/apple-touch-icon.png': once(async () => iconFile('apple-touch-icon.png', 'image/png')),
    '/openapi.yaml': once(() => openapiYaml(settings)),
    '/openapi.json': once(() => openapiJson(settings)),
    '/docs': once(() => docsPage(site, settings)),
    ...(graphiql ? { '/graphiql': once(async () => graphiqlPage(site)) } : {}),
    '/embed.js': once(async () => embedScript(site)),
    ...(logo && { [`/${logoPath}`]: async () => logo }),
    ...Object.fromEntries(assetNames.map(name => [`/assets/${name}`, async () => loadAsset(name)])),
  }
  for (const [path, render] of Object.entries(staticResponses))
    app.get(path, async (request, reply) => sendResponse(request, reply, await render()))
}

/** Parses the number of a part of the sitemap; undefined without one. */
const parsePart = (part: unknown): number | undefined => {
  if (part === undefined) return undefined
  if (typeof part === 'string' && /^[1-9]\d{0,5}$/.test(part)) return Number(part)
  throw badParameter('part', '"part" must be a whole number from 1 on.')
}

/**
 * Reads an icon that browsers look for at the root of a site. Both are made of `icon.svg`: `favicon.ico` holds it as PNG of 16, 32 and 48
 * pixels, `apple-touch-icon.png` without rounded corners.
 */
const iconFile = (name: string, type: string): RenderedResponse => ({
  body: readFileSync(join(import.meta.dirname, '../assets', name)),
  type,
  compressed: true,
  headers: { 'cache-control': 'public, max-age=86400' },
})

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
