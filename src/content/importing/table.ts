import { Refused } from '../../errors.ts'
import type { Place } from './imported-track.ts'

/** A row of a table. */
export interface TableRow {
  cells: readonly string[]
  /** Returns the place of a cell, by its index. */
  place(index: number): Place
}

export interface Table {
  /** The rows that are not empty, that of the heads included. */
  rows: readonly TableRow[]
  /** The text, if it is a text file. */
  text?: string
}

/** The most rows, that of the heads included: a track has at most 20,000 skills. */
const maxRows = 20_001
const maxCells = 1_000

/** Collects the rows that are not empty. Refuses a table that is larger than any track. */
export const collectRows = (name: string): { rows: TableRow[]; add(row: TableRow): void } => {
  const rows: TableRow[] = []
  return {
    rows,
    add: row => {
      const last = row.cells.findLastIndex(cell => cell.trim() !== '')
      if (last < 0) return
      if (last >= maxCells)
        throw new Refused(`${name} has a row of more than ${maxCells} cells, in line ${row.place(0).line}`)
      if (rows.length === maxRows)
        throw new Refused(`${name} has more than 20000 rows, and a track has at most 20000 skills: split it`)
      rows.push(row)
    },
  }
}
