import type { FastifyInstance } from 'fastify'
import type { Catalog } from '../catalog.ts'
import type { Pieces } from '../http/json-fragments.ts'
import { negotiate } from '../http/media-types.ts'
import { exposedHeaders } from '../http/reply-headers.ts'
import type { Made } from '../http/response-cache.ts'
import type { Answers } from '../http/response-cache-fast-path.ts'
import { baseOf, type Site, type Version, versions } from './addresses.ts'
import { discovery } from './discovery.ts'
import { discoveryPath } from './discovery-path.ts'
import { documentsPage } from './documents-page.ts'
import { endpoints } from './endpoints.ts'
import { type Frameworks, frameworksIn } from './frameworks.ts'
import { readListQuery } from './list-query.ts'
import { type Packages, packages } from './package.ts'
import type { Endpoint } from './request.ts'
import { malformedId, unknownObject } from './status-info.ts'
import { Uuid } from './values.ts'

/** Tracks as frameworks of 1EdTech's CASE (Competencies and Academic Standards Exchange), in versions 1.1 and 1.0. */
export const addCase = (app: FastifyInstance, catalog: Catalog, answers: Answers, publicUrl: () => string): void => {
  const door: Door = { app, answers, frameworks: frameworksIn(catalog), packageOf: packages(), publicUrl }
  for (const version of versions) {
    addList(door, version)
    for (const endpoint of endpoints) addEndpoint(door, version, endpoint)
    addDiscovery(door, version)
  }
}

interface Door {
  app: FastifyInstance
  answers: Answers
  frameworks: Frameworks
  packageOf: Packages
  publicUrl: () => string
}

const siteOf = ({ publicUrl }: Door, version: Version): Site => ({ origin: publicUrl(), version })

/** Clients in the wild ask for `/CFPackages/{id}.json`, too. */
const ending = /\.json$/

const addList = (door: Door, version: Version): void => {
  const path = `${baseOf({ origin: '', version })}/CFDocuments`
  for (const url of [path, `${path}.json`])
    door.app.get(url, (request, reply) => {
      const query = door.answers.read(request, () => {
        negotiate(request, mediaTypes)
        return readListQuery(request.query, version)
      })
      return door.answers.send(request, reply, `case ${version} ${JSON.stringify(query)}`, async noting => {
        const { body, headers } = await documentsPage(noting, door.frameworks, siteOf(door, version), query)
        return json(JSON.stringify(body), { ...headers, ...exposed })
      })
    })
}

/** Browsers show scripts only the headers they are told of. */
const exposed = { 'access-control-expose-headers': [...exposedHeaders, 'X-Total-Count'].join(', ') }

const addEndpoint = (door: Door, version: Version, { collection, what, answer }: Endpoint): void => {
  const base = baseOf({ origin: '', version })
  const paths = [
    `${base}/${collection}/:id`,
    ...(collection === 'CFItemAssociations' ? [`${base}/CFItems/:id/associations`] : []),
  ]
  for (const path of paths)
    door.app.get<{ Params: { id: string } }>(path, (request, reply) => {
      negotiate(request, mediaTypes)
      const id = Uuid.safeParse(request.params.id.replace(ending, '').toLowerCase()).data
      if (id === undefined) throw malformedId()
      return door.answers.send(request, reply, `case ${version} ${collection} ${id}`, async catalog => {
        const body = await answer({ ...door, catalog, site: siteOf(door, version), id })
        if (body === undefined) throw unknownObject(what, id)
        return json(body)
      })
    })
}

const addDiscovery = (door: Door, version: Version): void => {
  door.app.get(discoveryPath(version), (request, reply) => {
    negotiate(request, mediaTypes)
    return door.answers.send(request, reply, `case ${version} discovery`, async () =>
      json(JSON.stringify(discovery(siteOf(door, version)))),
    )
  })
}

const json = (body: string | Pieces, headers: Record<string, string> = {}): Made => ({
  body,
  type: 'application/json; charset=utf-8',
  headers,
})

const mediaTypes = ['application/json']
