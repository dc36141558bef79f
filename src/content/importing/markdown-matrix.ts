import type { ItemCollector, Place } from './imported-track.ts'
import type { Block } from './markdown-blocks.ts'
import type { LinkPlacer } from './markdown-links.ts'
import { linksOf, type Piece, piecesOf, split, strongestSeparator, textOf } from './markdown-text.ts'
import { type NamedTier, tierOfColumn } from './tier-words.ts'

/** A table whose columns are tiers. */
export interface Matrix {
  table: Block
  /** The tier of each column; undefined for the column of categories and for columns without a tier. */
  tiers: (NamedTier | undefined)[]
  /** The column of categories; undefined if the table has none. */
  categoryColumn: number | undefined
}

/** Recognises a matrix by the heads of its columns; undefined for any other table. */
export const asMatrix = (table: Block): Matrix | undefined => {
  const [head] = rowsOf(table) as [Block] // a table has a head
  const heads = head.blocks.map(cell => textOf(piecesOf(cell.inline?.children)))
  const tiers = heads.map(tierOfColumn)
  if (tiers.filter(tier => tier !== undefined).length < Math.min(2, heads.length)) return undefined
  const first = tiers.findIndex(tier => tier !== undefined)
  return { table, tiers, categoryColumn: first === 0 ? undefined : 0 }
}

export interface MatrixContext {
  collector: ItemCollector
  links: LinkPlacer
  /** The lines of the text. */
  lines: readonly string[]
  /** The titles of the categories above those of the table. */
  path: readonly string[]
  /** The title of the category of rows that name none. */
  fallback: string
}

/** Adds the categories and skills of a matrix. A row without a category continues the one above it. */
export const addMatrix = ({ table, tiers, categoryColumn }: Matrix, context: MatrixContext): void => {
  const { collector, lines, path, fallback } = context
  const [, ...rows] = rowsOf(table)
  const cells = rows.map(row => row.blocks.map(cell => piecesOf(cell.inline?.children)))
  const separator = strongestSeparator(cells.flatMap(row => row.filter((_, column) => tiers[column] !== undefined)))
  let title: string | undefined
  for (const [index, row] of rows.entries()) {
    const line = row.lines[0] + 1
    const source = lines[row.lines[0]] as string // a row is a line of the text
    const starts = cellStarts(source)
    const placeOf = (column: number): Place => ({ line, column: (starts[column] ?? 0) + 1 })
    const named = categoryColumn === undefined ? '' : textOf((cells[index] as Piece[][])[categoryColumn] as Piece[])
    if (named !== '') title = named
    const category = collector.category([...path, title ?? fallback], placeOf(categoryColumn ?? 0))
    for (const [column, pieces] of (cells[index] as Piece[][]).entries()) {
      const tier = tiers[column]?.tier
      if (tier !== undefined) addCell({ ...context, pieces, separator, category, tier, source, place: placeOf(column) })
      else if (column !== categoryColumn && textOf(pieces) !== '')
        collector.unplaced(placeOf(column), 'the head of this column names no tier')
    }
  }
}

interface Cell extends MatrixContext {
  pieces: readonly Piece[]
  separator: ReturnType<typeof strongestSeparator>
  category: string
  tier: NamedTier['tier']
  /** The line of the cell. */
  source: string
  /** The place where the cell begins. */
  place: Place
}

/** Adds the skills of a cell. */
const addCell = ({ collector, links, pieces, separator, category, tier, source, place: start }: Cell): void => {
  let from = start.column - 1
  for (const part of split(pieces, separator)) {
    const [first] = part.map(({ text }) => text.trim()).filter(text => text !== '') as [string] // empty parts are left out
    const found = source.indexOf(first.replaceAll('|', '\\|'), from)
    if (found >= 0) from = found + first.length
    const place = { line: start.line, column: (found < 0 ? from : found) + 1 }
    const { sample, resources } = links.place(linksOf(part), place)
    const title = textOf(part)
    collector.add({
      noun: 'skill',
      ref: `${category} | ${tier} | ${title}`,
      place,
      fields: { title, category, tier, ...(sample !== undefined && { sample }) },
      ...(resources.length > 0 && { additions: { resources } }),
    })
  }
}

/** Returns the rows of a table, the first of which has the heads. */
export const rowsOf = (table: Block): Block[] => table.blocks.flatMap(({ blocks }) => blocks)

/** Returns the offset of the first character of each cell in a line. */
export const cellStarts = (line: string): number[] => {
  const begin = line.search(/\S/)
  const starts = [line[begin] === '|' ? begin + 1 : begin]
  for (let index = starts[0] as number; index < line.length; index += 1) {
    if (line[index] === '\\') index += 1
    else if (line[index] === '|') starts.push(index + 1)
  }
  return starts.map(start => start + line.slice(start).search(/\S|$/))
}
