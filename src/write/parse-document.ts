import { type Document, type LineCounter, visit } from 'yaml'
import type { DocumentContent } from '../catalog.ts'
import { Failure } from '../errors.ts'
import { decodeBody, rejectDeepJson, rejectLoneSurrogates } from '../query/body-text.ts'
import { isTooDeep, tooDeep } from '../text/nesting.ts'
import { parseYamlDocument } from '../text/yaml-document.ts'

/** Parses the bytes of a document write as JSON or YAML. */
export const parseDocument = ({ bytes, type }: DocumentContent): unknown => {
  const text = decodeBody(bytes)
  const value = type === 'json' ? parseJson(text) : parseYaml(text)
  rejectLoneSurrogates(value, text)
  return value
}

const parseJson = (text: string): unknown => {
  rejectDeepJson(text)
  return parseOrReject('JSON', () => JSON.parse(text))
}

const parseYaml = (text: string): unknown => {
  const { lines, tree, tooDeepAt } = parseYamlDocument(text)
  if (tree === undefined) throw new Failure('BAD_USER_INPUT', `The body ${tooDeep}, ${placeOf(lines, tooDeepAt)}.`)
  const [error] = tree.errors
  if (error !== undefined)
    throw new Failure('BAD_USER_INPUT', `The body is not YAML, ${placeOf(lines, error.pos[0])}: ${error.message}.`)
  rejectManyAliases(tree)
  const value = parseOrReject('YAML', () => tree.toJS())
  // An alias may stand for a nested value, so the value can be deeper than the text.
  if (isTooDeep(value)) throw new Failure('BAD_USER_INPUT', `The body ${tooDeep} where aliases are replaced.`)
  return value
}

const placeOf = (lines: LineCounter, offset: number): string => {
  const { line, col } = lines.linePos(offset)
  return `at line ${line}, column ${col}`
}

/** The maximum number of aliases (`*name`): the library takes quadratic time for them. */
const maxAliases = 1_000

const rejectManyAliases = (tree: Document): void => {
  let aliases = 0
  visit(tree, {
    Alias: () => {
      aliases += 1
    },
  })
  if (aliases > maxAliases)
    throw new Failure('BAD_USER_INPUT', `The body has more than ${maxAliases} aliases: write out their values.`)
}

const parseOrReject = (format: string, parse: () => unknown): unknown => {
  try {
    return parse()
  } catch (cause) {
    const { message } = cause as Error // parsers throw errors
    throw new Failure('BAD_USER_INPUT', `The body is not ${format}: ${message}.`, { cause })
  }
}
