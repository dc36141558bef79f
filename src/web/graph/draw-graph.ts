import type { Markup } from '../../text/html.ts'
import { html } from '../page/html.ts'
import type { GraphLayout, PlacedCard } from './prerequisite-graph.ts'
import { directionOfText } from './text-lines.ts'

/** Draws the edges and cards of a layout. From right to left, everything but the text is mirrored. */
export const drawGraph = (
  { width, cards, edges }: GraphLayout,
  direction: 'ltr' | 'rtl',
): Markup => html`<g class="edges" aria-hidden="true"${
  direction === 'rtl' && html` transform="translate(${width}) scale(-1 1)"`
}>${edges.map(
  ({ from, to, path }) => html`<path data-from="${slugOf(from)}" data-to="${slugOf(to)}" d="${path}"/>`,
)}</g>
${cards.map(card => drawCard(card, direction, width))}`

const slugOf = (key: string): string => key.slice(key.indexOf('.') + 1)

const drawCard = (placed: PlacedCard, direction: 'ltr' | 'rtl', graphWidth: number): Markup => {
  const { card, y, width, height } = placed
  const x = direction === 'rtl' ? graphWidth - placed.x - width : placed.x
  const content = html`<g transform="translate(${round(x)} ${round(y)})"><rect class="ground" width="${width}" height="${height}" rx="10"/><rect class="side" x="${direction === 'rtl' ? width - 10 : 7}" y="10" width="3" height="${height - 20}" rx="1.5"/>${drawBadge(placed, direction)}${drawTitle(placed, direction)}</g>`
  const kind = `card${card.isGoal ? ' goal' : ''}`
  return card.href === undefined
    ? html`<g class="${kind}" data-node="${card.slug}" data-tier="${card.tier}" role="img" aria-label="${card.label}">${content}</g>\n`
    : html`<a class="${kind}" href="${card.href}" data-node="${card.slug}" data-tier="${card.tier}" aria-label="${card.label}">${content}</a>\n`
}

const drawTitle = ({ card, width, height, lines }: PlacedCard, direction: 'ltr' | 'rtl'): Markup[] => {
  const x = direction === 'rtl' ? width - textStart : textStart
  const own = directionOfText(card.title)
  const top = (height - lines.length * lineHeight) / 2 + ascent
  return lines.map(
    (line, index) =>
      html` <text x="${x}" y="${round(top + index * lineHeight)}"${own !== direction && html` direction="${own}" text-anchor="end"`}>${line}</text>`,
  )
}

/** Draws the number of the step, in whose place a script shows that the skill is known. */
const drawBadge = ({ card: { step }, width }: PlacedCard, direction: 'ltr' | 'rtl'): Markup => {
  const badgeWidth = step === undefined || step < 10 ? 22 : step < 100 ? 30 : 38
  const x = direction === 'rtl' ? width - 14 - badgeWidth : 14
  const middle = badgeWidth / 2
  return html`<g class="badge${step !== undefined && ' numbered'}" transform="translate(${x} -11)"><rect width="${badgeWidth}" height="22" rx="11"/>${step !== undefined && html`<text x="${middle}" y="15.5" text-anchor="middle">${step}</text>`}<path d="M${middle - 5} 11.5l3.5 3.5l6.5-7.5"/></g>`
}

/** The distance of the title from the edge of its card, and those of its lines. */
const textStart = 19
const lineHeight = 18
const ascent = 13.5

const round = (coordinate: number): number => Math.round(coordinate * 10) / 10
