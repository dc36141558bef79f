import { Composer, CST, type Document, Lexer, LineCounter, Parser, type Range, YAMLParseError } from 'yaml'
import { maxNesting } from './nesting.ts'

/** A parsed YAML text. `tooDeepAt` is the offset of the first value that is nested too deep; then there is no tree. */
export type YamlDocument = { lines: LineCounter } & (
  | { tree: Document; tooDeepAt?: undefined }
  | { tree?: undefined; tooDeepAt: number }
)

/**
 * Parses a text as one YAML document, as the library's `parseDocument` does, but stops where it is nested too deep: the
 * library parses any depth, and only composes it recursively.
 */
export const parseYamlDocument = (text: string): YamlDocument => {
  const lines = new LineCounter()
  const parser = new Parser(lines.addNewLine)
  lines.addNewLine(0)
  const tokens: CST.Token[] = []
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token)
    const tooDeepAt = offsetOfTooDeep(parser.stack)
    if (tooDeepAt !== undefined) return { lines, tooDeepAt }
  }
  for (const token of parser.end()) tokens.push(token)
  const [first, second] = new Composer(options).compose(tokens, true, text.length)
  const tree = first as Document // with `true` there is a document even where there is no text
  if (second !== undefined) tree.errors.push(new YAMLParseError(placeOf(second), 'MULTIPLE_DOCS', severalDocuments))
  return { lines, tree }
}

const options = { prettyErrors: false, stringKeys: true, logLevel: 'error' } as const

const severalDocuments = 'There are several documents where one is expected'

const placeOf = ({ range }: Document): [number, number] => {
  const [start, end] = range as Range // a document that was parsed has its place
  return [start, end]
}

/** Returns the offset of the innermost open collection if it is nested too deep. */
const offsetOfTooDeep = (open: readonly CST.Token[]): number | undefined => {
  if (open.length <= maxNesting / 2) return undefined
  let levels = 0
  for (const token of open) {
    if (!CST.isCollection(token)) continue
    levels += 1
    if (levels > maxNesting) return token.offset
    if (isPairInList(token)) levels += 1
  }
  return undefined
}

/** In a flow list, a pair such as `[a: 1]` is an object: one more level. */
const isPairInList = (token: CST.Token): boolean =>
  token.type === 'flow-collection' && token.start.source === '[' && token.items.at(-1)?.sep !== undefined
