import { isUtf8 } from 'node:buffer'
import {
  Document,
  isCollection,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml'
import { deepest } from '../../text/nesting.ts'
import { notUtf8At } from '../../text/unicode.ts'
import { parseYamlDocument } from '../../text/yaml-document.ts'
import type { Finding } from '../findings.ts'
import { isBlank, lineAt, markOf, offsetOf, type Problem, rangeOf } from './positions.ts'
import { explainSyntax } from './syntax-errors.ts'
import { findTraps, signTrap } from './traps.ts'

export type Path = readonly (string | number)[]

/** A file as it was read: its value for what it says, its text and tree for the places. */
export interface YamlFile {
  /** As people see it, from where they started the command. */
  shownAs: string
  text: string
  lines: LineCounter
  tree: Document
  /** Undefined where the file cannot be understood; `problems` then says why. */
  value: unknown
  problems: Problem[]
}

/** A file of more takes seconds to read, and no track needs one. */
const mostBytes = 4_000_000

export const parseYaml = (shownAs: string, bytes: Uint8Array): YamlFile => {
  if (bytes.length > mostBytes) return unreadable(shownAs, 'this file has more than 4 MB: split it into smaller ones')
  // The mark that some editors begin a file with stays, so that offsets are those of the file.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const { lines, tree = new Document(), tooDeepAt } = parseYamlDocument(text)
  const file = { shownAs, text, lines, tree, value: undefined }
  if (!isUtf8(bytes)) return { ...file, problems: [notUtf8(bytes)] }
  const invisible = text.search(/[^\P{Cc}\t\r\n]/u)
  const directive = text.search(/^%/m)
  if (directive >= 0)
    return { ...file, problems: [{ offset: directive, message: signTrap(lineAt(text, directive).source) }] }
  if (invisible >= 0) return { ...file, problems: [{ offset: invisible, message: invisibleCharacter }] }
  if (tooDeepAt !== undefined) return { ...file, problems: [{ offset: tooDeepAt, message: tooDeep }] }
  const mistakes = explainSyntax(text, tree)
  if (!tree.errors.every(({ code }) => harmless.includes(code))) return { ...file, problems: mistakes }
  if (tree.contents === null || isBlank(tree.contents)) return { ...file, problems: [{ offset: 0, message: empty }] }
  const problems = [...mistakes, ...loneSurrogates(text, tree), ...findTraps(text, tree)]
  return { ...file, problems, value: tree.toJS() }
}

/** Errors in spite of which the parser understands the rest as it was meant. */
const harmless = ['BAD_SCALAR_START', 'BAD_DQ_ESCAPE', 'DUPLICATE_KEY']

export const unreadable = (shownAs: string, message: string): YamlFile => ({
  shownAs,
  text: '',
  lines: new LineCounter(),
  tree: new Document(),
  value: undefined,
  problems: [{ offset: 0, message }],
})

const notUtf8 = (bytes: Uint8Array): Problem => {
  const at = notUtf8At(bytes)
  const byte = `0x${Number(bytes[at]).toString(16).toUpperCase()}`
  return {
    offset: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, at)).length,
    message: `this file is not UTF-8 text (byte ${at + 1} is ${byte}): save it again with the encoding UTF-8`,
  }
}

/** Escapes in double quotes can write half of a character, which cannot be stored. */
const loneSurrogates = (text: string, tree: Document): Problem[] => {
  const problems: Problem[] = []
  if (!/\\(u|U0000)d[89a-f]/i.test(text)) return problems
  visit(tree, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && !node.value.isWellFormed())
        problems.push({ offset: offsetOf(node), message: halfCharacter })
    },
  })
  return problems
}

const halfCharacter =
  'an escape such as \\ud83d writes half of a character here: write the character itself, or both halves'
const invisibleCharacter = 'an invisible control character stands here: delete it, and write the text around it again'
const tooDeep = `this is nested more than ${deepest} levels deep, and no field is: take brackets or indentation out`
const empty = 'this file is empty: write its fields, or delete it'

/** The node at a path; where there is none, the innermost there is on the way. */
export const nodeAt = (file: YamlFile, path: Path): Node => {
  let node: unknown = file.tree.contents
  for (const step of path) {
    if (!isCollection(node) || !node.has(step)) break
    node = node.get(step, true)
  }
  return node as Node // a file that has a value has a tree, and what its collections hold are nodes
}

/** Where a path leads to, if anywhere; a file that says nothing has but one place. */
export const offsetAt = (file: YamlFile, path: Path): number =>
  file.value === undefined ? 0 : offsetOf(nodeAt(file, path))

/** A field of the group at a path, its name and its value; undefined where the group has no such field. */
export const fieldAt = (file: YamlFile, path: Path, name: string): Pair<Node> | undefined => {
  const group = nodeAt(file, path) as YAMLMap<Node> // asked only of groups
  return group.items.find(({ key }) => isScalar(key) && key.value === name)
}

export const findingIn = (file: YamlFile, { offset, message, kind }: Problem): Finding => {
  const { line, col } = file.lines.linePos(offset)
  const excerpt = lineAt(file.text, offset).source
  const mark = line === 1 ? markOf(file.text) : 0
  // Before the first line ends there is nothing to count: the file may be empty, or may not have been read.
  const place = { line: Math.max(1, line), column: Math.max(1, col - mark) }
  return {
    ...(kind === undefined ? { severity: 'error' } : { severity: 'warning', kind }),
    file: file.shownAs,
    ...place,
    message,
    ...(file.text !== '' && { excerpt }),
  }
}

export interface Place {
  file: YamlFile
  path: Path
}

export const findingAt = ({ file, path }: Place, message: string, kind?: string): Finding =>
  findingIn(file, { offset: offsetAt(file, path), message, ...(kind !== undefined && { kind }) })

/**
 * Returns where a character of a text, without the white space around it, stands in the file. Folding, indentation and escapes change white space and the length
 * of what is escaped, but not the order of the visible characters: the same number of them precedes it there.
 */
export const offsetInside = (file: YamlFile, node: Node, index: number): number => {
  const [start, end] = rangeOf(node)
  const { type, value } = node as Scalar // only a scalar is a text
  const isBlock = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED'
  // The text of a block begins below its sign, that in quotes after the first.
  const first = isBlock ? file.text.indexOf('\n', start) + 1 : start + (type === 'PLAIN' ? 0 : 1)
  let before = visibleIn(String(value).trimStart().slice(0, index))
  let offset = first
  for (const { 0: unit, index: place } of file.text.slice(first, end).matchAll(units[String(type)] ?? visible)) {
    if (before < 0) break
    offset = first + place
    before -= unit.startsWith('\\') ? visibleIn(String(parseDocument(`"${unit}"`).toJS())) : 1
  }
  return offset
}

const visible = /\S/g
const visibleIn = (text: string): number => [...text.matchAll(visible)].length

/** What stands for a visible character, or for an escaped one, where that is not the character itself. */
const units: Record<string, RegExp> = {
  QUOTE_DOUBLE: /\\(?:x.{2}|u.{4}|U.{8}|\S)|[^\s\\]/g,
  QUOTE_SINGLE: /''|\S/g,
}
