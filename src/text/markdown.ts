import { createRequire } from 'node:module'
import type MarkdownIt from 'markdown-it'
import type { Options, StateBlock, StateCore, Token } from 'markdown-it'
import { type Element, markTags, sanitize, startsHarmless } from './harmless-html.ts'

const load = createRequire(import.meta.url)

/**
 * Creates a parser of Markdown: CommonMark with tables, strikethrough and footnotes. HTML begins with a harmless tag or a
 * comment; other tags are text. markdown-it is loaded at the first use, to save memory until then.
 */
export const createParser = (options: Omit<Options, 'html'> = {}): MarkdownIt => {
  const parser = (load('markdown-it') as typeof MarkdownIt)({ ...options, html: true })
  parser.use(load('markdown-it-footnote') as (parser: MarkdownIt) => void)
  parser.inline.ruler.disable('footnote_inline')
  // A link with a forbidden scheme is a link too: markdown-it would show it with its brackets.
  parser.validateLink = () => true
  const { default: htmlBlock } = load('markdown-it/lib/rules_block/html_block.mjs') as { default: BlockRule }
  parser.block.ruler.at(
    'html_block',
    (state, start, end, silent) => beginsHtml(state, start) && htmlBlock(state, start, end, silent),
    { alt: ['paragraph', 'reference', 'blockquote'] },
  )
  return parser
}

type BlockRule = (state: StateBlock, start: number, end: number, silent: boolean) => boolean

const beginsHtml = (state: StateBlock, line: number): boolean => {
  const start = (state.bMarks[line] as number) + (state.tShift[line] as number) // a line of the text
  const html = state.src.slice(start, start + 100)
  if (!html.startsWith('<!--')) return startsHarmless(html)
  // A comment that is not closed would hide the rest of the text.
  const env = state.env as { lastComment?: number }
  env.lastComment ??= state.src.lastIndexOf('-->')
  return env.lastComment > start
}

/** Returns true for an address that a link may have as it is: of the web, or of e-mail. */
export const isOutward = (address: string): boolean => /^(https?:\/\/|mailto:.)/i.test(address)

type Attributes = Record<string, string>

/** Decides what an address becomes: the attributes of a link or picture, or undefined where its text is to stand alone. */
interface Addresses {
  link(address: string): Attributes | undefined
  picture(address: string): Attributes | undefined
}

/** Describes the place of a Markdown text on its page. */
export interface MarkdownPlace extends Addresses {
  /** The level of the text's first-level headings. */
  headingLevel: number
  /** Distinguishes the ids of this text from those of the other texts on the page. */
  idPrefix: string
}

/**
 * Returns a function that renders Markdown as HTML. Harmless HTML in it is sanitized; other tags appear as they are written.
 * `extend` may change the renderer before its first use.
 */
export const markdownRenderer = (
  options: Omit<Options, 'html'>,
  extend: (renderer: MarkdownIt) => void = () => undefined,
): ((text: string, place: MarkdownPlace) => string) => {
  let renderer: MarkdownIt | undefined
  return (text, place) => {
    if (renderer === undefined) {
      renderer = createRenderer(options)
      extend(renderer)
    }
    const env: Environment = { ...place, docId: place.idPrefix, hasHtml: false }
    const html = renderer.render(text, env)
    return env.hasHtml ? sanitize(html, element => changeElement(element, place)) : html
  }
}

interface Environment extends MarkdownPlace {
  /** The name that the rules of footnotes read. */
  docId: string
  hasHtml: boolean
}

const createRenderer = (options: Omit<Options, 'html'>): MarkdownIt => {
  const renderer = createParser({ ...options, linkify: true })
  // `README.md` is no link: only whole addresses are.
  renderer.linkify.set({ fuzzyLink: false, fuzzyEmail: false }).add('ftp:', null).add('//', null)
  limitLinkify(renderer.linkify)
  renderer.core.ruler.push('curriculum', changeTokens)
  const { rules } = renderer.renderer
  rules.html_inline = (tokens, index, _, env: Environment) => {
    const html = markTags((tokens[index] as Token).content)
    env.hasHtml ||= html.includes('<')
    return html
  }
  rules.html_block = rules.html_inline
  rules.link_open = (tokens, index, options, { link }: Environment, self) => {
    const token = tokens[index] as Token // the index is one of the list
    const attributes = link(String(token.attrGet('href')))
    if (attributes === undefined) {
      const end = endOfLink(tokens, index)
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
  rules.image = (tokens, index, options, env: Environment, self) => {
    const token = tokens[index] as Token // as above
    const attributes = env.picture(String(token.attrGet('src')))
    if (attributes === undefined)
      return renderer.utils.escapeHtml(self.renderInlineAsText(token.children as Token[], options, env)) // an image has them
    for (const [name, value] of Object.entries(attributes)) token.attrSet(name, value)
    return image(tokens, index, options, env, self)
  }
  const anchor = rules.footnote_anchor as NonNullable<typeof rules.footnote_anchor> // the plugin's
  rules.footnote_anchor = (...context) => anchor(...context).replace('<a ', '<a aria-label="Back to the text" ')
  return renderer
}

const endOfLink = (tokens: readonly Token[], start: number): Token => {
  let index = start
  while (tokens[index]?.type !== 'link_close') index++ // links are closed
  return tokens[index] as Token // as above
}

/** Looks for no addresses in very long words: linkify-it takes time that grows with the square of a word's length. */
const limitLinkify = (linkify: MarkdownIt['linkify']): void => {
  const pretest = linkify.pretest.bind(linkify)
  const matchAtStart = linkify.matchAtStart.bind(linkify)
  linkify.pretest = text => !/\S{5000}/.test(text) && pretest(text)
  linkify.matchAtStart = text => (/^\S{5000}/.test(text) ? null : matchAtStart(text))
}

const changeTokens = ({ tokens, env, Token }: StateCore): void => {
  for (const [index, token] of tokens.entries()) {
    if (token.type === 'heading_open' || token.type === 'heading_close') {
      const { tagName, attribs } = headingBelow(token.tag, env as Environment)
      token.tag = tagName
      if (token.nesting === 1) token.attrs = Object.entries(attribs)
    }
    if (token.type === 'th_open' || token.type === 'td_open') {
      // The policy of pages forbids style attributes.
      const [, align] = /^text-align:(\w+)$/.exec(String(token.attrGet('style'))) ?? []
      token.attrs = align === undefined ? null : [['align', align]]
    }
    const [first] = token.children ?? []
    if (first?.type !== 'text' || tokens[index - 2]?.type !== 'list_item_open') continue
    const [, tick] = /^\[([ x])\](?=\s)/i.exec(first.content) ?? []
    if (tick === undefined) continue
    first.content = first.content.slice(3)
    const checkbox = new Token('checkbox', 'input', 0)
    checkbox.attrs = [
      ['type', 'checkbox'],
      ['disabled', 'disabled'],
      ['aria-label', tick === ' ' ? 'Incomplete task' : 'Completed task'],
    ]
    if (tick !== ' ') checkbox.attrSet('checked', 'checked')
    token.children?.unshift(checkbox)
    tokens[index - 2]?.attrSet('class', 'task')
  }
}

/** HTML has six levels of headings; ARIA has more. */
const headingBelow = (tagName: string, { headingLevel }: MarkdownPlace): Element => {
  const level = headingLevel - 1 + Number(tagName.slice(1))
  return level <= 6
    ? { tagName: `h${level}`, attribs: {} }
    : { tagName: 'h6', attribs: { 'aria-level': String(level) } }
}

/** Headings, links and pictures in HTML follow the rules of those in Markdown. */
const changeElement = (element: Element, place: MarkdownPlace): Element => {
  const { tagName, attribs } = element
  if (/^h[1-6]$/.test(tagName)) {
    const heading = headingBelow(tagName, place)
    return { ...heading, attribs: { ...attribs, ...heading.attribs } }
  }
  const { href, src, ...others } = attribs
  if (tagName === 'a') return { tagName, attribs: { ...others, ...(href !== undefined && place.link(href)) } }
  if (tagName !== 'img') return element
  const picture = src === undefined ? undefined : place.picture(src)
  return picture === undefined
    ? { tagName: 'span', attribs: {}, text: others.alt ?? '' }
    : { tagName, attribs: { ...attribs, ...picture } }
}
