import type { GraphSkill, SkillGraph } from '../../model/path.ts'
import type { PageData, PageSkill } from './data.ts'
import { copied } from './elements.ts'
import { folded, type Searchable } from './search.ts'

/** A skill as the page shows it in the matrix, and as the script knows it. */
export interface Shown extends PageSkill, Searchable {
  item: HTMLElement
  link: HTMLElement
}

/** The data of the page with the elements it speaks of. */
export const trackOn = (page: Document) => {
  const data: PageData = JSON.parse(page.getElementById('data')?.textContent ?? '')
  const skills = data.skills.flatMap((skill): Shown[] => {
    const item = page.querySelector<HTMLElement>(`[data-skill="${skill.slug}"]`)
    const link = item?.querySelector('a')
    if (!item || !link) return []
    // What it is and what it is about; the names of its neighbours would find those too.
    const about = page.querySelectorAll(`#skill-${skill.slug} :is(.lead, .texts, .chips, .notes)`)
    const text = [...about].map(part => part.textContent).join(' ')
    return [{ ...skill, item, link, title: folded(link.textContent), text: folded(text) }]
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
    link.append(...copied(skill?.link ?? null))
    return link
  }
  return { ...data, skills, bySlug, graph, targetSkills, linkTo }
}
export type TrackOnPage = ReturnType<typeof trackOn>
