import { escapeAttribute, escapeText, Markup, markupTag, plainText, renderCodeSpans } from '../text/html.ts'
import { isOutward, type MarkdownPlace, markdownRenderer } from '../text/markdown.ts'
import { replaceUnsupported } from '../text/unicode.ts'

/** Builds markup for platforms. Quotation marks between tags stay: Moodle's web services reject HTML in which they are escaped without need. */
export const markup = markupTag((strings, index) => {
  const inAttribute = /="[^"]*$/.test(strings.slice(0, index + 1).join(''))
  const escapeCharacters = inAttribute ? escapeAttribute : escapeText
  return text => escapeCharacters(replaceUnsupported(text))
})

/** Renders a text in which only code between backticks is markup. */
export const inlineMarkup = (text: string): Markup => new Markup(renderCodeSpans(escapeText(replaceUnsupported(text))))

/** Returns a title as plain text in one line, never empty. */
export const plainTitle = (title: string): string => {
  const line = title.replace(/\s+/g, ' ')
  return plainText(line).trim() || line
}

/** Shortens a text to a number of code points, with an ellipsis, before the platform would cut it off. */
export const truncate = (text: string, maxLength: number): string => {
  const letters = [...text]
  return letters.length <= maxLength
    ? text
    : `${letters
        .slice(0, maxLength - 1)
        .join('')
        .trimEnd()}…`
}

/** Replaces angle brackets that platforms take for a tag; a `<` before a space is not one. */
export const replaceBrackets = (name: string): string => {
  let open = 0
  return name.replace(/<(?! )|>/g, bracket => {
    if (bracket === '<') {
      open++
      return '‹'
    }
    if (open === 0) return bracket
    open--
    return '›'
  })
}

/** Describes the place of a Markdown text in an export. */
export interface ExportPlace extends Pick<MarkdownPlace, 'headingLevel' | 'idPrefix'> {
  /** Returns the URL that a link leads to, unless it leads to the web or to an e-mail address. */
  linkTo(address: string): string | undefined
  /** Returns the URL of a picture of the track; undefined for other addresses. */
  pictureAt(address: string): string | undefined
}

/** Renders Markdown. */
export const markdown = (text: string, { linkTo, pictureAt, ...place }: ExportPlace): Markup => {
  const link = (address: string) => {
    const href = isOutward(address) ? address : linkTo(address)
    return href === undefined ? undefined : { href }
  }
  const picture = (address: string) => {
    const src = httpUrl.test(address) ? address : pictureAt(address)
    return src === undefined ? undefined : { src }
  }
  return new Markup(replaceUnsupported(render(replaceUnsupported(text), { ...place, link, picture })).trim())
}

const httpUrl = /^https?:\/\//i

const render = markdownRenderer({ xhtmlOut: true })

/**
 * Returns a URL in ASCII and normalized (RFC 3986, section 6.2.2), with a stray percent sign and a second `#` escaped:
 * platforms reject or change other URLs.
 */
export const encodeUrl = (url: string): string => {
  const { href } = new URL(url)
  const path = href.indexOf('/', href.indexOf('//') + 2)
  const rest = href.slice(path).replace(/%[\da-f]{2}|(?<=#.*)#|[^\w\-.~:/?#@!$&'()*+,;=]/gi, normalizeCharacter)
  return `${href.slice(0, path)}${rest}`
}

const normalizeCharacter = (encoded: string): string => {
  if (encoded.length === 1) return encodeURIComponent(encoded)
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16))
  return /[\w\-.~]/.test(character) ? character : encoded.toUpperCase()
}
