import { depths, prerequisitesWithin, required } from '../../model/graph.ts'
import type { GraphSkill, SkillGraph } from '../../model/path.ts'
import { type Markup, plainText } from '../../text/html.ts'
import type { Skill, TrackView } from '../content/track-view.ts'
import { format, formatPlural } from '../messages/messages.ts'
import { html } from '../page/html.ts'
import { graphFigure } from './graph-figure.ts'
import { type Card, edgesAmong, skillUrl } from './prerequisite-graph.ts'

/** The skills around a skill. */
export interface Neighbourhood {
  /** The keys of the skills to draw, each after its prerequisites. */
  keys: string[]
  /** The numbers of direct and indirect prerequisites and dependents that are not among them. */
  moreBefore: number
  moreAfter: number
}

/**
 * Renders a skill between its prerequisites and the skills that build on it; undefined if it has neither. The view has the skills
 * of the neighbourhood.
 */
export const neighbourhoodGraph = (
  view: TrackView,
  skill: Skill,
  { keys, moreBefore, moreAfter }: Neighbourhood,
): Markup | undefined => {
  const skills = keys.map(key => view.skill(key)).filter(one => one !== undefined)
  if (skills.length < 2) return undefined
  const { messages, document } = view
  const words = messages.graph
  const path = view.links.to(`tracks/${document.track.slug}?to=${skill.slug}#path`)
  return graphFigure(
    view,
    { cards: skills.map(one => toCard(view, one, one.key === skill.key)), edges: edgesAmong(skills) },
    {
      label: format(words.neighbourhood, { title: plainText(skill.title) }),
      caption: [
        moreBefore > 0 &&
          html` ${formatPlural(messages, words.morePrerequisites, moreBefore)} <a href="${path}">${words.wholePath}</a>`,
        moreAfter > 0 && html` ${formatPlural(messages, words.moreDependents, moreAfter)}`,
      ],
      cardsInRow: 3,
    },
  )
}

/** The number of skills beside the skill itself. */
const maxNeighbours = 14

/** The number of direct dependents, which may be many. */
const maxDependents = 6

/**
 * Finds the skills around a skill: its direct prerequisites and dependents, then the prerequisites of those and their dependents, as
 * far as there is room.
 */
export const findNeighbourhood = (graph: SkillGraph, key: string): Neighbourhood => {
  const dependents = dependentsOf(graph)
  const before = levelsFrom(key, one => graph.get(one)?.prerequisites ?? [])
  const after = levelsFrom(key, one => dependents.get(one) ?? [])
  const [direct = [], indirect = []] = after
  // Dependents of skills that are not drawn would stand alone.
  const chosen = [
    ...(before[0] ?? []),
    ...direct.slice(0, maxDependents),
    ...(before[1] ?? []),
    ...(direct.length > maxDependents ? [] : indirect),
  ].slice(0, maxNeighbours)
  const drawn = new Set([key, ...chosen])
  const countOthers = (levels: string[][]): number => levels.flat().filter(one => !drawn.has(one)).length
  return {
    keys: inOrder([...drawn].flatMap(one => graph.get(one) ?? [])),
    moreBefore: countOthers(before),
    moreAfter: countOthers(after),
  }
}

const dependentsOf = (graph: SkillGraph): Map<string, string[]> => {
  const dependents = new Map<string, string[]>()
  for (const { key, prerequisites } of graph.values())
    for (const one of prerequisites) {
      const list = dependents.get(one)
      if (list === undefined) dependents.set(one, [key])
      else list.push(key)
    }
  return dependents
}

/** Returns the skills that are reachable from a skill, by their distance. */
const levelsFrom = (key: string, next: (key: string) => readonly string[]): string[][] => {
  const seen = new Set([key])
  const levels: string[][] = []
  for (let level = [key]; level.length > 0; ) {
    level = [...new Set(level.flatMap(next))].filter(one => !seen.has(one))
    for (const one of level) seen.add(one)
    if (level.length > 0) levels.push(level)
  }
  return levels
}

/** Sorts skills so that each follows its prerequisites, and skills of the same depth by their place in the curriculum. */
const inOrder = (skills: readonly GraphSkill[]): string[] => {
  const depth = depths(prerequisitesWithin(new Map(skills.map(skill => [skill.key, skill]))))
  return skills
    .toSorted((a, b) => required(depth, a.key) - required(depth, b.key) || a.order - b.order)
    .map(({ key }) => key)
}

const toCard = (view: TrackView, skill: Skill, isGoal: boolean): Card => ({
  key: skill.key,
  slug: skill.slug,
  title: plainText(skill.title),
  tier: skill.tier,
  ...(isGoal ? {} : { href: skillUrl(view, skill.key) }),
  isGoal,
  label: format(view.messages.graph.card, {
    title: plainText(skill.title),
    tier: plainText(view.tierTitle(skill.tier)),
  }),
})
