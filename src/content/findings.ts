import { styleText } from 'node:util'

/** A message for an author about a place in a file. */
export interface Finding {
  /** A track with an error is not loaded. */
  severity: 'error' | 'warning' | 'note'
  /** The kind of a warning or note, as words that follow a number; errors have none. */
  kind?: string
  file: string
  /** From 1. */
  line: number
  /** From 1, in UTF-16 code units. */
  column: number
  /** A sentence about what is wrong and how to fix it. */
  message: string
  /** The line of the file. */
  excerpt?: string
}

/** Creates a finding about a whole file, or a missing one. */
export const findingAbout = (
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

export const noTrackFinding = (folder: string): Finding =>
  findingAbout(
    folder,
    'there is no track here: a track is a folder with a track.yaml and a roadmap.yaml, such as seed/python',
  )

export const isError = (finding: Finding): boolean => finding.severity === 'error'

export interface PrintOptions {
  colours?: boolean
  /** Prints every warning with its line; otherwise many of one kind are one line. */
  verbose?: boolean
}

/** Formats findings like a compiler: each with its line and a caret, then one line per kind with many findings, then a count. */
export const printFindings = (
  findings: readonly Finding[],
  { colours = false, verbose = false }: PrintOptions = {},
): string => {
  const paint: Paint = colours
    ? (format, text) => styleText(format, text, { validateStream: false })
    : (_, text) => text
  const kinds = Map.groupBy(findings, ({ kind }) => kind)
  const isMany = ({ kind }: Finding) =>
    !verbose && kind !== undefined && (kinds.get(kind) as Finding[]).length > maxPerKind // it is one of them
  const groups = [...Map.groupBy(findings.filter(isMany), ({ kind }) => kind).values()]
  const parts = [
    ...findings.filter(finding => !isMany(finding)).map(finding => formatFinding(finding, paint)),
    ...groups.map(group => formatSummary(group, paint)),
    ...formatCounts(findings).map(count =>
      paint('bold', `${count}${groups.length > 0 ? '; --verbose shows each' : ''}`),
    ),
  ]
  return `${parts.join('\n\n')}\n`
}

/** The most findings of one kind that are printed in full. */
const maxPerKind = 3

type Paint = (format: Parameters<typeof styleText>[0], text: string) => string

const colour = { error: 'red', warning: 'yellow', note: 'cyan' } as const

const formatPlace = ({ file, line, column }: Finding): string => `${file}:${line}:${column}`

const formatFinding = (finding: Finding, paint: Paint): string => {
  const { severity, line, column, message } = finding
  const head = `${paint('bold', formatPlace(finding))} ${paint(colour[severity], severity)}: ${message}`
  return finding.excerpt === undefined ? head : `${head}\n${formatExcerpt(finding.excerpt, line, column, paint)}`
}

/** Formats many findings of one kind in one line. */
const formatSummary = (findings: readonly Finding[], paint: Paint): string => {
  const [{ severity, kind }] = findings as [Finding] // there are several
  const examples = findings.slice(0, maxPerKind).map(formatPlace)
  return `${paint(colour[severity], severity)}: ${findings.length} ${kind}: ${examples.join(', ')} and ${findings.length - examples.length} more`
}

const width = 110

/** Formats the part of the line around the place. Control characters become spaces: a file must not control the terminal. */
const formatExcerpt = (source: string, line: number, column: number, paint: Paint): string => {
  const first = column > width - 10 ? column - 40 : 0
  const shown = source.slice(first, first + width).replaceAll(/\p{Cc}/gu, ' ')
  const [before, after] = [first > 0 ? '… ' : '', source.length > first + width ? ' …' : '']
  const gutter = ' '.repeat(String(line).length)
  const indent = ' '.repeat(before.length + column - 1 - first)
  return `  ${paint('dim', `${line} |`)} ${before}${shown}${after}\n  ${paint('dim', `${gutter} |`)} ${indent}${paint('red', '^')}`
}

/** Counts errors and warnings; returns nothing if there are only notes. */
const formatCounts = (findings: readonly Finding[]): string[] => {
  const counts = (['error', 'warning'] as const).flatMap(severity => {
    const count = findings.filter(finding => finding.severity === severity).length
    return count === 0 ? [] : [pluralize(count, severity)]
  })
  const files = new Set(findings.filter(({ severity }) => severity !== 'note').map(({ file }) => file)).size
  return counts.length === 0 ? [] : [`${counts.join(', ')} in ${pluralize(files, 'file')}`]
}

export const pluralize = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

/** Sorts findings by file and place, without duplicates. */
export const sortFindings = (findings: Finding[]): Finding[] => {
  const unique = new Map(
    findings.map(finding => [`${finding.file}:${finding.line}:${finding.column} ${finding.message}`, finding]),
  )
  return [...unique.values()].sort((a, b) => compareStrings(a.file, b.file) || a.line - b.line || a.column - b.column)
}

/** Compares by code unit, not by locale, so that every machine prints and hashes alike. */
export const compareStrings = (a: string, b: string): number => (a < b ? -1 : Number(a > b))
