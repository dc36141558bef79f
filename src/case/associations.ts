import { type Edge, edgeChangedAt } from './framework.ts'
import type { Node } from './nodes.ts'
import type { PackageAssociation } from './objects.ts'
import type { LinkGenURI, LinkURI } from './values.ts'
import { type Site, uriOf } from './versions.ts'
import { linkTo, singleLine } from './vocabulary.ts'

/** The types of linked objects that CASE does not define. */
const targetTypes: { readonly [N in Node['noun']]?: string } = { resource: 'ext:resource', alignment: 'ext:alignment' }

/** Returns true when the version can express the association: 1.0 has no links to objects outside CASE. */
export const isSupported = ({ version }: Site, { destination }: Edge): boolean =>
  version === 'v1p1' || targetTypes[destination.noun] === undefined

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
  linkTo(site, 'CFDocuments', document.identifier, document.title)

const linkToNode = (site: Site, node: Node): LinkGenURI => {
  if (node.noun === 'track') return documentLink(site, node)
  const targetType = targetTypes[node.noun]
  if (targetType === undefined && node.url === null) return linkTo(site, 'CFItems', node.identifier, node.title)
  return {
    title: singleLine(node.title),
    identifier: node.identifier,
    uri: node.url === null ? `${site.origin}/v1/resources/${node.key}` : toUri(node.url),
    ...(targetType === undefined ? {} : { targetType }),
  }
}

/** Percent-encodes the characters that URL leaves as they are although RFC 3986 does not allow them. */
const toUri = (url: string): string => {
  const { href, host } = new URL(url)
  const end = href.indexOf(host) + host.length
  return href.slice(0, end) + href.slice(end).replace(/[[\]|^`{}\\]/g, encodeURIComponent)
}
