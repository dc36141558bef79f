import { toItem } from '../../case/items.ts'
import { toNode } from '../../case/nodes.ts'
import type { PackageItem } from '../../case/objects.ts'
import { type ItemNoun, itemNouns } from '../../case/vocabulary.ts'
import { itemsIn, type TrackDocument } from '../../catalog.ts'
import type { Document, Draft } from '../../model/document.ts'
import { keyOf, Slug, slugOf } from '../../model/keys.ts'
import { Title } from '../../model/text.ts'
import type { Noun, Tier } from '../../model/vocabulary.ts'
import type { CaseItem, CasePackage } from './case-package.ts'
import { titleOf } from './case-texts.ts'
import { arrangeFramework, type FrameworkNode, type PlacedNode } from './framework-tree.ts'
import type { ItemCollector } from './imported-track.ts'
import { nameFinder } from './match-items.ts'
import { idOf, itemsById, type NamedItem, parseOwnId, toTrackDocument } from './own-items.ts'

export interface CaseOptions {
  /** The slug of the track. */
  track: string
  /** The tier of new skills for which the file names none. */
  tier: Tier
  /** True if associations that the package does not have are removed. */
  prune: boolean
}

/** An item at its place in the track. */
export interface CaseEntry extends FrameworkNode {
  item: CaseItem
  noun: ItemNoun
  /** The slug and the id, if the item comes from this service. */
  own: { slug: string; hasOwnId: boolean } | undefined
  /** The item of the track that has the same identifier. */
  draft: Draft | undefined
}

export interface CaseFramework {
  /** By identifier, in lower case. */
  entries: ReadonlyMap<string, CaseEntry>
  placed: readonly PlacedNode<CaseEntry>[]
  /** The title of the document. */
  title: string
  /** The items of this service by their ids. */
  known: ReadonlyMap<string, NamedItem>
  /** The items of the track as CASE serves them, by noun and slug. */
  written: ReadonlyMap<string, PackageItem>
}

/** Arranges the items of a package. */
export const readFramework = (
  { document, items, associations }: CasePackage,
  { track }: CaseOptions,
  existing: Document | undefined,
  collector: ItemCollector,
): CaseFramework => {
  const known = itemsById(existing)
  const find = existing === undefined ? () => undefined : nameFinder(existing)
  const top = document?.identifier.toLowerCase()
  const parents = new Map<string, { id: string; sequence: number }[]>()
  for (const { associationType, originNodeURI, destinationNodeURI, sequenceNumber } of associations) {
    if (associationType !== 'isChildOf') continue
    const child = originNodeURI.identifier.toLowerCase()
    const parent = {
      id: destinationNodeURI.identifier.toLowerCase(),
      sequence: sequenceNumber ?? Number.POSITIVE_INFINITY,
    }
    parents.set(child, [...(parents.get(child) ?? []), parent])
  }
  const hasChildren = new Set([...parents.values()].flatMap(list => list.map(({ id }) => id)))
  const nodes = items
    .filter(item => {
      const isWithdrawn = isPast(item.statusEndDate) && !hasChildren.has(item.identifier.toLowerCase())
      if (isWithdrawn)
        collector.note(item.place, `"${titleOf(item)}" was withdrawn on ${item.statusEndDate}, and is not imported`)
      return !isWithdrawn
    })
    .map(item => {
      const id = item.identifier.toLowerCase()
      const ownParents = (parents.get(id) ?? []).toSorted(bySequence)
      const own = ownItem(item, track, known)
      const noun = own?.noun ?? nounOf(item, hasChildren.has(id))
      const entry: CaseEntry = {
        id,
        title: titleOf(item),
        place: item.place,
        parents: ownParents.flatMap(parent => (parent.id === top ? [] : [parent.id])),
        isCategory: noun === 'category',
        item,
        noun,
        own: own && { slug: slugOf(own.key), hasOwnId: own.hasOwnId },
        draft: undefined,
      }
      return { entry, sequence: ownParents[0]?.sequence ?? Number.POSITIVE_INFINITY }
    })
    .toSorted(bySequence)
    .map(({ entry }) => entry)
  const placed = arrangeFramework(nodes, collector)
  for (const { node } of placed)
    node.draft = find(node.noun, node.item.identifier) ?? (node.own && find(node.noun, node.own.slug))
  return {
    entries: new Map(placed.map(({ node }) => [node.id, node])),
    placed,
    title: Title.safeParse(document?.title).data ?? 'General',
    known,
    written: existing === undefined ? new Map() : writtenItems(toTrackDocument(existing)),
  }
}

/** Returns the items of a track as CASE serves them, by noun and slug. */
const writtenItems = (document: TrackDocument): ReadonlyMap<string, PackageItem> =>
  new Map(
    itemNouns.flatMap(noun =>
      itemsIn(document, noun).map((item): [string, PackageItem] => [
        `${noun} ${item.slug}`,
        toItem({ origin: '', version: 'v1p1' }, { ...toNode(noun, item), noun, current: item }),
      ]),
    ),
  )

/** Numbers may be equal, also infinite: then the order of the file stays. */
const bySequence = (one: { sequence: number }, other: { sequence: number }): number =>
  one.sequence === other.sequence ? 0 : one.sequence - other.sequence

const isPast = (date: string | undefined): boolean => date !== undefined && Date.parse(date) < Date.now()

/** Recognizes an item of this service: by its identifier, by the key in its extensions, or by the identifier that its slug gives. */
const ownItem = (
  { identifier, extensions, humanCodingScheme, CFItemType }: CaseItem,
  track: string,
  known: CaseFramework['known'],
): (NamedItem & { noun: ItemNoun; hasOwnId: boolean }) | undefined => {
  const id = identifier.toLowerCase()
  const named = known.get(id) ?? parseOwnId(extensions?.key ?? '')
  if (named !== undefined && isItemNoun(named.noun)) {
    const hasOwnId = known.has(id) || idOf(named.noun, keyOf(track, slugOf(named.key))) === id
    return { noun: named.noun, key: named.key, hasOwnId }
  }
  const noun = itemNouns.find(one => one === CFItemType?.toLowerCase())
  const slug = Slug.safeParse(humanCodingScheme).data
  if (noun === undefined || slug === undefined || idOf(noun, keyOf(track, slug)) !== id) return undefined
  return { noun, key: keyOf(track, slug), hasOwnId: true }
}

const isItemNoun = (noun: Noun): noun is ItemNoun => (itemNouns as readonly Noun[]).includes(noun)

/** Returns the noun that an item's type names; other items are categories if they have children, and skills if not. */
const nounOf = ({ CFItemType }: CaseItem, hasChildren: boolean): ItemNoun =>
  hasChildren ? 'category' : (itemNouns.find(noun => noun === CFItemType?.toLowerCase()) ?? 'skill')
