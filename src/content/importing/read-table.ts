import { Refused } from '../../errors.ts'
import type { ImportedFile, ItemCollector } from './imported-track.ts'
import type { Table } from './table.ts'

/** Reads a table: CSV, or the sheet of an `.xlsx` file with this name or number. */
export const readTable = async (
  file: ImportedFile,
  sheet: string | undefined,
  collector: ItemCollector,
): Promise<Table> => {
  if (isZip(file.bytes)) return (await import('./xlsx-table.ts')).readXlsxTable(file, sheet, collector)
  if (isOldExcel(file.bytes))
    throw new Refused(`${file.name} is a file of an old Excel, or has a password: save it as .xlsx or .csv without one`)
  if (sheet !== undefined) throw new Refused(`${file.name} has no sheets: leave out --sheet`)
  return (await import('./csv-table.ts')).readCsvTable(file, collector)
}

const startsWith = (bytes: Buffer, ...start: number[]): boolean => start.every((byte, index) => bytes[index] === byte)
const isZip = (bytes: Buffer): boolean => startsWith(bytes, 0x50, 0x4b)
const isOldExcel = (bytes: Buffer): boolean => startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)
