import type { Duration } from '../../model/duration.ts'
import type { GraphSkill, SkillGraph } from '../../model/path.ts'
import type { Tier } from '../../model/vocabulary.ts'
import type { DurationMessages } from '../messages/durations.ts'
import type { Messages } from '../messages/en.ts'
import { cloneChildren } from './elements.ts'

/** A skill with its elements in the overview, and its prerequisites as slugs. */
export interface ShownSkill extends Omit<PageSkill, 'prerequisites'> {
  tier: Tier
  category: string
  prerequisites: string[]
  item: HTMLElement
  link: HTMLAnchorElement
}

/** Reads the data of the page and finds the elements of its skills. */
export const readTrack = (page: Document) => {
  const data: PageData = JSON.parse(page.getElementById('data')?.textContent ?? '')
  const items = new Map([...page.querySelectorAll<HTMLElement>('[data-skill]')].map(item => [item.dataset.skill, item]))
  const skills = data.skills.flatMap((skill): ShownSkill[] => {
    const item = items.get(skill.slug)
    const link = item?.querySelector('a')
    if (!item || !link) return []
    const tier = item.closest<HTMLElement>('.stage')?.dataset.tier as Tier // the server has rendered it
    const category = item.closest<HTMLElement>('.area')?.dataset.category ?? ''
    const prerequisites = skill.prerequisites.flatMap(place => data.skills[place]?.slug ?? [])
    return [{ ...skill, tier, category, prerequisites, item, link }]
  })
  const bySlug = new Map(skills.map(skill => [skill.slug, skill]))
  const graph: SkillGraph = new Map(
    skills.map(({ slug, tier, category, prerequisites }, order): [string, GraphSkill] => [
      slug,
      { key: slug, tier, category, order, prerequisites },
    ]),
  )
  const targetSkills = (target: string): string[] | undefined =>
    target.startsWith('project:')
      ? data.projects.find(({ slug }) => `project:${slug}` === target)?.skills
      : bySlug.has(target)
        ? [target]
        : undefined
  const linkTo = (slug: string): HTMLAnchorElement => {
    const link = page.createElement('a')
    const skill = bySlug.get(slug)
    link.href = skill?.link.getAttribute('href') ?? ''
    if (skill) link.dataset.tier = skill.tier
    link.append(...cloneChildren(skill?.link ?? null))
    return link
  }
  /** Returns the tier and area of a skill. */
  const placeOf = ({ tier, item }: ShownSkill): string =>
    [
      data.tiers.find(one => one.tier === tier)?.title,
      item.closest('.area')?.querySelector('h3, h4, h5')?.textContent,
    ].join(' · ')
  return { ...data, skills, bySlug, graph, targetSkills, linkTo, placeOf }
}
export type TrackOnPage = ReturnType<typeof readTrack>

/** The data that the server gives to the script, besides what the page shows. Skills are listed in the order of the curriculum. */
export interface PageData {
  /** The track's id: stored progress must survive a rename. */
  track: string
  messages: DurationMessages & { roadmap: Messages['roadmap']['script']; path: Messages['path']['script'] }
  tiers: { tier: Tier; title: string }[]
  skills: PageSkill[]
  projects: { slug: string; skills: string[] }[]
}

interface PageSkill {
  id: string
  slug: string
  /** The places of its prerequisites in the list. */
  prerequisites: number[]
  duration?: Duration
  /** Its words and tools, by which it can be found. */
  words?: string
}
