import { escapeHtml, renderCodeSpans } from '../text/html.ts'

/** Markup that is safe as it stands. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Content = Html | string | number | null | undefined | false | readonly Content[]

/** Markup with whatever is put in escaped, unless it is markup itself; null, undefined and false are nothing. */
export const html = (strings: TemplateStringsArray, ...contents: Content[]): Html =>
  new Html(strings.map((text, index) => `${text}${written(contents[index])}`).join(''))

/** A text in which only code between backticks is markup. */
export const inline = (text: string): Html => new Html(renderCodeSpans(escapeHtml(text)))

/** An external address: nothing but http and https, whatever a document holds. */
export const outward = (url: string | null, label: Content): Html =>
  url !== null && /^https?:\/\//i.test(url)
    ? html`<a href="${url}" target="_blank" rel="noopener">${label}</a>`
    : html`<span>${label}</span>`

const written = (content: Content): string => {
  if (content instanceof Html) return content.text
  if (content === null || content === undefined || content === false) return ''
  if (typeof content === 'string') return escapeHtml(content)
  if (typeof content === 'number') return String(content)
  return content.map(written).join('')
}
