import { Refused } from '../content/refused.ts'
import type { Competency, Framework } from '../lms/moodle-framework.ts'
import { type Node, treeOf } from './held.ts'
import { marked, stateIn, stateOf } from './mark.ts'
import { differs, type Match, type Step, stepsFor } from './plan.ts'
import type { Scale, Site, SiteFramework } from './site.ts'

/** What a site is to hold of a track. */
export interface Wanted {
  framework: Framework
  competencies: Competency[]
  /** The track's slug, and those that it had. */
  slugs: string[]
}

export interface SyncOptions {
  /** Whether what was made otherwise under the same ID numbers is taken over. */
  adopt: boolean
  /** Whether what is gone is taken away where Moodle allows it. */
  deleteUnused: boolean
  /** The scale of a new framework; without it the first one of two values, which every site has from the start. */
  scale?: number | undefined
}

/** What has to be done for a site to hold a track. Nothing is written yet, and nothing is done to what others made. */
export const planFor = async (site: Site, wanted: Wanted, options: SyncOptions): Promise<Step[]> => {
  await site.refuseMissing()
  const framework = await frameworkOn(site, wanted)
  if (framework !== undefined && stateIn(framework.description) === undefined && !options.adopt)
    throw new Refused(
      `the site has a framework with the ID number ${framework.idnumber} that was made otherwise: --adopt takes it over, --idnumber names one of its own`,
    )
  const { root, nodes } = treeOf(framework === undefined ? [] : await site.competencies(framework.id))
  const matches = matched(wanted.competencies, nodes)
  const retired = `${wanted.slugs[0]}.retired`
  const place = nodes.find(({ idNumber, state }) => idNumber === retired && state !== undefined)
  if (!options.adopt) refuseOthers(matches)
  const made = { id: framework?.id ?? 0 }
  const first = framework === undefined ? await creation(site, wanted, options, made) : renewal(wanted, framework)
  const related = new Map<Node, number[]>()
  for (const { competency, node } of matches)
    if (node !== undefined && differs(competency, node)) related.set(node, await site.related(node.id))
  const rest = stepsFor({
    framework: () => made.id,
    root,
    matches,
    ours: oursIn(nodes, wanted.slugs, options),
    related,
    retired: { idNumber: retired, node: place },
    deleteUnused: options.deleteUnused,
  })
  return [...first, ...rest]
}

/** Does all that was planned. Where one step fails, what was done before stays, and a new plan goes on from there. */
export const carryOut = async (
  site: Site,
  steps: readonly Step[],
  progress: (done: number, all: number) => void,
): Promise<void> => {
  for (const [index, { words, run }] of steps.entries()) {
    progress(index, steps.length)
    try {
      await run(site)
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure
      throw new Refused(
        `could not ${words}: ${failure.message}\n${index} of ${steps.length} steps are done and stay. Once this is mended, run it again: it goes on from there.`,
      )
    }
  }
}

/** By the ID number it is to have, or else by one that it had. */
const frameworkOn = async (site: Site, { framework, slugs }: Wanted): Promise<SiteFramework | undefined> => {
  for (const idNumber of framework.idNumber === slugs[0] ? slugs : [framework.idNumber]) {
    const found = await site.framework(idNumber)
    if (found !== undefined) return found
  }
  return undefined
}

const textsOf = ({ idNumber, shortName, description }: Framework) => ({
  idnumber: idNumber,
  shortname: shortName,
  description,
})

const written = (framework: Framework) => {
  const texts = textsOf(framework)
  const { taxonomies } = framework
  const state = stateOf(texts, taxonomies)
  return { state, all: { ...marked(texts, state), taxonomies } }
}

const creation = async (
  site: Site,
  { framework }: Wanted,
  { scale: asked }: SyncOptions,
  made: { id: number },
): Promise<Step[]> => {
  const scale = await scaleOn(site, asked)
  const { idNumber, shortName } = framework
  const words = `create the framework ${idNumber} (${shortName}), rated by: ${scale.values.join(', ')}`
  const run = async (): Promise<void> => {
    made.id = await site.createFramework(written(framework).all, scale)
  }
  return [{ did: 'created', words, run }]
}

const renewal = ({ framework }: Wanted, there: SiteFramework): Step[] => {
  const { state, all } = written(framework)
  if (stateIn(there.description) === state) return []
  const words = `update the framework ${framework.idNumber} (${framework.shortName})`
  return [{ did: 'updated', words, run: site => site.updateFramework(there.id, all) }]
}

/** A site begins with a scale of three values and one of two, "Not yet competent" and "Competent" in its language. */
const scaleOn = async (site: Site, asked: number | undefined): Promise<Scale> => {
  const numbers = asked === undefined ? firstNumbers : [asked]
  for (const id of numbers) {
    const scale = await site.scale(id)
    if (scale !== undefined && (asked !== undefined || scale.values.length === 2)) return scale
  }
  throw new Refused(
    asked === undefined
      ? 'the site has no scale of two values among its first: give the number of one with --scale (it stands in the address of its page under Grades, Scales)'
      : `the site has no scale with the number ${asked}`,
  )
}

const firstNumbers = Array.from({ length: 20 }, (_, index) => index + 1)

const matched = (competencies: readonly Competency[], nodes: readonly Node[]): Match[] => {
  const byIdNumber = new Map(nodes.map(node => [node.idNumber, node]))
  const taken = new Set(competencies.map(({ idNumber }) => idNumber))
  return competencies.map(competency => {
    const former = competency.formerly.find(idNumber => byIdNumber.has(idNumber) && !taken.has(idNumber))
    return { competency, node: byIdNumber.get(competency.idNumber) ?? byIdNumber.get(former ?? '') }
  })
}

const refuseOthers = (matches: readonly Match[]): void => {
  const others = matches.flatMap(({ node }) => (node !== undefined && node.state === undefined ? [node.idNumber] : []))
  if (others.length === 0) return
  const more = others.length > 5 ? ` and ${others.length - 5} more` : ''
  throw new Refused(
    `these competencies of the framework were made otherwise: ${others.slice(0, 5).join(', ')}${more}. --adopt takes them over`,
  )
}

/** What a sync made; and where a framework is taken over, all that has an ID number as the file gives it. */
const oursIn = (nodes: readonly Node[], slugs: readonly string[], { adopt }: SyncOptions): Map<number, Node> => {
  const prefixes = slugs.flatMap(slug => [`${slug}.skill.`, `${slug}.category.`])
  const isOurs = ({ state, idNumber }: Node) =>
    state !== undefined || (adopt && prefixes.some(prefix => idNumber.startsWith(prefix)))
  return new Map(nodes.filter(isOurs).map(node => [node.id, node]))
}
