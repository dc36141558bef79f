import type { Token } from 'markdown-it'

/** A part of a line of Markdown, without its markup. */
export interface Piece {
  /** The text; code stands between backticks. */
  text: string
  isCode: boolean
  /** The address of the link that it belongs to. */
  link?: string
  /** True for a line break or the begin of an item of an HTML list. */
  isBreak: boolean
}

/** Returns the pieces of the inline tokens of a block. */
export const piecesOf = (tokens: readonly Token[] | null | undefined): Piece[] => {
  let link: string | undefined
  return (tokens ?? []).flatMap((token): Piece[] => {
    const piece = (text: string, more: Partial<Piece> = {}): Piece[] => [
      { text, isCode: false, isBreak: false, ...(link !== undefined && { link }), ...more },
    ]
    if (token.type === 'link_open') link = String(token.attrGet('href'))
    if (token.type === 'link_close') link = undefined
    if (token.type === 'text' || token.type === 'image') return piece(token.content)
    if (token.type === 'code_inline') return piece(`\`${token.content.replaceAll('`', "'")}\``, { isCode: true })
    if (token.type === 'softbreak') return piece(' ')
    if (token.type === 'hardbreak' || (token.type === 'html_inline' && breakingTag.test(token.content)))
      return piece('', { isBreak: true })
    return []
  })
}

const breakingTag = /^<\/?(br|li|ul|ol|p|div)\b/i

/** Returns the text of pieces in one line. */
export const textOf = (pieces: readonly Piece[]): string =>
  pieces
    .map(({ text, isBreak }) => (isBreak ? ' ' : text))
    .join('')
    .replaceAll(/\s+/g, ' ')
    .trim()

/** Returns the links in pieces, each with its text. */
export const linksOf = (pieces: readonly Piece[]): { label: string; address: string }[] => {
  const links: { label: string; address: string }[] = []
  let open: string | undefined
  for (const { text, link } of pieces) {
    if (link !== undefined && link === open)
      (links.at(-1) as { label: string }).label += text // the link that is open
    else if (link !== undefined) links.push({ label: text, address: link })
    open = link
  }
  return links
}

/** The characters that separate the parts of a cell, the strongest first: a weaker one separates only where no stronger one is used. */
const separators = ['|', ';', ','] as const
type Separator = (typeof separators)[number]

/** Returns the strongest separator in cells; undefined if there is none. */
export const strongestSeparator = (cells: readonly (readonly Piece[])[]): Separator | undefined =>
  cells.some(pieces => pieces.some(({ isBreak }) => isBreak))
    ? '|'
    : separators.find(separator => cells.some(pieces => split(pieces, separator).length > 1))

/** Splits a cell at breaks and at a separator, but not within parentheses, code and links. Empty parts are left out. */
export const split = (pieces: readonly Piece[], separator: Separator | undefined): Piece[][] => {
  const parts: Piece[][] = [[]]
  let depth = 0
  for (const piece of pieces) {
    if (piece.isBreak) {
      parts.push([])
      continue
    }
    let text = ''
    const end = () => {
      if (text !== '') parts.at(-1)?.push({ ...piece, text })
      text = ''
    }
    for (const character of piece.text) {
      if (piece.isCode || piece.link !== undefined) text += character
      else if (character === separator && depth <= 0) {
        end()
        parts.push([])
      } else {
        if ('([{'.includes(character)) depth += 1
        if (')]}'.includes(character)) depth -= 1
        text += character
      }
    }
    end()
  }
  return parts.filter(part => textOf(part) !== '')
}

/** Splits a text such as `Exceptions: try and except` into a title and the rest, which may be empty. */
export const titleAndRest = (text: string): { title: string; rest: string } => {
  for (const { index, 0: separator } of text.matchAll(/:\s+|\s+[–—-]\s+/g)) {
    const title = text.slice(0, index)
    if (index > 0 && isBalanced(title) && !number.test(title))
      return { title, rest: text.slice(index + separator.length) }
  }
  return { title: text.replace(/\s*:$/, ''), rest: '' }
}

/** The number of a part, which alone is no title. */
const number = /^(day|week|month|module|lesson|chapter|unit|part|section|session|sprint)s? [\d.–-]+$/i

/** Returns false for a text that ends within parentheses or code. */
const isBalanced = (text: string): boolean =>
  text.split('(').length === text.split(')').length && text.split('`').length % 2 === 1
