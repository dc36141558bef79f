import type { TrackDocument } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import { formatSpan } from '../model/duration-text.ts'
import { required } from '../model/graph.ts'
import { qualifiedKeyOf } from '../model/keys.ts'
import type { Tier } from '../model/vocabulary.ts'
import type { ExportInput, OptionValues } from './format.ts'
import { type Cell, categoryId, groupByCategory, skillId, tierTitles } from './tree.ts'

/** An item of the course: a heading with items below it, or a title that refers to a resource of the cartridge. */
export interface CourseItem {
  id: string
  title: string
  resource?: string
  items?: CourseItem[]
}

/**
 * Builds the modules of a course in order. They contain everything in scope, and each skill and project once: in the first step
 * of a plan that names it, or else by tier and category. A category with a parent is a heading in its parent's module: Moodle and
 * Canvas list a module's items one below the other, indented by their depth. Moodle puts the first
 * module into the section "General", so the first one introduces the course.
 */
export const buildModules = (input: ExportInput): CourseItem[] => {
  const { selection, options } = input
  const plans = options.by === 'plan' ? selection.plans : []
  const planOfTier = assignTiers(plans)
  const steps = itemsOfSteps(plans, selection)
  const inSteps = (field: 'skills' | 'projects') =>
    new Set([...steps.values()].flatMap(step => step[field].map(({ key }) => key)))
  const [skillsInSteps, projectsInSteps] = [inSteps('skills'), inSteps('projects')]
  const withoutNamed = (cells: readonly Cell[]): Cell[] =>
    cells
      .map(cell => ({ ...cell, skills: cell.skills.filter(({ key }) => !skillsInSteps.has(key)) }))
      .filter(({ skills }) => skills.length > 0)
  const branches = groupByCategory(selection)
  const cells = withoutNamed(branches.flatMap(branch => branch.cells))
  const build = createItemBuilders(input, [...steps.values(), ...cells])
  const branchesBelow = Map.groupBy(branches, ({ category }) => category.parent)
  const unplannedItems = (parent: string | null): CourseItem[] =>
    (branchesBelow.get(parent) ?? []).flatMap(({ category, cells }) => {
      const unplanned = withoutNamed(cells).filter(({ tier }) => !planOfTier.has(tier))
      const below = unplannedItems(category.key)
      const isPlanned = unplanned.length + below.length === 0 && (cells.length > 0 || branchesBelow.has(category.key))
      return isPlanned ? [] : [build.category(category, unplanned, below)]
    })
  return [
    { id: 'item.about', title: 'About this course', items: [resourceItem(introductionId, selection.track.title)] },
    ...plans.map(plan =>
      build.plan(
        plan,
        steps,
        cells.filter(({ tier }) => planOfTier.get(tier) === plan.key),
      ),
    ),
    ...unplannedItems(null),
    ...build.exercises(),
    ...build.projects(selection.projects.filter(({ key }) => !projectsInSteps.has(key))),
  ]
}

/** Maps each tier to the first plan for it, whose module contains the tier's skills. */
const assignTiers = (plans: readonly Item<'plan'>[]): Map<Tier, string> => {
  const planned = new Map<Tier, string>()
  for (const { key, tier } of plans) if (tier !== null && !planned.has(tier)) planned.set(tier, key)
  return planned
}

/** The items in scope that a step of a plan names and no earlier step does, in its order. */
interface StepItems {
  id: string
  skills: Item<'skill'>[]
  projects: Item<'project'>[]
}

const itemsOfSteps = (
  plans: readonly Item<'plan'>[],
  { skills, projects }: TrackDocument,
): Map<Item<'plan'>['steps'][number], StepItems> => {
  const [takeSkills, takeProjects] = [takeOnce(skills), takeOnce(projects)]
  return new Map(
    plans.flatMap(plan =>
      plan.steps.map((step, index) => [
        step,
        { id: `${planId(plan)}.${index + 1}`, skills: takeSkills(step.skills), projects: takeProjects(step.projects) },
      ]),
    ),
  )
}

/** Returns a function that returns the items with these keys, without those that it returned before. */
const takeOnce = <T extends Keyed>(items: readonly T[]): ((keys: readonly string[]) => T[]) => {
  const left = new Map(items.map(one => [one.key, one]))
  return keys =>
    keys.flatMap(key => {
      const item = left.get(key)
      left.delete(key)
      return item ?? []
    })
}

const createItemBuilders = (
  { document, selection, options }: ExportInput,
  groups: readonly Pick<Cell, 'id' | 'skills'>[],
) => {
  const hasAssignments = versionOf(options) === '1.3'
  const taskItem = (id: string, title: string, isAssignment = true) =>
    resourceItem(hasAssignments && isAssignment ? variantPageId(id) : id, title)
  const exercisesOfGroup = assignExercises(groups, selection.exercises)
  const exerciseItems = (group: string | undefined): CourseItem[] =>
    (exercisesOfGroup.get(group) ?? []).map(one => taskItem(exerciseId(one), one.title, one.kind !== 'quiz'))
  const tierTitle = tierTitles(document)
  const linked = new Map(document.resources.filter(({ url }) => url !== null).map(one => [one.key, one]))
  const skillItems = (skills: readonly Item<'skill'>[]): CourseItem[] =>
    skills.map(skill => resourceItem(skillId(skill), skill.title))
  const projectItems = (projects: readonly Item<'project'>[]): CourseItem[] =>
    projects.map(project => taskItem(projectId(project), project.title))
  const linkItems = (skills: readonly Item<'skill'>[], parentId: string): CourseItem[] =>
    [...new Set(skills.flatMap(({ resources }) => resources))].flatMap(key => {
      const resource = linked.get(key)
      return resource === undefined ? [] : [resourceItem(resourceId(resource), resource.title, parentId)]
    })
  const cell = ({ id, skills }: Cell, title: string): CourseItem => ({
    id: `item.${id}`,
    title,
    items: [...skillItems(skills), ...exerciseItems(id), ...linkItems(skills, id)],
  })
  return {
    category: (category: Item<'category'>, cells: readonly Cell[], below: readonly CourseItem[]): CourseItem => ({
      id: `item.${categoryId(category)}`,
      title: category.title,
      items: [...cells.map(one => cell(one, tierTitle(one.tier))), ...below],
    }),
    plan: (plan: Item<'plan'>, steps: ReturnType<typeof itemsOfSteps>, cells: readonly Cell[]): CourseItem => ({
      id: `item.${planId(plan)}.module`,
      title: plan.title,
      items: [
        resourceItem(planId(plan), plan.title),
        ...plan.steps.map(step => {
          const { id, skills, projects } = required(steps, step)
          return {
            id: `item.${id}`,
            title: `${formatSpan(step)}: ${step.text}`,
            items: [...skillItems(skills), ...exerciseItems(id), ...projectItems(projects), ...linkItems(skills, id)],
          }
        }),
        ...cells.map(one => cell(one, one.category.title)),
      ],
    }),
    exercises: (): CourseItem[] => listModule('exercises', 'Exercises', exerciseItems(undefined)),
    projects: (projects: readonly Item<'project'>[]): CourseItem[] =>
      listModule('projects', 'Projects', projectItems(projects)),
  }
}

const listModule = (id: string, title: string, items: CourseItem[]): CourseItem[] =>
  items.length === 0 ? [] : [{ id: `item.${id}`, title, items }]

/** Assigns exercises to the group of their first skill, in the order of the course; undefined if all their skills are elsewhere. */
const assignExercises = (
  groups: readonly Pick<Cell, 'id' | 'skills'>[],
  exercises: readonly Item<'exercise'>[],
): Map<string | undefined, Item<'exercise'>[]> => {
  const places = new Map(groups.flatMap((group, place) => group.skills.map(({ key }) => [key, place] as const)))
  const placesOf = (keys: readonly string[]) => keys.flatMap(key => places.get(key) ?? [])
  return Map.groupBy(exercises, ({ skills }) => groups[Math.min(...placesOf(skills))]?.id)
}

/** Builds an item for a resource. A resource may be in several modules, so the item's id contains the parent's. */
const resourceItem = (resource: string, title: string, parentId?: string): CourseItem => ({
  id: parentId === undefined ? `item.${resource}` : `item.${parentId}.${resource}`,
  title,
  resource,
})

export const introductionId = 'introduction'

type Keyed = { key: string }
export const resourceId = ({ key }: Keyed): string => qualifiedKeyOf('resource', key)
export const projectId = ({ key }: Keyed): string => qualifiedKeyOf('project', key)
export const exerciseId = ({ key }: Keyed): string => qualifiedKeyOf('exercise', key)
/** The page that platforms without assignments show instead of the assignment. */
export const variantPageId = (assignmentId: string): string => `${assignmentId}.page`
export const planId = ({ key }: Keyed): string => qualifiedKeyOf('plan', key)

/** The differences between the versions of Common Cartridge. */
export const cartridgeVersions = {
  '1.1': {
    schema: '1.1.0',
    namespace: 'http://www.imsglobal.org/xsd/imsccv1p1',
    lom: 'http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest',
    number: 'v1p1',
  },
  '1.3': {
    schema: '1.3.0',
    namespace: 'http://www.imsglobal.org/xsd/imsccv1p3',
    lom: 'http://ltsc.ieee.org/xsd/imsccv1p3/LOM/manifest',
    number: 'v1p3',
    extension: 'http://www.imsglobal.org/xsd/imsccv1p3/imscp_extensionv1p2',
  },
} as const
export type CartridgeVersion = keyof typeof cartridgeVersions

export const versionOf = ({ version }: OptionValues): CartridgeVersion => (version === '1.3' ? '1.3' : '1.1')
