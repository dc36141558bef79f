import { stringify } from 'yaml'
import type { Fields, Value } from '../file-values.ts'
import { inYaml } from './edits.ts'

/** No line that is written anew is longer, where it can be broken. */
const width = 120

/** A list whose items are longer than this reads better with a line for each. */
const shortItem = 40

/** A field that begins at a column, as an author would write it. */
export const freshField = (name: string, value: Value, column: number): string => {
  const line = lineOf(value)
  if (line !== undefined && column + name.length + 2 + line.length <= width) return `${name}: ${line}`
  const block = freshBlock(value, column + 2)
  return typeof value === 'object' ? `${name}:\n${' '.repeat(column + 2)}${block}` : `${name}: ${block}`
}

/** A value whose lines after the first begin at a column. */
export const freshBlock = (value: Value, column: number): string => {
  if (typeof value !== 'object') return blockText(String(value), column)
  const lines = Array.isArray(value)
    ? value.map(item => freshItem(item, column))
    : Object.entries(value).map(([name, field]) => freshField(name, field, column))
  return lines.join(`\n${' '.repeat(column)}`)
}

/** An item of a list that begins at a column. */
export const freshItem = (value: Value, column: number): string => {
  const line = typeof value === 'object' ? undefined : lineOf(value)
  return `- ${line !== undefined && column + 2 + line.length <= width ? line : freshBlock(value, column + 2)}`
}

/** A value in a single line, whatever it is. */
export const inline = (value: Value, inFlow: boolean): string => {
  if (typeof value === 'string') return lineText(value, inFlow)
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return `[${value.map(item => inline(item, true)).join(', ')}]`
  return `{ ${Object.entries(value)
    .map(([name, field]) => `${name}: ${inline(field, true)}`)
    .join(', ')} }`
}

/** The one line that an author would write for it; undefined where it takes several. */
const lineOf = (value: Value): string | undefined => {
  if (typeof value === 'string') return isLines(value) ? undefined : lineText(value, false)
  if (typeof value !== 'object') return String(value)
  const items = Array.isArray(value) ? value : Object.values(value satisfies Fields)
  const isShort = (item: Value) => typeof item !== 'object' && String(item).length <= shortItem
  return items.every(isShort) ? inline(value, true) : undefined
}

const lineText = (text: string, inFlow: boolean): string => {
  if (/\p{Cc}/u.test(text)) return escaped(text)
  if (!inFlow) return inYaml(text)
  return stringify([text], { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).slice(1, -2)
}

const blockText = (text: string, column: number): string => {
  const start = `\n${' '.repeat(column)}`
  if (isLines(text))
    return `|${text
      .split('\n')
      .map(line => (line === '' ? '\n' : start + line))
      .join('')}`
  return /^[^\s\p{Cc}]+( [^\s\p{Cc}]+)+$/u.test(text)
    ? `>-${wrapped(text, width - column)
        .map(line => start + line)
        .join('')}`
    : lineText(text, false)
}

/** Several lines that can be written as they are. */
const isLines = (text: string): boolean => text.includes('\n') && !/[^\P{Cc}\t\n]/u.test(text)

const wrapped = (text: string, most: number): string[] => {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** JSON's text is YAML's too, but files are read only without invisible characters. */
const escaped = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\u009f]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
