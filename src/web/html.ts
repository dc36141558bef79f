import { escapeHtml, renderCodeSpans } from '../text/html.ts'

/** HTML that needs no escaping. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type HtmlContent = Html | string | number | null | undefined | false | readonly HtmlContent[]

/** Builds HTML. Contents are escaped unless they are Html; null, undefined and false become nothing. */
export const html = (strings: TemplateStringsArray, ...contents: HtmlContent[]): Html =>
  new Html(strings.map((text, index) => `${text}${render(contents[index])}`).join(''))

/** Renders a text in which only code between backticks is markup. */
export const inline = (text: string): Html => new Html(renderCodeSpans(escapeHtml(text)))

/** Links to an external http or https URL; any other URL becomes plain text. */
export const externalLink = (url: string | null, label: HtmlContent): Html =>
  url !== null && /^https?:\/\//i.test(url)
    ? html`<a href="${url}" target="_blank" rel="noopener">${label}</a>`
    : html`<span>${label}</span>`

const render = (content: HtmlContent): string => {
  if (content instanceof Html) return content.text
  if (content === null || content === undefined || content === false) return ''
  if (typeof content === 'string') return escapeHtml(content)
  if (typeof content === 'number') return String(content)
  return content.map(render).join('')
}
