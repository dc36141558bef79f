import type { SkillToLearn } from '../../query/learning-paths.ts'
import { type Markup, plainText } from '../../text/html.ts'
import type { PathToTargets } from '../content/path-targets.ts'
import type { TrackView } from '../content/track-view.ts'
import { format } from '../messages/messages.ts'
import { itemPath } from '../page/links.ts'
import { graphFigure } from './graph-figure.ts'
import { edgesAmong, type PrerequisiteGraph, skillUrl } from './prerequisite-graph.ts'

/** In a longer path, nobody can follow an edge. */
const maxSteps = 200

/** Renders the steps of a path as a graph; undefined if there is nothing to connect, or if it is too long. */
export const pathGraph = (view: TrackView, path: PathToTargets): Markup | undefined => {
  const graph = graphOfPath(view, path)
  return graph.edges.length === 0 || graph.cards.length > maxSteps
    ? undefined
    : graphFigure(view, graph, { label: view.messages.graph.path, cardsInRow: 4 })
}

export const graphOfPath = (view: TrackView, path: PathToTargets): PrerequisiteGraph => ({
  cards: path.steps.map((step, index) => ({
    key: step.key,
    slug: step.slug,
    title: plainText(step.title),
    tier: step.tier,
    href: stepUrl(view, path, step),
    step: index + 1,
    isGoal: step.unlocks.length === 0 || path.targets.some(({ key }) => key === step.key),
    label: format(view.messages.graph.step, {
      step: index + 1,
      title: plainText(step.title),
      tier: plainText(view.tierTitle(step.tier)),
    }),
  })),
  edges: edgesAmong(path.steps),
})

/** Returns the URL of the page of a step. In the same track, its links to the previous and next skill follow the path. */
export const stepUrl = (view: TrackView, { targets }: PathToTargets, { key, slug, track }: SkillToLearn): string => {
  const [target] = targets
  return target === undefined || targets.length > 1 || track !== view.document.track.slug
    ? skillUrl(view, key)
    : view.links.to(`${itemPath(track, 'skill', slug)}?to=${target.name}`)
}
