import type { Duration } from '../../model/duration.ts'
import type { GraphSkill, SkillGraph } from '../../model/path.ts'
import type { Tier } from '../../model/vocabulary.ts'
import type { DurationMessages } from '../durations.ts'
import { cloneChildren } from './elements.ts'
import { normalizeText, type Searchable } from './search.ts'

/** A skill with its elements in the matrix. */
export interface ShownSkill extends PageSkill, Searchable {
  item: HTMLElement
  link: HTMLElement
}

/** Reads the data of the page and finds the elements of its skills. */
export const readTrack = (page: Document) => {
  const data: PageData = JSON.parse(page.getElementById('data')?.textContent ?? '')
  const skills = data.skills.flatMap((skill): ShownSkill[] => {
    const item = page.querySelector<HTMLElement>(`[data-skill="${skill.slug}"]`)
    const link = item?.querySelector('a')
    if (!item || !link) return []
    // The skill's own texts; titles of its neighbours would lead to false matches.
    const about = page.querySelectorAll(`#skill-${skill.slug} :is(.lead, .texts, .chips, .notes, .alignments)`)
    const code = normalizeText(link.querySelector('.code')?.textContent ?? '')
    const title = normalizeText(link.textContent).slice(code.length).trim()
    const text = normalizeText([...about].map(part => part.textContent).join(' '))
    return [{ ...skill, item, link, code, title, text }]
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
  const linkTo = (slug: string): Node => {
    const link = page.createElement('a')
    link.href = `#skill-${slug}`
    const skill = bySlug.get(slug)
    if (skill) link.dataset.tier = skill.tier
    link.append(...cloneChildren(skill?.link ?? null))
    return link
  }
  return { ...data, skills, bySlug, graph, targetSkills, linkTo }
}
export type TrackOnPage = ReturnType<typeof readTrack>

/** The data that the server gives to the script. Skills are identified by slug and listed in the order of the curriculum. */
export interface PageData {
  /** The track's id: stored progress must survive a rename. */
  track: string
  messages: DurationMessages
  tiers: { tier: Tier; title: string }[]
  skills: PageSkill[]
  projects: { slug: string; skills: string[] }[]
}

interface PageSkill {
  id: string
  slug: string
  tier: Tier
  category: string
  prerequisites: string[]
  duration?: Duration
}
