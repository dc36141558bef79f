import type { MoodleCompetency } from '../../exports/moodle-framework.ts'
import { begun, hashState, withMark } from './mark.ts'
import type { MoodleSite, Written } from './site.ts'
import { type CompetencyNode, depthOf, detach, movesUp, moveTo, newNode } from './tree.ts'

/** A change to the site. */
export interface Step {
  /** The change in words for the operator. */
  words: string
  /** True when only trying shows if there is anything to change: a dry run does not count such a step. */
  tentative?: boolean
  run(site: MoodleSite): Promise<Outcome>
}

export type Outcome = 'created' | 'related' | 'updated' | 'moved' | 'retired' | 'removed' | 'ordered' | 'still in use'

/** A competency of the track, and its node on the site. */
export interface Match {
  competency: MoodleCompetency
  node: CompetencyNode | undefined
}

export interface Planned {
  /** Returns the id of the framework, which a new one gets when the first step runs. */
  framework(): number
  root: CompetencyNode
  /** Parents before their children. */
  matches: Match[]
  /** The nodes that a sync may change, by id, whether the track still has them or not. */
  ours: ReadonlyMap<number, CompetencyNode>
  /** The ids of the related competencies, for each node that is to be updated. */
  related: Map<CompetencyNode, number[]>
  retired: { idNumber: string; node: CompetencyNode | undefined }
  deleteUnused: boolean
}

/** The texts of a competency, and the state that says that its relations are written too. */
export const finalOf = (competency: MoodleCompetency): { written: Written; state: string } => {
  const { idNumber, shortName, description, related } = competency
  const written = { idnumber: idNumber, shortname: shortName, description }
  return { written, state: hashState(written, related.toSorted()) }
}

/** Returns true when the texts or relations on the site are not those of the track. */
export const differs = (competency: MoodleCompetency, node: CompetencyNode): boolean =>
  node.state !== finalOf(competency).state ||
  node.idNumber !== competency.idNumber ||
  unescapeName(node.shortName) !== unescapeName(competency.shortName)

/** Decodes a short name: some sites return it escaped for a page. */
const unescapeName = (name: string): string =>
  name.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')

/** Lists the steps that bring the site up to the track. The nodes of the plan are moved to where they will be. */
export const stepsFor = (plan: Planned): Step[] => {
  const nodes = new Map<string, CompetencyNode>()
  const placements = plan.matches.flatMap(match => place(plan, match, nodes))
  const currentNodes = new Set(nodes.values())
  const neighbours = findNeighbours(plan, nodes)
  return [
    ...placements,
    ...plan.matches.flatMap(match => write(plan, match, nodes, neighbours)),
    ...retire(plan, currentNodes),
    ...order(plan, nodes),
  ]
}

/** Creates a competency, or moves it below its parent. */
const place = (plan: Planned, { competency, node }: Match, nodes: Map<string, CompetencyNode>): Step[] => {
  const parent = nodes.get(competency.parent) ?? plan.root
  if (node !== undefined) {
    nodes.set(competency.idNumber, node)
    if (node.parent === parent) return []
    moveTo(node, parent)
    const run = async (site: MoodleSite): Promise<Outcome> => {
      await site.move(node.id, parent.id)
      return 'moved'
    }
    return [{ words: `move ${label(competency)} ${below(parent)}`, run }]
  }
  const made = newNode(parent, competency.idNumber, competency.shortName)
  nodes.set(competency.idNumber, made)
  const { written, state } = finalOf(competency)
  const complete = competency.related.length === 0
  return [
    {
      words: `create ${label(competency)} ${below(parent)}`,
      run: async site => {
        made.id = await site.create(plan.framework(), parent.id, withMark(written, complete ? state : begun))
        return 'created'
      },
    },
  ]
}

/** Updates the relations of a competency and then its texts, whose state says that both are complete. */
const write = (
  plan: Planned,
  { competency, node }: Match,
  nodes: ReadonlyMap<string, CompetencyNode>,
  around: ReadonlyMap<CompetencyNode, ReadonlySet<CompetencyNode>>,
): Step[] => {
  const self = nodes.get(competency.idNumber) as CompetencyNode // place() has set it
  const { written, state } = finalOf(competency)
  const before = competency.related.map(idNumber => nodes.get(idNumber) as CompetencyNode) // the framework has them all
  const finish = (site: MoodleSite) => site.update(self.id, withMark(written, state))
  if (node === undefined) {
    if (before.length === 0) return []
    const run = async (site: MoodleSite): Promise<Outcome> => {
      for (const other of before) await site.relate(self.id, other.id)
      await finish(site)
      return 'related'
    }
    return [{ words: `relate ${label(competency)} to ${joinIdNumbers(before)}`, run }]
  }
  if (!differs(competency, node)) return []
  const has = (plan.related.get(node) as number[]).flatMap(id => plan.ours.get(id) ?? []) // read for each node that differs
  const goneRelations = has.filter(other => !around.get(node)?.has(other))
  const missing = before.filter(other => !has.includes(other))
  // Removing a relation removes it from both ends.
  for (const other of goneRelations)
    plan.related.set(other, plan.related.get(other)?.filter(id => id !== node.id) ?? [])
  const run = async (site: MoodleSite): Promise<Outcome> => {
    for (const other of goneRelations) await site.unrelate(self.id, other.id)
    for (const other of missing) await site.relate(self.id, other.id)
    await finish(site)
    return 'updated'
  }
  const changes = [
    ...(node.idNumber === competency.idNumber ? [] : [`formerly ${node.idNumber}`]),
    ...(missing.length === 0 ? [] : [`related to ${joinIdNumbers(missing)}`]),
    ...(goneRelations.length === 0 ? [] : [`no longer related to ${joinIdNumbers(goneRelations)}`]),
  ]
  return [{ words: `update ${label(competency)}${changes.length === 0 ? '' : `: ${changes.join(', ')}`}`, run }]
}

/** Maps each node to its prerequisites and those it is one of: Moodle's relations have no direction. */
const findNeighbours = (
  { matches }: Planned,
  nodes: ReadonlyMap<string, CompetencyNode>,
): Map<CompetencyNode, Set<CompetencyNode>> => {
  const around = new Map([...nodes.values()].map(node => [node, new Set<CompetencyNode>()]))
  for (const { competency } of matches)
    for (const idNumber of competency.related) {
      const [one, other] = [nodes.get(competency.idNumber), nodes.get(idNumber)] as [CompetencyNode, CompetencyNode] // place() has set both
      around.get(one)?.add(other)
      around.get(other)?.add(one)
    }
  return around
}

/**
 * Moves competencies that the track no longer has below "Retired", the deepest first, because Moodle deletes nothing that
 * is in use. With deleteUnused it tries to delete each one, unless something that no sync wrote is below it.
 */
const retire = (
  { framework, ours, retired, deleteUnused }: Planned,
  currentNodes: ReadonlySet<CompetencyNode>,
): Step[] => {
  const place = retired.node ?? newNode(undefined, retired.idNumber, retiredName)
  const moveBelow = async (site: MoodleSite, node: CompetencyNode): Promise<Outcome> => {
    if (place.id === 0) place.id = await site.create(framework(), 0, retiredTexts(retired.idNumber))
    await site.move(node.id, place.id)
    return 'retired'
  }
  const gone = [...ours.values()].filter(node => !currentNodes.has(node) && node !== retired.node)
  return gone
    .sort((one, other) => depthOf(other) - depthOf(one))
    .flatMap((node): Step[] => {
      const isRetired = node.parent === place
      const removable = deleteUnused && node.children.length === 0
      if (isRetired && !removable) return []
      detach(node)
      const words = `${node.idNumber} (${node.shortName})`
      if (!removable) return [{ words: `retire ${words}`, run: site => moveBelow(site, node) }]
      const remove = async (site: MoodleSite, otherwise: () => Promise<Outcome>): Promise<Outcome> =>
        (await site.remove(node.id)) ? 'removed' : otherwise()
      return isRetired
        ? [
            {
              words: `remove ${words}, retired earlier, unless it is still in use`,
              tentative: true,
              run: site => remove(site, async () => 'still in use'),
            },
          ]
        : [
            {
              words: `remove ${words}, or retire it if it is in use`,
              run: site => remove(site, () => moveBelow(site, node)),
            },
          ]
    })
}

const retiredName = 'Retired'

const retiredTexts = (idnumber: string): Written => {
  const written = {
    idnumber,
    shortname: retiredName,
    description:
      '<p>Competencies that the curriculum no longer has. Courses, plans and ratings may still use them.</p>',
  }
  return withMark(written, hashState(written))
}

/** Orders the children of each node as the track does. */
const order = ({ matches, root, retired }: Planned, nodes: ReadonlyMap<string, CompetencyNode>): Step[] => {
  const groups = Map.groupBy(matches, ({ competency }) => competency.parent)
  return [...groups].flatMap(([parent, those]) => {
    const above = nodes.get(parent) ?? root
    const wanted = those.map(({ competency }) => nodes.get(competency.idNumber) as CompetencyNode) // place() has set it
    const last = retired.node?.parent === above ? [retired.node] : []
    const ups = movesUp(above, [...wanted, ...last])
    if (ups.length === 0) return []
    const run = async (site: MoodleSite): Promise<Outcome> => {
      for (const node of ups) await site.moveUp(node.id)
      return 'ordered'
    }
    return [{ words: `put in order what stands ${below(above)}`, run }]
  })
}

const label = ({ idNumber, shortName }: MoodleCompetency): string => `${idNumber} (${shortName})`
const below = ({ idNumber }: CompetencyNode): string => (idNumber === '' ? 'at the top' : `below ${idNumber}`)
const joinIdNumbers = (nodes: readonly CompetencyNode[]): string => nodes.map(({ idNumber }) => idNumber).join(', ')
