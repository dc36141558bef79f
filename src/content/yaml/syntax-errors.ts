import { type Document, isCollection, isNode, isScalar, type Node, visit, type YAMLError } from 'yaml'
import { lineAt, offsetOf, type Problem } from './positions.ts'
import { explainIndicator, quoteText } from './traps.ts'

/** Explains syntax errors to authors who do not know YAML. */
export const explainSyntax = (text: string, tree: Document): Problem[] => {
  const problems: Problem[] = []
  const reportedLines = new Set<number>()
  for (const error of tree.errors) {
    const line = readLine(text, error.pos[0])
    // Further errors on a line follow from the first.
    if (reportedLines.has(line.start)) continue
    const { endsReport, ...problem } = explain({ error, text, tree, line, offset: error.pos[0] })
    reportedLines.add(line.start).add(lineAt(text, problem.offset).start)
    problems.push(problem)
    // After a layout error, the parser's further errors are unreliable.
    if (endsReport) break
  }
  return problems
}

const explain = (at: ParserError): Explained => {
  const errorText = `${at.error.code} ${at.error.message}`
  const explanation = explanations.find(([matches]) => matches.test(errorText))?.[1] ?? unknownError
  return explanation(at)
}

const unknownError: Explanation = ({ offset, error }) => ({
  offset,
  message: `this is not YAML: ${error.message}`,
  endsReport: true,
})

const duplicateKey: Explanation = ({ offset, text }) => {
  const name = /[^\s:,}]+/.exec(text.slice(offset))?.[0]
  return { offset, message: `"${name}" is here a second time: remove one of the two`, endsReport: false }
}

const secondDocument: Explanation = ({ offset }) => ({
  offset,
  message: 'a line of --- begins a second document, and a file has only one: delete the line or make two files',
  endsReport: true,
})

/** An error of the parser and its line. */
interface ParserError {
  error: YAMLError
  offset: number
  text: string
  tree: Document
  line: Line
}

/** An explained error. `endsReport` is true if the parser's further errors are unreliable. */
type Explained = Problem & { endsReport: boolean }

/** A line such as `title: value`, `- value`, `- title: value` or `value`. */
interface Line {
  start: number
  source: string
  /** The text before the value. */
  lead: string
  value: string
}

const readLine = (text: string, offset: number): Line => {
  const { start, source } = lineAt(text, offset)
  const value = source.replace(/^[ \t]*(?:- +)*(?:[\w-]+:[ \t]+)?/, '')
  return { start, source, lead: source.slice(0, source.length - value.length), value: value.trimEnd() }
}

type Explanation = (at: ParserError) => Explained

const badLayout: Explanation = ({ line }) => {
  const message = layoutMessages.find(([matches]) => matches.test(line.source))?.[1] ?? notFieldNorItem
  return { offset: line.start + Math.max(0, line.source.search(/\S/)), message, endsReport: true }
}

const notFieldNorItem =
  'this line is neither a field (name: value) nor an item of a list (- value): if it continues the text above, indent it further than that'
const tab = 'this is a tab: indent with spaces only, two a level'

const layoutMessages: [RegExp, string][] = [
  [/^ *\t/, tab],
  [/^ *-[^\s-]/, 'a space is missing after the dash: an item of a list begins with "- "'],
  [/^ *[\w-]+:[^\s/]/, 'a space is missing after the colon: a field is written "name: value"'],
  [/^ *- /, 'this item does not begin in the same column as the other items of its list: align the dashes'],
  [/^ *[\w-]+:(\s|$)/, 'this field does not begin in the same column as the fields beside it: align them'],
]

/** Explains a field that is indented further than the text above it, which YAML reads as a continuation. */
const nextLineIsDeeper: Explanation = ({ text, line }) => {
  const name = line.lead.replaceAll(/[-:\s]+$|^[-\s]+/g, '')
  const next = lineAt(text, line.start).end + 1
  const offset = next + text.slice(next).search(/\S/)
  const message = `this line is indented further than "${name}" above it, so it continues its text: if it is a field, begin it in the same column; if it is text, put the whole text in quotes`
  return { offset, message, endsReport: true }
}

/** Explains a special character at the error. The text is the rest of the line, or of the item within brackets. */
const indicatorAtError: Explanation = ({ offset, line }) => {
  const rest = line.source.slice(offset - line.start).trimEnd()
  const value = rest === line.value ? rest : rest.replace(/[,\]}].*/, '')
  return { offset, message: explainIndicator(value), endsReport: false }
}

/** Explains a special character at the beginning of the value, when the error is after it. */
const indicatorAtValue: Explanation = ({ line }) => ({
  offset: line.start + line.lead.length,
  message: explainIndicator(line.value),
  endsReport: false,
})

const textAfterValue: Explanation = at => {
  const { line, offset } = at
  if (/^[*[{]/.test(line.value)) return indicatorAtValue(at)
  if (!/^["']/.test(line.value)) return badLayout(at)
  // Single quotes around a text with an apostrophe are meant as quotes; double quotes are usually part of the text.
  const intended = line.value.startsWith("'") ? withoutQuotes(line.value) : line.value
  return {
    offset,
    message: `the quotes end before the text does: ${line.lead.trim()} ${quoteText(intended)}`,
    endsReport: false,
  }
}

/** Removes the quotes around a text. */
const withoutQuotes = (value: string): string => value.replace(/^(["'])(.*)\1$/, '$2')

const colon: Explanation = at => {
  const { line } = at
  if (line.value.startsWith('? ')) return indicatorAtValue(at)
  const place = line.value.search(/:(\s|$)/)
  if (place < 0) return nextLineIsDeeper(at)
  const message = `a colon followed by a space begins a field, so put a text that contains one in quotes: ${line.lead.trim()} ${quoteText(line.value)}`
  return { offset: line.start + line.lead.length + place, message, endsReport: false }
}

const backslash: Explanation = ({ offset, line }) => ({
  offset,
  message: `a backslash is an escape character in double quotes: use single quotes: ${quoteText(withoutQuotes(line.value))}`,
  endsReport: false,
})

const openQuote: Explanation = at => {
  const offset = lastNodeBefore(at, node => isScalar(node) && String(node.type).startsWith('QUOTE'))
  const quote = at.text.charAt(offset)
  return {
    offset,
    message: `the ${quote} that begins here has no end: put a ${quote} at the end of the text`,
    endsReport: true,
  }
}

const openBracket: Explanation = at => {
  const offset = lastNodeBefore(at, node => isCollection(node) && node.flow === true)
  const [opening, closing] = at.text.charAt(offset) === '[' ? ['[', ']'] : ['{', '}']
  return {
    offset,
    message: `the ${opening} that begins here is not closed: put a ${closing} at its end`,
    endsReport: true,
  }
}

const lastNodeBefore = ({ tree, offset }: ParserError, isWanted: (node: Node) => boolean): number => {
  let last = 0
  visit(tree, (_, node) => {
    if (isNode(node) && isWanted(node) && offsetOf(node) < offset) last = offsetOf(node)
  })
  return last
}

const comma: Explanation = ({ offset, error }) => ({
  offset,
  message: error.message.startsWith('Missing')
    ? 'a comma is missing between two items'
    : 'this comma separates no items: remove it',
  endsReport: false,
})

/** The explanation for each code and message of the parser's errors. */
const explanations: [RegExp, Explanation][] = [
  [/^TAB_AS_INDENT/, ({ offset }) => ({ offset, message: tab, endsReport: true })],
  [/^DUPLICATE_KEY/, duplicateKey],
  [/^BAD_DQ_ESCAPE/, backslash],
  [/Missing closing/, openQuote],
  [/Flow (sequence|map) in/, openBracket],
  [/^MULTIPLE_DOCS/, secondDocument],
  [/Missing ,|Unexpected ,/, comma],
  [/^BAD_SCALAR_START|^BAD_ALIAS/, indicatorAtError],
  [/Block scalar header|Not a YAML token|block-seq-ind on same line/, indicatorAtValue],
  [/at node end/, textAfterValue],
  [/Nested mappings are not allowed/, colon],
  [/^BAD_INDENT|IMPLICIT_KEY|Implicit map keys|Sequence item without/, badLayout],
]
