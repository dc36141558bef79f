import type { Competency } from '../lms/moodle-framework.ts'
import { depthOf, detach, moveTo, type Node, newNode, stepsUp } from './held.ts'
import { begun, marked, stateOf } from './mark.ts'
import type { Site, Written } from './site.ts'

/** Something that is to be done on the site, as its operator reads it. */
export interface Step {
  did: 'created' | 'related' | 'updated' | 'moved' | 'retired' | 'removed' | 'ordered'
  words: string
  run(site: Site): Promise<void>
}

/** A competency that is to be there, and what of the site is it. */
export interface Match {
  competency: Competency
  node: Node | undefined
}

export interface Planned {
  /** The number of the framework, known when the first step runs. */
  framework(): number
  root: Node
  /** In an order in which each follows the one it stands below. */
  matches: Match[]
  /** Ours on the site by number, whether still wanted or not. */
  ours: ReadonlyMap<number, Node>
  /** The numbers of what each one is related to that may have to be related otherwise. */
  related: Map<Node, number[]>
  retired: { idNumber: string; node: Node | undefined }
  deleteUnused: boolean
}

/** What is written of a competency when all is done. */
export const finalOf = (competency: Competency): { written: Written; state: string } => {
  const { idNumber, shortName, description, related } = competency
  const written = { idnumber: idNumber, shortname: shortName, description }
  return { written, state: stateOf(written, related.toSorted()) }
}

/** Whether its texts or relations are not as they should be. */
export const differs = (competency: Competency, node: Node): boolean =>
  node.state !== finalOf(competency).state ||
  node.idNumber !== competency.idNumber ||
  plainly(node.shortName) !== plainly(competency.shortName)

/** Some sites answer short names as they stand in a page. */
const plainly = (name: string): string =>
  name.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')

/** All that has to be done. The tree is brought to what it will be, and the steps bring the site there. */
export const stepsFor = (plan: Planned): Step[] => {
  const nodes = new Map<string, Node>()
  const placed = plan.matches.flatMap(match => place(plan, match, nodes))
  const kept = new Set(nodes.values())
  const around = neighboursIn(plan, nodes)
  return [
    ...placed,
    ...plan.matches.flatMap(match => write(plan, match, nodes, around)),
    ...retire(plan, kept),
    ...order(plan, nodes),
  ]
}

/** Makes it, or moves it below the one it is to stand below. */
const place = (plan: Planned, { competency, node }: Match, nodes: Map<string, Node>): Step[] => {
  const parent = nodes.get(competency.parent) ?? plan.root
  if (node !== undefined) {
    nodes.set(competency.idNumber, node)
    if (node.parent === parent) return []
    moveTo(node, parent)
    const run = (site: Site) => site.move(node.id, parent.id)
    return [{ did: 'moved', words: `move ${named(competency)} ${below(parent)}`, run }]
  }
  const made = newNode(parent, competency.idNumber, competency.shortName)
  nodes.set(competency.idNumber, made)
  const { written, state } = finalOf(competency)
  const complete = competency.related.length === 0
  return [
    {
      did: 'created',
      words: `create ${named(competency)} ${below(parent)}`,
      run: async site => {
        made.id = await site.create(plan.framework(), parent.id, marked(written, complete ? state : begun))
      },
    },
  ]
}

/** Brings its relations and then its texts up to date: with them it is said that all of it is. */
const write = (
  plan: Planned,
  { competency, node }: Match,
  nodes: ReadonlyMap<string, Node>,
  around: ReadonlyMap<Node, ReadonlySet<Node>>,
): Step[] => {
  const self = nodes.get(competency.idNumber) as Node // it was placed
  const { written, state } = finalOf(competency)
  const before = competency.related.map(idNumber => nodes.get(idNumber) as Node) // only what is in the framework too
  const finish = (site: Site) => site.update(self.id, marked(written, state))
  if (node === undefined) {
    if (before.length === 0) return []
    const run = async (site: Site): Promise<void> => {
      for (const other of before) await site.relate(self.id, other.id)
      await finish(site)
    }
    return [{ did: 'related', words: `relate ${named(competency)} to ${listed(before)}`, run }]
  }
  if (!differs(competency, node)) return []
  const has = (plan.related.get(node) as number[]).flatMap(id => plan.ours.get(id) ?? []) // asked for where it differs
  const gone = has.filter(other => !around.get(node)?.has(other))
  const missing = before.filter(other => !has.includes(other))
  // A relation that is parted from one end is parted.
  for (const other of gone) plan.related.set(other, plan.related.get(other)?.filter(id => id !== node.id) ?? [])
  const run = async (site: Site): Promise<void> => {
    for (const other of gone) await site.unrelate(self.id, other.id)
    for (const other of missing) await site.relate(self.id, other.id)
    await finish(site)
  }
  const changes = [
    ...(node.idNumber === competency.idNumber ? [] : [`formerly ${node.idNumber}`]),
    ...(missing.length === 0 ? [] : [`related to ${listed(missing)}`]),
    ...(gone.length === 0 ? [] : [`no longer related to ${listed(gone)}`]),
  ]
  return [
    {
      did: 'updated',
      words: `update ${named(competency)}${changes.length === 0 ? '' : `: ${changes.join(', ')}`}`,
      run,
    },
  ]
}

/** What each one comes after or before: Moodle's relations have no direction. */
const neighboursIn = ({ matches }: Planned, nodes: ReadonlyMap<string, Node>): Map<Node, Set<Node>> => {
  const around = new Map([...nodes.values()].map(node => [node, new Set<Node>()]))
  for (const { competency } of matches)
    for (const idNumber of competency.related) {
      const [one, other] = [nodes.get(competency.idNumber), nodes.get(idNumber)] as [Node, Node] // both were placed
      around.get(one)?.add(other)
      around.get(other)?.add(one)
    }
  return around
}

/**
 * What is gone goes below one competency of its own, the deepest first: Moodle takes nothing away that something refers
 * to. Where it may be taken away, that is tried before; not where something stands below it that is not ours.
 */
const retire = ({ framework, ours, retired, deleteUnused }: Planned, kept: ReadonlySet<Node>): Step[] => {
  const place = retired.node ?? newNode(undefined, retired.idNumber, retiredName)
  const below = async (site: Site, node: Node): Promise<void> => {
    if (place.id === 0) place.id = await site.create(framework(), 0, retiredTexts(retired.idNumber))
    if (node.state === undefined) await site.update(node.id, marked(textsOf(node), begun))
    await site.move(node.id, place.id)
  }
  const gone = [...ours.values()].filter(node => !kept.has(node) && node !== retired.node)
  return gone
    .sort((one, other) => depthOf(other) - depthOf(one))
    .flatMap((node): Step[] => {
      const stood = node.parent === place
      const removable = deleteUnused && node.children.length === 0
      if (stood && !removable) return []
      detach(node)
      const words = `${node.idNumber} (${node.shortName})`
      if (!removable) return [{ did: 'retired', words: `retire ${words}`, run: site => below(site, node) }]
      const run = async (site: Site): Promise<void> => {
        if (!(await site.remove(node.id)) && !stood) await below(site, node)
      }
      return [{ did: 'removed', words: `remove ${words}, or retire it where it is in use`, run }]
    })
}

const retiredName = 'Retired'

const retiredTexts = (idnumber: string): Written => {
  const written = {
    idnumber,
    shortname: retiredName,
    description: '<p>What the curriculum no longer has, and what somebody here may still refer to.</p>',
  }
  return marked(written, stateOf(written))
}

const textsOf = ({ idNumber, shortName, description }: Node): Written => ({
  idnumber: idNumber,
  shortname: shortName,
  description,
})

/** Those below each one in the order of the track. */
const order = ({ matches, root, retired }: Planned, nodes: ReadonlyMap<string, Node>): Step[] => {
  const groups = Map.groupBy(matches, ({ competency }) => competency.parent)
  return [...groups].flatMap(([parent, those]) => {
    const above = nodes.get(parent) ?? root
    const wanted = those.map(({ competency }) => nodes.get(competency.idNumber) as Node) // each was placed
    const last = retired.node?.parent === above ? [retired.node] : []
    const ups = stepsUp(above, [...wanted, ...last])
    if (ups.length === 0) return []
    const run = async (site: Site): Promise<void> => {
      for (const node of ups) await site.moveUp(node.id)
    }
    return [{ did: 'ordered' as const, words: `put in order what stands ${below(above)}`, run }]
  })
}

const named = ({ idNumber, shortName }: Competency): string => `${idNumber} (${shortName})`
const below = ({ idNumber }: Node): string => (idNumber === '' ? 'at the top' : `below ${idNumber}`)
const listed = (nodes: readonly Node[]): string => nodes.map(({ idNumber }) => idNumber).join(', ')
