import { required } from '../../model/graph.ts'
import type { Card, GraphLayout, PlacedCard, PlacedEdge, PrerequisiteGraph } from './prerequisite-graph.ts'
import { wrapText } from './text-lines.ts'

/**
 * Lays out a graph in rows, each skill below its prerequisites (the layered drawing of Sugiyama, Tagawa and Toda): a bounded number
 * of cards a row, few crossings, and cards near their neighbours. Edges of a prerequisite that pass a row pass it together.
 * Returns undefined if the drawing would be wider than `maxWidth`, or take long: its time
 * grows with the square of the number of cards. Layout libraries bound neither the cards nor the width, and are slower
 * by an order of magnitude.
 */
export const layOutInLayers = (
  graph: PrerequisiteGraph,
  { maxWidth, cardsInRow }: { maxWidth: number; cardsInRow: number },
): GraphLayout | undefined => {
  if (graph.cards.length > maxCards) return undefined
  const { nodes, rows, routes } = buildRows(graph, cardsInRow)
  if (Math.max(...rows.map(leastWidth)) > maxWidth) return undefined
  orderRows(rows)
  placeInRows(rows)
  const left = Math.min(...nodes.map(({ x, width }) => x - width / 2))
  const right = Math.max(...nodes.map(({ x, width }) => x + width / 2))
  const width = Math.ceil(right - left + 2 * margin)
  if (width > maxWidth) return undefined
  for (const node of nodes) node.x += margin - left
  return draw(graph, rows, routes, width)
}

/** A card, or the place where edges of one prerequisite pass a row. */
interface Node {
  card: Card | undefined
  row: number
  /** The middle. */
  x: number
  width: number
  above: Node[]
  below: Node[]
}

const maxCards = 80
const cardWidth = 196
const padding = 13
const margin = 2
const cardGap = 22
const passingGap = 16
const rowGap = 46
const boldSize = 15.4
const lineHeight = 18
const maxLines = 4
const textMargin = 31
const badgeRadius = 11

const buildRows = ({ cards, edges }: PrerequisiteGraph, cardsInRow: number) => {
  const nodes: Node[] = []
  const rows: Node[][] = []
  const addNode = (row: number, card: Card | undefined): Node => {
    const node: Node = { card, row, x: 0, width: card === undefined ? 0 : cardWidth, above: [], below: [] }
    nodes.push(node)
    rows[row] ??= []
    rows[row].push(node)
    return node
  }
  const rowOf = assignRows({ cards, edges }, cardsInRow)
  const byKey = new Map(cards.map(card => [card.key, addNode(required(rowOf, card.key), card)]))
  const passing = new Map<string, Node>()
  const connect = (above: Node, below: Node): void => {
    if (above.below.includes(below)) return
    above.below.push(below)
    below.above.push(above)
  }
  const routes = edges.map(({ from, to }) => {
    const [start, end] = [required(byKey, from), required(byKey, to)]
    const route = [start]
    for (let row = start.row + 1; row < end.row; row++) {
      const name = `${row} ${from}`
      const node = passing.get(name) ?? addNode(row, undefined)
      passing.set(name, node)
      route.push(node)
    }
    route.push(end)
    for (const [index, node] of route.entries()) if (index > 0) connect(route[index - 1] as Node, node) // not the first
    return { from, to, nodes: route }
  })
  return { nodes, rows, routes }
}

/** Assigns each card, in order, the first row below its prerequisites that has room. */
const assignRows = ({ cards, edges }: PrerequisiteGraph, cardsInRow: number): Map<string, number> => {
  const rows = new Map<string, number>()
  const counts: number[] = []
  const before = Map.groupBy(edges, ({ to }) => to)
  for (const { key } of cards) {
    let row = Math.max(0, ...(before.get(key) ?? []).map(({ from }) => required(rows, from) + 1))
    while ((counts[row] ?? 0) >= cardsInRow) row++
    counts[row] = (counts[row] ?? 0) + 1
    rows.set(key, row)
  }
  return rows
}

/** The number of passes over the rows, down and up. */
const passes = 12

/** Orders each row by the middle of the neighbours in the row before it, and keeps the order with the fewest crossings. */
const orderRows = (rows: Node[][]): void => {
  let best = { crossings: Number.POSITIVE_INFINITY, order: rows.map(row => [...row]) }
  for (let pass = 0; pass < passes; pass++) {
    const down = pass % 2 === 0
    for (const row of down ? rows : rows.toReversed()) {
      const places = placesOf(rows)
      const middle = (node: Node): number => {
        const neighbours = down ? node.above : node.below
        return neighbours.length === 0 ? required(places, node) : mean(neighbours.map(one => required(places, one)))
      }
      const middles = new Map(row.map(node => [node, middle(node)]))
      row.sort((a, b) => required(middles, a) - required(middles, b))
    }
    const crossings = countCrossings(rows)
    if (crossings < best.crossings) best = { crossings, order: rows.map(row => [...row]) }
  }
  for (const [index, row] of best.order.entries()) rows[index] = row
}

/** Returns the place of each node in its row, from 0 to 1. */
const placesOf = (rows: readonly Node[][]): Map<Node, number> =>
  new Map(rows.flatMap(row => row.map((node, index): [Node, number] => [node, (index + 0.5) / row.length])))

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length

const countCrossings = (rows: readonly Node[][]): number => {
  const places = placesOf(rows)
  let crossings = 0
  for (const row of rows) {
    const lines = row.flatMap(node =>
      node.below.map(one => ({ top: required(places, node), bottom: required(places, one) })),
    )
    for (const [index, a] of lines.entries())
      for (const b of lines.slice(index + 1)) if ((a.top - b.top) * (a.bottom - b.bottom) < 0) crossings++
  }
  return crossings
}

/** Moves the nodes of each row as near to their neighbours as the order and the gaps allow. */
const placeInRows = (rows: readonly Node[][]): void => {
  for (const row of rows)
    spread(
      row,
      row.map(() => ({ wanted: 0, weight: 1 })),
    )
  for (let pass = 0; pass < 2 * passes; pass++) {
    const last = pass >= passes
    for (const row of pass % 2 === 0 ? rows : rows.toReversed())
      spread(
        row,
        row.map(node => {
          const neighbours = last ? [...node.above, ...node.below] : pass % 2 === 0 ? node.above : node.below
          // Edges that pass a row are straight if possible.
          return neighbours.length === 0
            ? { wanted: node.x, weight: 0.1 }
            : { wanted: mean(neighbours.map(({ x }) => x)), weight: node.card === undefined ? 4 : 1 }
        }),
      )
  }
}

/**
 * Sets the positions of a row with the least sum of squared distances from the wanted ones that keeps the gaps (isotonic
 * regression by the pool-adjacent-violators algorithm).
 */
const spread = (row: readonly Node[], wishes: readonly { wanted: number; weight: number }[]): void => {
  const offsets: number[] = []
  let offset = 0
  for (const [index, node] of row.entries()) {
    const previous = row[index - 1]
    if (previous !== undefined) offset += (previous.width + node.width) / 2 + gapBetween(previous, node)
    offsets.push(offset)
  }
  const blocks: { value: number; weight: number; count: number }[] = []
  for (const [index, { wanted, weight }] of wishes.entries()) {
    let block = { value: wanted - Number(offsets[index]), weight, count: 1 }
    for (let last = blocks.at(-1); last !== undefined && last.value > block.value; last = blocks.at(-1)) {
      blocks.pop()
      const sum = last.weight + block.weight
      block = {
        value: (last.value * last.weight + block.value * block.weight) / sum,
        weight: sum,
        count: last.count + block.count,
      }
    }
    blocks.push(block)
  }
  const values = blocks.flatMap(({ value, count }) => Array<number>(count).fill(value))
  for (const [index, node] of row.entries()) node.x = Number(values[index]) + Number(offsets[index])
}

/** Returns the width of a row whose nodes are as near as the gaps allow. */
const leastWidth = (row: readonly Node[]): number =>
  row.reduce((sum, { width }) => sum + width, 0) + (row.length - 1) * passingGap

const gapBetween = (a: Node, b: Node): number => (a.card !== undefined && b.card !== undefined ? cardGap : passingGap)

/** Computes the rows' heights, the cards and the lines. */
const draw = (
  { cards }: PrerequisiteGraph,
  rows: readonly Node[][],
  routes: readonly { from: string; to: string; nodes: readonly Node[] }[],
  width: number,
): GraphLayout => {
  const placed = new Map<string, PlacedCard>()
  const bands: Band[] = []
  let y = badgeRadius
  for (const row of rows) {
    const cardsInRow = row.flatMap(({ card, x }) =>
      card === undefined ? [] : [{ card, x, lines: wrapText(card.title, cardWidth - textMargin, boldSize, maxLines) }],
    )
    const height = Math.max(2, ...cardsInRow.map(({ lines }) => lines.length)) * lineHeight + 2 * padding
    for (const { card, x, lines } of cardsInRow)
      placed.set(card.key, { card, x: x - cardWidth / 2, y, width: cardWidth, height, lines })
    bands.push({ top: y, bottom: y + height })
    y += height + rowGap
  }
  return {
    width,
    height: y - rowGap + margin,
    cards: cards.map(({ key }) => required(placed, key)),
    edges: routes.map(({ from, to, nodes }): PlacedEdge => ({ from, to, path: curve(nodes, bands) })),
  }
}

/** The top and bottom of a row. */
interface Band {
  top: number
  bottom: number
}

/** Draws a line through the middles of nodes: straight beside cards, curved between rows, with an arrowhead. */
const curve = (nodes: readonly Node[], bands: readonly Band[]): string => {
  const points = nodes.map(({ x, row }) => ({ x: round(x), ...(bands[row] as Band) })) // each row has one
  const parts = points.slice(1).map((next, index) => {
    const previous = points[index] as (typeof points)[number] // the one before
    const middle = (previous.bottom + next.top) / 2
    return `${previous.x} ${previous.bottom}C${previous.x} ${middle} ${next.x} ${middle} ${next.x} ${next.top - 1}`
  })
  return `M${parts.join('L')}m-4 -5l4 5l4 -5`
}

const round = (coordinate: number): number => Math.round(coordinate * 10) / 10
