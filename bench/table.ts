/** Returns a table as text: the first column left-aligned, the others right-aligned. The first row is the heading, and all have the same length. */
export const textTable = (rows: readonly (readonly string[])[]): string => {
  const widths = widthsOf(rows)
  const line = (row: readonly string[]) => row.map((cell, column) => padded(cell, widths[column], column)).join('  ')
  const [heading = [], ...rest] = rows
  return [line(heading), widths.map(width => '─'.repeat(width)).join('  '), ...rest.map(line)]
    .map(text => text.trimEnd())
    .join('\n')
}

/** Returns a table as Markdown. */
export const markdownTable = (rows: readonly (readonly string[])[]): string => {
  const [heading = [], ...rest] = rows
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`
  const rule = heading.map((_, column) => (isText(column) ? '---' : '---:'))
  return [line(heading), line(rule), ...rest.map(line)].join('\n')
}

const isText = (column: number): boolean => column === 0

const padded = (cell: string, width: number | undefined, column: number): string =>
  isText(column) ? cell.padEnd(Number(width)) : cell.padStart(Number(width))

const widthsOf = (rows: readonly (readonly string[])[]): number[] =>
  (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => String(row[column]).length)))
