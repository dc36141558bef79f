import { stringify } from 'yaml'
import type { YamlFields, YamlValue } from '../file-values.ts'
import { formatScalar } from './edits.ts'

/** The longest line that is written, if it can be broken. */
const maxLineLength = 120

/** Lists with longer items have a line for each. */
const maxInlineItem = 40

/** Formats a field that begins at a column. */
export const formatField = (name: string, value: YamlValue, column: number): string => {
  const line = formatLine(value)
  if (line !== undefined && column + name.length + 2 + line.length <= maxLineLength) return `${name}: ${line}`
  const block = formatBlock(value, column + 2)
  return typeof value === 'object' ? `${name}:\n${' '.repeat(column + 2)}${block}` : `${name}: ${block}`
}

/** Formats a value; its lines after the first begin at a column. */
export const formatBlock = (value: YamlValue, column: number): string => {
  if (typeof value !== 'object') return formatBlockText(String(value), column)
  const lines = Array.isArray(value)
    ? value.map(item => formatItem(item, column))
    : Object.entries(value).map(([name, field]) => formatField(name, field, column))
  return lines.join(`\n${' '.repeat(column)}`)
}

/** Formats an item of a list that begins at a column. */
export const formatItem = (value: YamlValue, column: number): string => {
  const line = typeof value === 'object' ? undefined : formatLine(value)
  return `- ${line !== undefined && column + 2 + line.length <= maxLineLength ? line : formatBlock(value, column + 2)}`
}

/** Formats any value in a single line. */
export const formatInline = (value: YamlValue, inFlow: boolean): string => {
  if (typeof value === 'string') return formatLineText(value, inFlow)
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return `[${value.map(item => formatInline(item, true)).join(', ')}]`
  return `{ ${Object.entries(value)
    .map(([name, field]) => `${name}: ${formatInline(field, true)}`)
    .join(', ')} }`
}

/** Formats a value in a line if an author would; undefined if it takes several. */
const formatLine = (value: YamlValue): string | undefined => {
  if (typeof value === 'string') return isMultiline(value) ? undefined : formatLineText(value, false)
  if (typeof value !== 'object') return String(value)
  const items = Array.isArray(value) ? value : Object.values(value satisfies YamlFields)
  const isShort = (item: YamlValue) => typeof item !== 'object' && String(item).length <= maxInlineItem
  return items.every(isShort) ? formatInline(value, true) : undefined
}

const formatLineText = (text: string, inFlow: boolean): string => {
  if (/\p{Cc}/u.test(text)) return escapeText(text)
  if (!inFlow) return formatScalar(text)
  return stringify([text], { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).slice(1, -2)
}

const formatBlockText = (text: string, column: number): string => {
  const start = `\n${' '.repeat(column)}`
  if (isMultiline(text))
    return `|${text
      .split('\n')
      .map(line => (line === '' ? '\n' : start + line))
      .join('')}`
  return /^[^\s\p{Cc}]+( [^\s\p{Cc}]+)+$/u.test(text)
    ? `>-${wrapText(text, maxLineLength - column)
        .map(line => start + line)
        .join('')}`
    : formatLineText(text, false)
}

/** Returns true for several lines that need no escapes. */
const isMultiline = (text: string): boolean => text.includes('\n') && !/[^\P{Cc}\t\n]/u.test(text)

const wrapText = (text: string, most: number): string[] => {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** Escapes a text as JSON, which is valid YAML, and its control characters, which files may not contain. */
const escapeText = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\u009f]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
