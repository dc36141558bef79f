import { required } from '../../model/graph.ts'
import type { GraphLayout, PlacedCard, PlacedEdge, PrerequisiteGraph } from './prerequisite-graph.ts'
import { wrapText } from './text-lines.ts'

/**
 * Lays out a graph for a narrow screen: one card a row, in order. The edges of a prerequisite run beside the cards in one lane,
 * from which they branch off to the skills that need it; an edge to the next row is a straight line.
 */
export const layOutInLanes = ({ cards, edges }: PrerequisiteGraph): GraphLayout => {
  const rows = new Map(cards.map(({ key }, row) => [key, row]))
  const isNext = ({ from, to }: { from: string; to: string }) => required(rows, to) === required(rows, from) + 1
  const lanes = assignLanes(
    edges
      .filter(edge => !isNext(edge))
      .map(({ from, to }) => ({ from, first: required(rows, from), last: required(rows, to) })),
  )
  const count = Math.max(0, ...[...lanes.values()].map(lane => lane + 1))
  const pitch = Math.min(maxPitch, maxLanesWidth / count)
  const left = 1 + Math.ceil(count * pitch)
  const placed: PlacedCard[] = []
  let y = badgeRadius
  for (const card of cards) {
    const lines = wrapText(card.title, width - left - textMargin, boldSize, maxLines)
    const height = lines.length * lineHeight + 2 * padding
    placed.push({ card, x: left, y, width: width - left - 1, height, lines })
    y += height + gap
  }
  const byKey = new Map(placed.map(one => [one.card.key, one]))
  return {
    width,
    height: y - gap + badgeRadius,
    cards: placed,
    edges: edges.map((edge): PlacedEdge => {
      const from = required(byKey, edge.from)
      const to = required(byKey, edge.to)
      return {
        ...edge,
        path: isNext(edge)
          ? straight(from, to)
          : aroundCards(from, to, left - (required(lanes, edge.from) + 0.5) * pitch),
      }
    }),
  }
}

const width = 340
const padding = 12
const gap = 22
const textMargin = 31
const boldSize = 15.4
const lineHeight = 18
const maxLines = 3
const badgeRadius = 11
const maxPitch = 14
const maxLanesWidth = 100

/** Assigns a lane to each prerequisite, the shortest next to the cards; two share one if the first ends where the second begins. */
const assignLanes = (spans: readonly { from: string; first: number; last: number }[]): Map<string, number> => {
  const merged = [...Map.groupBy(spans, ({ from }) => from)].map(([from, own]) => ({
    from,
    first: Math.min(...own.map(({ first }) => first)),
    last: Math.max(...own.map(({ last }) => last)),
  }))
  const taken: { first: number; last: number }[][] = []
  const lanes = new Map<string, number>()
  for (const span of merged.sort((a, b) => a.last - a.first - (b.last - b.first) || a.first - b.first)) {
    const isFree = (lane: { first: number; last: number }[]) =>
      lane.every(({ first, last }) => span.last <= first || last <= span.first)
    const free = taken.findIndex(isFree)
    const lane = free < 0 ? taken.length : free
    taken[lane] = [...(taken[lane] ?? []), span]
    lanes.set(span.from, lane)
  }
  return lanes
}

const straight = (from: PlacedCard, to: PlacedCard): string => {
  const x = from.x + from.width / 2
  const end = to.y - 1
  return `M${x} ${from.y + from.height}V${end}M${x - 4} ${end - 5}L${x} ${end}L${x + 4} ${end - 5}`
}

/** Leaves a card in its lower half and enters the other in its upper half, so that lanes that meet do not touch. */
const aroundCards = (from: PlacedCard, to: PlacedCard, lane: number): string => {
  const start = from.y + from.height - padding
  const end = to.y + padding + 2
  const radius = Math.min(6, from.x - lane)
  const tip = to.x - 1
  return `M${from.x} ${start}H${lane + radius}Q${lane} ${start} ${lane} ${start + radius}V${end - radius}Q${lane} ${end} ${lane + radius} ${end}H${tip}M${tip - 5} ${end - 4}L${tip} ${end}L${tip - 5} ${end + 4}`
}
