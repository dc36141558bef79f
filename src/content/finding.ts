import { styleText } from 'node:util'

/** Something an author should know about a file, and the place it is about. */
export interface Finding {
  severity: 'error' | 'warning'
  file: string
  /** From 1. */
  line: number
  /** From 1, in UTF-16 code units. */
  column: number
  /** Says what is wrong and how to mend it. */
  message: string
  /** The line of the file. */
  excerpt?: string
}

/** A finding about a file as a whole, or one that is not there. */
export const about = (file: string, message: string, severity: Finding['severity'] = 'error'): Finding => ({
  severity,
  file,
  line: 1,
  column: 1,
  message,
})

export const isError = (finding: Finding): boolean => finding.severity === 'error'

/** Findings as a good compiler prints them: each with its line and a caret under the place, and a count at the end. */
export const printFindings = (findings: Finding[], colours = false): string => {
  const paint: Paint = colours
    ? (format, text) => styleText(format, text, { validateStream: false })
    : (_, text) => text
  return `${[...findings.map(finding => printed(finding, paint)), paint('bold', countOf(findings))].join('\n\n')}\n`
}

type Paint = (format: Parameters<typeof styleText>[0], text: string) => string

const printed = (finding: Finding, paint: Paint): string => {
  const { severity, file, line, column, message } = finding
  const head = `${paint('bold', `${file}:${line}:${column}`)} ${paint(severity === 'error' ? 'red' : 'yellow', severity)}: ${message}`
  return finding.excerpt === undefined ? head : `${head}\n${excerptOf(finding.excerpt, line, column, paint)}`
}

const width = 110

/** The part of the line around the place. Invisible characters become spaces: a file must not steer a terminal. */
const excerptOf = (source: string, line: number, column: number, paint: Paint): string => {
  const first = column > width - 10 ? column - 40 : 0
  const shown = source.slice(first, first + width).replaceAll(/\p{Cc}/gu, ' ')
  const [before, after] = [first > 0 ? '… ' : '', source.length > first + width ? ' …' : '']
  const gutter = ' '.repeat(String(line).length)
  const indent = ' '.repeat(before.length + column - 1 - first)
  return `  ${paint('dim', `${line} |`)} ${before}${shown}${after}\n  ${paint('dim', `${gutter} |`)} ${indent}${paint('red', '^')}`
}

const countOf = (findings: Finding[]): string => {
  const errors = findings.filter(isError).length
  const files = new Set(findings.map(({ file }) => file)).size
  const counts = [counted(errors, 'error'), counted(findings.length - errors, 'warning')]
  return `${counts.filter(count => !count.startsWith('0')).join(', ')} in ${counted(files, 'file')}`
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

/** By file, then by place; the same words at the same place only once. */
export const inOrder = (findings: Finding[]): Finding[] => {
  const once = new Map(
    findings.map(finding => [`${finding.file}:${finding.line}:${finding.column} ${finding.message}`, finding]),
  )
  return [...once.values()].sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column)
}

/** By bytes of ASCII rather than by locale, so that every machine prints, and hashes, alike. */
export const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))
