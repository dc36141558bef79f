import { isScalar, type Node, type Range } from 'yaml'

/** A problem at an offset of a file's text. */
export interface Problem {
  offset: number
  message: string
  /** The kind of warning, as in `Finding`; undefined for an error. */
  kind?: string
}

/** Returns the length of the byte order mark at the beginning of a text, which is not part of the first line. */
export const bomLength = (text: string): number => (text.startsWith('\ufeff') ? 1 : 0)

/** Returns the line at an offset, without its line break. */
export const lineAt = (text: string, offset: number): { start: number; end: number; source: string } => {
  const start = text.lastIndexOf('\n', offset - 1) + 1 || bomLength(text)
  const next = text.indexOf('\n', offset)
  const end = next < 0 ? text.length : next
  return { start, end, source: text.slice(start, end).replace(/\r$/, '') }
}

export const rangeOf = (node: Node): Range => node.range as Range // a parsed node has a range

export const offsetOf = (node: Node): number => rangeOf(node)[0]

/** Returns true for an empty value or comments only. A written `null` is a value. */
export const isBlank = (node: unknown): boolean => isScalar(node) && node.value === null && node.source === ''
