import { type Document, isCollection, isNode, isScalar, type Node, visit, type YAMLError } from 'yaml'
import { lineAt, offsetOf, type Problem } from './positions.ts'
import { quoted, signTrap } from './traps.ts'

/** Why a text is no YAML, in words for people who never wanted to know YAML. */
export const explainSyntax = (text: string, tree: Document): Problem[] => {
  const problems: Problem[] = []
  const told = new Set<number>()
  for (const error of tree.errors) {
    const line = readLine(text, error.pos[0])
    // What follows on the same line is an echo of the first mistake there.
    if (told.has(line.start)) continue
    const { echoes, ...problem } = explain({ error, text, tree, line, offset: error.pos[0] })
    told.add(line.start).add(lineAt(text, problem.offset).start)
    problems.push(problem)
    // Once the layout is lost, so is what follows it.
    if (echoes) break
  }
  return problems
}

const explain = (at: Case): Explained => {
  const said = `${at.error.code} ${at.error.message}`
  const explanation = explanations.find(([matches]) => matches.test(said))?.[1] ?? unknown
  return explanation(at)
}

const unknown: Explanation = ({ offset, error }) => ({
  offset,
  message: `this is not YAML: ${error.message}`,
  echoes: true,
})

const second: Explanation = ({ offset, text }) => {
  const name = /[^\s:,}]+/.exec(text.slice(offset))?.[0]
  return { offset, message: `"${name}" stands here a second time: keep one of the two`, echoes: false }
}

const secondDocument: Explanation = ({ offset }) => ({
  offset,
  message: 'a line of --- begins a second document: a file holds one, so delete the line or make two files',
  echoes: true,
})

/** An error of the parser, with the line it is on. */
interface Case {
  error: YAMLError
  offset: number
  text: string
  tree: Document
  line: Line
}

/** `echoes`: what the parser says after it is not to be believed. */
type Explained = Problem & { echoes: boolean }

/** `title: value`, `- value`, `- title: value` or `value`, as an author sees it. */
interface Line {
  start: number
  source: string
  /** What stands before the value on its line. */
  lead: string
  value: string
}

const readLine = (text: string, offset: number): Line => {
  const { start, source } = lineAt(text, offset)
  const value = source.replace(/^[ \t]*(?:- +)*(?:[\w-]+:[ \t]+)?/, '')
  return { start, source, lead: source.slice(0, source.length - value.length), value: value.trimEnd() }
}

type Explanation = (at: Case) => Explained

const layout: Explanation = ({ line }) => {
  const message = layouts.find(([matches]) => matches.test(line.source))?.[1] ?? neither
  return { offset: line.start + Math.max(0, line.source.search(/\S/)), message, echoes: true }
}

const neither =
  'this line is neither a field (name: value) nor an item of a list (- value): if it goes on with the text above, indent it further than that'
const tab = 'a tab stands here: indent with spaces only, two a level'

const layouts: [RegExp, string][] = [
  [/^ *\t/, tab],
  [/^ *-[^\s-]/, 'a space is missing after the dash: an item of a list begins with "- "'],
  [/^ *[\w-]+:[^\s/]/, 'a space is missing after the colon: a field is written "name: value"'],
  [/^ *- /, 'this item does not begin in the same column as the others of its list: align the dashes'],
  [/^ *[\w-]+:(\s|$)/, 'this field does not begin in the same column as the others beside it: align them'],
]

/** A text goes on in the next line if that is indented further: the colon in it is what YAML stumbles over. */
const nextLineIsDeeper: Explanation = ({ text, line }) => {
  const name = line.lead.replaceAll(/[-:\s]+$|^[-\s]+/g, '')
  const next = lineAt(text, line.start).end + 1
  const offset = next + text.slice(next).search(/\S/)
  const message = `this line is indented further than "${name}" above it, so it goes on with its text: if it is a field, begin it in the same column; if it is text, put the whole text in quotes`
  return { offset, message, echoes: true }
}

/** A sign that YAML takes for its own where the error is: the rest of the line, or of the item within brackets. */
const signHere: Explanation = ({ offset, line }) => {
  const rest = line.source.slice(offset - line.start).trimEnd()
  const value = rest === line.value ? rest : rest.replace(/[,\]}].*/, '')
  return { offset, message: signTrap(value), echoes: false }
}

/** A sign at the beginning of the value, found only when YAML could not go on after it. */
const signBefore: Explanation = ({ line }) => ({
  offset: line.start + line.lead.length,
  message: signTrap(line.value),
  echoes: false,
})

const textGoesOn: Explanation = at => {
  const { line, offset } = at
  if (/^[*[{]/.test(line.value)) return signBefore(at)
  if (!/^["']/.test(line.value)) return layout(at)
  // Single quotes around a text with an apostrophe are meant as quotes; double ones are rather part of the text.
  const meant = line.value.startsWith("'") ? within(line.value) : line.value
  return { offset, message: `the quotes end before the text does: ${line.lead.trim()} ${quoted(meant)}`, echoes: false }
}

/** A text without the quotes around it. */
const within = (value: string): string => value.replace(/^(["'])(.*)\1$/, '$2')

const colon: Explanation = at => {
  const { line } = at
  if (line.value.startsWith('? ')) return signBefore(at)
  const place = line.value.search(/:(\s|$)/)
  if (place < 0) return nextLineIsDeeper(at)
  const message = `a colon followed by a space begins a field, so a text that holds one stands in quotes: ${line.lead.trim()} ${quoted(line.value)}`
  return { offset: line.start + line.lead.length + place, message, echoes: false }
}

const backslash: Explanation = ({ offset, line }) => ({
  offset,
  message: `a backslash has a meaning of its own in double quotes: use single quotes: ${quoted(within(line.value))}`,
  echoes: false,
})

const openQuote: Explanation = at => {
  const offset = lastBefore(at, node => isScalar(node) && String(node.type).startsWith('QUOTE'))
  const quote = at.text.charAt(offset)
  return {
    offset,
    message: `the ${quote} that begins here never ends: put a ${quote} at the end of the text`,
    echoes: true,
  }
}

const openBracket: Explanation = at => {
  const offset = lastBefore(at, node => isCollection(node) && node.flow === true)
  const [opening, closing] = at.text.charAt(offset) === '[' ? ['[', ']'] : ['{', '}']
  return {
    offset,
    message: `the ${opening} that stands here is never closed: put a ${closing} at its end`,
    echoes: true,
  }
}

const lastBefore = ({ tree, offset }: Case, wanted: (node: Node) => boolean): number => {
  let last = 0
  visit(tree, (_, node) => {
    if (isNode(node) && wanted(node) && offsetOf(node) < offset) last = offsetOf(node)
  })
  return last
}

const comma: Explanation = ({ offset, error }) => ({
  offset,
  message: error.message.startsWith('Missing')
    ? 'a comma is missing between two items'
    : 'a comma too many: it separates two items, and there are none to separate here',
  echoes: false,
})

/** By the code and words of the parser's error. */
const explanations: [RegExp, Explanation][] = [
  [/^TAB_AS_INDENT/, ({ offset }) => ({ offset, message: tab, echoes: true })],
  [/^DUPLICATE_KEY/, second],
  [/^BAD_DQ_ESCAPE/, backslash],
  [/Missing closing/, openQuote],
  [/Flow (sequence|map) in/, openBracket],
  [/^MULTIPLE_DOCS/, secondDocument],
  [/Missing ,|Unexpected ,/, comma],
  [/^BAD_SCALAR_START|^BAD_ALIAS/, signHere],
  [/Block scalar header|Not a YAML token|block-seq-ind on same line/, signBefore],
  [/at node end/, textGoesOn],
  [/Nested mappings are not allowed/, colon],
  [/^BAD_INDENT|IMPLICIT_KEY|Implicit map keys|Sequence item without/, layout],
]
