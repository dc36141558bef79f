import { createRequire } from 'node:module'
import type MarkdownIt from 'markdown-it'
import type { Options } from 'markdown-it'

const load = createRequire(import.meta.url)

/** Loads markdown-it at its first use, to save memory until then. */
const markdownIt = (options: Options): MarkdownIt => (load('markdown-it') as typeof MarkdownIt)(options)

/** A part of a Markdown text that may not appear as its author meant it, with its position in the text. */
export type Construct = { index: number } & (
  | { type: 'html'; source: string }
  | { type: 'picture' | 'link'; address: string }
  | { type: 'emphasis'; source: string }
)

/** Returns the HTML tags, pictures, links and emphasis by asterisks of a Markdown text, in order: `__init__` is hardly meant as emphasis. */
export const constructsIn = (text: string): Construct[] => {
  // A carriage return is a line break, too; the replacement keeps every position.
  const source = text.replaceAll('\r\n', ' \n').replaceAll('\r', '\n')
  const lines = linesOf(source)
  parser ??= createParser()
  const constructs: Construct[] = []
  let line = 0
  for (const token of parser.parse(source, {})) {
    line = token.map?.[0] ?? line
    if (token.type === 'html_block') constructs.push(htmlAt(place(lines, line, token.content, 0), token.content))
    for (const part of token.children ?? []) {
      const index = place(lines, line, token.content, (part.meta as Position | null)?.position ?? 0)
      if (part.type === 'html_inline') constructs.push(htmlAt(index, part.content))
      if (part.type === 'image') constructs.push({ type: 'picture', index, address: String(part.attrGet('src')) })
      if (part.type === 'link_open')
        constructs.push({ type: 'link', index: bracketBefore(source, index), address: String(part.attrGet('href')) })
      if ((part.type === 'strong_open' || part.type === 'em_open') && part.markup.startsWith('*'))
        constructs.push({ type: 'emphasis', index, source: part.markup })
    }
  }
  return constructs
}

/** Returns false for a text without the characters that begin a construct. */
export const mayHaveConstructs = (text: string): boolean => /[<[*]/.test(text)

let parser: MarkdownIt | undefined

const createParser = (): MarkdownIt => {
  const parser = markdownIt({ html: true })
  parser.normalizeLink = address => address
  // Links with a forbidden scheme are constructs too.
  parser.validateLink = () => true
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

/** The position in the text of a position in the content of a block, whose lines are without the marks of lists and quotes. */
const place = (lines: readonly Line[], first: number, content: string, position: number): number => {
  const before = content.slice(0, position).split('\n')
  const row = before.length - 1
  const line = lines[first + row] as Line // a block has no more lines than its source
  const start = line.text.indexOf((content.split('\n')[row] as string).trimEnd()) // it has those before the position
  return line.start + Math.max(start, 0) + (before[row] as string).length
}

/** The first tag of the source, at most its first line. */
const htmlAt = (index: number, source: string): Construct => {
  const before = source.search(/\S/)
  return { type: 'html', index: index + before, source: (/<[^>\n]*>?/.exec(source) as RegExpExecArray)[0] } // HTML begins with a tag
}

/** Returns true for an address that a link may have as it is: of the web, or of e-mail. */
export const isOutward = (address: string): boolean => /^(https?:\/\/|mailto:.)/i.test(address)

type Attributes = Record<string, string>

/** Decides what an address becomes: the attributes of a link or picture, or undefined where its text is to stand alone. */
export interface Addresses {
  link(address: string): Attributes | undefined
  picture(address: string): Attributes | undefined
}

/**
 * Returns a function that renders Markdown as HTML. HTML tags in the Markdown are escaped, so that they appear as they are written.
 * `extend` may change the renderer before its first use.
 */
export const markdownRenderer = (
  options: Omit<Options, 'html'>,
  extend: (renderer: MarkdownIt) => void = () => undefined,
): ((text: string, addresses: Addresses) => string) => {
  let renderer: MarkdownIt | undefined
  return (text, addresses) => {
    if (renderer === undefined) {
      renderer = createRenderer(options)
      extend(renderer)
    }
    return renderer.render(text, addresses)
  }
}

const createRenderer = (options: Omit<Options, 'html'>): MarkdownIt => {
  const renderer = markdownIt({ ...options, html: false })
  // `Addresses` decides about every address: markdown-it would show a link that it rejects with its brackets.
  renderer.validateLink = () => true
  const { rules } = renderer.renderer
  rules.link_open = (tokens, index, options, { link }: Addresses, self) => {
    const token = tokens[index] as Token // the index is one of the list
    const attributes = link(String(token.attrGet('href')))
    if (attributes === undefined) {
      const end = tokens.find(({ type }, place) => place > index && type === 'link_close') as Token // links are closed
      if (token.markup !== 'autolink') {
        end.hidden = true
        return ''
      }
      // `List<std::string>` is no link: its angle brackets are part of the text.
      Object.assign(end, { type: 'text', content: '>' })
      return '&lt;'
    }
    token.attrs = Object.entries(attributes)
    return self.renderToken(tokens, index, options)
  }
  const image = rules.image as NonNullable<typeof rules.image> // one of the rules that a renderer begins with
  rules.image = (tokens, index, options, env: Addresses, self) => {
    const token = tokens[index] as Token // as above
    const attributes = env.picture(String(token.attrGet('src')))
    if (attributes === undefined)
      return renderer.utils.escapeHtml(self.renderInlineAsText(token.children as Token[], options, env)) // an image has them
    for (const [name, value] of Object.entries(attributes)) token.attrSet(name, value)
    return image(tokens, index, options, env, self)
  }
  return renderer
}

type Token = ReturnType<MarkdownIt['parse']>[number]
