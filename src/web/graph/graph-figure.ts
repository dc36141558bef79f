import type { Markup, MarkupContent } from '../../text/html.ts'
import { html, inline } from '../html.ts'
import { directionOf } from '../messages/messages.ts'
import type { TrackView } from '../track-view.ts'
import { drawGraph } from './draw-graph.ts'
import { layOutInLanes } from './lane-layout.ts'
import { layOutInLayers } from './layer-layout.ts'
import type { GraphLayout, PrerequisiteGraph } from './prerequisite-graph.ts'

/**
 * Renders a graph as a figure. It has two drawings, of which the style shows the one that fits: rows of cards, or one card a row
 * with the edges beside it, which remains if the first would be too wide for any page. `label` is the name for assistive
 * technology, `caption` follows the legend.
 */
export const graphFigure = (
  view: TrackView,
  graph: PrerequisiteGraph,
  { label, caption, cardsInRow }: { label: string; caption?: MarkupContent; cardsInRow: number },
): Markup => {
  const words = view.messages.graph
  const direction = directionOf(view.document.track.language)
  const drawing = (kind: string, { width, height, ...layout }: GraphLayout): Markup =>
    html`<svg class="${kind}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-label="${label}">${drawGraph({ width, height, ...layout }, direction)}</svg>\n`
  const inLayers = layOutInLayers(graph, { maxWidth: 1_700, cardsInRow })
  return html`<figure class="graph${inLayers && ` ${sizeOf(inLayers)}`}" data-known="${words.known}">
<div class="graph-tools" role="group" aria-label="${words.zoom}" hidden><button type="button" data-zoom="out" aria-label="${words.zoomOut}">−</button><button type="button" data-zoom="reset" title="${words.zoomReset}">100 %</button><button type="button" data-zoom="in" aria-label="${words.zoomIn}">+</button></div>
<div class="graph-scroll">
${inLayers && drawing('layers', inLayers)}${drawing('lanes', layOutInLanes(graph))}</div>
<figcaption><span class="legend">${legend(view, graph)}</span>${caption}</figcaption>
</figure>
`
}

/** Returns a class by the width of a drawing, from which the style knows the width that it needs. */
const sizeOf = ({ width }: GraphLayout): string => {
  if (width <= 700) return 'small'
  return width <= 1_100 ? 'medium' : 'large'
}

/** Names the colors of the tiers in the graph. */
const legend = ({ columns }: TrackView, { cards }: PrerequisiteGraph): Markup[] => {
  const used = new Set(cards.map(({ tier }) => tier))
  return columns
    .filter(({ tier }) => used.has(tier))
    .map(({ tier, title }) => html`<span data-tier="${tier}" dir="auto">${inline(title)}</span> `)
}
