import type { Item } from '../../model/curriculum.ts'
import type { Duration, TotalDuration } from '../../model/duration.ts'
import { alignmentLabel } from '../../model/skill.ts'
import { plainText } from '../../text/html.ts'
import { anchorOf, itemPath, type NounWithPage } from '../page/links.ts'
import type { Site } from '../page/site.ts'
import type { Skill, TrackView } from './track-view.ts'

/** An object of schema.org in JSON-LD. */
type Thing = { '@type': string } & Record<string, unknown>

/** A page above another, with its URL. */
export interface Breadcrumb {
  title: string
  /** The path of the page under the service. */
  path: string
}

/** Describes the page of a track as a course. `description` is never empty: search engines require it. */
export const trackData = (
  site: Site,
  view: TrackView,
  description: string,
  breadcrumbs: readonly Breadcrumb[],
): object => {
  const { track } = view.document
  const url = urlOf(site, `tracks/${track.slug}`)
  return graph(
    {
      '@type': 'Course',
      '@id': url,
      url,
      image: `${url}.png`,
      name: plainText(track.title),
      description: plainText(description),
      inLanguage: track.language,
      provider: provider(site),
      educationalLevel: view.columns.map(({ title }) => plainText(title)),
      timeRequired: totalTime(view.durations.track),
      syllabusSections: track.tiers.map(({ tier, title, theme, goal }) => ({
        '@type': 'Syllabus',
        name: plainText(title),
        description: plainOrNone(goal ?? theme),
        timeRequired: totalTime(view.durations.tiers[tier]),
      })),
      version: track.version,
      license: license(track),
      dateModified: track.updatedAt,
    },
    breadcrumbList(site, breadcrumbs),
  )
}

/** Describes the page of a skill, as a resource that teaches it and as a term. */
export const skillData = (
  site: Site,
  view: TrackView,
  skill: Skill,
  description: string | null,
  breadcrumbs: readonly Breadcrumb[],
): object => {
  const { track } = view.document
  return graph(
    {
      ...resource(site, view, 'skill', skill, description),
      learningResourceType: view.messages.item.skill,
      educationalLevel: plainText(view.tierTitle(skill.tier)),
      teaches: { '@id': termUrl(site, skill) },
      competencyRequired: terms(site, view, skill.prerequisites),
      educationalAlignment: skill.alignments.map(alignment => ({
        '@type': 'AlignmentObject',
        alignmentType: 'teaches',
        educationalFramework: plainText(alignment.framework),
        targetName: plainText(alignmentLabel(alignment)),
        targetUrl: alignment.url,
      })),
    },
    {
      ...term(site, skill),
      description: plainOrNone(description),
      termCode: skill.code ?? skill.key,
      sameAs: skillsIn(view, skill.sameAs).map(same => termUrl(site, same)),
      inDefinedTermSet: {
        '@type': 'DefinedTermSet',
        '@id': `${urlOf(site, `tracks/${track.slug}`)}#skills`,
        name: plainText(track.title),
        url: urlOf(site, `tracks/${track.slug}`),
      },
    },
    breadcrumbList(site, breadcrumbs),
  )
}

export const projectData = (
  site: Site,
  view: TrackView,
  project: Item<'project'>,
  description: string | null,
  breadcrumbs: readonly Breadcrumb[],
): object =>
  graph(
    {
      ...resource(site, view, 'project', project, description),
      learningResourceType: view.messages.item.project,
      educationalLevel: project.tier === null ? undefined : plainText(view.tierTitle(project.tier)),
      teaches: terms(site, view, project.skills),
    },
    breadcrumbList(site, breadcrumbs),
  )

export const exerciseData = (
  site: Site,
  view: TrackView,
  exercise: Item<'exercise'>,
  description: string | null,
  breadcrumbs: readonly Breadcrumb[],
): object =>
  graph(
    {
      ...resource(site, view, 'exercise', exercise, description),
      learningResourceType: view.messages.item.exerciseKinds[exercise.kind],
      assesses: terms(site, view, exercise.skills),
    },
    breadcrumbList(site, breadcrumbs),
  )

/** Returns the facts that all learning resources have. */
const resource = (
  site: Site,
  { document: { track } }: TrackView,
  noun: NounWithPage,
  item: Pick<Skill, 'slug' | 'title' | 'duration' | 'updatedAt'>,
  description: string | null,
): Thing => {
  const url = urlOf(site, itemPath(track.slug, noun, item.slug))
  const course = urlOf(site, `tracks/${track.slug}`)
  return {
    '@type': 'LearningResource',
    '@id': url,
    url,
    image: `${url}.png`,
    name: plainText(item.title),
    description: plainOrNone(description),
    inLanguage: track.language,
    provider: provider(site),
    isPartOf: { '@type': 'Course', '@id': course, name: plainText(track.title), url: course },
    timeRequired: isoDuration(item.duration),
    license: license(track),
    dateModified: item.updatedAt,
  }
}

const urlOf = (site: Site, path: string): string => `${site.publicUrl()}/${path}`

/** Returns the URL that identifies a skill, as opposed to the page about it. */
const termUrl = (site: Site, { track, slug }: Pick<Skill, 'track' | 'slug'>): string =>
  `${urlOf(site, itemPath(track, 'skill', slug))}#${anchorOf('skill', slug)}`

const term = (site: Site, skill: Skill): Thing => ({
  '@type': 'DefinedTerm',
  '@id': termUrl(site, skill),
  name: plainText(skill.title),
  url: urlOf(site, itemPath(skill.track, 'skill', skill.slug)),
})

const terms = (site: Site, view: TrackView, keys: readonly string[]): Thing[] =>
  skillsIn(view, keys).map(skill => term(site, skill))

const skillsIn = ({ document: { skills } }: TrackView, keys: readonly string[]): Skill[] =>
  skills.filter(({ key }) => keys.includes(key))

const provider = (site: Site): Thing => ({
  '@type': 'Organization',
  name: site.name,
  url: site.url ?? urlOf(site, ''),
})

const license = ({ license }: Item<'track'>): Thing | undefined =>
  license === null ? undefined : { '@type': 'CreativeWork', name: plainText(license) }

const breadcrumbList = (site: Site, breadcrumbs: readonly Breadcrumb[]): Thing => ({
  '@type': 'BreadcrumbList',
  itemListElement: breadcrumbs.map(({ title, path }, index) => ({
    '@type': 'ListItem',
    position: index + 1,
    name: plainText(title),
    item: urlOf(site, path),
  })),
})

const plainOrNone = (text: string | null): string | undefined => (text === null ? undefined : plainText(text))

/** Returns a duration in the format of ISO 8601, which has no ranges: the longest; undefined for one that is open-ended. */
const isoDuration = (duration: Pick<Duration, 'unit' | 'to'> | null): string | undefined => {
  if (duration === null || duration.to === null) return undefined
  const [start, end] = isoUnits[duration.unit]
  return `${start}${duration.to}${end}`
}

const isoUnits: { readonly [U in Duration['unit']]: readonly [start: string, end: string] } = {
  minute: ['PT', 'M'],
  hour: ['PT', 'H'],
  day: ['P', 'D'],
  week: ['P', 'W'],
  month: ['P', 'M'],
  year: ['P', 'Y'],
}

const totalTime = (total: TotalDuration): string | undefined =>
  total.known === 0 || total.unknown > 0 ? undefined : isoDuration(total)

/** Builds the data of a page. Facts that are not known, and empty lists, are left out. */
const graph = (...things: Thing[]): object => ({
  '@context': 'https://schema.org',
  '@graph': things.map(withoutUnknown),
})

const withoutUnknown = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutUnknown)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined && one !== null && !(Array.isArray(one) && one.length === 0))
      .map(([name, one]) => [name, withoutUnknown(one)]),
  )
}
