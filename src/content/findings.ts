import { styleText } from 'node:util'

/** Something an author should know about a file, and the place it is about. */
export interface Finding {
  /** An error keeps the track from being loaded. */
  severity: 'error' | 'warning' | 'note'
  /** What several warnings or notes of the kind have in common, as words that follow a number; an error has none. */
  kind?: string
  file: string
  /** From 1. */
  line: number
  /** From 1, in UTF-16 code units. */
  column: number
  /** Says what is wrong and how to correct it. */
  message: string
  /** The line of the file. */
  excerpt?: string
}

/** A finding about a file as a whole, or one that is not there. */
export const about = (
  file: string,
  message: string,
  kind: Pick<Finding, 'severity' | 'kind'> = { severity: 'error' },
): Finding => ({
  ...kind,
  file,
  line: 1,
  column: 1,
  message,
})

export const isError = (finding: Finding): boolean => finding.severity === 'error'

export interface Printing {
  colours?: boolean
  /** Prints every warning with its line; otherwise many of one kind are one line. */
  verbose?: boolean
}

/**
 * Findings as a good compiler prints them: each with its line and a caret under the place, then a line for each kind of which
 * there are many, and a count.
 */
export const printFindings = (
  findings: readonly Finding[],
  { colours = false, verbose = false }: Printing = {},
): string => {
  const paint: Paint = colours
    ? (format, text) => styleText(format, text, { validateStream: false })
    : (_, text) => text
  const kinds = Map.groupBy(findings, ({ kind }) => kind)
  const isMany = ({ kind }: Finding) =>
    !verbose && kind !== undefined && (kinds.get(kind) as Finding[]).length > mostInFull // it is one of them
  const many = [...Map.groupBy(findings.filter(isMany), ({ kind }) => kind).values()]
  const parts = [
    ...findings.filter(finding => !isMany(finding)).map(finding => printed(finding, paint)),
    ...many.map(those => summarised(those, paint)),
    ...countOf(findings).map(count => paint('bold', `${count}${many.length > 0 ? '; --verbose shows each' : ''}`)),
  ]
  return `${parts.join('\n\n')}\n`
}

/** Of a kind of warning. */
const mostInFull = 3

type Paint = (format: Parameters<typeof styleText>[0], text: string) => string

const colour = { error: 'red', warning: 'yellow', note: 'cyan' } as const

const placeOf = ({ file, line, column }: Finding): string => `${file}:${line}:${column}`

const printed = (finding: Finding, paint: Paint): string => {
  const { severity, line, column, message } = finding
  const head = `${paint('bold', placeOf(finding))} ${paint(colour[severity], severity)}: ${message}`
  return finding.excerpt === undefined ? head : `${head}\n${excerptOf(finding.excerpt, line, column, paint)}`
}

/** Many findings of one kind in one line. */
const summarised = (findings: readonly Finding[], paint: Paint): string => {
  const [{ severity, kind }] = findings as [Finding] // many are not none
  const examples = findings.slice(0, mostInFull).map(placeOf)
  return `${paint(colour[severity], severity)}: ${findings.length} ${kind}: ${examples.join(', ')} and ${findings.length - examples.length} more`
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

/** How many errors and warnings there are; nothing where there are notes alone. */
const countOf = (findings: readonly Finding[]): string[] => {
  const counts = (['error', 'warning'] as const).flatMap(severity => {
    const count = findings.filter(finding => finding.severity === severity).length
    return count === 0 ? [] : [counted(count, severity)]
  })
  const files = new Set(findings.filter(({ severity }) => severity !== 'note').map(({ file }) => file)).size
  return counts.length === 0 ? [] : [`${counts.join(', ')} in ${counted(files, 'file')}`]
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
