import type { z } from 'zod'
import type { Catalog } from '../catalog.ts'
import type { JsonFragments } from '../http/json-fragments.ts'
import type { Item } from '../model/curriculum.ts'
import { required } from '../model/graph.ts'
import { documentLink, isSupported, toAssociation } from './associations.ts'
import { toDocument } from './documents.ts'
import { type Framework, findItem } from './framework.ts'
import { type FrameworkCache, listTracks } from './framework-cache.ts'
import { rubricsOf, toItem, toRubric } from './items.ts'
import type { CaseItem, Node } from './nodes.ts'
import {
  AssociationGrouping,
  AssociationSet,
  CFAssociation,
  CFDocument,
  CFItem,
  CFPackage,
  ConceptSet,
  ItemTypeSet,
  License,
  Rubric,
  SubjectSet,
} from './objects.ts'
import type { PackageCache } from './package-cache.ts'
import { type Site, toVersion } from './versions.ts'
import { concept, itemNouns, itemType, kinds, license, subject } from './vocabulary.ts'

/** The request for one object, and the catalog and caches to answer it from. */
interface EndpointRequest {
  catalog: Catalog
  frameworks: FrameworkCache
  getPackage: PackageCache
  site: Site
  id: string
}

type Body = string | JsonFragments

/** An endpoint that returns an object by its identifier; its route and its OpenAPI operation are derived from this. */
export interface Endpoint {
  /** The path before `/{sourcedId}`. */
  collection: string
  operationId: string
  /** The name of one object, for descriptions and errors. */
  objectName: string
  schema: z.ZodType
  /** Returns JSON; undefined when there is no such object. */
  respond(request: EndpointRequest): Promise<Body | undefined>
}

/** The endpoints that return one object by its identifier. */
export const endpoints: readonly Endpoint[] = [
  {
    collection: 'CFDocuments',
    operationId: 'getCFDocument',
    objectName: 'document',
    schema: CFDocument,
    respond: request =>
      respondForTrack(request, ({ served, changedAt }) =>
        toJson(request, toDocument(request.site, served.track, changedAt)),
      ),
  },
  {
    collection: 'CFPackages',
    operationId: 'getCFPackage',
    objectName: 'package',
    schema: CFPackage,
    respond: request => respondForTrack(request, framework => request.getPackage(request.site, framework)),
  },
  {
    collection: 'CFItems',
    operationId: 'getCFItem',
    objectName: 'item',
    schema: CFItem,
    respond: request =>
      respondForItem(request, (item, { document }) => toJson(request, fullItem(request, item, document))),
  },
  {
    collection: 'CFItemAssociations',
    operationId: 'getCFItemAssociations',
    objectName: 'item',
    schema: AssociationSet,
    respond: request =>
      respondForItem(request, (item, { document, edgesOf }) =>
        toJson(request, {
          CFItem: fullItem(request, item, document),
          CFAssociations: required(edgesOf, item.id)
            .filter(edge => isSupported(request.site, edge))
            .map(edge => toAssociation(request.site, edge)),
        }),
      ),
  },
  {
    collection: 'CFAssociations',
    operationId: 'getCFAssociation',
    objectName: 'association',
    schema: CFAssociation,
    respond: async request => {
      const { frameworks, catalog, id } = request
      const edge = await frameworks.find(catalog, id, ({ edges }) => edges.get(id))
      if (edge === undefined || !isSupported(request.site, edge)) return undefined
      return toJson(request, {
        ...toAssociation(request.site, edge),
        CFDocumentURI: documentLink(request.site, edge.owner),
      })
    },
  },
  // What items and documents link to.
  {
    collection: 'CFAssociationGroupings',
    operationId: 'getCFAssociationGrouping',
    objectName: 'association grouping',
    schema: AssociationGrouping,
    respond: async () => undefined,
  },
  {
    collection: 'CFConcepts',
    operationId: 'getCFConcept',
    objectName: 'concept',
    schema: ConceptSet,
    respond: async request => {
      const all = kinds.map(kind => concept(request.site, kind))
      return respondWithSet(request, 'CFConcepts', all)
    },
  },
  {
    collection: 'CFSubjects',
    operationId: 'getCFSubject',
    objectName: 'subject',
    schema: SubjectSet,
    respond: async request =>
      respondWithSet(request, 'CFSubjects', await mapTracks(request, track => subject(request.site, track))),
  },
  {
    collection: 'CFItemTypes',
    operationId: 'getCFItemType',
    objectName: 'item type',
    schema: ItemTypeSet,
    respond: async request => {
      const all = itemNouns.map(noun => itemType(request.site, noun))
      return respondWithSet(request, 'CFItemTypes', all)
    },
  },
  {
    collection: 'CFLicenses',
    operationId: 'getCFLicense',
    objectName: 'licence',
    schema: License,
    respond: async request => {
      const names = (await mapTracks(request, track => track.license)).filter(name => name !== null)
      const found = names.map(name => license(request.site, name)).find(({ identifier }) => identifier === request.id)
      return found && toJson(request, found)
    },
  },
  {
    collection: 'CFRubrics',
    operationId: 'getCFRubric',
    objectName: 'rubric',
    schema: Rubric,
    respond: async request => {
      const { frameworks, catalog, site, id } = request
      const found = await frameworks.find(catalog, id, framework => rubricsOf(framework).find(one => one.id === id))
      return found && toJson(request, toRubric(site, found))
    },
  },
]

/** Returns a set of the requested object; no definition has children. */
const respondWithSet = (
  request: EndpointRequest,
  name: string,
  all: readonly { identifier: string }[],
): string | undefined => {
  const found = all.find(({ identifier }) => identifier === request.id)
  return found && toJson(request, { [name]: [found] })
}

const mapTracks = async <T>({ catalog }: EndpointRequest, map: (track: Item<'track'>) => T): Promise<T[]> => {
  const results: T[] = []
  for (const track of await listTracks(catalog)) results.push(map(track))
  return results
}

const respondForTrack = async <T>(
  { catalog, frameworks, id }: EndpointRequest,
  respond: (framework: Framework) => T | Promise<T>,
): Promise<T | undefined> => {
  const node = await catalog.findByUuid(id)
  const framework = node?.noun === 'track' ? await frameworks.get(catalog, node.key) : undefined
  return framework && respond(framework)
}

const respondForItem = (
  { catalog, frameworks, id }: EndpointRequest,
  respond: (item: CaseItem, framework: Framework) => string,
) =>
  frameworks.find(catalog, id, framework => {
    const item = findItem(framework, id)
    return item && respond(item, framework)
  })

const fullItem = ({ site }: EndpointRequest, item: CaseItem, document: Node) => ({
  ...toItem(site, item),
  CFDocumentURI: documentLink(site, document),
})

/** Serializes an object in the requested version. */
const toJson = ({ site }: Pick<EndpointRequest, 'site'>, object: object): string =>
  JSON.stringify(toVersion(site, object))
