import type { Explanation } from './syntax-case.ts'
import { lineAt } from './yaml-file.ts'

export const layout: Explanation = ({ line }) => {
  const message = layouts.find(([matches]) => matches.test(line.source))?.[1] ?? neither
  return { offset: line.start + Math.max(0, line.source.search(/\S/)), message, echoes: true }
}

const neither =
  'this line is neither a field (name: value) nor an item of a list (- value): if it goes on with the text above, indent it further than that'
export const tab = 'a tab stands here: indent with spaces only, two a level'

const layouts: [RegExp, string][] = [
  [/^ *\t/, tab],
  [/^ *-[^\s-]/, 'a space is missing after the dash: an item of a list begins with "- "'],
  [/^ *[\w-]+:[^\s/]/, 'a space is missing after the colon: a field is written "name: value"'],
  [/^ *- /, 'this item does not begin in the same column as the others of its list: align the dashes'],
  [/^ *[\w-]+:(\s|$)/, 'this field does not begin in the same column as the others beside it: align them'],
]

/** A text goes on in the next line if that is indented further: the colon in it is what YAML stumbles over. */
export const nextLineIsDeeper: Explanation = ({ text, line }) => {
  const name = line.lead.replaceAll(/[-:\s]+$|^[-\s]+/g, '')
  const next = lineAt(text, line.start).end + 1
  const offset = next + text.slice(next).search(/\S/)
  const message = `this line is indented further than "${name}" above it, so it goes on with its text: if it is a field, begin it in the same column; if it is text, put the whole text in quotes`
  return { offset, message, echoes: true }
}
