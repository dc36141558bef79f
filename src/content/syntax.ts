import { type Document, isCollection, isScalar, type Node, visit, type YAMLError } from 'yaml'
import { quoted, signs, signTrap } from './quoting.ts'
import { lineAt, offsetOf, type Problem } from './yaml-file.ts'

/** Why a text is no YAML, in words for people who never wanted to know YAML. */
export const explainSyntax = (text: string, tree: Document): Problem[] => {
  const problems: Problem[] = []
  const told = new Set<number>()
  for (const error of tree.errors) {
    const problem = explain({ error, text, tree, line: readLine(text, error.pos[0]) })
    const { start } = lineAt(text, problem.offset)
    // What follows on the same line is an echo of the first mistake there.
    if (told.has(start)) continue
    told.add(start).add(lineAt(text, error.pos[0]).start)
    problems.push(problem)
    // Once the layout is lost, what follows is an echo too.
    if (problem.echoes) break
  }
  return problems
}

interface Case {
  error: YAMLError
  text: string
  tree: Document
  line: Line
}

type Explained = Problem & { echoes?: boolean }

/** `title: value`, `- value`, `- title: value` or `value`, as an author sees it. */
interface Line {
  start: number
  source: string
  /** What stands before the value, on the same line. */
  lead: string
  value: string
}

const readLine = (text: string, offset: number): Line => {
  const { start, source } = lineAt(text, offset)
  const lead = /^[ \t]*(?:- +)*(?:[\w-]+:[ \t]+)?/.exec(source)?.[0] ?? ''
  return { start, source, lead, value: source.slice(lead.length).trimEnd() }
}

const explain = (at: Case): Explained => {
  const [offset] = at.error.pos
  for (const [matches, explanation] of explanations)
    if (matches.test(`${at.error.code} ${at.error.message}`)) return explanation(at, offset)
  return { offset, message: `this is not YAML: ${at.error.message}`, echoes: true }
}

type Explanation = (at: Case, offset: number) => Explained

const tab: Explanation = (_, offset) => ({
  offset,
  message: 'a tab stands here: indent with spaces only, two a level (most editors can change all tabs into spaces)',
})

const duplicate: Explanation = ({ text, line }, offset) => {
  const name = /[^\s:,{]+/.exec(text.slice(offset))?.[0]
  return { offset, message: `"${name}" stands here a second time: keep one of the two`, line }
}

const escape: Explanation = ({ text, line }, offset) => ({
  offset,
  message: `a backslash has a meaning of its own in double quotes: put the text in single quotes: ${line.lead.trim()} ${withoutQuotes(line.value)}`,
  text,
})
