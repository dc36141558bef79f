import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)

/** A node of fast-xml-parser with `preserveOrder`: the element's name with its children, and `:@` with its attributes. */
type XmlNode = Record<string, XmlNode[] | string | Record<string, string>>

/**
 * Returns what is wrong with an SVG picture: that it is not well formed, or has something that could run code or load a file
 * (SVG 2, section 2.2.3, "secure static mode"); undefined for a safe picture. The parser is loaded at its first use.
 */
export const svgProblem = (svg: string): string | undefined => {
  const { XMLParser, XMLValidator } = load('fast-xml-parser') as typeof import('fast-xml-parser')
  if (/<!ENTITY/i.test(svg)) return unsafe('entities')
  const valid = XMLValidator.validate(svg)
  if (valid !== true)
    return `this SVG is not well formed, so browsers do not show it: line ${valid.err.line}: ${valid.err.msg}`
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    preserveOrder: true,
    parseAttributeValue: false,
    parseTagValue: false,
    htmlEntities: true,
  })
  const nodes: XmlNode[] = parser.parse(svg)
  if (!nodes.some(node => Object.keys(node).some(name => localName(name) === 'svg')))
    return 'this is no SVG picture, although its name says so: export it again'
  const found = unsafeIn(nodes)
  return found && unsafe(found)
}

const unsafe = (what: string): string =>
  `an SVG picture must not have ${what}, which could run code or load something: export it as plain SVG`

const unsafeIn = (nodes: readonly XmlNode[]): string | undefined => {
  const pending = [...nodes]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const [name, value] of Object.entries(node)) {
      const found = name === ':@' ? unsafeAttribute(value as Record<string, string>) : unsafeElement(name, value) // the parser's form
      if (found !== undefined) return found
      if (Array.isArray(value)) pending.push(...value)
    }
  }
  return undefined
}

const unsafeElement = (name: string, value: XmlNode[] | string | Record<string, string>): string | undefined => {
  if (name === '#text') return undefined
  if (name.startsWith('?')) return name === '?xml' ? undefined : `the processing instruction <${name}?>`
  const local = localName(name).toLowerCase()
  if (forbiddenElements.has(local)) return `the element <${name}>`
  if (local !== 'style' || !Array.isArray(value)) return undefined
  return unsafeStyle(value.map(child => String(child['#text'] ?? '')).join(''))
}

const forbiddenElements = new Set([
  'script',
  'handler',
  'listener',
  'foreignobject',
  'iframe',
  'object',
  'embed',
  'audio',
  'video',
])

const unsafeAttribute = (attributes: Record<string, string>): string | undefined => {
  for (const [name, text] of Object.entries(attributes)) {
    const [local, value] = [localName(name).toLowerCase(), text.trim()]
    if (local.startsWith('on')) return `the event handler ${name}`
    if (['href', 'src'].includes(local) && !/^(#|$|data:image\/(png|jpeg|gif|webp)[;,])/i.test(value))
      return `the address ${value.slice(0, 60)}`
    if (local === 'attributename' && /(^|:)(href|on\w*)$/i.test(value)) return `an animation of ${value}`
    const found = unsafeStyle(value)
    if (found !== undefined) return found
  }
  return undefined
}

/** Finds what a style, or the value of any attribute, loads. An escape could hide it. */
const unsafeStyle = (style: string): string | undefined => {
  if (/@import/i.test(style)) return '@import'
  const [, address] =
    /url\(\s*["']?\s*(?!#|data:(?:image\/(?:png|jpeg|gif|webp)|font\/|application\/(?:x-)?font))([^"')]*)/i.exec(
      style,
    ) ?? []
  if (address !== undefined) return `the address ${address.slice(0, 60)}`
  return /\\[0-9a-f]/i.test(style) && /[@(]/.test(style) ? 'escapes in styles' : undefined
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)
