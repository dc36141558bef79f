import type MarkdownIt from 'markdown-it'
import { attributesOf, tagsIn } from './harmless-html.ts'
import { createParser } from './markdown.ts'

/** A part of a Markdown text that may not appear as its author meant it, with its position in the text. */
export type Construct = MarkdownConstruct | { type: 'html'; index: number; source: string }

export type MarkdownConstruct =
  | { type: 'picture' | 'link'; index: number; address: string }
  | { type: 'emphasis'; index: number; source: string }

/**
 * Returns the tags that are shown as text, the pictures, the links and the emphasis by asterisks of a Markdown text, in order:
 * `__init__` is hardly meant as emphasis.
 */
export const constructsIn = (text: string): Construct[] => parse(text, { html: true })

/** Returns the constructs of a plain text, in which tags are text. */
export const constructsInPlain = (text: string): MarkdownConstruct[] =>
  parse(text, { html: false }) as MarkdownConstruct[] // without HTML there are no tags

const parse = (text: string, options: { html: boolean }): Construct[] => {
  // A carriage return is a line break, too; the replacement keeps every position.
  const source = text.replaceAll('\r\n', ' \n').replaceAll('\r', '\n')
  const lines = linesOf(source)
  parser ??= createConstructParser()
  parser.set(options)
  const constructs: Construct[] = []
  let line = 0
  for (const token of parser.parse(source, {})) {
    line = token.map?.[0] ?? line
    const place = positionsIn(lines, line, token.content)
    if (token.type === 'html_block') constructs.push(...htmlConstructs(token.content, place))
    for (const part of token.children ?? []) {
      const { position } = (part.meta as Position | null) ?? { position: 0 }
      if (part.type === 'html_inline')
        constructs.push(...htmlConstructs(part.content, index => place(position + index)))
      if (part.type === 'image')
        constructs.push({ type: 'picture', index: place(position), address: String(part.attrGet('src')) })
      if (part.type === 'link_open') {
        const index = bracketBefore(source, place(position))
        constructs.push({ type: 'link', index, address: String(part.attrGet('href')) })
      }
      if ((part.type === 'strong_open' || part.type === 'em_open') && part.markup.startsWith('*'))
        constructs.push({ type: 'emphasis', index: place(position), source: part.markup })
    }
  }
  return constructs
}

/** Returns false for a text without the characters that begin a construct. */
export const mayHaveConstructs = (text: string): boolean => /[<[*]/.test(text)

let parser: MarkdownIt | undefined

const createConstructParser = (): MarkdownIt => {
  const parser = createParser()
  parser.normalizeLink = address => address
  // Footnotes stay where they are written.
  parser.core.ruler.disable('footnote_tail')
  // Stores in each token its position, which markdown-it stores for blocks only.
  parser.inline.State = class extends parser.inline.State {
    override push(...args: Parameters<InstanceType<typeof parser.inline.State>['push']>) {
      const position: Position = { position: this.pos }
      return Object.assign(super.push(...args), { meta: position })
    }
  }
  return parser
}

/** A link token begins after its bracket. */
const bracketBefore = (source: string, index: number): number => (source[index - 1] === '[' ? index - 1 : index)

interface Position {
  position: number
}

interface Line {
  start: number
  text: string
}

const linesOf = (source: string): Line[] => {
  let start = 0
  return source.split('\n').map(text => {
    const line = { start, text }
    start += text.length + 1
    return line
  })
}

/**
 * Returns a function from positions in the content of a block, whose lines are without the marks of lists and quotes, to
 * positions in the text. It is fastest for growing positions.
 */
const positionsIn = (lines: readonly Line[], first: number, content: string): ((position: number) => number) => {
  const rowFrom = (row: number, start: number) => {
    const next = content.indexOf('\n', start)
    const end = next < 0 ? content.length : next
    const line = lines[first + row] as Line // a block has no more lines than its source
    const column = line.text.indexOf(content.slice(start, end).trimEnd())
    return { row, start, end, offset: line.start + Math.max(column, 0) - start }
  }
  let current: ReturnType<typeof rowFrom> | undefined
  return position => {
    if (current === undefined || position < current.start) current = rowFrom(0, 0)
    while (position > current.end) current = rowFrom(current.row + 1, current.end + 1)
    return position + current.offset
  }
}

/** Returns the tags of HTML that are shown as text, and its links and pictures. */
const htmlConstructs = (html: string, place: (position: number) => number): Construct[] =>
  tagsIn(html).flatMap((tag): Construct[] => {
    const index = place(tag.index)
    if (!tag.isHarmless) return [{ type: 'html', index, source: tag.source.split('\n', 1).join() }]
    if (!/^<(a|img)\s/i.test(tag.source)) return []
    const { href, src } = attributesOf(tag.source)
    if (/^<a/i.test(tag.source)) return href === undefined ? [] : [{ type: 'link', index, address: href }]
    return src === undefined ? [] : [{ type: 'picture', index, address: src }]
  })
