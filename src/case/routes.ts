import type { FastifyInstance } from 'fastify'
import type { Catalog } from '../catalog.ts'
import { exposedHeaders } from '../http/cors.ts'
import type { JsonFragments } from '../http/json-fragments.ts'
import { negotiateMediaType } from '../http/media-types.ts'
import type { RenderedResponse } from '../http/rendered-response.ts'
import type { ResponseCache } from '../http/response-cache.ts'
import { discoveryDocument } from './discovery.ts'
import { listDocuments } from './document-list.ts'
import { type Endpoint, endpoints } from './endpoints.ts'
import { createFrameworkCache, type FrameworkCache } from './framework-cache.ts'
import { parseListQuery } from './list-query.ts'
import { createPackageCache, type PackageCache } from './package-cache.ts'
import { malformedId, unknownObject } from './status-info.ts'
import { Uuid } from './values.ts'
import { baseOf, discoveryPath, type Site, type Version, versions } from './versions.ts'

/** Adds the endpoints of 1EdTech's CASE (Competencies and Academic Standards Exchange), versions 1.1 and 1.0. */
export const addCase = (
  app: FastifyInstance,
  catalog: Catalog,
  responses: ResponseCache,
  publicUrl: () => string,
): void => {
  const context: CaseContext = {
    app,
    responses,
    frameworks: createFrameworkCache(catalog),
    getPackage: createPackageCache(),
    publicUrl,
  }
  for (const version of versions) {
    addList(context, version)
    for (const endpoint of endpoints) addEndpoint(context, version, endpoint)
    addDiscovery(context, version)
  }
}

interface CaseContext {
  app: FastifyInstance
  responses: ResponseCache
  frameworks: FrameworkCache
  getPackage: PackageCache
  publicUrl: () => string
}

const createSite = ({ publicUrl }: CaseContext, version: Version): Site => ({ origin: publicUrl(), version })

/** Some clients request `/CFPackages/{id}.json`. */
const jsonSuffix = /\.json$/

const addList = (context: CaseContext, version: Version): void => {
  const path = `${baseOf({ origin: '', version })}/CFDocuments`
  for (const url of [path, `${path}.json`])
    context.app.get(url, (request, reply) => {
      const query = context.responses.parseOnce(request, () => {
        negotiateMediaType(request, mediaTypes)
        return parseListQuery(request.query, version)
      })
      return context.responses.send(request, reply, `case ${version} ${JSON.stringify(query)}`, async tracking => {
        const { body, headers } = await listDocuments(tracking, context.frameworks, createSite(context, version), query)
        return jsonResponse(JSON.stringify(body), { ...headers, ...corsHeaders })
      })
    })
}

/** Lets scripts in browsers read these headers. */
const corsHeaders = { 'access-control-expose-headers': [...exposedHeaders, 'X-Total-Count'].join(', ') }

const addEndpoint = (context: CaseContext, version: Version, { collection, objectName, respond }: Endpoint): void => {
  const base = baseOf({ origin: '', version })
  const paths = [
    `${base}/${collection}/:id`,
    ...(collection === 'CFItemAssociations' ? [`${base}/CFItems/:id/associations`] : []),
  ]
  for (const path of paths)
    context.app.get<{ Params: { id: string } }>(path, (request, reply) => {
      negotiateMediaType(request, mediaTypes)
      const id = Uuid.safeParse(request.params.id.replace(jsonSuffix, '').toLowerCase()).data
      if (id === undefined) throw malformedId()
      return context.responses.send(request, reply, `case ${version} ${collection} ${id}`, async catalog => {
        const body = await respond({ ...context, catalog, site: createSite(context, version), id })
        if (body === undefined) throw unknownObject(objectName, id)
        return jsonResponse(body)
      })
    })
}

const addDiscovery = (context: CaseContext, version: Version): void => {
  context.app.get(discoveryPath(version), (request, reply) => {
    negotiateMediaType(request, mediaTypes)
    return context.responses.send(request, reply, `case ${version} discovery`, async () =>
      jsonResponse(JSON.stringify(discoveryDocument(createSite(context, version)))),
    )
  })
}

const jsonResponse = (body: string | JsonFragments, headers: Record<string, string> = {}): RenderedResponse => ({
  body,
  type: 'application/json; charset=utf-8',
  headers,
})

const mediaTypes = ['application/json']
