/** Escapes text between tags: quotation marks stay. */
export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Escapes text between tags or in an attribute within double quotes. */
export const escapeAttribute = (text: string): string => escapeText(text).replaceAll('"', '&quot;')

/** Escapes text anywhere in HTML, also in an attribute within single quotes. */
export const escapeHtml = (text: string): string => escapeAttribute(text).replaceAll("'", '&#39;')

/** Matches code between backticks: the only markup of plain text. */
export const codeSpan = /(?<!`)(`+)(?!`)([^\n]*?[^`\n])\1(?!`)/g

/** Returns escaped text with its code spans as `<code>` elements. */
export const renderCodeSpans = (escaped: string): string =>
  escaped.replace(codeSpan, (_, _ticks, code: string) => `<code>${code.trim()}</code>`)

/** Returns text without the backticks of its code spans, for places that hold no markup. */
export const plainText = (text: string): string => text.replace(codeSpan, (_, _ticks, code: string) => code.trim())

/** HTML or XML that needs no escaping. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type MarkupContent = Markup | string | number | null | undefined | false | readonly MarkupContent[]

type Escape = (text: string) => string

/** Creates a template tag that builds markup. Contents are escaped unless they are Markup; null, undefined and false become nothing. */
export const markupTag =
  (escapeAt: (strings: TemplateStringsArray, index: number) => Escape) =>
  (strings: TemplateStringsArray, ...contents: MarkupContent[]): Markup =>
    new Markup(strings.map((text, index) => `${text}${render(contents[index], escapeAt(strings, index))}`).join(''))

const render = (content: MarkupContent, escapeContent: Escape): string => {
  if (content instanceof Markup) return content.text
  if (content === null || content === undefined || content === false) return ''
  if (typeof content === 'string') return escapeContent(content)
  if (typeof content === 'number') return String(content)
  return content.map(one => render(one, escapeContent)).join('')
}
