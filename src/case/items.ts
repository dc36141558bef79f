import type { Item } from '../model/curriculum.ts'
import { caseIdentifier } from '../model/identity.ts'
import { qualifiedKeyOf, slugOf } from '../model/keys.ts'
import type { Tier } from '../model/vocabulary.ts'
import type { Framework } from './framework.ts'
import type { CaseItem } from './nodes.ts'
import type { PackageItem, Rubric } from './objects.ts'
import { identify, type Site, uriOf } from './versions.ts'
import { conceptLink, itemTypeLink, linkTo, singleLine } from './vocabulary.ts'

type ItemTexts = Pick<PackageItem, 'conceptKeywords' | 'conceptKeywordsURI' | 'notes' | 'educationLevel'> & {
  fullStatement: string
}

/** Converts an item to its object in a package, from its own fields only: so it changes only when `changedAt` does. */
export const toItem = (site: Site, item: CaseItem): PackageItem => {
  const { identifier, noun, key, title, changedAt } = item
  const { fullStatement, conceptKeywords, conceptKeywordsURI, notes, educationLevel } = textsOf(site, item)
  const type = itemTypeLink(site, noun)
  return {
    identifier,
    fullStatement,
    CFItemType: type.title,
    uri: uriOf(site, 'CFItems', identifier),
    humanCodingScheme: codeOf(item) ?? slugOf(key),
    abbreviatedStatement: singleLine(title),
    ...omitEmpty({ conceptKeywords, conceptKeywordsURI, notes, educationLevel }),
    CFItemTypeURI: type,
    ...('removed' in item ? { statusEndDate: changedAt.slice(0, 10) } : {}),
    lastChangeDateTime: changedAt,
    extensions: {
      key: qualifiedKeyOf(noun, key),
      ...('current' in item && 'optional' in item.current && item.current.optional ? { optional: true as const } : {}),
    },
  }
}

/** Returns the code that an institution gave to a skill. The code of a project is a letter in a source document. */
const codeOf = (item: CaseItem): string | null =>
  'current' in item && 'prerequisites' in item.current ? item.current.code : null

/** Omits undefined fields and empty arrays: CASE has no null. */
export const omitEmpty = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  ) as { [K in keyof T]?: Exclude<T[K], undefined> } // fromEntries forgets the names

const textsOf = (site: Site, item: CaseItem): ItemTexts => {
  if ('removed' in item) return { fullStatement: item.title }
  const { current } = item
  if ('prerequisites' in current) return skillTexts(site, current)
  if ('statements' in current) return principleTexts(current)
  if ('milestones' in current) return projectTexts(current)
  return { fullStatement: current.summary ?? current.title }
}

const skillTexts = (site: Site, skill: Item<'skill'>): ItemTexts => ({
  fullStatement: skill.summary ?? skill.title,
  conceptKeywords: keywords(skill.tier, skill.examples),
  conceptKeywordsURI: conceptLink(site, skill.kind),
  notes: joinSections(listText('Outcomes', skill.outcomes), skill.notes),
  educationLevel: [skill.tier],
})

const principleTexts = ({ title, statements, risk, remedy, tier }: Item<'principle'>): ItemTexts => ({
  fullStatement: statements.length === 0 ? title : statements.join(' '),
  conceptKeywords: keywords(tier, []),
  notes: joinSections(risk && `Risk: ${risk}`, remedy && `Remedy: ${remedy}`),
  educationLevel: tier === null ? [] : [tier],
})

const projectTexts = ({ title, summary, stack, features, milestones, phases, tier }: Item<'project'>): ItemTexts => ({
  fullStatement: summary ?? title,
  conceptKeywords: keywords(tier, stack),
  notes: joinSections(
    listText('Features', features),
    listText('Milestones', milestones),
    ...phases.map(phase => listText(phase.title, phase.parts)),
  ),
  educationLevel: tier === null ? [] : [tier],
})

/**
 * Lists the tier, then terms. Clients that only know the school system's education levels, such as OpenSALT, read a tier in
 * `educationLevel` as "other", but keep keywords as they are.
 */
const keywords = (tier: Tier | null, terms: readonly string[]): string[] => [
  ...new Set([...(tier === null ? [] : [tier]), ...terms.map(singleLine)]),
]

const listText = (heading: string, entries: readonly string[]): string | null =>
  entries.length === 0 ? null : [`${heading}:`, ...entries.map(entry => `- ${entry}`)].join('\n')

const joinSections = (...parts: (string | null)[]): string | undefined => {
  const text = parts.filter(part => part !== null).join('\n\n')
  return text === '' ? undefined : text
}

/** The rubric of a project with acceptance criteria. */
interface ProjectRubric {
  id: string
  project: Item<'project'>
}

export const rubricsOf = ({ served }: Framework): ProjectRubric[] =>
  served.projects
    .filter(({ acceptance }) => acceptance.length > 0)
    .map(project => ({ id: identify(`${project.id} rubric`), project }))

/** Converts to the object of CASE. A criterion is identified by its position, and its URI is a fragment of its rubric's. */
export const toRubric = (site: Site, { id, project }: ProjectRubric): Rubric => {
  const uri = uriOf(site, 'CFRubrics', id)
  const lastChangeDateTime = project.updatedAt
  return {
    identifier: id,
    uri,
    title: singleLine(project.title),
    description: 'What can be measured when the project is done.',
    lastChangeDateTime,
    CFRubricCriteria: project.acceptance.map((description, index) => {
      const identifier = identify(`${project.id} rubric criterion ${index + 1}`)
      return {
        identifier,
        uri: `${uri}#${identifier}`,
        description,
        CFItemURI: linkTo(site, 'CFItems', caseIdentifier(project), project.title),
        position: index + 1,
        rubricId: id,
        lastChangeDateTime,
      }
    }),
  }
}
