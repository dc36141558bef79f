import { decodeHTML } from 'entities'
import { Markup } from '../text/html.ts'
import { encodeUrl, plainTitle, replaceBrackets, truncate } from './markup.ts'

/*
 * Moodle's importer of Common Cartridge decodes the entities of every text once too often, which turns text
 * into markup; and an entity that XML does not know (`&nbsp;`) ends the restore. Escaping twice would show entities in
 * every other platform, so the texts are written so that decoding them once too often changes nothing.
 */

/** Returns a title that is safe as HTML and not mistaken for a tag. */
export const titleText = (title: string): string => truncate(inertText(title), maxTitleLength)

/** Returns the title of an item without a resource, which Moodle also writes into a double-quoted attribute. */
export const headingText = (title: string): string =>
  titleText(title)
    .replace(/"([^"]*)"/g, '“$1”')
    .replaceAll('"', '”')

/** Returns the title of the course. Moodle removes its spaces for the short name, and then takes any `<` for a tag. */
export const courseText = (title: string): string => inertText(title).replaceAll('<', '‹')

/** The length of a title that platforms store. */
const maxTitleLength = 255

/** Returns one line, with look-alike characters for brackets that could be a tag and ampersands that begin an entity. */
export const inertText = (text: string): string =>
  replaceBrackets(plainTitle(text)).replace(/&(#?\w+;?)/g, (found, name) => (isEntity(name) ? `＆${name}` : found))

/** Browsers decode some entities without a semicolon too, such as `&copy`. */
const isEntity = (name: string): boolean => decodeHTML(`&${name}`) !== `&${name}`

/**
 * Returns the HTML of a page. An empty `span` separates text that would be read as a tag or entity, or as the `$` that
 * Moodle makes of `%24` in topics; copied text does not contain it.
 */
export const pageHtml = ({ text }: Markup): Markup =>
  new Markup(
    text.replace(/<[^>]*>|&lt;|%(?=24)|&amp;(?=(#?\w+;?))/g, (found, name) => {
      if (found.startsWith('<')) return inertTag(found)
      return found !== '&amp;' || isEntity(name) ? `${found}<span></span>` : found
    }),
  )

/** Makes the attributes of a tag safe: a decoded quote would end a value, a decoded entity would end the restore. */
const inertTag = (tag: string): string =>
  tag.replace(/([\w-]+)="([^"]*)"/g, (_, name, value) =>
    /^(href|src)$/.test(name) ? `${name}="${inertUrl(value)}"` : `${name}="${inertValue(value)}"`,
  )

const inertUrl = (escaped: string): string => escaped.replace(/&amp;(#?\w+);/g, '&amp;$1%3B')

const inertValue = (escaped: string): string =>
  escaped.replaceAll('&quot;', '”').replace(/&amp;(#?\w+;?)/g, (found, name) => (isEntity(name) ? `＆${name}` : found))

/**
 * Returns the HTML of a topic or a question: Moodle turns its newlines into line breaks and removes white space between `>` and `<`.
 * A line of code is a `div`, because Moodle writes `<br>` as `<br></br>`, which browsers show as two.
 */
export const topicHtml = (html: Markup): string =>
  pageHtml(html)
    .text.split(codeBlock)
    .map((part, index) => (index % 2 === 0 ? part.replace(/\s+/g, ' ') : codeLines(part)))
    .join('')
    .replace(/(>|&gt;)(\s+)(?=<|&lt;)/g, (_, end, space: string) => `${end}${'&#160;'.repeat(space.length)}`)

const codeBlock = /(?<=<pre><code[^>]*>)((?:[^<]|<span><\/span>)*)(?=<\/code><\/pre>)/

const codeLines = (code: string): string =>
  code
    .replace(/\r\n?/g, '\n')
    .replace(/\n$/, '')
    .split('\n')
    .map(line => `<div>${line === '' ? '&#160;' : line}</div>`)
    .join('')

/** Returns the URL of a web link, in which Moodle also decodes entities. */
export const addressText = (url: string): string => encodeUrl(url).replace(/&(#?\w+);/g, '&$1%3B')
