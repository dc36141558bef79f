import type { Markup, MarkupContent } from '../../text/html.ts'
import type { TrackView } from '../content/track-view.ts'
import { directionOf } from '../messages/messages.ts'
import { html, inline } from '../page/html.ts'
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
  const inLayers = layOutInLayers(graph, { maxWidth: (Math.max(...columnWidths) * rem) / smallestScale, cardsInRow })
  return html`<figure class="graph${inLayers && ` fit-${columnFor(inLayers)}`}" data-known="${words.known}">
<div class="graph-tools" role="group" aria-label="${words.zoom}" hidden><button type="button" data-zoom="out" aria-label="${words.zoomOut}">−</button><button type="button" data-zoom="reset" title="${words.zoomReset}">${formatPercent(view.document.track.language)}</button><button type="button" data-zoom="in" aria-label="${words.zoomIn}">+</button></div>
<div class="graph-scroll">
${inLayers && drawing('layers', inLayers)}${drawing('lanes', layOutInLanes(graph))}</div>
<figcaption><span class="legend">${legend(view, graph)}</span>${caption}</figcaption>
</figure>
`
}

const formatPercent = (language: string): string => new Intl.NumberFormat(language, { style: 'percent' }).format(1)

/** The widths of a column, in rem, for which the style has a class. */
const columnWidths = [36, 46, 56, 66, 78] as const

/** In CSS pixels. */
const rem = 16

/** The scale below which titles would be too small to read. */
const smallestScale = 0.8

/** Returns the least width of a column in which a drawing can be read, in rem. */
const columnFor = ({ width }: GraphLayout): number =>
  Math.min(...columnWidths.filter(column => column * rem >= width * smallestScale))

/** Names the colors of the tiers in the graph. */
const legend = ({ columns }: TrackView, { cards }: PrerequisiteGraph): Markup[] => {
  const used = new Set(cards.map(({ tier }) => tier))
  return columns
    .filter(({ tier }) => used.has(tier))
    .map(({ tier, title }) => html`<span data-tier="${tier}" dir="auto">${inline(title)}</span> `)
}
