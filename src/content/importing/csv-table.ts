import { CsvError, type Options } from 'csv-parse'
import { parse } from 'csv-parse/sync'
import { Refused } from '../../errors.ts'
import { decodeText, isWindows1252 } from './decode-text.ts'
import type { ImportedFile, ItemCollector, Place } from './imported-track.ts'
import { collectRows, type Table } from './table.ts'

/** Reads a table in CSV (RFC 4180), with the separator and the encoding that its program used. */
export const readCsvTable = (file: ImportedFile, collector: ItemCollector): Table => {
  const text = decodeText(file).replaceAll(/\r\n?/g, '\n')
  if (/^\s*<(!doctype|html)\b/i.test(text))
    throw new Refused(`${file.name} is an HTML page, and a table is expected: use the address that downloads it`)
  if (isWindows1252(file.bytes))
    collector.note({ line: 1, column: 1 }, 'the file is not in UTF-8: it is read as Windows-1252')
  const bytes = Buffer.from(text)
  const placeOf = placesIn(bytes)
  const { rows, add } = collectRows(file.name)
  let [ends, start]: [number[], number] = [[], 0]
  try {
    parse(bytes, {
      ...options,
      delimiter: guessSeparator(bytes),
      cast: (value, context) => {
        ends.push(context.bytes)
        return value
      },
      on_record: (cells: string[], context) => {
        const starts = [start, ...ends.map(end => end + 1)]
        add({ cells, place: index => placeOf(starts[index] as number) }) // cells of the row
        ends = []
        start = context.bytes
        return null
      },
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new Refused(`${file.name}:${placeOf(start).line}: the row that begins here ${explain(error)}`)
  }
  return { rows, text }
}

const options = { relax_column_count: true, relax_quotes: true, max_record_size: 1_000_000 } satisfies Options

const explain = ({ code }: CsvError): string =>
  code === 'CSV_QUOTE_NOT_CLOSED'
    ? 'has a quotation mark that is not closed'
    : 'has more than a million bytes; is a quotation mark not closed?'

/** Returns the separator with which most of the first rows have equally many cells: a comma, a semicolon, a tab or a vertical bar. */
const guessSeparator = (bytes: Buffer): string => {
  const scores = [',', ';', '\t', '|'].map(delimiter => ({ delimiter, score: scoreOf(bytes, delimiter) }))
  return scores.reduce((best, one) => (one.score > best.score ? one : best)).delimiter
}

const scoreOf = (bytes: Buffer, delimiter: string): number => {
  try {
    const rows = parse(bytes, { ...options, delimiter, to: 10 })
    const sizes = Map.groupBy(rows, row => row.length)
    return Math.max(0, ...[...sizes].map(([size, { length }]) => (size === 1 ? 0 : size * length)))
  } catch {
    return 0 // with the right separator, the error is explained when the table is read
  }
}

/** Returns a function from the offset of a byte to its place. */
const placesIn = (bytes: Buffer): ((offset: number) => Place) => {
  const lines = [0]
  for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', end + 1)) lines.push(end + 1)
  return offset => {
    let [first, after] = [0, lines.length]
    while (after - first > 1) {
      const middle = (first + after) >> 1
      if ((lines[middle] as number) <= offset) first = middle
      else after = middle
    }
    return { line: first + 1, column: bytes.toString('utf8', lines[first], offset).length + 1 }
  }
}
