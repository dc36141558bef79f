import { isCollection, isScalar, type Node, type Pair } from 'yaml'
import { z } from 'zod'
import { schemas } from '../model/curriculum.ts'
import { fieldsOf } from '../model/fields.ts'
import { controlCharacter } from '../model/text.ts'
import { nearest } from '../query/suggest.ts'
import type { FileKind } from './file-kinds.ts'
import { offsetOf, type Problem, rangeOf } from './yaml/positions.ts'
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

/** Turns zod's issues into problems in an author's words, at their places in the file. */
export const explainIssues = (
  checked: CheckedValue,
  issues: z.core.$ZodIssue[],
): (Problem & { isMissing?: boolean })[] =>
  issues.flatMap(issue => {
    const path = [...checked.path, ...(issue.path as Path)] // keys of YAML are texts and indexes are numbers
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map(key => unknownField(checked, issue.path as Path, path, key)) // likewise
    const node = nodeAt(checked.file, path)
    const value = (issue.path as Path).reduce(getChild, checked.value) // likewise
    return [
      {
        offset: offsetOfIssue(checked.file, node, value),
        message: messageFor(issue, node, value, path, checked.file),
        missing: value === undefined,
      },
    ]
  })

/** Returns the place of the value or, for a control character in it, the place of that character. */
const offsetOfIssue = (file: YamlFile, node: Node, value: unknown): number => {
  const index = typeof value === 'string' ? value.trimStart().search(controlCharacter) : -1
  return index < 0 ? offsetOf(node) : offsetInText(file, node, index)
}

/** Words zod's limits plainly; schemas with their own message keep it. */
export const limitMessages: z.core.$ZodErrorMap = issue => {
  const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' items' : ''
  if (issue.code === 'too_big') return `this is too much: at most ${issue.maximum}${unit}`
  if (issue.code === 'too_small') return `this is too little: at least ${issue.minimum}${unit}`
  return undefined
}

const getChild = (value: unknown, key: string | number): unknown => (value as Record<string | number, unknown>)[key] // zod's path exists in the value

const messageFor = (issue: z.core.$ZodIssue, node: Node, value: unknown, path: Path, file: YamlFile): string => {
  if (issue.code !== 'invalid_type' && issue.code !== 'invalid_value') return issue.message
  const choices = issue.code === 'invalid_value' ? issue.values.map(String) : []
  if (value === undefined) return missingMessage(String(path.at(-1)), choices)
  if (value === null) return 'there is no value here: write one, or take the line out'
  if (choices.length > 0 && !isCollection(node)) return unknownChoice(String(value), choices)
  const expected = issue.code === 'invalid_type' ? issue.expected : 'string'
  return (mismatchMessages[expected] ?? wholeNumber)(node, file.text)
}

const missingMessage = (name: string, choices: string[]): string =>
  `"${name}" is missing here: add a line that begins with ${name}:${choices.length > 0 ? ` and says ${oneOf(choices)}` : ''}`

const unknownChoice = (value: string, choices: string[]): string => {
  const suggestion = nearest(value, choices)
  return `"${value}" is not known here: ${suggestion === undefined ? '' : `did you mean "${suggestion}"? `}It is ${oneOf(choices)}`
}

const oneOf = (words: string[]): string => `one of ${words.join(', ')}`

type Mismatch = (node: Node, text: string) => string

const sourceOf: Mismatch = (node, text) => text.slice(rangeOf(node)[0], rangeOf(node)[1]).trimEnd()

const textExpected: Mismatch = (node, text) => {
  const source = sourceOf(node, text)
  if (isScalar(node))
    return `${source} is read as ${typeof node.value === 'number' ? 'a number' : 'yes or no'}, and this is a text: put it in quotes: ${quoteText(source)}`
  if (isCollection(node) && node.flow === true) return explainIndicator(source)
  if (source.includes('\n')) return 'one text is expected here, not several lines of fields or items'
  if (source.startsWith('- ')) return explainIndicator(source)
  return `a colon followed by a space begins a field, so a text that holds one stands in quotes: ${quoteText(source)}`
}

const listExpected: Mismatch = (node, text) => {
  const source = sourceOf(node, text)
  if (!isScalar(node)) return 'a list is expected here: begin each of its items with "- "'
  if (source.startsWith('-')) return 'a space is missing after the dash: an item of a list begins with "- "'
  return `a list is expected here, even of one: write each item on a line of its own that begins with "- ", or in brackets: [${source}]`
}

const wholeNumber: Mismatch = () => 'a whole number is expected here, without quotes'

const mismatchMessages: Record<string, Mismatch> = {
  string: textExpected,
  array: listExpected,
  object: () => 'fields are expected here, each on a line of its own: "name: value"',
  boolean: () => 'this is either true or false: write one of the two, without quotes',
}

const unknownField = ({ file, schema, kind }: CheckedValue, within: Path, path: Path, key: string): Problem => {
  const offset = offsetOf((fieldAt(file, path, key) as Pair<Node>).key) // zod reported this key
  const fields = fieldNames(schema, within)
  if (within.length === 0 && key in schemas[kind.noun].shape) return { offset, message: notWrittenHere(kind, key) }
  const suggestion = nearest(key, fields)
  return {
    offset,
    message: `there is no field "${key}" here: ${suggestion === undefined ? `the fields are ${fields.join(', ')}` : `did you mean "${suggestion}"?`}`,
  }
}

/** Returns the field names of the group that a path leads to, through groups and lists of groups. */
const fieldNames = (schema: z.ZodType, path: Path): string[] => {
  const group = path.reduce<z.ZodObject>((at, name) => {
    const inner = fieldsOf(at).find(field => field.name === name)?.type
    return inner instanceof z.ZodObject ? inner : at
  }, schema as z.ZodObject) // only a group can have unknown fields
  return Object.keys(group.shape)
}

const notWrittenHere = ({ noun, path }: FileKind, key: string): string => {
  if (key === 'slug') return `the name of the ${path.endsWith('/') ? 'file' : 'folder'} is the slug: take this line out`
  if (key === 'category' || key === 'tier')
    return `roadmap.yaml alone says in which category and tier a ${noun} stands: take this line out`
  return `"${key}" is never written, the service works it out: take this line out`
}
