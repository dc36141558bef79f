import type { Document } from 'yaml'
import { type Case, type Explained, type Explanation, readLine } from './syntax-case.ts'
import { layout, tab } from './syntax-layout.ts'
import { backslash, colon, comma, openBracket, openQuote, signBefore, signHere, textGoesOn } from './syntax-values.ts'
import { lineAt, type Problem } from './yaml-file.ts'

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
