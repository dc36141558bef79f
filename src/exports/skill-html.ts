import type { TrackDocument } from '../catalog.ts'
import type { Answer } from '../model/curriculum.ts'
import { slugOf, trackOf } from '../model/keys.ts'
import { skillLinkResolver } from '../model/skill-links.ts'
import { type Content, encodedUrl, inline, type Markup, markdown, markup } from './markup.ts'
import { tierTitles } from './select.ts'

type Skill = Answer<'skill'>

/** What a platform shows of a skill, as HTML. */
export interface SkillHtml {
  /** What it is, what one can do after it, what comes before it and where to learn it. */
  description(skill: Skill): Markup
  /** All of that with the terms, the notes and the code to look at. Links to skills lead to the pages of the service at `publicUrl`. */
  page(skill: Skill, publicUrl: string): Markup
}

/** What is of another track is told by its key. */
export const skillHtml = (whole: TrackDocument): SkillHtml => {
  const tierTitle = tierTitles(whole)
  const skills = new Map(whole.skills.map(({ key, title }) => [key, inline(title)]))
  const resources = new Map(whole.resources.map(resource => [resource.key, resourceHtml(resource)]))
  const named = (map: Map<string, Content>, keys: readonly string[]) => keys.map(key => map.get(key) ?? key)
  const about = ({ summary, tier, kind, optional }: Skill): Content => [
    paragraph(summary),
    markup`<p>${inline(tierTitle(tier))}, ${kind}${optional && ', optional'}</p>`,
  ]
  const around = (skill: Skill): Content => [
    part('What comes before', named(skills, skill.prerequisites)),
    part('Worth a look beside it', named(skills, skill.related)),
    part('Where to learn it', named(resources, skill.resources)),
  ]
  const skillNamed = skillLinkResolver(whole.track.slug, whole.skills)
  const skillAddress = (publicUrl: string) => (address: string) => {
    const key = skillNamed(address)
    return key && `${publicUrl}/tracks/${trackOf(key)}#skill-${slugOf(key)}`
  }
  const sources = new Map(whole.sources.map(({ key, sampleBase }) => [key, sampleBase]))
  return {
    description: skill => markup`${[about(skill), outcomes(skill), around(skill)]}`,
    page: (skill, publicUrl) =>
      markup`${[
        about(skill),
        outcomes(skill),
        part('Words and tools', skill.examples.map(inline)),
        skill.notes !== null && markup`<h3>Worth knowing</h3>${markdown(skill.notes, skillAddress(publicUrl))}`,
        sample(skill, sources),
        around(skill),
      ]}`,
  }
}

export const paragraph = (text: string | null): Content => text !== null && markup`<p>${inline(text)}</p>`

/** A list under a heading; nothing where there is nothing. */
export const part = (heading: string, items: readonly Content[]): Content =>
  items.length > 0 && markup`<h3>${inline(heading)}</h3><ul>${items.map(item => markup`<li>${item}</li>`)}</ul>`

export const texts = (list: readonly string[]): Content[] => list.map(inline)

const outcomes = (skill: Skill): Content => part('What you can do afterwards', texts(skill.outcomes))

const resourceHtml = ({ title, url, kind }: Answer<'resource'>): Content =>
  url === null
    ? markup`${inline(title)} (${kind})`
    : markup`<a href="${encodedUrl(url)}">${inline(title)}</a> (${kind})`

/** A sample's address may be relative to the base that one of the skill's sources gives. */
const sample = ({ sample, mentions }: Skill, bases: ReadonlyMap<string, string | null>): Content => {
  if (sample === null) return undefined
  const base = mentions.map(({ source }) => bases.get(source)).find(one => typeof one === 'string')
  const url = URL.parse(sample.url, base)
  const label = inline(sample.label)
  return part('Code to look at', [
    url === null
      ? markup`${label}: <code>${sample.url}</code>`
      : markup`<a href="${encodedUrl(url.href)}">${label}</a>`,
  ])
}
