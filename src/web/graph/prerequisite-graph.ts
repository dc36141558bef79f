import { slugOf, trackOf } from '../../model/keys.ts'
import type { Tier } from '../../model/vocabulary.ts'
import type { TrackView } from '../content/track-view.ts'
import { itemPath } from '../page/links.ts'

/** A skill as a card of a graph. */
export interface Card {
  key: string
  slug: string
  title: string
  tier: Tier
  /** The URL that the card links to; none for the skill of the page that shows the graph. */
  href?: string
  /** The number of the step on a path. */
  step?: number
  /** True for the goal of a path, and for the skill whose neighbourhood it is. */
  isGoal: boolean
  /** The name for assistive technology. */
  label: string
}

/** An edge from a prerequisite to a skill that needs it. */
export interface Edge {
  from: string
  to: string
}

/** Skills, each after its prerequisites, and all edges among them. */
export interface PrerequisiteGraph {
  cards: readonly Card[]
  edges: readonly Edge[]
}

/** Returns the prerequisite edges among skills. */
export const edgesAmong = (skills: readonly { key: string; prerequisites: readonly string[] }[]): Edge[] => {
  const keys = new Set(skills.map(({ key }) => key))
  return skills.flatMap(({ key, prerequisites }) =>
    prerequisites.filter(one => keys.has(one)).map(from => ({ from, to: key })),
  )
}

export interface PlacedCard {
  card: Card
  /** The top left corner. */
  x: number
  y: number
  width: number
  height: number
  /** The lines of the title. */
  lines: string[]
}

export interface PlacedEdge extends Edge {
  /** The data of an SVG path. */
  path: string
}

/** A graph with all coordinates, in CSS pixels. */
export interface GraphLayout {
  width: number
  height: number
  cards: PlacedCard[]
  edges: PlacedEdge[]
}

/** Returns the URL of a skill, which may be in another track. */
export const skillUrl = ({ links, document }: TrackView, key: string): string =>
  trackOf(key) === document.track.slug
    ? links.toItem('skill', slugOf(key))
    : links.to(itemPath(trackOf(key), 'skill', slugOf(key)))
