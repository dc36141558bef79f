import type { Document, Draft } from '../../model/document.ts'
import { slugOf } from '../../model/keys.ts'
import { AlignmentTarget } from '../../model/skill.ts'
import { Title, Url } from '../../model/text.ts'
import type { CaseEntry, CaseFramework } from './case-framework.ts'
import type { CaseAssociation, CaseLink, CasePackage, CaseRubric } from './case-package.ts'
import type { ItemCollector, Place } from './imported-track.ts'
import type { NamedItem } from './own-items.ts'

/** The references of the items, by identifier. */
export type Relations = ReadonlyMap<string, ItemRelations>

interface ItemRelations {
  /** Entries of lists, by the name of the field. */
  lists: { [name: string]: unknown[] }
  fields: { category?: string; replacedBy?: string; acceptance?: string[] }
}

/** One end of an association: an item of the package, an item of the folder's tracks, or anything else. */
type End = { entry: CaseEntry } | NamedItem | { link: CaseLink }

/** Reads the associations and rubrics of a package, and reports those that a track has no field for. */
export const readRelations = (
  { entries, known }: CaseFramework,
  { associations, rubrics }: CasePackage,
  existing: Document | undefined,
  collector: ItemCollector,
): Relations => {
  const relations = new Map<string, ItemRelations>()
  const relationsOf = ({ id }: CaseEntry): ItemRelations => {
    const found = relations.get(id) ?? { lists: {}, fields: {} }
    relations.set(id, found)
    return found
  }
  const append = (entry: CaseEntry, name: string, value: unknown): true => {
    const { lists } = relationsOf(entry)
    lists[name] = [...new Set(lists[name]).add(value)]
    return true
  }
  const endOf = (link: CaseLink): End => {
    const id = link.identifier.toLowerCase()
    const entry = entries.get(id)
    return entry === undefined ? (known.get(id) ?? { link }) : { entry }
  }
  const resourceOf = createResourceReader(existing, collector)

  /** Adds a reference to an item. Returns false if a track cannot express it. */
  const refer = (type: string, entry: CaseEntry, other: End, place: Place): boolean => {
    const isSkill = entry.noun === 'skill'
    if ('link' in other) {
      if (type === 'exemplar' && (isSkill || entry.noun === 'project')) {
        const resource = resourceOf(other.link, place)
        return resource !== undefined && append(entry, 'resources', resource)
      }
      const alignment = toAlignment(other.link)
      if (!isSkill || alignment === undefined) return false
      const { alignments = [] } = (entry.draft ?? {}) as Partial<Draft<'skill'>> // found by its noun
      return alignments.some(({ url }) => url === alignment.url) || append(entry, 'alignments', alignment)
    }
    const target =
      'entry' in other ? { noun: other.entry.noun, ref: other.entry.id } : { noun: other.noun, ref: other.key }
    if (target.ref === entry.id) return false
    if (target.noun === 'resource' && type === 'exemplar') return append(entry, 'resources', target.ref)
    if (entry.noun === 'principle' && target.noun === 'category' && isSymmetric(type)) {
      relationsOf(entry).fields.category = target.ref
      return true
    }
    if (target.noun !== 'skill') return false
    if (entry.noun === 'project') return isSymmetric(type) && append(entry, 'skills', target.ref)
    if (!isSkill) return false
    if (type === 'replacedBy') {
      relationsOf(entry).fields.replacedBy = target.ref
      return true
    }
    const field = skillFields[type]
    return field !== undefined && append(entry, field === 'sameAs' && 'entry' in other ? 'related' : field, target.ref)
  }

  for (const association of associations) {
    const { associationType: type, originNodeURI, destinationNodeURI, place } = association
    if (type === 'isChildOf') continue
    const ends = [endOf(originNodeURI), endOf(destinationNodeURI)] as const
    const [from, to] = type === 'precedes' ? (ends.toReversed() as [End, End]) : ends
    const isForward = 'entry' in from && refer(type, from.entry, to, place)
    const isBackward = (isSymmetric(type) || 'link' in from) && 'entry' in to && refer(type, to.entry, from, place)
    if (!isForward && !isBackward) collector.unplaced(place, explain(association))
  }
  for (const rubric of rubrics) readRubric(rubric, entries, relationsOf, collector)
  return relations
}

const isSymmetric = (type: string): boolean => type === 'isRelatedTo' || type === 'isPeerOf'

/** The fields of skills by the type of association. */
const skillFields: Readonly<Record<string, string>> = {
  precedes: 'prerequisites',
  isRelatedTo: 'related',
  isPeerOf: 'related',
  exemplar: 'related',
  exactMatchOf: 'sameAs',
}

const explain = ({ associationType, originNodeURI, destinationNodeURI }: CaseAssociation): string =>
  `"${nameOf(originNodeURI)}" ${associationType} "${nameOf(destinationNodeURI)}"`

const nameOf = ({ title, identifier }: CaseLink): string => (title ?? identifier).slice(0, 80)

/** Returns an alignment with an item elsewhere; undefined without a URL. CASE does not name the framework, so its host stands for it. */
const toAlignment = ({ title, uri, targetType }: CaseLink): Draft<'skill'>['alignments'][number] | undefined => {
  const url = Url.safeParse(uri).data
  if (url === undefined) return undefined
  const type = targetType === undefined || targetType === 'CASE' ? 'CFItem' : targetType
  return {
    framework: new URL(url).host,
    code: null,
    title: Title.safeParse(title).data ?? null,
    url,
    type: type === 'ext:alignment' ? null : (AlignmentTarget.safeParse(type).data ?? null),
  }
}

/** Creates a function that returns the ref of a resource, and adds the resource if the track does not have its URL. */
const createResourceReader = (existing: Document | undefined, collector: ItemCollector) => {
  const refs = new Map(
    existing?.resources.flatMap(({ slug, url }): [string, string][] =>
      url === null
        ? []
        : [
            [url, slug],
            [new URL(url).href, slug],
          ],
    ),
  )
  return ({ title, uri, identifier, targetType }: CaseLink, place: Place): string | undefined => {
    const url = Url.safeParse(uri).data
    if (url === undefined) return undefined
    const ref = refs.get(url)
    if (ref !== undefined) return ref
    refs.set(url, url)
    // A resource of this service that has no URL is linked at its own address.
    const [, key] = targetType === 'ext:resource' ? (/\/v1\/resources\/([a-z0-9.-]+)$/.exec(url) ?? []) : []
    collector.add({
      noun: 'resource',
      ref: url,
      place,
      ...(key !== undefined && { slug: slugOf(key) }),
      fields: { title: Title.safeParse(title).data ?? identifier, url: key === undefined ? url : null },
      defaults: { kind: key === undefined ? 'site' : 'book' },
    })
    return url
  }
}

/** Reads the acceptance criteria of a project. */
const readRubric = (
  { title = 'without a title', CFRubricCriteria: criteria, place }: CaseRubric,
  entries: CaseFramework['entries'],
  relationsOf: (entry: CaseEntry) => ItemRelations,
  collector: ItemCollector,
): void => {
  const projects = new Set(
    criteria.map(({ CFItemURI }) => CFItemURI && entries.get(CFItemURI.identifier.toLowerCase())),
  )
  const [project] = projects
  if (projects.size !== 1 || project?.noun !== 'project') {
    collector.unplaced(place, `the rubric "${title}": only projects have criteria`)
    return
  }
  relationsOf(project).fields.acceptance = criteria
    .toSorted((one, other) => positionOf(one) - positionOf(other))
    .flatMap(({ description }) => description ?? [])
}

const positionOf = ({ position = 0 }: CaseRubric['CFRubricCriteria'][number]): number => position
