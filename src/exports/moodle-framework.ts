import type { TrackDocument } from '../catalog.ts'
import type { Answer } from '../model/curriculum.ts'
import { qualifiedKeyOf } from '../model/keys.ts'
import { angled, cut, type Markup, markup, nameOf, writable } from './markup.ts'
import type { Asked } from './options.ts'
import { tierTitles } from './select.ts'
import { paragraph, skillHtml } from './skill-html.ts'
import { branches, type Cell, categoryId, type Named, skillId, slugs } from './tree.ts'

/** A track as Moodle holds it, whichever way it gets there. */
export interface Framework {
  idNumber: string
  shortName: string
  /** HTML. */
  description: string
  /** What each level is called, joined by commas. */
  taxonomies: string
}

export interface Competency {
  idNumber: string
  /** The ID number of the one above; empty at the top. */
  parent: string
  shortName: string
  /** HTML. */
  description: string
  /** The ID numbers of what comes before it, where that is in the framework too. */
  related: string[]
  /** What it may have been called, from when it or its track had another slug. */
  formerly: string[]
}

export const frameworkOf = ({ track }: TrackDocument, { by, idnumber }: Asked): Framework => ({
  idNumber: idnumber ?? track.slug,
  shortName: shortName(track.title),
  description: described(markup`${paragraph(track.summary)}${paragraph(track.introduction)}`),
  taxonomies: by === 'category' ? 'domain,skill' : 'domain,level,skill',
})

/** Each after the one it stands below, and in the order in which they are to stand there. */
export const competenciesOf = function* (
  whole: TrackDocument,
  chosen: TrackDocument,
  { by }: Asked,
): Iterable<Competency> {
  const tiered = by !== 'category'
  const competency = competencyIn(whole, chosen)
  for (const { category, cells } of branches(chosen)) {
    yield competency.category(category)
    for (const cell of cells) {
      if (tiered) yield competency.cell(cell)
      for (const skill of cell.skills) yield competency.skill(skill, tiered ? cell.id : categoryId(category))
    }
  }
}

const competencyIn = (whole: TrackDocument, chosen: TrackDocument) => {
  const [html, tierTitle] = [skillHtml(whole), tierTitles(whole)]
  const goals = new Map(whole.track.tiers.map(({ tier, goal }) => [tier, goal]))
  const inside = new Set(chosen.skills.map(({ key }) => key))
  const earlier = earlierIds(whole.track)
  return {
    category: (category: Answer<'category'>): Competency => ({
      idNumber: categoryId(category),
      parent: '',
      shortName: shortName(category.title),
      description: described(markup`${paragraph(category.summary)}`),
      related: [],
      formerly: earlier('category', category),
    }),
    cell: ({ id, category, tier }: Cell): Competency => ({
      idNumber: id,
      parent: categoryId(category),
      shortName: groupName(category.title, tierTitle(tier)),
      description: described(markup`${paragraph(goals.get(tier) ?? null)}`),
      related: [],
      formerly: earlier('category', category).map(former => `${former}.${tier}`),
    }),
    skill: (skill: Answer<'skill'>, parent: string): Competency => ({
      idNumber: skillId(skill),
      parent,
      shortName: shortName(skill.title),
      description: described(html.description(skill)),
      related: skill.prerequisites.filter(key => inside.has(key)).map(key => skillId({ key })),
      formerly: earlier('skill', skill),
    }),
  }
}

/** With each slug that it had, in each track that its track was called. */
const earlierIds =
  (track: Named) =>
  (noun: 'category' | 'skill', { slug, formerly }: Named): string[] =>
    slugs(track)
      .flatMap(of => slugs({ slug, formerly }).map(one => qualifiedKeyOf(noun, `${of}.${one}`)))
      .slice(1)

/**
 * HTML as Moodle's cleaner (HTML Purifier) leaves it, because its web services refuse any other. The cleaner takes the
 * address from a link whose host is no host name of the DNS, and changes user names and port 0: such an address is text.
 */
const described = ({ text }: Markup): string =>
  text.replace(/<a href="([^"]*)">(.*?)<\/a>/gs, (link, address: string, label: string) =>
    linkable.test(address) ? link : `${label}: <code>${address.replaceAll('&quot;', '"')}</code>`,
  )

const linkable = /^https?:\/\/(\[[\da-f:]+\]|[a-z\d]+(-+[a-z\d]+)*(\.[a-z\d]+(-+[a-z\d]+)*)*\.?)(:[1-9]\d*)?\//

const longest = 100

const shortName = (title: string): string => cut(readable(title), longest)

/** Both are told, however long one of them is. */
const groupName = (category: string, tier: string): string => {
  const name = `${readable(category)}: ${readable(tier)}`
  return [...name].length <= longest ? name : `${cut(readable(category), 58)}: ${cut(readable(tier), 40)}`
}

/**
 * A title as a short name, which is neither HTML nor left as it is: what looks like a tag is taken out, so that angle
 * brackets become others; and a backslash before a quote or at the end breaks the file, so that another stroke stands there.
 */
const readable = (title: string): string => angled(nameOf(writable(title))).replace(/\\(?="|$)/g, '∖')
