import { isCollection, isPair, isScalar, isSeq, type Node, stringify, type YAMLMap, type YAMLSeq } from 'yaml'
import { lineAt, offsetOf, rangeOf } from './positions.ts'
import type { YamlFile } from './yaml-file.ts'

/** A change of a file's text: what lies between two offsets, and what comes in its place. Everything else stays byte for byte. */
export interface Edit {
  start: number
  end: number
  text: string
}

export const applyEdits = (text: string, edits: Edit[]): string =>
  edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((edited, { start, end, text }) => edited.slice(0, start) + text + edited.slice(end), text)

/** Another word in the place of one, in the quotes it had. */
export const replaceWord = (file: YamlFile, node: Node, word: string): Edit => {
  const [start, end] = rangeOf(node)
  const quote = isScalar(node) && node.type !== 'PLAIN' ? file.text.charAt(start) : ''
  return { start, end, text: quote === '' ? inYaml(word) : quote + word + quote }
}

/** Adds a last item to a list or a last field to a group, in the style that it is written in. */
export const append = (file: YamlFile, to: YAMLSeq | YAMLMap, inline: string, block = inline): Edit => {
  const last = to.items.at(-1)
  const begin = offsetOf(to as Node) // a parsed collection has its place, whatever it holds
  if (to.flow === true) {
    const start = last === undefined ? begin + 1 : endOf(file, last)
    return { start, end: start, text: last === undefined ? inline : `, ${inline}` }
  }
  return newLine(file, endOf(file, last), columnOf(file, begin), isSeq(to) ? `- ${block}` : block)
}

/** A line of its own after the one in which something ends. */
const newLine = (file: YamlFile, after: number, column: number, text: string): Edit => {
  const line = lineAt(file.text, after)
  const start = line.start + line.source.length
  return { start, end: start, text: newlineOf(file) + ' '.repeat(column) + text }
}

/** Adds a field behind another one of a group that has a line for each. */
export const addFieldAfter = (file: YamlFile, field: { key: unknown }, text: string): Edit =>
  newLine(file, endOf(file, field), columnOf(file, offsetOf(field.key as Node)), text) // the key of a parsed pair is a node

/** Adds a field before another one of its group. */
export const addFieldBefore = (file: YamlFile, key: Node, inline: boolean, text: string): Edit => {
  const start = offsetOf(key)
  return { start, end: start, text: inline ? `${text}, ` : text + newlineOf(file) + ' '.repeat(columnOf(file, start)) }
}

export const newlineOf = (file: YamlFile): string => (file.text.includes('\r\n') ? '\r\n' : '\n')

/** A word as YAML reads it as a text: in quotes where it would be a number, say. Within a list, since `---` alone would begin a document. */
export const inYaml = (word: string): string => stringify([word], { lineWidth: 0 }).slice('- '.length).trimEnd()

export const columnOf = (file: YamlFile, offset: number): number => offset - lineAt(file.text, offset).start

/** Where the last letter of something stands: comments and empty lines after it are not its own. */
export const endOf = (file: YamlFile, item: unknown): number => {
  if (isPair(item)) return endOf(file, item.value)
  if (isCollection(item) && item.flow !== true) return endOf(file, item.items.at(-1))
  return file.text.slice(0, rangeOf(item as Node)[1]).trimEnd().length // what a parsed pair or list holds are nodes
}
