import { codeSpan } from '../text/html.ts'
import { encodeUrl } from './markup.ts'

/** Writes a text as one line of Markdown; all markup but code spans is escaped. */
export const escapeMarkdown = (text: string): string => {
  const line = text.replace(/\s+/g, ' ')
  let from = 0
  let out = ''
  for (const { 0: code, index } of line.matchAll(codeSpan)) {
    out += `${escapeCharacters(line.slice(from, index))}${code}`
    from = index + code.length
  }
  return escapeLineStart(`${out}${escapeCharacters(line.slice(from))}`)
}

const escapeCharacters = (text: string): string => text.replace(/[\\`*_[\]<>#~|&$]/g, '\\$&')

/** Escapes the characters that would begin a list or underline a heading. */
const escapeLineStart = (line: string): string => line.replace(/^[-+=]/, '\\$&').replace(/^(\d+)([.)])/, '$1\\$2')

/** A paragraph; empty for null. */
export const paragraphLines = (text: string | null): string => (text === null ? '' : `\n${escapeMarkdown(text)}\n`)

/** A line of a list. */
export const listItem = (bullet: string, depth: number, text: string): string =>
  `${'  '.repeat(depth)}${bullet} ${text}\n`

export const markdownLink = (title: string, url: string | null): string =>
  url === null ? escapeMarkdown(title) : `[${escapeMarkdown(title)}](<${encodeUrl(url)}>)`
