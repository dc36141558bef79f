import { parseLinks } from './cell-values.ts'
import type { ItemCollector } from './imported-track.ts'
import { type Piece, split, strongestSeparator, textOf } from './markdown-text.ts'
import type { TableRow } from './table.ts'
import { isHead, type TableHead } from './table-columns.ts'
import { tierOfTitle } from './tier-words.ts'

/** The columns of the rows that a matrix becomes. */
const columns = new Map([
  ['category', 0],
  ['tier', 1],
  ['title', 2],
  ['urls', 3],
] as const)

/** Turns a matrix, a table with a column for each tier, into a row for each skill; undefined for any other table. */
export const expandMatrix = (rows: readonly TableRow[], collector: ItemCollector): TableHead | undefined => {
  const tiersOf = (row: TableRow) => row.cells.map(cell => (cell.length > 100 ? undefined : tierOfTitle(cell.trim())))
  const isMatrixHead = (row: TableRow) => new Set(tiersOf(row).flatMap(named => named?.tier ?? [])).size > 1
  const index = rows.slice(0, 10).findIndex(row => isMatrixHead(row) || isHead(row))
  const head = rows[index]
  if (head === undefined || isHead(head)) return undefined
  const tiers = tiersOf(head)
  const first = tiers.findIndex(tier => tier !== undefined)
  const body = rows.slice(index + 1)
  // Ticks are no titles of skills.
  const isTick = (cell: string, column: number) =>
    tiers[column] === undefined || /^(yes|no|[xy✓✔-])?$/i.test(cell.trim())
  if (body.every(row => row.cells.every(isTick))) return undefined
  const cells = body.map(row => row.cells.map(piecesOf))
  const separator = strongestSeparator(cells.flatMap(row => row.filter((_, column) => tiers[column] !== undefined)))
  let category = ''
  const skills = body.flatMap((row, at) => {
    if (first > 0 && row.cells[0]?.trim()) category = row.cells[0].trim()
    return row.cells.flatMap((cell, column) => {
      const place = () => row.place(column)
      const tier = tiers[column]
      if (tier !== undefined)
        return split(cells[at]?.[column] as Piece[], separator).map(part => {
          // each cell has its pieces
          const { label, urls } = parseLinks(textOf(part))
          return { cells: [category, tier.title, label || String(urls[0]), urls.join('\n')], place }
        })
      if (!(column === 0 && first > 0) && cell.trim() !== '')
        collector.unplaced(place(), 'not imported: the head of this column names no tier')
      return []
    })
  })
  return {
    row: { cells: [String(head.cells[0]), 'tier', 'title', 'urls'], place: head.place },
    columns,
    isExport: false,
    isMatrix: true,
    rows: skills,
    skipped: [],
  }
}

/** Returns the lines of a cell, with breaks between them. */
const piecesOf = (cell: string): Piece[] =>
  cell
    .trim()
    .split('\n')
    .flatMap((text, index) => [
      ...(index === 0 ? [] : [{ text: '', isCode: false, isBreak: true }]),
      { text: text.replace(/^\s*[-*•–]\s+/, ''), isCode: false, isBreak: false },
    ])
