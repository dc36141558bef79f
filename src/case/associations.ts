import { type Site, uriOf } from './addresses.ts'
import { changeOf, type Edge } from './framework.ts'
import type { Node } from './nodes.ts'
import type { PackageAssociation } from './objects.ts'
import type { LinkGenURI, LinkURI } from './values.ts'
import { line, linkTo } from './vocabulary.ts'

/** Whether a version of the standard has a word for it: 1.0 has none for what lies outside of CASE. */
export const isKnown = ({ version }: Site, { destination }: Edge): boolean =>
  version === 'v1p1' || destination.noun !== 'resource'

export const associationAnswer = (site: Site, edge: Edge): PackageAssociation => ({
  identifier: edge.id,
  associationType: edge.type === 'isTranslationOf' && site.version === 'v1p0' ? 'isRelatedTo' : edge.type,
  ...(edge.sequence === undefined ? {} : { sequenceNumber: edge.sequence }),
  uri: uriOf(site, 'CFAssociations', edge.id),
  originNodeURI: linkToNode(site, edge.origin),
  destinationNodeURI: linkToNode(site, edge.destination),
  lastChangeDateTime: changeOf(edge),
})

export const documentLink = (site: Site, document: Node): LinkURI =>
  linkTo(site, 'CFDocuments', document.id, document.title)

const linkToNode = (site: Site, node: Node): LinkGenURI => {
  if (node.noun === 'track') return documentLink(site, node)
  if (node.noun !== 'resource') return linkTo(site, 'CFItems', node.id, node.title)
  return {
    title: line(node.title),
    identifier: node.id,
    uri: node.url === null ? `${site.origin}/v1/resources/${node.key}` : uriIn(node.url),
    targetType: 'ext:resource',
  }
}

/** An address as RFC 3986 writes it: browsers leave some characters as they are that it does not know. */
const uriIn = (url: string): string => {
  const { href, host } = new URL(url)
  const end = href.indexOf(host) + host.length
  return href.slice(0, end) + href.slice(end).replace(/[[\]|^`{}\\]/g, encodeURIComponent)
}
