import type { Document, YAMLError } from 'yaml'
import { lineAt, type Problem } from './yaml-file.ts'

/** An error of the parser, with the line it is on. */
export interface Case {
  error: YAMLError
  offset: number
  text: string
  tree: Document
  line: Line
}

/** `echoes`: what the parser says after it is not to be believed. */
export type Explained = Problem & { echoes: boolean }

/** `title: value`, `- value`, `- title: value` or `value`, as an author sees it. */
export interface Line {
  start: number
  source: string
  /** What stands before the value on its line. */
  lead: string
  value: string
}

export const readLine = (text: string, offset: number): Line => {
  const { start, source } = lineAt(text, offset)
  const value = source.replace(/^[ \t]*(?:- +)*(?:[\w-]+:[ \t]+)?/, '')
  return { start, source, lead: source.slice(0, source.length - value.length), value: value.trimEnd() }
}

export type Explanation = (at: Case) => Explained
