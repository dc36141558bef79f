import { Refused } from '../../errors.ts'
import type { MoodleCompetency, MoodleFramework } from '../../exports/moodle-framework.ts'
import { hashState, readState, withMark } from './mark.ts'
import { differs, type Match, type Outcome, type Step, stepsFor } from './plan.ts'
import type { MoodleSite, Scale, SiteFramework } from './site.ts'
import { buildTree, type CompetencyNode } from './tree.ts'

/** The framework and competencies of a track. */
export interface WantedFramework {
  framework: MoodleFramework
  competencies: MoodleCompetency[]
  /** The track's slug, and its earlier ones. */
  slugs: string[]
}

export interface SyncOptions {
  /** Takes over a framework and competencies of the same ID numbers that no sync wrote. */
  adopt: boolean
  /** Deletes competencies that the track no longer has, if Moodle allows it. */
  deleteUnused: boolean
  /** The scale of a new framework; defaults to the first one of two values, which every site has from the start. */
  scale?: number | undefined
}

/** Lists the steps that bring a site up to a track. Only reads; plans no change to what others made. */
export const planSync = async (site: MoodleSite, wanted: WantedFramework, options: SyncOptions): Promise<Step[]> => {
  await site.checkFunctions()
  const { frameworks, mayCreate } = await site.frameworks()
  const framework = findFramework(frameworks, wanted)
  if (!(framework?.canmanage ?? mayCreate))
    throw new Refused(
      "the token's user may not change competency frameworks: give its role moodle/competency:competencymanage at system level",
    )
  if (framework !== undefined && readState(framework.description) === undefined && !options.adopt)
    throw new Refused(
      `the site has a framework with the ID number ${framework.idnumber} that no sync wrote: --adopt takes it over, --idnumber chooses another ID number`,
    )
  const { root, nodes } = buildTree(framework === undefined ? [] : await site.competencies(framework.id))
  const matches = matchCompetencies(wanted.competencies, nodes)
  const retired = `${wanted.slugs[0]}.retired`
  const place = nodes.find(({ idNumber, state }) => idNumber === retired && state !== undefined)
  const ours = findOwnNodes(nodes, wanted.slugs, place, options)
  rejectForeign(matches, ours)
  const made = { id: framework?.id ?? 0 }
  const first =
    framework === undefined ? await planCreation(site, wanted, options, made) : planUpdate(wanted, framework)
  const related = new Map<CompetencyNode, number[]>()
  for (const { competency, node } of matches)
    if (node !== undefined && differs(competency, node)) related.set(node, await site.related(node.id))
  const rest = stepsFor({
    framework: () => made.id,
    root,
    matches,
    ours,
    related,
    retired: { idNumber: retired, node: place },
    deleteUnused: options.deleteUnused,
  })
  return [...first, ...rest]
}

/** Runs the steps and returns their outcomes. After a failed step, the next run plans again from the current state of the site. */
export const runSteps = async (
  site: MoodleSite,
  steps: readonly Step[],
  progress: (done: number, all: number) => void,
): Promise<Outcome[]> => {
  const outcomes: Outcome[] = []
  for (const { words, run } of steps) {
    progress(outcomes.length, steps.length)
    try {
      outcomes.push(await run(site))
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure
      throw new Refused(
        `could not ${words}: ${failure.message}\n${outcomes.length} of ${steps.length} steps are done and stay. Correct this and run it again: it continues from there.`,
      )
    }
  }
  return outcomes
}

/** Finds a framework by its ID number, or else by one that the track had earlier. */
const findFramework = (
  frameworks: readonly SiteFramework[],
  { framework, slugs }: WantedFramework,
): SiteFramework | undefined => {
  const idNumbers = framework.idNumber === slugs[0] ? slugs : [framework.idNumber]
  const found = idNumbers.map(idNumber => frameworks.find(one => one.idnumber === idNumber))
  return found.find(one => one !== undefined)
}

const textsOf = ({ idNumber, shortName, description }: MoodleFramework) => ({
  idnumber: idNumber,
  shortname: shortName,
  description,
})

const written = (framework: MoodleFramework) => {
  const texts = textsOf(framework)
  const { taxonomies } = framework
  const state = hashState(texts, taxonomies)
  return { state, all: { ...withMark(texts, state), taxonomies } }
}

const planCreation = async (
  site: MoodleSite,
  { framework }: WantedFramework,
  { scale: requested }: SyncOptions,
  made: { id: number },
): Promise<Step[]> => {
  const scale = await chooseScale(site, requested)
  const { idNumber, shortName } = framework
  const words = `create the framework ${idNumber} (${shortName}), rated by: ${scale.values.join(', ')}`
  const run = async (): Promise<Outcome> => {
    made.id = await site.createFramework(written(framework).all, scale)
    return 'created'
  }
  return [{ words, run }]
}

const planUpdate = ({ framework }: WantedFramework, there: SiteFramework): Step[] => {
  const { state, all } = written(framework)
  if (readState(there.description) === state) return []
  const words = `update the framework ${framework.idNumber} (${framework.shortName})`
  const run = async (site: MoodleSite): Promise<Outcome> => {
    await site.updateFramework(there.id, all)
    return 'updated'
  }
  return [{ words, run }]
}

/** A site begins with a scale of three values and one of two, "Not yet competent" and "Competent" in its language. */
const chooseScale = async (site: MoodleSite, requested: number | undefined): Promise<Scale> => {
  const numbers = requested === undefined ? firstScaleIds : [requested]
  for (const id of numbers) {
    const scale = await site.scale(id)
    if (scale !== undefined && (requested !== undefined || scale.values.length === 2)) return scale
  }
  throw new Refused(
    requested === undefined
      ? 'the site has no scale of two values among its first: give the number of one with --scale (it is in the URL of its page under Grades, Scales)'
      : `the site has no scale with the number ${requested}`,
  )
}

const firstScaleIds = Array.from({ length: 20 }, (_, index) => index + 1)

const matchCompetencies = (competencies: readonly MoodleCompetency[], nodes: readonly CompetencyNode[]): Match[] => {
  const byIdNumber = new Map(nodes.map(node => [node.idNumber, node]))
  const taken = new Set(competencies.map(({ idNumber }) => idNumber))
  return competencies.map(competency => {
    const former = competency.formerly.find(idNumber => byIdNumber.has(idNumber) && !taken.has(idNumber))
    return { competency, node: byIdNumber.get(competency.idNumber) ?? byIdNumber.get(former ?? '') }
  })
}

const rejectForeign = (matches: readonly Match[], ours: ReadonlyMap<number, CompetencyNode>): void => {
  const others = matches.flatMap(({ node }) => (node !== undefined && !ours.has(node.id) ? [node.idNumber] : []))
  if (others.length === 0) return
  const more = others.length > 5 ? ` and ${others.length - 5} more` : ''
  throw new Refused(
    `the framework has these competencies that no sync wrote: ${others.slice(0, 5).join(', ')}${more}. --adopt takes them over`,
  )
}

/**
 * Maps the nodes that a sync may change by id: those that a sync wrote; and, by the ID numbers that the file gives, those
 * of a framework that is taken over or was, and are retired since.
 */
const findOwnNodes = (
  nodes: readonly CompetencyNode[],
  slugs: readonly string[],
  retired: CompetencyNode | undefined,
  { adopt }: SyncOptions,
): Map<number, CompetencyNode> => {
  const prefixes = slugs.flatMap(slug => [`${slug}.skill.`, `${slug}.category.`])
  const isOurs = ({ state, idNumber, parent }: CompetencyNode) =>
    state !== undefined ||
    ((adopt || (retired !== undefined && parent === retired)) && prefixes.some(prefix => idNumber.startsWith(prefix)))
  return new Map(nodes.filter(isOurs).map(node => [node.id, node]))
}
