import { isUtf8 } from 'node:buffer'
import { type Document, isCollection, isMap, isScalar, LineCounter, type Node, type Pair, parseDocument } from 'yaml'
import type { Finding } from './finding.ts'
import { explainSyntax } from './syntax.ts'
import { findTraps } from './traps.ts'

export type Path = readonly (string | number)[]

/** Something wrong at an offset of a file's text. */
export interface Problem {
  offset: number
  message: string
  severity?: Finding['severity']
}

/** A file as it was read: its value for what it says, its text and tree for the places. */
export interface YamlFile {
  /** As people see it, from where they started the command. */
  shownAs: string
  text: string
  lines: LineCounter
  tree: Document
  /** Undefined where the file cannot be understood at all; `problems` then says why. */
  value: unknown
  problems: Problem[]
}

/** A file of more takes seconds to read, and no track needs one. */
const mostBytes = 4_000_000

export const parseYaml = (shownAs: string, bytes: Uint8Array): YamlFile => {
  if (bytes.length > mostBytes) return unreadable(shownAs, 'this file has more than 4 MB: split it into smaller ones')
  const lines = new LineCounter()
  const text = new TextDecoder().decode(bytes)
  const tree = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true, logLevel: 'error' })
  const file = { shownAs, text, lines, tree, value: undefined }
  if (!isUtf8(bytes)) return { ...file, problems: [{ offset: text.indexOf('\uFFFD'), message: notUtf8 }] }
  const invisible = text.search(/[^\P{Cc}\t\r\n]/u)
  if (invisible >= 0) return { ...file, problems: [{ offset: invisible, message: invisibleCharacter }] }
  if (tree.errors.length > 0) return { ...file, problems: explainSyntax(text, tree) }
  if (tree.contents === null || isBlank(tree.contents)) return { ...file, problems: [{ offset: 0, message: empty }] }
  const problems = findTraps(text, tree)
  return { ...file, problems, value: tree.toJS() }
}

export const unreadable = (shownAs: string, message: string): YamlFile => ({
  shownAs,
  text: '',
  lines: new LineCounter(),
  tree: parseDocument(''),
  value: undefined,
  problems: [{ offset: 0, message }],
})

const notUtf8 = 'this file is not UTF-8 text: save it again with the encoding UTF-8'
const invisibleCharacter = 'an invisible control character stands here: delete it, and write the text around it again'
const empty = 'this file is empty: write its fields, or delete it'

/** Nothing, or comments only. A written `null` is a value. */
export const isBlank = (node: unknown): boolean => isScalar(node) && node.value === null && node.source === ''

/** The node at a path; where there is none, the innermost there is on the way. */
export const nodeAt = (file: YamlFile, path: Path): Node | null => {
  let node: unknown = file.tree.contents
  for (const step of path) {
    const next: unknown = isCollection(node) ? node.get(step, true) : undefined
    if (next === undefined) break
    node = next
  }
  return node as Node | null // what a parsed collection holds under a key or an index are nodes
}

/** The field of a name within the node at a path: where something is wrong with the name itself. */
export const fieldAt = (file: YamlFile, path: Path, name: string): Pair<Node> | undefined => {
  const node = nodeAt(file, path)
  const pairs = isMap<Node>(node) ? node.items : []
  return pairs.find(({ key }) => isScalar(key) && key.value === name)
}

export const offsetOf = (node: Node | null | undefined): number => node?.range?.[0] ?? 0

export const findingIn = (file: YamlFile, { offset, message, severity = 'error' }: Problem): Finding => {
  const { line, col } = file.lines.linePos(offset)
  const excerpt = lineAt(file.text, offset).source
  // Before the first line ends there is nothing to count: the file may be empty, or may not have been read.
  const place = { line: Math.max(1, line), column: Math.max(1, col) }
  return { severity, file: file.shownAs, ...place, message, ...(file.text !== '' && { excerpt }) }
}

/** The line that an offset lies in, without its end. */
export const lineAt = (text: string, offset: number): { start: number; end: number; source: string } => {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const next = text.indexOf('\n', offset)
  const end = next < 0 ? text.length : next
  return { start, end, source: text.slice(start, end).replace(/\r$/, '') }
}
