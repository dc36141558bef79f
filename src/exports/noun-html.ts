import type { TrackDocument } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import type { Duration } from '../model/duration.ts'
import { formatDuration, formatSpan, formatWeekly } from '../model/duration-text.ts'
import { slugOf, trackOf } from '../model/keys.ts'
import { type Picture, picturePath, pictureUrl } from '../model/picture.ts'
import { alignmentLabel, sampleUrl, skillLinkResolver } from '../model/skill.ts'
import type { Markup, MarkupContent } from '../text/html.ts'
import { type ExportPlace, encodeUrl, inlineMarkup, markdown, markup } from './markup.ts'
import { tierTitles } from './tree.ts'

type Skill = Item<'skill'>

/** The HTML of a skill for platforms. */
export interface SkillHtml {
  /** Its summary, outcomes, prerequisites, related skills, resources and alignments. Platforms show its code in the title. */
  description(skill: Skill): Markup
  /** The description with its code, examples, notes and sample. */
  page(skill: Skill, addresses: Addresses): Markup
}

/** Creates the renderer of a track's skills. A skill of another track is shown by its key. */
export const createSkillHtml = (document: TrackDocument): SkillHtml => {
  const tierTitle = tierTitles(document)
  const skills = new Map(document.skills.map(({ key, title }) => [key, inlineMarkup(title)]))
  const resources = new Map(document.resources.map(resource => [resource.key, resourceHtml(resource)]))
  const titlesOf = (map: Map<string, MarkupContent>, keys: readonly string[]) => keys.map(key => map.get(key) ?? key)
  const introduction = (
    { summary, tier, kind, optional, duration }: Skill,
    code: string | null = null,
  ): MarkupContent => [
    paragraph(summary),
    markup`<p>${code !== null && [code, ', ']}${inlineMarkup(tierTitle(tier))}, ${kind}${optional && ', optional'}</p>`,
    durationHtml(duration),
  ]
  const relatedLists = (skill: Skill): MarkupContent => [
    listSection('What comes before', titlesOf(skills, skill.prerequisites)),
    listSection('Worth a look beside it', titlesOf(skills, skill.related)),
    listSection('Where to learn it', titlesOf(resources, skill.resources)),
    listSection('In other frameworks', skill.alignments.map(alignmentHtml)),
  ]
  const sampleBases = new Map(document.sources.map(({ key, sampleBase }) => [key, sampleBase]))
  return {
    description: skill => markup`${[introduction(skill), outcomes(skill), relatedLists(skill)]}`,
    page: (skill, addresses) =>
      markup`${[
        introduction(skill, skill.code),
        outcomes(skill),
        listSection('Words and tools', skill.examples.map(inlineMarkup)),
        skill.notes !== null &&
          markup`<h3>Worth knowing</h3>${markdown(skill.notes, { ...addresses, headingLevel: 4, idPrefix: skill.slug })}`,
        sampleLink(skill, sampleBases),
        relatedLists(skill),
      ]}`,
  }
}

/** The URLs that addresses in Markdown stand for. */
export type Addresses = Pick<ExportPlace, 'linkTo' | 'pictureAt'>

/** Returns the URLs of the pages of a track's skills, and of its pictures. */
export const pageAddresses = ({ track, skills }: TrackDocument, publicUrl: string): Addresses => {
  const resolve = skillLinkResolver(track.slug, skills)
  const pictures = new Map(track.pictures.map(({ path }) => [path, `${publicUrl}${pictureUrl(track.slug, path)}`]))
  return {
    linkTo: address => {
      const key = resolve(address)
      return key && `${publicUrl}/tracks/${trackOf(key)}/skills/${slugOf(key)}`
    },
    pictureAt: address => pictures.get(picturePath(address) ?? ''),
  }
}

/** Returns the URLs of a track in a cartridge: a picture is a file beside the folder of the text. */
export const cartridgeAddresses = (document: TrackDocument, publicUrl: string): Addresses => {
  const pictures = new Map(document.track.pictures.map(picture => [picture.path, `../${cartridgePath(picture)}`]))
  return {
    ...pageAddresses(document, publicUrl),
    pictureAt: address => pictures.get(picturePath(address) ?? ''),
  }
}

/** Returns the path of a picture in a cartridge. Moodle finds no file whose name has a space or is not ASCII. */
export const cartridgePath = ({ path, hash }: Picture): string =>
  `pictures/${hash}${path.slice(path.lastIndexOf('.')).toLowerCase()}`

export const durationHtml = (duration: Duration | null): MarkupContent =>
  duration !== null && markup`<p>Time: ${formatDuration(duration)}</p>`

export const paragraph = (text: string | null): MarkupContent => text !== null && markup`<p>${inlineMarkup(text)}</p>`

/** A list with a heading; nothing when there are no items. */
export const listSection = (heading: string, items: readonly MarkupContent[]): MarkupContent =>
  items.length > 0 && markup`<h3>${inlineMarkup(heading)}</h3><ul>${items.map(item => markup`<li>${item}</li>`)}</ul>`

export const inlineTexts = (list: readonly string[]): MarkupContent[] => list.map(inlineMarkup)

const outcomes = (skill: Skill): MarkupContent => listSection('What you can do afterwards', inlineTexts(skill.outcomes))

export const resourceHtml = ({ title, url, kind }: Item<'resource'>): MarkupContent =>
  url === null
    ? markup`${inlineMarkup(title)} (${kind})`
    : markup`<a href="${encodeUrl(url)}">${inlineMarkup(title)}</a> (${kind})`

const alignmentHtml = (alignment: Skill['alignments'][number]): MarkupContent => {
  const { framework, url } = alignment
  const label = alignmentLabel(alignment)
  const link = url === null ? inlineMarkup(label) : markup`<a href="${encodeUrl(url)}">${inlineMarkup(label)}</a>`
  return label === framework ? link : [inlineMarkup(framework), ': ', link]
}

/** Links to the sample of a skill; a file whose place is unknown is not shown. */
const sampleLink = ({ sample, mentions }: Skill, bases: ReadonlyMap<string, string | null>): MarkupContent => {
  if (sample === null) return undefined
  const url = sampleUrl(sample, mentions, source => bases.get(source))
  if (url === null) return undefined
  return listSection('Code to look at', [markup`<a href="${encodeUrl(url.href)}">${inlineMarkup(sample.label)}</a>`])
}

/** Introduces a track: its aim, its tiers and its license. */
export const trackHtml = ({ summary, introduction, tiers, license }: Item<'track'>): Markup =>
  markup`${[
    paragraph(summary),
    paragraph(introduction),
    listSection(
      'Levels',
      tiers.map(({ title, goal }) => markup`${inlineMarkup(title)}${goal !== null && markup`: ${inlineMarkup(goal)}`}`),
    ),
    license !== null && markup`<p>License: ${license}</p>`,
  ]}`

const titlesByKey = (list: readonly { key: string; title: string }[]): ((key: string) => MarkupContent) => {
  const titles = new Map(list.map(({ key, title }) => [key, inlineMarkup(title)]))
  return key => titles.get(key)
}

/** Creates the renderer of a track's plans: the steps of each with their skills and projects, in order. */
export const createPlanHtml = ({ skills, projects }: TrackDocument): ((plan: Item<'plan'>) => Markup) => {
  const [titleOfSkill, titleOfProject] = [titlesByKey(skills), titlesByKey(projects)]
  const namedItems = (step: Item<'plan'>['steps'][number]): MarkupContent => {
    const titles = [...step.skills.map(titleOfSkill), ...step.projects.map(titleOfProject)]
    return titles.length > 0 && markup`<ul>${titles.map(title => markup`<li>${title}</li>`)}</ul>`
  }
  return ({ weeklyHours, steps }) =>
    markup`${[
      weeklyHours !== null && markup`<p>${formatWeekly(weeklyHours)}</p>`,
      listSection(
        'Steps',
        steps.map(step => markup`${formatSpan(step)}: ${inlineMarkup(step.text)}${namedItems(step)}`),
      ),
    ]}`
}
