import { isScalar, type Node, type Range } from 'yaml'

/** Something wrong at an offset of a file's text. */
export interface Problem {
  offset: number
  message: string
  /** The kind of warning, as of a `Finding`; without it, this is an error. */
  kind?: string
}

/** The length of the byte order mark that a text begins with, which is no part of its first line. */
export const markOf = (text: string): number => (text.startsWith('\ufeff') ? 1 : 0)

/** The line that an offset lies in, without its end. */
export const lineAt = (text: string, offset: number): { start: number; end: number; source: string } => {
  const start = text.lastIndexOf('\n', offset - 1) + 1 || markOf(text)
  const next = text.indexOf('\n', offset)
  const end = next < 0 ? text.length : next
  return { start, end, source: text.slice(start, end).replace(/\r$/, '') }
}

export const rangeOf = (node: Node): Range => node.range as Range // a node that was parsed knows where

export const offsetOf = (node: Node): number => rangeOf(node)[0]

/** Nothing, or comments only. A written `null` is a value. */
export const isBlank = (node: unknown): boolean => isScalar(node) && node.value === null && node.source === ''
