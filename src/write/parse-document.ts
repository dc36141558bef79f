import { type Document, type LineCounter, visit } from 'yaml'
import type { DocumentContent } from '../catalog.ts'
import { Failure } from '../errors.ts'
import { decodeBody, refuseDeepJson, refuseLoneSurrogates } from '../query/body-text.ts'
import { isDeep, tooDeep } from '../text/nesting.ts'
import { parseYamlDocument } from '../text/yaml-document.ts'

/** Parses a document as it was sent. */
export const parseDocument = ({ bytes, type }: DocumentContent): unknown => {
  const text = decodeBody(bytes)
  const value = type === 'json' ? parseJson(text) : parseYaml(text)
  refuseLoneSurrogates(value, text)
  return value
}

const parseJson = (text: string): unknown => {
  refuseDeepJson(text)
  return orRefused('JSON', () => JSON.parse(text))
}

const parseYaml = (text: string): unknown => {
  const { lines, tree, tooDeepAt } = parseYamlDocument(text)
  if (tree === undefined) throw new Failure('BAD_USER_INPUT', `The body ${tooDeep}, ${placeOf(lines, tooDeepAt)}.`)
  const [error] = tree.errors
  if (error !== undefined)
    throw new Failure('BAD_USER_INPUT', `The body is not YAML, ${placeOf(lines, error.pos[0])}: ${error.message}.`)
  refuseManyAliases(tree)
  const value = orRefused('YAML', () => tree.toJS())
  // An alias can stand for a value that is nested itself, which the text does not show.
  if (isDeep(value)) throw new Failure('BAD_USER_INPUT', `The body ${tooDeep} where aliases are replaced.`)
  return value
}

const placeOf = (lines: LineCounter, offset: number): string => {
  const { line, col } = lines.linePos(offset)
  return `at line ${line}, column ${col}`
}

/** For each alias (`*name`) the library looks through all of them. */
const mostAliases = 1_000

const refuseManyAliases = (tree: Document): void => {
  let aliases = 0
  visit(tree, {
    Alias: () => {
      aliases += 1
    },
  })
  if (aliases > mostAliases)
    throw new Failure('BAD_USER_INPUT', `The body has more than ${mostAliases} aliases: write out what they stand for.`)
}

const orRefused = (format: string, parse: () => unknown): unknown => {
  try {
    return parse()
  } catch (cause) {
    const { message } = cause as Error // parsers throw errors
    throw new Failure('BAD_USER_INPUT', `The body is not ${format}: ${message}.`, { cause })
  }
}
