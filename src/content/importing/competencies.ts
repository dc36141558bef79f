import type { Item } from '../../model/curriculum.ts'
import type { Document, Draft } from '../../model/document.ts'
import { slugOf } from '../../model/keys.ts'
import { ResourceKind } from '../../model/resource.ts'
import type { Tier } from '../../model/vocabulary.ts'
import { slugFrom } from '../slug-from-title.ts'
import { arrangeFramework, type FrameworkNode, type PlacedNode } from './framework-tree.ts'
import { parseHtml, toPlainText } from './html-blocks.ts'
import type { ImportedFields, ItemCollector, Place } from './imported-track.ts'
import { nameFinder } from './match-items.ts'
import {
  type OwnDescription,
  parseOwnDescription,
  type SplitText,
  splitHtml,
  splitText,
} from './outcome-description.ts'
import { type OwnId, parseOwnId } from './own-items.ts'
import { tierOfTitle } from './tier-words.ts'

/** A row of a platform's file: a competency of Moodle, or an outcome or group of Canvas. */
export interface Competency {
  id: string
  title: string
  description: string
  format: 'html' | 'text'
  parents: readonly string[]
  isCategory: boolean | undefined
  /** The ids of related competencies. */
  related: readonly string[]
  place: Place
}

/** The cells that the export of this service writes for an item. */
export type WrittenCells = Pick<Competency, 'title' | 'description'>

export interface CompetencyOptions {
  collector: ItemCollector
  existing: Document | undefined
  /** The tier of new skills without one. */
  tier: Tier
  /** The title of the category for skills that are in none. */
  fallback: string
  /** The cells of the track's items as the export writes them now, by id. */
  written: ReadonlyMap<string, WrittenCells>
}

type Node = FrameworkNode & { competency: Competency; own: OwnId | undefined; tier: Tier | undefined }

/**
 * Adds the categories and skills of a platform's file, and the resources in them. Returns the tiers that the file names.
 * A cell that is equal to that of the export leaves its field as it is.
 */
export const addCompetencies = (
  competencies: readonly Competency[],
  options: CompetencyOptions,
): NonNullable<ImportedFields<'track'>['tiers']> => {
  const { collector, existing } = options
  const groups = tierGroupsOf(competencies)
  const nodes = competencies
    .filter(({ id }) => !groups.has(id))
    .map((competency): Node => {
      const { id, title, place, parents, isCategory } = competency
      const own = parseOwnId(id)
      return {
        id,
        title,
        place,
        parents: parents.map(parent => groups.get(parent)?.category ?? parent),
        isCategory: own === undefined ? isCategory : own.noun === 'category',
        competency,
        own,
        tier: parents.map(parent => groups.get(parent)?.tier).find(tier => tier !== undefined),
      }
    })
  const placed = arrangeFramework(nodes, collector)
  const titles = new Map<Tier, string>()
  for (const { tier, title, competency } of groups.values()) titles.set(tier, titles.get(tier) ?? title(competency))
  const add = createSkillReader(placed, options, titles, existing)
  for (const one of placed)
    if (one.isCategory) addCategory(one, options)
    else add(one)
  return [...titles].map(([tier, title]) => ({ tier, title, theme: null, goal: null, duration: null }))
}

interface TierGroup {
  tier: Tier
  category: string
  competency: Competency
  title(competency: Competency): string
}

/** Finds the groups that exports write for each tier of a category. */
const tierGroupsOf = (competencies: readonly Competency[]): ReadonlyMap<string, TierGroup> => {
  const titles = new Map(competencies.map(({ id, title }) => [id, title]))
  return new Map(
    competencies.flatMap((competency): [string, TierGroup][] => {
      const tier = parseOwnId(competency.id)?.tier as Tier | undefined // the pattern has no other words
      if (tier === undefined) return []
      const category = competency.id.slice(0, -tier.length - 1)
      const prefix = `${titles.get(category)}: `
      const title = ({ title }: Competency) => (title.startsWith(prefix) ? title.slice(prefix.length) : title)
      return [[competency.id, { tier, category, competency, title }]]
    }),
  )
}

const addCategory = ({ node, above }: PlacedNode<Node>, { collector, written }: CompetencyOptions): void => {
  const { id, place, competency, own } = node
  const cells = written.get(id)
  const { text, dropped } = categoryText(competency)
  const tooLong = text.length > 4_000
  if (tooLong) collector.unplaced(place, `the description of "${node.title}" has more than 4000 characters`)
  reportDropped(dropped, node, collector)
  collector.add({
    noun: 'category',
    ref: id,
    place,
    ...identityOf(node),
    fields: {
      ...externalIdOf(node),
      ...(cells?.title !== competency.title && { title: own ? withoutReplacements(node.title) : node.title }),
      ...(cells?.description !== competency.description && text !== '' && !tooLong && { summary: text }),
      parent: above.at(-1)?.id ?? null,
    },
  })
}

const categoryText = ({ description, format }: Competency): { text: string; dropped: string[] } => {
  if (format === 'text') return { text: description.trim(), dropped: [] }
  const { blocks, dropped } = parseHtml(description)
  return { text: toPlainText(blocks), dropped }
}

const identityOf = ({ own }: Node): { slug?: string } => (own === undefined ? {} : { slug: slugOf(own.key) })

const externalIdOf = ({ id, own }: Node): { externalId?: string } => (own === undefined ? { externalId: id } : {})

const reportDropped = (dropped: readonly string[], { title, place }: Node, collector: ItemCollector): void => {
  if (dropped.length > 0)
    collector.unplaced(place, `the description of "${title}" contains ${dropped.map(name => `<${name}>`).join(', ')}`)
}

/** Returns a title with the characters that the export for Moodle replaces. */
const withoutReplacements = (title: string): string =>
  title.replaceAll('‹', '<').replaceAll('›', '>').replaceAll('∖', '\\')

const createSkillReader = (
  placed: readonly PlacedNode<Node>[],
  { collector, written, tier: fallbackTier, fallback }: CompetencyOptions,
  titles: Map<Tier, string>,
  existing: Document | undefined,
): ((placed: PlacedNode<Node>) => void) => {
  const find = existing === undefined ? () => undefined : nameFinder(existing)
  const skills = placed.filter(({ isCategory }) => !isCategory).map(({ node }) => node)
  const draftOf = ({ own }: Node) => own && (find('skill', slugOf(own.key)) as Draft<'skill'> | undefined) // found by its noun
  const byTitle = Map.groupBy(skills, node => plain(titleFields(node, draftOf(node)).title))
  const tiersByTitle = new Map(existing?.track.tiers.map(({ tier, title }) => [title, tier]))
  const addResource = createResourceAdder(collector, existing)

  /** Returns the ref of the skill that a description names by its title. */
  const refOfTitle = (title: string, { related }: Competency): string => {
    const those = byTitle.get(plain(title)) ?? []
    return (those.find(({ id }) => related.includes(id)) ?? those[0])?.id ?? title
  }

  return ({ node, above, ancestors }) => {
    const { id, place, competency, own } = node
    const cells = written.get(id)
    const draft = draftOf(node)
    const known = own === undefined ? undefined : parseOwnDescription(competency.description)
    const tier = node.tier ?? (known && tierOf(known, tiersByTitle)) ?? tierOfAncestors(ancestors)
    if (tier !== undefined && known !== undefined && !titles.has(tier)) titles.set(tier, known.tierTitle)
    const isWritten = cells?.description === competency.description
    const texts = isWritten || known !== undefined ? { dropped: [] } : textsOf(competency)
    reportDropped(texts.dropped, node, collector)
    const skillTier = isWritten && node.tier === undefined ? undefined : tier
    collector.add({
      noun: 'skill',
      ref: id,
      place,
      ...identityOf(node),
      fields: {
        ...externalIdOf(node),
        ...(cells?.title !== competency.title && titleFields(node, draft)),
        category: above.at(-1)?.id ?? collector.category([fallback], place),
        ...(skillTier !== undefined && { tier: skillTier }),
        ...(!isWritten && known !== undefined && ownFields(known)),
        ...(texts.summary !== undefined && { summary: texts.summary }),
        ...(texts.notes !== undefined && { notes: texts.notes }),
      },
      defaults: { tier: tier ?? fallbackTier },
      additions: isWritten
        ? {}
        : known === undefined
          ? { related: competency.related.filter(one => one !== id) }
          : {
              prerequisites: known.prerequisites.map(title => refOfTitle(title, competency)),
              related: known.related.map(title => refOfTitle(title, competency)),
              resources: known.resources.map(one => addResource(one, place)),
              alignments: newAlignments(known, draft),
            },
    })
  }
}

const plain = (title: string): string => title.replaceAll('`', '').replaceAll(/\s+/g, ' ')

const textsOf = ({ description, format }: Competency): SplitText =>
  format === 'html' ? splitHtml(description) : splitText(description)

const tierOf = ({ tierTitle }: OwnDescription, known: ReadonlyMap<string, Tier>): Tier | undefined =>
  known.get(tierTitle) ?? tierOfTitle(tierTitle)?.tier

/** Returns the tier that the title of the nearest ancestor with one names, such as "Level 2". */
export const tierOfAncestors = (ancestors: readonly { title: string }[]): Tier | undefined =>
  ancestors.map(({ title }) => tierOfTitle(title)?.tier).findLast(tier => tier !== undefined)

/** Separates the code, which exports write before the title. The slug tells whether the first word is one: it was made from the title. */
const titleFields = ({ title, own }: Node, draft: Draft<'skill'> | undefined): { title: string; code?: string } => {
  if (own === undefined) return { title }
  const text = withoutReplacements(title)
  const code = draft?.code ?? undefined
  if (code !== undefined && text.startsWith(`${code} `)) return { title: text.slice(code.length + 1) }
  const [, first = '', rest = ''] = /^(\S{1,50}) (.+)$/s.exec(text) ?? []
  const slug = slugOf(own.key)
  return draft === undefined && rest !== '' && slugFrom(text) !== slug && slugFrom(rest) === slug
    ? { title: rest, code: first }
    : { title: text }
}

const ownFields = ({ summary, kind, optional, duration, outcomes }: OwnDescription) => ({
  summary,
  kind,
  optional,
  duration,
  outcomes,
})

/** Returns the alignments that the skill does not have yet. */
const newAlignments = (
  { alignments }: OwnDescription,
  draft: Draft<'skill'> | undefined,
): Item<'skill'>['alignments'] =>
  alignments
    .map(({ framework, label, url }) => {
      const [, code = null, title = label] = /^(\S*\d\S*)(?: (.+))?$/s.exec(label) ?? []
      return { framework, code, title: code !== null && title === label ? null : title, url, type: null }
    })
    .filter(
      one =>
        !draft?.alignments.some(
          ({ url, framework, code, title }) =>
            (url !== null && url === one.url) ||
            (framework === one.framework && (code ?? title) === (one.code ?? one.title)),
        ),
    )

/** Creates a function that returns the ref of a resource, and adds it if the track does not have its URL or title. */
const createResourceAdder = (collector: ItemCollector, existing: Document | undefined) => {
  const known = new Map(
    existing?.resources.flatMap(({ slug, title, url }) =>
      (url === null ? [title] : [url, new URL(url).href]).map((name): [string, string] => [name, slug]),
    ),
  )
  return ({ title, kind, url }: OwnDescription['resources'][number], place: Place): string => {
    const ref = url ?? title
    const slug = known.get(ref)
    if (slug !== undefined) return slug
    known.set(ref, ref)
    collector.add({
      noun: 'resource',
      ref,
      place,
      fields: { title, url },
      defaults: { kind: ResourceKind.safeParse(kind).data ?? 'site' },
    })
    return ref
  }
}
