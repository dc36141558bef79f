import type { TrackDocument } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import { qualifiedKeyOf } from '../model/keys.ts'
import { codeAndTitle } from '../model/skill.ts'
import type { Markup } from '../text/html.ts'
import { replaceUnsupported } from '../text/unicode.ts'
import type { OptionValues } from './format.ts'
import { markup, plainTitle, replaceBrackets, truncate } from './markup.ts'
import { createSkillHtml, paragraph } from './noun-html.ts'
import { allSlugs, type Cell, categoryId, groupByCategory, type Slugged, skillId, tierTitles } from './tree.ts'

/** A track as a competency framework, for the CSV file and for the sync. */
export interface MoodleFramework {
  idNumber: string
  shortName: string
  /** HTML. */
  description: string
  /** The names of the levels, joined by commas. */
  taxonomies: string
}

export interface MoodleCompetency {
  idNumber: string
  /** The ID number of the parent; empty at the top. */
  parent: string
  shortName: string
  /** HTML. */
  description: string
  /** The ID numbers of the prerequisites in the framework. */
  related: string[]
  /** Former ID numbers, from earlier slugs of the noun or the track. */
  formerly: string[]
}

export const buildFramework = (
  { track, categories }: TrackDocument,
  { by, idnumber }: OptionValues,
): MoodleFramework => ({
  idNumber: idnumber ?? track.slug,
  shortName: shortName(track.title),
  description: cleanedHtml(markup`${paragraph(track.summary)}${paragraph(track.introduction)}`),
  // Below nested categories, a level has competencies of every kind: Moodle calls them competencies.
  taxonomies: categories.some(({ parent }) => parent !== null)
    ? 'domain'
    : by === 'category'
      ? 'domain,skill'
      : 'domain,level,skill',
})

/** Yields each competency after its parent, in the order of the framework. */
export const buildCompetencies = function* (
  document: TrackDocument,
  selection: TrackDocument,
  { by }: OptionValues,
): Iterable<MoodleCompetency> {
  const groupsByTier = by !== 'category'
  const build = createCompetencyBuilders(document, selection)
  for (const { category, cells } of groupByCategory(selection)) {
    yield build.category(category)
    for (const cell of cells) {
      if (groupsByTier) yield build.cell(cell)
      for (const skill of cell.skills) yield build.skill(skill, groupsByTier ? cell.id : categoryId(category))
    }
  }
}

const createCompetencyBuilders = (document: TrackDocument, selection: TrackDocument) => {
  const [html, tierTitle] = [createSkillHtml(document), tierTitles(document)]
  const goals = new Map(document.track.tiers.map(({ tier, goal }) => [tier, goal]))
  const selectedKeys = new Set(selection.skills.map(({ key }) => key))
  const formerIds = createFormerIds(document.track)
  return {
    category: (category: Item<'category'>): MoodleCompetency => ({
      idNumber: categoryId(category),
      parent: category.parent === null ? '' : categoryId({ key: category.parent }),
      shortName: shortName(category.title),
      description: cleanedHtml(markup`${paragraph(category.summary)}`),
      related: [],
      formerly: formerIds('category', category),
    }),
    cell: ({ id, category, tier }: Cell): MoodleCompetency => ({
      idNumber: id,
      parent: categoryId(category),
      shortName: groupName(category.title, tierTitle(tier)),
      description: cleanedHtml(markup`${paragraph(goals.get(tier) ?? null)}`),
      related: [],
      formerly: formerIds('category', category).map(former => `${former}.${tier}`),
    }),
    skill: (skill: Item<'skill'>, parent: string): MoodleCompetency => ({
      idNumber: skillId(skill),
      parent,
      shortName: shortName(codeAndTitle(skill)),
      description: cleanedHtml(html.description(skill)),
      related: skill.prerequisites.filter(key => selectedKeys.has(key)).map(key => skillId({ key })),
      formerly: formerIds('skill', skill),
    }),
  }
}

/** Combines every slug of the noun with every slug of the track, without the current pair. */
const createFormerIds =
  (track: Slugged) =>
  (noun: 'category' | 'skill', { slug, formerly }: Slugged): string[] =>
    allSlugs(track)
      .flatMap(of => allSlugs({ slug, formerly }).map(one => qualifiedKeyOf(noun, `${of}.${one}`)))
      .slice(1)

/**
 * Returns HTML that Moodle's cleaner (HTML Purifier) leaves unchanged, because its web services reject any other. The
 * cleaner removes the URL of a link whose host is no DNS name, and changes user names and port 0: such a URL becomes text.
 */
const cleanedHtml = ({ text }: Markup): string =>
  text.replace(/<a href="([^"]*)">(.*?)<\/a>/gs, (link, address: string, label: string) =>
    acceptedUrl.test(address) ? link : `${label}: <code>${address.replaceAll('&quot;', '"')}</code>`,
  )

const acceptedUrl = /^https?:\/\/(\[[\da-f:]+\]|[a-z\d]+(-+[a-z\d]+)*(\.[a-z\d]+(-+[a-z\d]+)*)*\.?)(:[1-9]\d*)?\//

const maxLength = 100

const shortName = (title: string): string => truncate(safeTitle(title), maxLength)

/** Joins both titles so that neither is cut off completely. */
const groupName = (category: string, tier: string): string => {
  const name = `${safeTitle(category)}: ${safeTitle(tier)}`
  return [...name].length <= maxLength ? name : `${truncate(safeTitle(category), 58)}: ${truncate(safeTitle(tier), 40)}`
}

/**
 * Returns a title as a short name. Moodle removes what looks like a tag, so angle brackets are replaced; a backslash before
 * a quote or at the end breaks the file, so it is replaced too.
 */
const safeTitle = (title: string): string =>
  replaceBrackets(plainTitle(replaceUnsupported(title))).replace(/\\(?="|$)/g, '∖')
