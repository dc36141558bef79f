import type { PackageItem } from '../../case/objects.ts'
import type { Draft } from '../../model/document.ts'
import { Code } from '../../model/text.ts'
import type { Tier } from '../../model/vocabulary.ts'
import type { CaseEntry, CaseFramework, CaseOptions } from './case-framework.ts'
import type { CaseItem } from './case-package.ts'
import type { Relations } from './case-relations.ts'
import { maxTitle, oneLine, plainText, statementOf, titleOf } from './case-texts.ts'
import { tierOfAncestors } from './competencies.ts'
import { parseHtml, toMarkdown } from './html-blocks.ts'
import type { ImportedFields, ItemCollector } from './imported-track.ts'
import { isHtml } from './outcome-description.ts'
import { tierOfColumn, tierOfTitle } from './tier-words.ts'

/** Adds the items of a framework. A value that is equal to the one that CASE serves now leaves its field as it is. */
export const addItems = (
  { placed, title, written }: CaseFramework,
  relations: Relations,
  { tier: defaultTier, prune }: CaseOptions,
  collector: ItemCollector,
): void => {
  for (const { node, above, ancestors } of placed) {
    const { id, item, noun, own, draft, place } = node
    const served = draft && written.get(`${noun} ${draft.slug}`)
    const tier = tierOf(item) ?? tierOfAncestors(ancestors)
    const { lists = {}, fields: references = {} } = relations.get(id) ?? {}
    const identity = { ref: id, place, ...(own && { slug: own.slug }) }
    const common = {
      ...(own?.hasOwnId !== true && { externalId: item.identifier }),
      ...(!isServed(item, served, 'abbreviatedStatement') && { title: titleOf(item) }),
      ...references,
    }
    const tierField = tier === undefined ? {} : { tier }
    if (noun === 'category')
      collector.add({
        noun,
        ...identity,
        fields: { ...common, ...categoryFields(item, served), parent: above.at(-1)?.id ?? null },
      })
    else if (noun === 'skill') {
      const { prerequisites = [], related = [], ...additions } = lists as { [name: string]: string[] } // refs, but for alignments
      collector.add({
        noun,
        ...identity,
        fields: {
          ...common,
          ...skillFields(item, served, node),
          ...tierField,
          category: above.at(-1)?.id ?? collector.category([title], place),
          ...(prune && { prerequisites, related }),
        },
        defaults: { tier: defaultTier },
        additions: prune ? additions : { prerequisites, related, ...additions },
      })
    } else if (noun === 'principle')
      collector.add({
        noun,
        ...identity,
        fields: { ...common, ...principleFields(item, served), ...tierField },
        defaults: { kind: item.notes?.startsWith(riskLabel) ? 'pitfall' : 'rule' },
      })
    else
      collector.add({
        noun,
        ...identity,
        fields: { ...common, ...projectFields(item, served, node), ...tierField },
        additions: lists,
      })
    reportUnplaced(node, tier, collector)
  }
}

/** Returns true if CASE serves this value for the item of the track; 1.0, which has no extensions, has one line where 1.1 has several. */
const isServed = (
  item: CaseItem,
  served: PackageItem | undefined,
  name: keyof PackageItem & keyof CaseItem,
): boolean => {
  if (served === undefined) return false
  const [one, other] = [item[name], served[name]]
  if (typeof one === 'string' && typeof other === 'string' && item.extensions === undefined)
    return oneLine(one) === oneLine(other)
  return JSON.stringify(one) === JSON.stringify(other)
}

const categoryFields = (item: CaseItem, served: PackageItem | undefined): ImportedFields<'category'> => {
  const summary = [statementOf(item), item.notes && plainText(item.notes)].filter(Boolean).join('\n\n')
  return {
    ...(summary !== '' && !isServed(item, served, 'fullStatement') && { summary }),
    ...(item.extensions?.key !== undefined && { optional: item.extensions.optional === true }),
  }
}

const maxText = 4_000

const skillFields = (item: CaseItem, served: PackageItem | undefined, { own }: CaseEntry): ImportedFields<'skill'> => {
  const statement = statementOf(item)
  const isLong = statement !== undefined && statement.length > maxText
  const { outcomes, rest } = splitOutcomes(item.notes ?? '')
  const notes = [isLong ? statement : '', isHtml(rest) && own === undefined ? toMarkdown(parseHtml(rest).blocks) : rest]
    .filter(Boolean)
    .join('\n\n')
  const examples = keywordsOf(item)
  const kind = kindOf(item)
  const code = codeOf(item, own?.slug)
  return {
    ...(statement !== undefined && !isLong && !isServed(item, served, 'fullStatement') && { summary: statement }),
    ...(!isServed(item, served, 'notes') && {
      ...(notes !== '' && { notes }),
      ...(outcomes.length > 0 && { outcomes }),
    }),
    ...(examples.length > 0 && !isServed(item, served, 'conceptKeywords') && { examples }),
    ...(kind !== undefined && { kind }),
    ...(code !== undefined && { code }),
    ...(item.extensions?.key !== undefined && { optional: item.extensions.optional === true }),
  }
}

/** Separates the outcomes, which notes begin with as CASE serves them. */
const splitOutcomes = (notes: string): { outcomes: string[]; rest: string } => {
  if (!notes.startsWith('Outcomes:\n- ')) return { outcomes: [], rest: notes }
  const end = notes.indexOf('\n\n')
  const list = end === -1 ? notes : notes.slice(0, end)
  return { outcomes: entriesOf(list), rest: end === -1 ? '' : notes.slice(end).trim() }
}

/** Returns the entries of a list whose lines begin with `- `; the text before it is left out. */
const entriesOf = (list: string): string[] =>
  list
    .split(/^- /m)
    .slice(1)
    .map(entry => entry.trim())

/** Returns the keywords after the tier. */
const keywordsOf = ({ conceptKeywords }: CaseItem): string[] => [
  ...new Set(
    conceptKeywords
      .filter((word, index) => index > 0 || tierOfTitle(word) === undefined)
      .map(word => oneLine(plainText(word)))
      .filter(word => word !== '' && word.length <= maxTitle),
  ),
]

const kindOf = ({ conceptKeywordsURI }: CaseItem): Draft<'skill'>['kind'] | undefined => {
  const title = conceptKeywordsURI?.title?.toLowerCase()
  return title === 'practical' || title === 'theoretical' ? title : undefined
}

const codeOf = ({ humanCodingScheme }: CaseItem, slug: string | undefined): string | undefined => {
  const code = Code.safeParse(humanCodingScheme).data
  return code === slug ? undefined : code
}

const tierOf = ({ educationLevel, conceptKeywords: [keyword = ''], CFItemType = '' }: CaseItem): Tier | undefined =>
  [...educationLevel, keyword, CFItemType].map(word => tierOfColumn(word)?.tier).find(tier => tier !== undefined)

const riskLabel = 'Risk: '

const principleFields = (item: CaseItem, served: PackageItem | undefined): ImportedFields<'principle'> => {
  const { notes = '' } = item
  const sections = /^(?:Risk: (.*?))?(?:(?:^|\n\n)Remedy: (.*))?$/s.exec(notes)
  const [, risk, remedy] = sections ?? []
  const statements = [statementOf(item), sections === null ? plainText(notes) : undefined].filter(
    one => one !== undefined,
  )
  const isChanged = !isServed(item, served, 'fullStatement') || !isServed(item, served, 'notes')
  return {
    ...(statements.length > 0 && isChanged && { statements }),
    ...(risk !== undefined && { risk }),
    ...(remedy !== undefined && { remedy }),
  }
}

const projectFields = (
  item: CaseItem,
  served: PackageItem | undefined,
  { own, draft }: CaseEntry,
): ImportedFields<'project'> => {
  const summary = statementOf(item)
  const stack = keywordsOf(item)
  const code = codeOf(item, own?.slug)
  return {
    ...(summary !== undefined && !isServed(item, served, 'fullStatement') && { summary }),
    ...(stack.length > 0 && !isServed(item, served, 'conceptKeywords') && { stack }),
    ...(item.notes !== undefined &&
      !isServed(item, served, 'notes') &&
      sectionsOf(item.notes, draft as Draft<'project'> | undefined)), // found by its noun
    ...(code !== undefined && { code }),
  }
}

/** Reads the lists in the notes of a project as CASE serves them; other notes are its brief. */
const sectionsOf = (notes: string, draft: Draft<'project'> | undefined): ImportedFields<'project'> => {
  const sections = notes.split(/\n\n(?=.+:\n- )/)
  const lists = sections.flatMap(section =>
    [...section.matchAll(/^(.+):\n(- .*)$/gs)].map(
      ([, heading = '', list = '']) => [heading, entriesOf(list)] as const,
    ),
  )
  if (lists.length < sections.length) return { brief: isHtml(notes) ? toMarkdown(parseHtml(notes).blocks) : notes }
  const phases = lists.filter(([heading]) => heading !== 'Features' && heading !== 'Milestones')
  const list = (name: string) => lists.find(([heading]) => heading === name)?.[1] ?? []
  return {
    features: list('Features'),
    milestones: list('Milestones'),
    phases: phases.map(([title, parts]) => ({
      tier: draft?.phases.find(phase => phase.title === title)?.tier ?? null,
      title,
      parts,
    })),
  }
}

/** The fields of an item that are imported, or say nothing that a learner could miss. */
const placedFields = new Set([
  'identifier',
  'uri',
  'fullStatement',
  'abbreviatedStatement',
  'CFItemType',
  'CFItemTypeURI',
  'CFDocumentURI',
  'conceptKeywords',
  'conceptKeywordsURI',
  'educationLevel',
  'extensions',
  'humanCodingScheme',
  'language',
  'lastChangeDateTime',
  'licenseURI',
  'notes',
  'place',
  'statusStartDate',
  'subject',
  'subjectURI',
])

/** Reports the fields of an item for which a track has no place. */
const reportUnplaced = (
  { item, noun, own, title, place }: CaseEntry,
  tier: Tier | undefined,
  collector: ItemCollector,
): void => {
  const names = Object.keys(item).filter(name => !placedFields.has(name) && item[name] !== undefined)
  if (own === undefined && tier === undefined && item.educationLevel.length > 0 && noun !== 'category')
    names.push(`educationLevel ${item.educationLevel.join(', ')}`)
  if (own === undefined && item.humanCodingScheme !== undefined && codeOf(item, undefined) === undefined)
    names.push('humanCodingScheme')
  if (own === undefined && item.humanCodingScheme !== undefined && (noun === 'category' || noun === 'principle'))
    names.push(`humanCodingScheme ${item.humanCodingScheme}`)
  names.push(
    ...item.conceptKeywords
      .filter(word => word.length > maxTitle)
      .map(word => `a keyword of ${word.length} characters`),
  )
  if (own === undefined && noun !== 'skill' && noun !== 'project' && item.conceptKeywords.length > 0)
    names.push('conceptKeywords')
  const html = [item.fullStatement, item.notes ?? ''].flatMap(text => (isHtml(text) ? parseHtml(text).dropped : []))
  names.push(...new Set(html.map(name => `<${name}>`)))
  if (names.length > 0) collector.unplaced(place, `of "${title}": ${names.join(', ')}`)
}
