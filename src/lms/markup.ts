import { type Addresses, markdownRenderer } from '../markdown.ts'
import { codeSpan, plain } from '../model/code-span.ts'

/** Markup, HTML or XML, that is safe as it stands. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Content = Markup | string | number | null | undefined | false | readonly Content[]

/** Markup with whatever is put in escaped, unless it is markup itself; null, undefined and false are nothing. */
export const markup = (strings: TemplateStringsArray, ...contents: Content[]): Markup =>
  new Markup(strings.map((text, index) => `${text}${written(contents[index])}`).join(''))

const written = (content: Content): string => {
  if (content instanceof Markup) return content.text
  if (content === null || content === undefined || content === false) return ''
  if (typeof content === 'string') return escaped(content)
  if (typeof content === 'number') return String(content)
  return content.map(written).join('')
}

/** Goes into elements and attributes of HTML and XML. */
export const escaped = (text: string): string =>
  text
    .replace(unwritable, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

/** What no XML may hold (XML 1.0, section 2.2); control characters are refused where content is written. */
const unwritable = /[\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** A text in which only code between backticks is markup. */
export const inline = (text: string): Markup =>
  new Markup(escaped(text).replace(codeSpan, (_, _ticks, inside: string) => `<code>${inside.trim()}</code>`))

/** A name where no markup and no second line can stand, never empty. */
export const nameOf = (title: string): string => {
  const line = title.replace(/\s+/g, ' ')
  return plain(line).trim() || line
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

/** Renders Markdown. A link leads to the web, or to the address that `linkTo` gives for what it names; HTML in it stays text. */
export const markdown = (text: string, linkTo: (address: string) => string | undefined): Markup => {
  const link = (address: string) => {
    const href = web.test(address) ? address : linkTo(address)
    return href === undefined ? undefined : { href }
  }
  return new Markup(renderer.render(text.replace(unwritable, '\ufffd'), { link, picture } satisfies Addresses).trim())
}

const web = /^https?:\/\//i
const picture = (address: string) => (web.test(address) ? {} : undefined)

const renderer = markdownRenderer({ xhtmlOut: true })

/** An address of ASCII alone (RFC 3986): platforms refuse others. */
export const encodedUrl = (url: string): string => {
  const { href } = new URL(url)
  const path = href.indexOf('/', href.indexOf('//') + 2)
  return `${href.slice(0, path)}${href.slice(path).replace(/[^\w\-.~:/?#@!$&'()*+,;=%]/g, encodeURIComponent)}`
}
