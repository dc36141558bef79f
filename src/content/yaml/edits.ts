import { isCollection, isPair, isScalar, type Node, stringify, type YAMLSeq } from 'yaml'
import { lineAt, offsetOf, rangeOf } from './positions.ts'
import type { YamlFile } from './yaml-file.ts'

/** Replaces the text between two offsets; everything else stays byte for byte. */
export interface Edit {
  start: number
  end: number
  text: string
}

export const applyEdits = (text: string, edits: Edit[]): string =>
  edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((edited, { start, end, text }) => edited.slice(0, start) + text + edited.slice(end), text)

/** Replaces a word, with the same quotes. */
export const replaceWord = (file: YamlFile, node: Node, word: string): Edit => {
  const [start, end] = rangeOf(node)
  const quote = isScalar(node) && node.type !== 'PLAIN' ? file.text.charAt(start) : ''
  return { start, end, text: quote === '' ? formatScalar(word) : quote + word + quote }
}

/** Adds an item to the end of a list, in the style of the file. */
export const appendItem = (file: YamlFile, list: YAMLSeq, item: string): Edit => {
  const last = list.items.at(-1)
  const begin = offsetOf(list as Node) // a parsed list has a range
  if (list.flow !== true) return newLine(file, endOf(file, last), columnOf(file, begin), `- ${item}`)
  const start = last === undefined ? begin + 1 : endOf(file, last)
  return { start, end: start, text: last === undefined ? item : `, ${item}` }
}

/** Inserts a line after the one at an offset. */
const newLine = (file: YamlFile, after: number, column: number, text: string): Edit => {
  const line = lineAt(file.text, after)
  const start = line.start + line.source.length
  return { start, end: start, text: newlineOf(file) + ' '.repeat(column) + text }
}

/** Adds a field after another one, in a mapping with one line per field. */
export const addFieldAfter = (file: YamlFile, field: { key: unknown }, text: string): Edit =>
  newLine(file, endOf(file, field), columnOf(file, offsetOf(field.key as Node)), text) // the key of a parsed pair is a node

export const newlineOf = (file: YamlFile): string => (file.text.includes('\r\n') ? '\r\n' : '\n')

/** Formats a word so that YAML reads it as a text, in quotes if it looks like a number, for example. Formatted within a list, because `---` alone would begin a document. */
export const formatScalar = (word: string): string => stringify([word], { lineWidth: 0 }).slice('- '.length).trimEnd()

export const columnOf = (file: YamlFile, offset: number): number => offset - lineAt(file.text, offset).start

/** Returns the end of a node, without comments and empty lines after it. */
export const endOf = (file: YamlFile, item: unknown): number => {
  if (isPair(item)) return endOf(file, item.value)
  if (isCollection(item) && item.flow !== true) return endOf(file, item.items.at(-1))
  return file.text.slice(0, rangeOf(item as Node)[1]).trimEnd().length // parsed pairs and lists contain nodes
}
