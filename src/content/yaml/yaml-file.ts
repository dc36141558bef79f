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
import { maxNesting } from '../../text/nesting.ts'
import { invalidUtf8Offset } from '../../text/unicode.ts'
import { parseYamlDocument } from '../../text/yaml-document.ts'
import type { Finding } from '../findings.ts'
import { bomLength, isBlank, lineAt, offsetOf, type Problem, rangeOf } from './positions.ts'
import { explainSyntax } from './syntax-errors.ts'
import { explainIndicator, findTraps } from './traps.ts'

export type Path = readonly (string | number)[]

/** A parsed file: its value, and its text and syntax tree to find places. */
export interface YamlFile {
  /** The path as it is shown to the author, relative to the working directory. */
  displayPath: string
  text: string
  lines: LineCounter
  tree: Document
  /** Undefined if the file cannot be parsed; `problems` then has the reason. */
  value: unknown
  problems: Problem[]
}

/** A larger file takes seconds to parse, and no track needs one. */
const maxBytes = 4_000_000

export const parseYaml = (displayPath: string, bytes: Uint8Array): YamlFile => {
  if (bytes.length > maxBytes)
    return unreadableFile(displayPath, 'this file has more than 4 MB: split it into smaller ones')
  // The byte order mark stays in the text, so that offsets are those of the file.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const { lines, tree = new Document(), tooDeepAt } = parseYamlDocument(text)
  const file = { displayPath, text, lines, tree, value: undefined }
  if (!isUtf8(bytes)) return { ...file, problems: [notUtf8(bytes)] }
  const invisible = text.search(/[^\P{Cc}\t\r\n]/u)
  const directive = text.search(/^%/m)
  if (directive >= 0)
    return { ...file, problems: [{ offset: directive, message: explainIndicator(lineAt(text, directive).source) }] }
  if (invisible >= 0) return { ...file, problems: [{ offset: invisible, message: invisibleCharacter }] }
  if (tooDeepAt !== undefined) return { ...file, problems: [{ offset: tooDeepAt, message: tooDeep }] }
  const mistakes = explainSyntax(text, tree)
  if (!tree.errors.every(({ code }) => recoverableErrors.includes(code))) return { ...file, problems: mistakes }
  if (tree.contents === null || isBlank(tree.contents)) return { ...file, problems: [{ offset: 0, message: empty }] }
  const problems = [...mistakes, ...findLoneSurrogates(text, tree), ...findTraps(text, tree)]
  return { ...file, problems, value: tree.toJS() }
}

/** Errors after which the parser reads the rest of the file correctly. */
const recoverableErrors = ['BAD_SCALAR_START', 'BAD_DQ_ESCAPE', 'DUPLICATE_KEY']

export const unreadableFile = (displayPath: string, message: string): YamlFile => ({
  displayPath: displayPath,
  text: '',
  lines: new LineCounter(),
  tree: new Document(),
  value: undefined,
  problems: [{ offset: 0, message }],
})

const notUtf8 = (bytes: Uint8Array): Problem => {
  const at = invalidUtf8Offset(bytes)
  const byte = `0x${Number(bytes[at]).toString(16).toUpperCase()}`
  return {
    offset: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, at)).length,
    message: `this file is not UTF-8 text (byte ${at + 1} is ${byte}): save it again with the encoding UTF-8`,
  }
}

/** Finds lone surrogates, which escapes in double quotes can write and which cannot be stored. */
const findLoneSurrogates = (text: string, tree: Document): Problem[] => {
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
const invisibleCharacter = 'this is an invisible control character: delete it, and write the text around it again'
const tooDeep = `this is nested more than ${maxNesting} levels deep, and no field is: remove brackets or indentation`
const empty = 'this file is empty: write its fields, or delete it'

/** Returns the node at a path, or the innermost existing node on the path. */
export const nodeAt = (file: YamlFile, path: Path): Node => {
  let node: unknown = file.tree.contents
  for (const step of path) {
    if (!isCollection(node) || !node.has(step)) break
    node = node.get(step, true)
  }
  return node as Node // a file with a value has a tree, and its collections contain nodes
}

/** Returns the offset of the node at a path; 0 in a file without a value. */
export const offsetAt = (file: YamlFile, path: Path): number =>
  file.value === undefined ? 0 : offsetOf(nodeAt(file, path))

/** Returns a field of the mapping at a path; undefined if the mapping has no such field. */
export const fieldAt = (file: YamlFile, path: Path, name: string): Pair<Node> | undefined => {
  const mapping = nodeAt(file, path) as YAMLMap<Node> // the caller's path leads to a mapping
  return mapping.items.find(({ key }) => isScalar(key) && key.value === name)
}

export const findingIn = (file: YamlFile, { offset, message, kind }: Problem): Finding => {
  const { line, col } = file.lines.linePos(offset)
  const excerpt = lineAt(file.text, offset).source
  const mark = line === 1 ? bomLength(file.text) : 0
  // The file may be empty or unreadable.
  const place = { line: Math.max(1, line), column: Math.max(1, col - mark) }
  return {
    ...(kind === undefined ? { severity: 'error' } : { severity: 'warning', kind }),
    file: file.displayPath,
    ...place,
    message,
    ...(file.text !== '' && { excerpt }),
  }
}

export interface YamlPlace {
  file: YamlFile
  path: Path
}

export const findingAt = ({ file, path }: YamlPlace, message: string, kind?: string): Finding =>
  findingIn(file, { offset: offsetAt(file, path), message, ...(kind !== undefined && { kind }) })

/**
 * Returns the offset in the file of a character of a trimmed text. Folding, indentation and escapes change white space and
 * lengths, but not the order of the visible characters: the same number of them precedes the character in the file.
 */
export const offsetInText = (file: YamlFile, node: Node, index: number): number => {
  const [start, end] = rangeOf(node)
  const { type, value } = node as Scalar // only a scalar is a text
  const isBlock = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED'
  // The text of a block begins on the next line, a quoted text after its quote.
  const first = isBlock ? file.text.indexOf('\n', start) + 1 : start + (type === 'PLAIN' ? 0 : 1)
  let before = countVisible(String(value).trimStart().slice(0, index))
  let offset = first
  for (const { 0: unit, index: place } of file.text.slice(first, end).matchAll(visibleUnits[String(type)] ?? visible)) {
    if (before < 0) break
    offset = first + place
    before -= unit.startsWith('\\') ? countVisible(String(parseDocument(`"${unit}"`).toJS())) : 1
  }
  return offset
}

const visible = /\S/g
const countVisible = (text: string): number => [...text.matchAll(visible)].length

/** The notation of a visible or an escaped character, for each style of quotes. */
const visibleUnits: Record<string, RegExp> = {
  QUOTE_DOUBLE: /\\(?:x.{2}|u.{4}|U.{8}|\S)|[^\s\\]/g,
  QUOTE_SINGLE: /''|\S/g,
}
