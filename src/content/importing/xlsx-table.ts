import { unzipSync } from 'fflate'
import { type CellValue, HucreError } from 'hucre'
import { readXlsx, streamXlsxRows } from 'hucre/xlsx'
import { Refused } from '../../errors.ts'
import { didYouMean, nearest } from '../../query/suggest.ts'
import type { ImportedFile, ItemCollector } from './imported-track.ts'
import { collectRows, type Table } from './table.ts'

/** Reads a sheet of an `.xlsx` file: the one with this name or number, else the first visible one. Formulas are read as their last values. */
export const readXlsxTable = async (
  { name, bytes }: ImportedFile,
  sheet: string | undefined,
  collector: ItemCollector,
): Promise<Table> => {
  const { rows, add } = collectRows(name)
  try {
    rejectZipBomb(name, bytes)
    const index = await findSheet(name, bytes, sheet, collector)
    for await (const { index: row, values } of streamXlsxRows(bytes, { sheet: index }))
      add({ cells: values.map(textOf), place: column => ({ line: row + 1, column: column + 1 }) })
  } catch (error) {
    if (error instanceof Refused) throw error
    throw new Refused(`${name} cannot be read as .xlsx: ${reasonOf(error)}. Save it as .csv`)
  }
  return { rows }
}

const maxBytes = 100 * 1024 * 1024

/** Refuses a file that is far larger when it is unpacked. The reader unpacks no part beyond the size that is given for it. */
const rejectZipBomb = (name: string, bytes: Buffer): void => {
  let size = 0
  unzipSync(bytes, {
    filter: ({ originalSize }) => {
      size += originalSize
      return false
    },
  })
  if (size > maxBytes)
    throw new Refused(`${name} has more than 100 MiB when it is unpacked: no curriculum is that long`)
}

/** Returns the index of the sheet to read. */
const findSheet = async (
  name: string,
  bytes: Buffer,
  wanted: string | undefined,
  collector: ItemCollector,
): Promise<number> => {
  const sheets: { name: string; hidden: boolean }[] = []
  await readXlsx(bytes, {
    sheets: ({ name, hidden = false, veryHidden = false }) => {
      sheets.push({ name, hidden: hidden || veryHidden })
      return false
    },
  })
  const names = sheets.map(one => one.name)
  const visible = sheets.findIndex(({ hidden }) => !hidden)
  if (wanted === undefined) {
    const others = names.filter((_, index) => index !== visible).map(other => `"${other}"`)
    if (others.length > 0)
      collector.note(
        { line: 1, column: 1 },
        `only the sheet "${names[visible]}" is imported: --sheet names another (${others.join(', ')})`,
      )
    return visible
  }
  const byName = names.findIndex(one => one.toLowerCase() === wanted.toLowerCase())
  const index = byName < 0 && /^\d{1,4}$/.test(wanted) ? Number(wanted) - 1 : byName
  if (names[index] === undefined)
    throw new Refused(
      `${name} has no sheet "${wanted}"${didYouMean(nearest(wanted, names), `: its sheets are ${names.join(', ')}`)}`,
    )
  return index
}

/** Returns a value as a program shows it, numbers without rounding errors. */
const textOf = (value: CellValue): string => {
  if (value === null) return ''
  if (typeof value === 'number') return String(Number(value.toPrecision(15)))
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return (value instanceof Date ? value.toISOString().replace(/T00:00:00\.000Z$/, '') : value).replaceAll(
    /\r\n?/g,
    '\n',
  )
}

const reasonOf = (error: unknown): string =>
  error instanceof HucreError ? error.message.replace(/\.$/, '') : 'it is damaged'
