import type { TrackDocument } from '../catalog.ts'
import type { Item } from '../model/curriculum.ts'
import { formatSpan } from '../model/duration-text.ts'
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
 * Builds the modules of a course in order. They contain everything in scope, and each skill once. A category with a parent is a
 * heading in its parent's module: Moodle and Canvas list a module's items one below the other, indented by their depth. Moodle puts the first
 * module into the section "General", so the first one introduces the course.
 */
export const buildModules = (input: ExportInput): CourseItem[] => {
  const { selection, options } = input
  const build = createItemBuilders(input)
  const plans = options.by === 'plan' ? selection.plans : []
  const planOfTier = assignTiers(plans)
  const branches = groupByCategory(selection)
  const cells = branches.flatMap(branch => branch.cells)
  const branchesBelow = Map.groupBy(branches, ({ category }) => category.parent)
  const unplannedItems = (parent: string | null): CourseItem[] =>
    (branchesBelow.get(parent) ?? []).flatMap(({ category, cells }) => {
      const unplanned = cells.filter(({ tier }) => !planOfTier.has(tier))
      const below = unplannedItems(category.key)
      const isPlanned = unplanned.length + below.length === 0 && (cells.length > 0 || branchesBelow.has(category.key))
      return isPlanned ? [] : [build.category(category, unplanned, below)]
    })
  return [
    { id: 'item.about', title: 'About this course', items: [resourceItem(introductionId, selection.track.title)] },
    ...plans.map(plan =>
      build.plan(
        plan,
        cells.filter(({ tier }) => planOfTier.get(tier) === plan.key),
      ),
    ),
    ...unplannedItems(null),
    ...build.exercises(),
    ...build.projects(selection.projects),
  ]
}

/** Maps each tier to the first plan for it, whose module contains the tier's skills. */
const assignTiers = (plans: readonly Item<'plan'>[]): Map<Tier, string> => {
  const planned = new Map<Tier, string>()
  for (const { key, tier } of plans) if (tier !== null && !planned.has(tier)) planned.set(tier, key)
  return planned
}

const createItemBuilders = ({ document, selection, options }: ExportInput) => {
  const hasAssignments = versionOf(options) === '1.3'
  const taskItem = (id: string, title: string, isAssignment = true) =>
    resourceItem(hasAssignments && isAssignment ? variantPageId(id) : id, title)
  const exerciseItem = (one: Item<'exercise'>) => taskItem(exerciseId(one), one.title, one.kind !== 'quiz')
  const exercisesOfCell = assignExercises(selection)
  const tierTitle = tierTitles(document)
  const linked = new Map(document.resources.filter(({ url }) => url !== null).map(one => [one.key, one]))
  const cell = (group: Cell, title: string): CourseItem => ({
    id: `item.${group.id}`,
    title,
    items: [
      ...group.skills.map(skill => resourceItem(skillId(skill), skill.title)),
      ...(exercisesOfCell.get(group.id) ?? []).map(exerciseItem),
      ...[...new Set(group.skills.flatMap(({ resources }) => resources))].flatMap(key => {
        const resource = linked.get(key)
        return resource === undefined ? [] : [resourceItem(resourceId(resource), resource.title, group.id)]
      }),
    ],
  })
  return {
    category: (category: Item<'category'>, cells: readonly Cell[], below: readonly CourseItem[]): CourseItem => ({
      id: `item.${categoryId(category)}`,
      title: category.title,
      items: [...cells.map(one => cell(one, tierTitle(one.tier))), ...below],
    }),
    plan: (plan: Item<'plan'>, cells: readonly Cell[]): CourseItem => ({
      id: `item.${planId(plan)}.module`,
      title: plan.title,
      items: [
        resourceItem(planId(plan), plan.title),
        ...plan.steps.map((step, index) => ({
          id: `item.${planId(plan)}.${index + 1}`,
          title: `${formatSpan(step)}: ${step.text}`,
        })),
        ...cells.map(one => cell(one, one.category.title)),
      ],
    }),
    exercises: (): CourseItem[] =>
      listModule('exercises', 'Exercises', (exercisesOfCell.get(undefined) ?? []).map(exerciseItem)),
    projects: (projects: readonly Item<'project'>[]): CourseItem[] =>
      listModule(
        'projects',
        'Projects',
        projects.map(one => taskItem(projectId(one), one.title)),
      ),
  }
}

const listModule = (id: string, title: string, items: CourseItem[]): CourseItem[] =>
  items.length === 0 ? [] : [{ id: `item.${id}`, title, items }]

/** Groups exercises by the cell of their first skill, in the order of the roadmap; undefined if all their skills are elsewhere. */
const assignExercises = (selection: TrackDocument): Map<string | undefined, Item<'exercise'>[]> => {
  const cells = groupByCategory(selection).flatMap(branch => branch.cells)
  const places = new Map(cells.flatMap((cell, place) => cell.skills.map(({ key }) => [key, place] as const)))
  const placesOf = (keys: readonly string[]) => keys.flatMap(key => places.get(key) ?? [])
  return Map.groupBy(selection.exercises, ({ skills }) => cells[Math.min(...placesOf(skills))]?.id)
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
