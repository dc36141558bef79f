import { isCollection, isScalar, type Node, type Pair } from 'yaml'
import type { z } from 'zod'
import { schemas } from '../model/curriculum.ts'
import { fileRoles } from '../model/exercise.ts'
import { controlCharacter } from '../model/text.ts'
import { describePath, type Explanation, parseOrExplain } from '../query/explain.ts'
import type { FileKind } from './file-kinds.ts'
import { lineAt, offsetOf, type Problem, rangeOf } from './yaml/positions.ts'
import { explainIndicator, quoteText } from './yaml/traps.ts'
import { fieldAt, nodeAt, offsetInText, type Path, type YamlFile } from './yaml/yaml-file.ts'

/** A checked value: its file, its path in the file and its schema. */
export interface CheckedValue {
  file: YamlFile
  path: Path
  value: unknown
  schema: z.ZodType
  kind: FileKind
}

/** Parses a value, or explains what is wrong at each place of it in the file, with how to write it in YAML. */
export const parseInFile = (checked: CheckedValue): { data?: unknown; problems: Problem[] } => {
  const { file, schema, value } = checked
  if (file.value === undefined) return { problems: [] }
  const { data, explanations } = parseOrExplain(schema, value, { subject: path => describePath(path, 'this') })
  if (explanations === undefined) return { data, problems: [] }
  // A value lost to a YAML trap is already reported.
  const reportedLines = new Set(file.problems.map(({ offset }) => lineAt(file.text, offset).start))
  const problems = explanations.map(explanation => ({ explanation, problem: locate(checked, explanation) }))
  return {
    problems: problems
      .filter(
        ({ explanation: { issue }, problem: { offset } }) =>
          issue.input === undefined || !reportedLines.has(lineAt(file.text, offset).start),
      )
      .map(({ problem }) => problem),
  }
}

const locate = ({ file, path: start, kind }: CheckedValue, { path: within, message, issue }: Explanation): Problem => {
  const path = [...start, ...(within as Path)] // keys of YAML are texts and indexes are numbers
  const name = String(path.at(-1))
  if (issue.code === 'unrecognized_keys') {
    const { key } = fieldAt(file, path.slice(0, -1), name) as Pair<Node> // zod reported this key
    const isOfModel = within.length === 1 && name in schemas[kind.noun].shape
    return { offset: offsetOf(key), message: isOfModel ? notWrittenHere(kind, name) : message }
  }
  const node = nodeAt(file, path)
  if (issue.input === null)
    return { offset: offsetOf(node), message: `"${name}" has no value: write one, or remove the line` }
  return {
    offset: offsetOfIssue(file, node, issue.input),
    message: `${message}${hintFor(issue, node, name, file.text)}`,
  }
}

/** Returns the place of the value or, for a control character in it, the place of that character. */
const offsetOfIssue = (file: YamlFile, node: Node, value: unknown): number => {
  const index = typeof value === 'string' ? value.trimStart().search(controlCharacter) : -1
  return index < 0 ? offsetOf(node) : offsetInText(file, node, index)
}

/** Returns how to write a missing value or one of the right type in YAML; empty for other issues. */
const hintFor = (issue: z.core.$ZodIssue, node: Node, name: string, text: string): string => {
  if (issue.code !== 'invalid_type' && issue.code !== 'invalid_value') return ''
  if (issue.input === undefined) return `; add a line that begins with ${name}:`
  if (issue.code === 'invalid_value') return isCollection(node) ? hintForText(node, text) : ''
  return (hints[issue.expected] ?? withoutQuotes)(node, text)
}

type Hint = (node: Node, text: string) => string

const sourceOf: Hint = (node, text) => text.slice(rangeOf(node)[0], rangeOf(node)[1]).trimEnd()

const hintForText: Hint = (node, text) => {
  const source = sourceOf(node, text)
  if (isScalar(node))
    return `, and ${source} is read as ${typeof node.value === 'number' ? 'a number' : 'true or false'}: put it in quotes: ${quoteText(source)}`
  if (isCollection(node) && node.flow === true) return `; ${explainIndicator(source)}`
  if (source.includes('\n')) return ', not several lines of fields or items'
  if (source.startsWith('- ')) return `; ${explainIndicator(source)}`
  return `; a colon followed by a space begins a field: put the whole text in quotes: ${quoteText(source)}`
}

const hintForList: Hint = (node, text) => {
  const source = sourceOf(node, text)
  if (!isScalar(node)) return '; begin each item with "- "'
  if (source.startsWith('-')) return '; a space is missing after the dash: an item of a list begins with "- "'
  return `; write each item on a line of its own that begins with "- ", or in brackets: [${source}]`
}

const withoutQuotes: Hint = () => '; write it without quotes'

const hints: Record<string, Hint> = {
  string: hintForText,
  array: hintForList,
  object: () => '; write each field on a line of its own: "name: value"',
}

const notWrittenHere = ({ noun, path }: FileKind, key: string): string => {
  if (key === 'slug') return `the name of the ${path.endsWith('/') ? 'file' : 'folder'} is the slug: remove this line`
  if (key === 'category' || key === 'tier')
    return `roadmap.yaml alone gives the category and tier of a ${noun}: remove this line`
  if (key === 'files')
    return `the files of an exercise are not written here, but in a folder with the name of this file: put them into its folders ${fileRoles.join(', ')}, and remove this line`
  return `"${key}" is not written in files, because the service derives it: remove this line`
}
