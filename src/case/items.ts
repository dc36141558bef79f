import type { Answer } from '../model/curriculum.ts'
import { qualifiedKeyOf, slugOf } from '../model/keys.ts'
import type { Tier } from '../model/vocabulary.ts'
import { type Site, uriOf } from './addresses.ts'
import type { Item } from './nodes.ts'
import type { PackageItem } from './objects.ts'
import { conceptLink, itemTypeLink, line } from './vocabulary.ts'

type Own = Pick<PackageItem, 'conceptKeywords' | 'conceptKeywordsURI' | 'notes' | 'educationLevel'> & {
  fullStatement: string
}

/** An item as it stands in a package. All in it is its own, so that it changes only when `changedAt` does. */
export const itemAnswer = (site: Site, item: Item): PackageItem => {
  const { id, noun, key, title, changedAt } = item
  const { fullStatement, conceptKeywords, conceptKeywordsURI, notes, educationLevel } = ownOf(site, item)
  const type = itemTypeLink(site, noun)
  return {
    identifier: id,
    fullStatement,
    CFItemType: type.title,
    uri: uriOf(site, 'CFItems', id),
    humanCodingScheme: slugOf(key),
    abbreviatedStatement: line(title),
    ...given({ conceptKeywords, conceptKeywordsURI, notes, educationLevel }),
    CFItemTypeURI: type,
    ...('removed' in item ? { statusEndDate: changedAt.slice(0, 10) } : {}),
    lastChangeDateTime: changedAt,
    extensions: {
      key: qualifiedKeyOf(noun, key),
      ...('answer' in item && 'optional' in item.answer && item.answer.optional ? { optional: true as const } : {}),
    },
  }
}

/** Only what there is: the standard leaves out what is not known. */
export const given = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  ) as { [K in keyof T]?: Exclude<T[K], undefined> } // fromEntries forgets the names

const ownOf = (site: Site, item: Item): Own => {
  if ('removed' in item) return { fullStatement: item.title }
  const { answer } = item
  if ('prerequisites' in answer) return ofSkill(site, answer)
  if ('statements' in answer) return ofPrinciple(answer)
  if ('milestones' in answer) return ofProject(answer)
  return { fullStatement: answer.summary ?? answer.title }
}

const ofSkill = (site: Site, skill: Answer<'skill'>): Own => ({
  fullStatement: skill.summary ?? skill.title,
  conceptKeywords: keywords(skill.tier, skill.examples),
  conceptKeywordsURI: conceptLink(site, skill.kind),
  notes: sections(list('Outcomes', skill.outcomes), skill.notes),
  educationLevel: [skill.tier],
})

const ofPrinciple = ({ title, statements, risk, remedy, tier }: Answer<'principle'>): Own => ({
  fullStatement: statements.length === 0 ? title : statements.join(' '),
  conceptKeywords: keywords(tier, []),
  notes: sections(risk && `Risk: ${risk}`, remedy && `Remedy: ${remedy}`),
  educationLevel: tier === null ? [] : [tier],
})

const ofProject = ({ title, summary, stack, features, milestones, phases, tier }: Answer<'project'>): Own => ({
  fullStatement: summary ?? title,
  conceptKeywords: keywords(tier, stack),
  notes: sections(
    list('Features', features),
    list('Milestones', milestones),
    ...phases.map(phase => list(phase.title, phase.parts)),
  ),
  educationLevel: tier === null ? [] : [tier],
})

/**
 * The tier first, then terms. Readers that know education levels by the codes of the school system alone, such as OpenSALT, turn
 * a tier in `educationLevel` into "other"; keywords they take as they are.
 */
const keywords = (tier: Tier | null, terms: readonly string[]): string[] => [
  ...new Set([...(tier === null ? [] : [tier]), ...terms.map(line)]),
]

const list = (heading: string, entries: readonly string[]): string | null =>
  entries.length === 0 ? null : [`${heading}:`, ...entries.map(entry => `- ${entry}`)].join('\n')

const sections = (...parts: (string | null)[]): string | undefined => {
  const text = parts.filter(part => part !== null).join('\n\n')
  return text === '' ? undefined : text
}
