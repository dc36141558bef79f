/** Escapes text that stands between tags: quotation marks stay. */
export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Escapes text that stands between tags or in an attribute within double quotes. */
export const escapeAttribute = (text: string): string => escapeText(text).replaceAll('"', '&quot;')

/** Escapes text that stands anywhere in HTML, also in an attribute within single quotes. */
export const escapeHtml = (text: string): string => escapeAttribute(text).replaceAll("'", '&#39;')

/** Matches code between backticks: the only markup of plain text. */
export const codeSpan = /(?<!`)(`+)(?!`)([^\n]*?[^`\n])\1(?!`)/g

/** Returns escaped text with its code spans as `<code>` elements. */
export const renderCodeSpans = (escaped: string): string =>
  escaped.replace(codeSpan, (_, _ticks, code: string) => `<code>${code.trim()}</code>`)

/** Returns text without the backticks of its code spans, for places that hold no markup. */
export const plainText = (text: string): string => text.replace(codeSpan, (_, _ticks, code: string) => code.trim())
