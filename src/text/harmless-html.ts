import { createRequire } from 'node:module'
import type sanitizeHtml from 'sanitize-html'
import { escapeText } from './html.ts'

type SanitizeHtml = typeof sanitizeHtml

/** Loads the sanitizer at its first use: few texts have HTML. */
const loadSanitizer = (): SanitizeHtml => createRequire(import.meta.url)('sanitize-html') as SanitizeHtml

/** The elements that authors may use in Markdown: those that GitHub renders. */
const elements = new Set(
  (
    'a abbr b bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ' +
    'ins kbd li mark ol p pre q rp rt ruby s samp small span strike strong sub summary sup table tbody td tfoot th thead time ' +
    'tr tt ul var wbr'
  ).split(' '),
)

/** The attributes that authors may use; ids, classes and styles belong to the page. */
const attributes: Record<string, readonly string[]> = {
  '*': 'align dir height lang title valign width'.split(' '),
  a: ['href'],
  blockquote: ['cite'],
  del: ['cite', 'datetime'],
  details: ['open'],
  img: ['alt', 'src'],
  ins: ['cite', 'datetime'],
  li: ['value'],
  ol: ['start', 'type'],
  q: ['cite'],
  table: ['border', 'cellpadding', 'cellspacing'],
  td: ['colspan', 'rowspan'],
  th: ['abbr', 'colspan', 'rowspan', 'scope'],
  time: ['datetime'],
}

/** The elements and attributes that the renderer writes beyond those of authors: footnotes, checkboxes and code. */
const renderedElements = ['input', 'section']
const renderedAttributes =
  'aria-label aria-level checked class disabled href id loading rel tabindex target type'.split(' ')

/** A comment, tag, declaration or stray bracket in HTML, and the name of a tag. A tag is what CommonMark takes for one. */
const bracket =
  /<!--(?:-?>|[\s\S]*?(?:-->|$))|<\/?([a-z][a-z0-9-]*)(?:\s+[a-z_:][a-z0-9:._-]*(?:\s*=\s*(?:[^"'=<>`\0-\x20]+|'[^']*'|"[^"]*"))?)*\s*\/?>|<[?!][^>]*>?|</gi

/** Returns true for the start of a comment or of the tag of a harmless element. */
export const startsHarmless = (html: string): boolean => {
  const [, comment, name] = /^<(?:(!--)|\/?([a-z][a-z0-9-]*))/i.exec(html) ?? []
  return comment !== undefined || isHarmless(name)
}

const isHarmless = (name = ''): boolean => elements.has(name.toLowerCase())

/** A tag of an author, or a declaration, which has no name. */
interface Tag {
  index: number
  source: string
  isHarmless: boolean
}

/** Returns the tags in HTML, in order, without comments. */
export const tagsIn = (html: string): Tag[] =>
  [...html.matchAll(bracket)].flatMap(({ index, 0: source, 1: name }) =>
    source === '<' || source.startsWith('<!--') ? [] : [{ index, source, isHarmless: isHarmless(name) }],
  )

/** Distinguishes the tags of authors from those that the renderer writes. */
const mark = 'data-author'

/** Marks the tags of harmless elements for `sanitize`, removes comments and escapes everything else that could be a tag. */
export const markTags = (html: string): string =>
  html.replace(bracket, (source, name?: string) => {
    if (source.startsWith('<!--')) return ''
    if (!isHarmless(name)) return escapeText(source)
    return source.startsWith('</') ? source : `<${name} ${mark}${source.slice(1 + (name as string).length)}`
  })

/** The name and the attributes of a tag. */
export interface Element {
  tagName: string
  attribs: Record<string, string>
  /** Replaces the content. */
  text?: string
}

/**
 * Sanitizes HTML whose tags of authors are marked: removes the attributes that authors may not use and closes what was left open.
 * `change` gets the elements of authors with their permitted attributes.
 */
export const sanitize = (html: string, change: (element: Element) => Element): string => {
  /** The open elements; instead of a misplaced one, its parent again. */
  const open: string[] = []
  const transform = (tagName: string, attribs: Record<string, string>): Element => {
    const parent = open.at(-2) ?? ''
    if (isMisplaced(tagName, parent)) {
      open.splice(-1, 1, parent)
      return { tagName: 'span', attribs: {} }
    }
    return mark in attribs ? change({ tagName, attribs: permitted(tagName, attribs) }) : { tagName, attribs }
  }
  return loadSanitizer()(html, {
    allowedTags: [...elements, ...renderedElements],
    allowedAttributes: { ...attributes, '*': [...(attributes['*'] as string[]), ...renderedAttributes] },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowedSchemesByTag: { img: ['http', 'https', 'data'] },
    allowProtocolRelative: false,
    selfClosing: ['br', 'hr', 'img', 'input', 'wbr'],
    nestingLimit: 100,
    parseStyleAttributes: false,
    onOpenTag: name => open.push(name),
    onCloseTag: () => open.pop(),
    // The text of an element is replaced only by a function for its name.
    transformTags: { '*': transform, img: transform },
  }).replace(forbiddenCharacters, '\ufffd')
}

const rowGroups = ['table', 'thead', 'tbody', 'tfoot']
const tableParts = [...rowGroups, 'tr']

/** The elements in which these elements may stand. */
const parents: Record<string, readonly string[]> = {
  caption: ['table'],
  dd: ['dl'],
  dt: ['dl'],
  li: ['ol', 'ul'],
  tbody: ['table'],
  td: tableParts,
  tfoot: ['table'],
  th: tableParts,
  thead: ['table'],
  tr: rowGroups,
}

/** Returns true where a browser would close other elements early, so that a later tag could close an element of the page. A span closes nothing. */
const isMisplaced = (name: string, parent: string): boolean =>
  parents[name] === undefined ? tableParts.includes(parent) : !parents[name].includes(parent)

/** An empty attribute would not be XML; `alt` may be empty, and `open` always is. */
const permitted = (tagName: string, attribs: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    [...(attributes['*'] as string[]), ...(attributes[tagName] ?? [])].flatMap(name => {
      const value = attribs[name]
      if (value === undefined) return []
      if (name === 'open') return [[name, name]]
      return value === '' && name !== 'alt' ? [] : [[name, value]]
    }),
  )

/** The attributes of a tag, decoded. */
export const attributesOf = (tag: string): Record<string, string> => {
  let found: Record<string, string> = {}
  loadSanitizer()(tag, {
    onOpenTag: (_, attribs) => {
      found = { ...attribs }
    },
  })
  return found
}

/** Characters that a reference such as `&#1;` may stand for, and that neither HTML nor XML allows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern matches the forbidden characters.
const forbiddenCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g
