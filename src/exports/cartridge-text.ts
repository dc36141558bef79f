import { decodeHTML } from 'entities'
import { angled, cut, encodedUrl, Markup, nameOf } from './markup.ts'

/*
 * Moodle's importer of Common Cartridge decodes the entities of every text once more than it should, so that text turns
 * into markup, and an entity that XML does not know (`&nbsp;`) ends the restore. Escaping twice would show entities in
 * every other platform, so the texts are written such that decoding them once too often changes nothing.
 */

/** A title: platforms show it as HTML or remove what looks like a tag from it. */
export const titleText = (title: string): string => cut(plainText(title), longest)

/** The title of an item without a resource: Moodle also writes it into an attribute, between double quotes. */
export const headingText = (title: string): string =>
  titleText(title)
    .replace(/"([^"]*)"/g, '“$1”')
    .replaceAll('"', '”')

/** The title of the course: Moodle removes its spaces for the short name, where it then takes any `<` for a tag. */
export const courseText = (title: string): string => plainText(title).replaceAll('<', '‹')

/** What platforms store of a title. */
const longest = 255

/** One line in which brackets that could be a tag and ampersands that begin an entity are characters that look alike. */
export const plainText = (text: string): string =>
  angled(nameOf(text)).replace(/&(#?\w+;?)/g, (found, name) => (isEntity(name) ? `＆${name}` : found))

/** Browsers decode some entities without a semicolon too, such as `&copy`. */
const isEntity = (name: string): boolean => decodeHTML(`&${name}`) !== `&${name}`

/**
 * The HTML of a page. An empty `span` separates what would be read as one tag or entity, or as the `$` that Moodle makes
 * of `%24` in topics; copied text does not hold it.
 */
export const pageHtml = ({ text }: Markup): Markup =>
  new Markup(
    text.replace(/<[^>]*>|&lt;|%(?=24)|&amp;(?=(#?\w+;?))/g, (found, name) => {
      if (found.startsWith('<')) return inertTag(found)
      return found !== '&amp;' || isEntity(name) ? `${found}<span></span>` : found
    }),
  )

/** A tag whose attributes stay whole: a decoded quote would end a value, a decoded entity would end the restore. */
const inertTag = (tag: string): string =>
  tag.replace(/([\w-]+)="([^"]*)"/g, (_, name, value) =>
    /^(href|src)$/.test(name) ? `${name}="${inertUrl(value)}"` : `${name}="${inertValue(value)}"`,
  )

const inertUrl = (escaped: string): string => escaped.replace(/&amp;(#?\w+);/g, '&amp;$1%3B')

const inertValue = (escaped: string): string =>
  escaped.replaceAll('&quot;', '”').replace(/&amp;(#?\w+;?)/g, (found, name) => (isEntity(name) ? `＆${name}` : found))

/** The HTML of a topic: Moodle makes line breaks of its newlines and removes white space between `>` and `<`. */
export const topicHtml = (html: Markup): string =>
  pageHtml(html)
    .text.replace(/\s+/g, ' ')
    .replace(/(>|&gt;) (?=<|&lt;)/g, '$1&#160;')

/** The address of a web link, in which Moodle decodes entities too. */
export const addressText = (url: string): string => encodedUrl(url).replace(/&(#?\w+);/g, '&$1%3B')
