import { escapeAttribute, escapeText, plainText, renderCodeSpans } from '../text/html.ts'
import { type Addresses, isOutward, markdownRenderer } from '../text/markdown.ts'

/** Markup, HTML or XML, that is safe as it stands. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Content = Markup | string | number | null | undefined | false | readonly Content[]

/** Builds markup; contents are escaped unless they are markup; null, undefined and false become nothing. */
export const markup = (strings: TemplateStringsArray, ...contents: Content[]): Markup =>
  new Markup(
    strings
      .map((text, index) => {
        // Quotation marks between tags stay: Moodle's web services refuse HTML in which they are escaped without need.
        const inAttribute = /="[^"]*$/.test(strings.slice(0, index + 1).join(''))
        return `${text}${written(contents[index], inAttribute ? escapeAttribute : escapeText)}`
      })
      .join(''),
  )

const written = (content: Content, escapeString: (text: string) => string): string => {
  if (content instanceof Markup) return content.text
  if (content === null || content === undefined || content === false) return ''
  if (typeof content === 'string') return escapeString(writable(content))
  if (typeof content === 'number') return String(content)
  return content.map(one => written(one, escapeString)).join('')
}

/** Replaces characters that platforms refuse or take out. */
export const writable = (text: string): string => text.replace(unwritable, '\ufffd')

/** Characters that XML forbids or discourages (XML 1.0, section 2.2); the other control characters are refused in content. */
const unwritable = /[\u0080-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** A text in which only code between backticks is markup. */
export const inline = (text: string): Markup => new Markup(renderCodeSpans(escapeText(writable(text))))

/** A name where no markup and no second line can stand, never empty. */
export const nameOf = (title: string): string => {
  const line = title.replace(/\s+/g, ' ')
  return plainText(line).trim() || line
}

/** At most so many characters, as a reader counts them: whoever cuts it himself would cut it worse. */
export const cut = (text: string, most: number): string => {
  const letters = [...text]
  return letters.length <= most
    ? text
    : `${letters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
}

/** Replaces angle brackets that platforms take for a tag; a `<` before a space is none. */
export const angled = (name: string): string => {
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

/** Renders Markdown. A link leads to the web, to an e-mail address, or to the address that `linkTo` gives for what it names; HTML in it stays text. */
export const markdown = (text: string, linkTo: (address: string) => string | undefined): Markup => {
  const link = (address: string) => {
    const href = isOutward(address) ? address : linkTo(address)
    return href === undefined ? undefined : { href }
  }
  return new Markup(renderer.render(writable(text), { link, picture } satisfies Addresses).trim())
}

const web = /^https?:\/\//i
const picture = (address: string) => (web.test(address) ? {} : undefined)

const renderer = markdownRenderer({ xhtmlOut: true })

/**
 * Writes an address in ASCII alone and normalized (RFC 3986, section 6.2.2), with a percent sign that escapes nothing and
 * a second `#` escaped: platforms refuse or change other addresses.
 */
export const encodedUrl = (url: string): string => {
  const { href } = new URL(url)
  const path = href.indexOf('/', href.indexOf('//') + 2)
  const rest = href.slice(path).replace(/%[\da-f]{2}|(?<=#.*)#|[^\w\-.~:/?#@!$&'()*+,;=]/gi, normalized)
  return `${href.slice(0, path)}${rest}`
}

const normalized = (sign: string): string => {
  if (sign.length === 1) return encodeURIComponent(sign)
  const character = String.fromCharCode(Number.parseInt(sign.slice(1), 16))
  return /[\w\-.~]/.test(character) ? character : sign.toUpperCase()
}
