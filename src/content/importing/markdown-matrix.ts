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
  /** The titles of the headings above the table. */
  headings: readonly string[]
  /** The title of the category of rows that name none. */
  fallback: string
}

/** A row of a table with the place of each cell. */
interface Row {
  source: string
  cells: Piece[][]
  placeOf(column: number): Place
}

/** Adds the categories and skills of a matrix. */
export const addMatrix = (matrix: Matrix, context: MatrixContext): void => {
  const { table, tiers, categoryColumn } = matrix
  const rows = rowsOf(table)
    .slice(1)
    .map(row => readRow(row, context.lines))
  const cells = rows.flatMap(row => row.cells.filter((_, column) => tiers[column] !== undefined))
  if (categoryColumn !== undefined && cells.every(isMark) && !cells.every(isEmpty))
    addMarks(rows, tiers, categoryColumn, context)
  else addRows(rows, matrix, strongestSeparator(cells), context)
}

/** Adds rows with skills in their cells. A row without a category continues the one above it. */
const addRows = (
  rows: readonly Row[],
  { tiers, categoryColumn }: Matrix,
  separator: ReturnType<typeof strongestSeparator>,
  context: MatrixContext,
): void => {
  const { collector, path, fallback } = context
  let title: string | undefined
  for (const { source, cells, placeOf } of rows) {
    const named = categoryColumn === undefined ? '' : textOf(cells[categoryColumn] as Piece[])
    if (named !== '') title = named
    const category = collector.category([...path, title ?? fallback], placeOf(categoryColumn ?? 0))
    for (const [column, pieces] of cells.entries()) {
      const tier = tiers[column]?.tier
      if (tier !== undefined) addCell({ ...context, pieces, separator, category, tier, source, place: placeOf(column) })
      else if (column !== categoryColumn) reportCell(pieces, placeOf(column), context)
    }
  }
}

const readRow = (row: Block, lines: readonly string[]): Row => {
  const source = lines[row.lines[0]] as string // a row is a line of the text
  const starts = cellStarts(source)
  return {
    source,
    cells: row.blocks.map(cell => piecesOf(cell.inline?.children)),
    placeOf: column => ({ line: row.lines[0] + 1, column: (starts[column] ?? 0) + 1 }),
  }
}

const reportCell = (pieces: readonly Piece[], place: Place, { collector }: MatrixContext): void => {
  if (!isEmpty(pieces)) collector.unplaced(place, 'the head of this column names no tier')
}

/** Returns true for a cell that says nothing, such as a dash. */
const isEmpty = (pieces: readonly Piece[]): boolean => /^([-–—/]*|n\/?a)$/i.test(textOf(pieces))

/** Returns true for a cell with a tick or a number instead of skills, and for an empty one. */
const isMark = (pieces: readonly Piece[]): boolean =>
  isEmpty(pieces) || /^(\[[ x]\]|[\d.]+|[x✓✔✗✘✅❌]|yes|no)$/iu.test(textOf(pieces))

const isNo = (pieces: readonly Piece[]): boolean => isEmpty(pieces) || /^(\[ \]|0|[✗✘❌]|no)$/iu.test(textOf(pieces))

/** Adds the rows of a table of ticks or numbers as skills, each at the first tier that has one. */
const addMarks = (rows: readonly Row[], tiers: Matrix['tiers'], titleColumn: number, context: MatrixContext): void => {
  const { collector, links, headings, fallback } = context
  for (const [index, { cells, placeOf }] of rows.entries()) {
    const place = placeOf(titleColumn)
    if (index === 0)
      collector.note(
        place,
        'this table has marks instead of skills: each row is a skill of the first tier that has a mark',
      )
    const pieces = cells[titleColumn] as Piece[]
    const tier = tiers.find((named, column) => named !== undefined && !isNo(cells[column] as Piece[]))?.tier
    if (tier === undefined) {
      collector.unplaced(place, 'no tier has a mark in this row')
      continue
    }
    const category = collector.category(headings.length > 0 ? headings : [fallback], place)
    addSkill({ collector, links, pieces, category, tier, place })
    for (const [column, other] of cells.entries())
      if (column !== titleColumn && tiers[column] === undefined) reportCell(other, placeOf(column), context)
  }
}

interface Cell extends Skill {
  separator: ReturnType<typeof strongestSeparator>
  /** The line of the cell. */
  source: string
}

/** Adds the skills of a cell. `place` is where it begins. */
const addCell = ({ pieces, separator, source, place: start, ...skill }: Cell): void => {
  let from = start.column - 1
  for (const part of split(pieces, separator)) {
    if (isEmpty(part)) continue
    const [first] = part.map(({ text }) => text.trim()).filter(text => text !== '') as [string] // it is not empty
    const found = source.indexOf(first.replaceAll('|', '\\|'), from)
    if (found >= 0) from = found + first.length
    addSkill({ ...skill, pieces: part, place: { line: start.line, column: (found < 0 ? from : found) + 1 } })
  }
}

interface Skill extends Pick<MatrixContext, 'collector' | 'links'> {
  pieces: readonly Piece[]
  /** The ref of its category. */
  category: string
  tier: NamedTier['tier']
  place: Place
}

const addSkill = ({ collector, links, pieces, category, tier, place }: Skill): void => {
  const { sample, resources } = links.place(linksOf(pieces), place)
  const title = textOf(pieces)
  collector.add({
    noun: 'skill',
    ref: `${category} | ${tier} | ${title}`,
    place,
    fields: { title, category, tier, ...(sample !== undefined && { sample }) },
    ...(resources.length > 0 && { additions: { resources } }),
  })
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
