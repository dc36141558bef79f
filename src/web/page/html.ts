import { escapeHtml, Markup, type MarkupContent, markupTag, renderCodeSpans } from '../../text/html.ts'

/** Builds HTML in which every text is escaped. */
export const html = markupTag(() => escapeHtml)

/** Renders a text in which only code between backticks is markup. */
export const inline = (text: string): Markup => new Markup(renderCodeSpans(escapeHtml(text)))

/** Links to an external http or https URL; any other URL becomes plain text. */
export const externalLink = (url: string | null, label: MarkupContent): Markup =>
  url !== null && /^https?:\/\//i.test(url)
    ? html`<a href="${url}" target="_blank" rel="noopener">${label}</a>`
    : html`<span>${label}</span>`

/** Replaces `{name}` in a message by content. */
export const formatHtml = (message: string, values: Readonly<Record<string, MarkupContent>>): Markup =>
  html`${message.split(/\{(\w+)\}/).map((part, index) => (index % 2 === 0 ? part : values[part]))}`
