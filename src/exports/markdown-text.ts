import { codeSpan } from '../text/html.ts'
import { encodedUrl } from './markup.ts'

/** A text as one line of Markdown that reads as it does: all that would be markup is escaped, but for code. */
export const written = (text: string): string => {
  const line = text.replace(/\s+/g, ' ')
  let from = 0
  let out = ''
  for (const { 0: code, index } of line.matchAll(codeSpan)) {
    out += `${escaped(line.slice(from, index))}${code}`
    from = index + code.length
  }
  return begun(`${out}${escaped(line.slice(from))}`)
}

const escaped = (text: string): string => text.replace(/[\\`*_[\]<>#~|&$]/g, '\\$&')

/** What would begin a list or a line below a heading. */
const begun = (line: string): string => line.replace(/^[-+=]/, '\\$&').replace(/^(\d+)([.)])/, '$1\\$2')

/** A paragraph of its own; nothing where there is nothing. */
export const block = (text: string | null): string => (text === null ? '' : `\n${written(text)}\n`)

/** A line of a list. */
export const item = (bullet: string, depth: number, text: string): string => `${'  '.repeat(depth)}${bullet} ${text}\n`

export const linked = (title: string, url: string | null): string =>
  url === null ? written(title) : `[${written(title)}](<${encodedUrl(url)}>)`
