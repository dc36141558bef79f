import type { CaseItem } from './case-package.ts'
import { parseHtml, toPlainText } from './html-blocks.ts'
import { isHtml } from './outcome-description.ts'

/** Collapses white space. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

/** Returns a text of a framework without HTML. */
export const plainText = (text: string): string =>
  (isHtml(text) ? toPlainText(parseHtml(text).blocks) : text).replaceAll(/\r\n?/g, '\n').trim()

export const maxTitle = 300

/** Returns the abbreviated statement; without one, the full statement, or its beginning. */
export const titleOf = ({ abbreviatedStatement = '', fullStatement }: CaseItem): string => {
  const title = oneLine(plainText(abbreviatedStatement)) || oneLine(plainText(fullStatement)) || oneLine(fullStatement)
  if (title.length <= maxTitle) return title
  const [sentence = ''] = /^.{1,299}?[.!?](?= )/.exec(title) ?? []
  return sentence || `${title.slice(0, maxTitle - 1).replace(/\s+\S*$/, '')}…`
}

/** Returns the full statement; undefined if the title has it all. */
export const statementOf = (item: CaseItem): string | undefined => {
  const statement = plainText(item.fullStatement)
  return statement === '' || oneLine(statement) === titleOf(item) ? undefined : statement
}
