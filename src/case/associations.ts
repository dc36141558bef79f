import { type Edge, edgeChangedAt } from './framework.ts'
import type { Node } from './nodes.ts'
import type { PackageAssociation } from './objects.ts'
import type { LinkGenURI, LinkURI } from './values.ts'
import { type Site, uriOf } from './versions.ts'
import { linkTo, singleLine } from './vocabulary.ts'

/** Returns true when the version can express the association: 1.0 has no links to resources outside CASE. */
export const isSupported = ({ version }: Site, { destination }: Edge): boolean =>
  version === 'v1p1' || destination.noun !== 'resource'

export const toAssociation = (site: Site, edge: Edge): PackageAssociation => ({
  identifier: edge.id,
  associationType: edge.type === 'isTranslationOf' && site.version === 'v1p0' ? 'isRelatedTo' : edge.type,
  ...(edge.sequence === undefined ? {} : { sequenceNumber: edge.sequence }),
  uri: uriOf(site, 'CFAssociations', edge.id),
  originNodeURI: linkToNode(site, edge.origin),
  destinationNodeURI: linkToNode(site, edge.destination),
  lastChangeDateTime: edgeChangedAt(edge),
})

export const documentLink = (site: Site, document: Node): LinkURI =>
  linkTo(site, 'CFDocuments', document.id, document.title)

const linkToNode = (site: Site, node: Node): LinkGenURI => {
  if (node.noun === 'track') return documentLink(site, node)
  if (node.noun !== 'resource') return linkTo(site, 'CFItems', node.id, node.title)
  return {
    title: singleLine(node.title),
    identifier: node.id,
    uri: node.url === null ? `${site.origin}/v1/resources/${node.key}` : toUri(node.url),
    targetType: 'ext:resource',
  }
}

/** Percent-encodes the characters that URL leaves as they are although RFC 3986 does not allow them. */
const toUri = (url: string): string => {
  const { href, host } = new URL(url)
  const end = href.indexOf(host) + host.length
  return href.slice(0, end) + href.slice(end).replace(/[[\]|^`{}\\]/g, encodeURIComponent)
}
