import { required } from '../model/graph.ts'
import { associationAnswer, documentLink, isKnown } from './associations.ts'
import { definitionEndpoints } from './definition-endpoints.ts'
import { Rubric } from './definitions.ts'
import { documentAnswer } from './documents.ts'
import type { Framework } from './framework.ts'
import { itemAnswer } from './items.ts'
import type { Item, Node } from './nodes.ts'
import { AssociationSet, CFAssociation, CFDocument, CFItem, CFPackage } from './objects.ts'
import { type Asked, type Endpoint, json } from './request.ts'
import { rubricAnswer, rubricsOf } from './rubrics.ts'

/** All that is asked for by its identifier. */
export const endpoints: readonly Endpoint[] = [
  {
    collection: 'CFDocuments',
    operationId: 'getCFDocument',
    what: 'document',
    schema: CFDocument,
    answer: asked =>
      ofTrack(asked, ({ served, changedAt }) => json(asked, documentAnswer(asked.site, served.track, changedAt))),
  },
  {
    collection: 'CFPackages',
    operationId: 'getCFPackage',
    what: 'package',
    schema: CFPackage,
    answer: asked => ofTrack(asked, framework => asked.packageOf(asked.site, framework)),
  },
  {
    collection: 'CFItems',
    operationId: 'getCFItem',
    what: 'item',
    schema: CFItem,
    answer: asked => ofItem(asked, (item, { document }) => json(asked, fullItem(asked, item, document))),
  },
  {
    collection: 'CFItemAssociations',
    operationId: 'getCFItemAssociations',
    what: 'item',
    schema: AssociationSet,
    answer: asked =>
      ofItem(asked, (item, { document, edgesOf }) =>
        json(asked, {
          CFItem: fullItem(asked, item, document),
          CFAssociations: required(edgesOf, item.id)
            .filter(edge => isKnown(asked.site, edge))
            .map(edge => associationAnswer(asked.site, edge)),
        }),
      ),
  },
  {
    collection: 'CFAssociations',
    operationId: 'getCFAssociation',
    what: 'association',
    schema: CFAssociation,
    answer: async asked => {
      const { frameworks, catalog, id } = asked
      const edge = await frameworks.find(catalog, id, ({ edges }) => edges.get(id))
      if (edge === undefined || !isKnown(asked.site, edge)) return undefined
      return json(asked, {
        ...associationAnswer(asked.site, edge),
        CFDocumentURI: documentLink(asked.site, edge.owner),
      })
    },
  },
  ...definitionEndpoints,
  {
    collection: 'CFRubrics',
    operationId: 'getCFRubric',
    what: 'rubric',
    schema: Rubric,
    answer: async asked => {
      const { frameworks, catalog, site, id } = asked
      const found = await frameworks.find(catalog, id, framework => rubricsOf(framework).find(one => one.id === id))
      return found && json(asked, rubricAnswer(site, found))
    },
  },
]

const ofTrack = async <T>(
  { catalog, frameworks, id }: Asked,
  answer: (framework: Framework) => T | Promise<T>,
): Promise<T | undefined> => {
  const node = await catalog.findById(id)
  const framework = node?.noun === 'track' ? await frameworks.of(catalog, node.key) : undefined
  return framework && answer(framework)
}

const ofItem = ({ catalog, frameworks, id }: Asked, answer: (item: Item, framework: Framework) => string) =>
  frameworks.find(catalog, id, framework => {
    const item = framework.items.get(id)
    return item && answer(item, framework)
  })

const fullItem = ({ site }: Asked, item: Item, document: Node) => ({
  ...itemAnswer(site, item),
  CFDocumentURI: documentLink(site, document),
})
