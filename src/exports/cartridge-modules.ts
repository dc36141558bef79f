import type { Answer } from '../model/curriculum.ts'
import { formatSpan } from '../model/duration.ts'
import { qualifiedKeyOf } from '../model/keys.ts'
import type { Tier } from '../model/vocabulary.ts'
import { versionIn } from './cartridge-version.ts'
import type { Export } from './format.ts'
import { tierTitles } from './select.ts'
import { branches, type Cell, categoryId, skillId } from './tree.ts'

/** An item of the course: a heading with items below it, or a title that refers to a resource of the cartridge. */
export interface Item {
  id: string
  title: string
  resource?: string
  items?: Item[]
}

/**
 * The modules of a course in order. Nothing in scope is left out, and no skill stands in two of them. Moodle puts the
 * first module into the section "General", so the first one introduces the course.
 */
export const modulesOf = (exported: Export): Item[] => {
  const { chosen, asked } = exported
  const lines = linesOf(exported)
  const plans = asked.by === 'plan' ? chosen.plans : []
  const planned = tiersPlanned(plans)
  const all = branches(chosen)
  const cells = all.flatMap(branch => branch.cells)
  const rest = all.flatMap(({ category, cells }) => {
    const left = cells.filter(({ tier }) => !planned.has(tier))
    return left.length === 0 && cells.length > 0 ? [] : [lines.category(category, left)]
  })
  return [
    { id: 'item.about', title: 'About this course', items: [leaf(introductionId, chosen.track.title)] },
    ...plans.map(plan =>
      lines.plan(
        plan,
        cells.filter(({ tier }) => planned.get(tier) === plan.key),
      ),
    ),
    ...rest,
    ...lines.projects(chosen.projects),
  ]
}

/** The first plan for a tier is where its skills stand. */
const tiersPlanned = (plans: readonly Answer<'plan'>[]): Map<Tier, string> => {
  const planned = new Map<Tier, string>()
  for (const { key, tier } of plans) if (tier !== null && !planned.has(tier)) planned.set(tier, key)
  return planned
}

const linesOf = ({ whole, asked }: Export) => {
  const projectItemId = versionIn(asked) === '1.3' ? projectPageId : projectId
  const tierTitle = tierTitles(whole)
  const linked = new Map(whole.resources.filter(({ url }) => url !== null).map(one => [one.key, one]))
  const cell = (of: Cell, title: string): Item => ({
    id: `item.${of.id}`,
    title,
    items: [
      ...of.skills.map(skill => leaf(skillId(skill), skill.title)),
      ...[...new Set(of.skills.flatMap(({ resources }) => resources))].flatMap(key => {
        const resource = linked.get(key)
        return resource === undefined ? [] : [leaf(resourceId(resource), resource.title, of.id)]
      }),
    ],
  })
  return {
    category: (category: Answer<'category'>, cells: readonly Cell[]): Item => ({
      id: `item.${categoryId(category)}`,
      title: category.title,
      items: cells.map(one => cell(one, tierTitle(one.tier))),
    }),
    plan: (plan: Answer<'plan'>, cells: readonly Cell[]): Item => ({
      id: `item.${planId(plan)}.module`,
      title: plan.title,
      items: [
        leaf(planId(plan), plan.title),
        ...plan.steps.map((step, index) => ({
          id: `item.${planId(plan)}.${index + 1}`,
          title: `${formatSpan(step)}: ${step.text}`,
        })),
        ...cells.map(one => cell(one, one.category.title)),
      ],
    }),
    projects: (projects: readonly Answer<'project'>[]): Item[] =>
      projects.length === 0
        ? []
        : [{ id: 'item.projects', title: 'Projects', items: projects.map(one => leaf(projectItemId(one), one.title)) }],
  }
}

/** A resource may stand in several modules: each line has a name of its own. */
const leaf = (resource: string, title: string, within?: string): Item => ({
  id: within === undefined ? `item.${resource}` : `item.${within}.${resource}`,
  title,
  resource,
})

export const introductionId = 'introduction'

type Keyed = { key: string }
export const resourceId = ({ key }: Keyed): string => qualifiedKeyOf('resource', key)
export const projectId = ({ key }: Keyed): string => qualifiedKeyOf('project', key)
/** The page that platforms without assignments show in place of one. */
export const projectPageId = (project: Keyed): string => `${projectId(project)}.page`
export const planId = ({ key }: Keyed): string => qualifiedKeyOf('plan', key)
