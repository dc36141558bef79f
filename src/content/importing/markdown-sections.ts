import type { Token } from 'markdown-it'
import type { Place } from './imported-track.ts'
import type { Block } from './markdown-blocks.ts'
import { type Piece, piecesOf, textOf } from './markdown-text.ts'
import { otherNounOf } from './noun-words.ts'
import { tierOfTitle } from './tier-words.ts'

/** A heading with everything below it up to the next one; the first section of a text may have no heading. */
export interface Section {
  title: string
  /** The level of the heading; 0 without one. */
  level: number
  place: Place
  paragraphs: Paragraph[]
  entries: Entry[]
  tables: Block[]
  /** Code, quotes and HTML. */
  others: { block: Block; place: Place }[]
  sections: Section[]
}

export interface Paragraph {
  text: string
  /** The text in Markdown. */
  source: string
  place: Place
}

/** An item of a list. */
export interface Entry {
  pieces: readonly Piece[]
  place: Place
  /** The items below it. */
  entries: Entry[]
  /** The rest of the item, in Markdown. */
  notes: string
}

/**
 * Groups the blocks of a text into sections. In a text without any markup, each line is an item, but the first of several lines, and
 * a line that names a tier or a noun with lines below it, is a heading.
 */
export const sectionsOf = (blocks: readonly Block[], lines: readonly string[]): Section => {
  const root = createSection('', 0, { line: 1, column: 1 })
  const open = [root]
  const begin = (section: Section): void => {
    while ((open.at(-1) as Section).level >= section.level) open.pop()
    ;(open.at(-1) as Section).sections.push(section) // the root stays open: it is on level 0
    open.push(section)
  }
  const isPlain = blocks.every(({ type }) => type === 'paragraph')
  for (const block of blocks) {
    const current = open.at(-1) as Section // as above
    if (block.type === 'heading')
      begin(
        createSection(textOf(piecesOf(block.inline?.children)), Number(block.tag.slice(1)), placeOfBlock(block, lines)),
      )
    else if (block.type === 'paragraph' && isPlain) {
      const rows = linesOf(block, lines)
      const copied = rows.findIndex((_, index) => isCopyButton(rows.slice(index)))
      if (copied >= 0) rows.splice(copied, 3)
      for (const [index, row] of rows.entries()) {
        const title = textOf(row.pieces)
        const isTier = tierOfTitle(title) !== undefined
        const isHeading =
          index < rows.length - 1 && ((index === 0 && copied !== 0) || isTier || otherNounOf(title) !== undefined)
        if (isHeading) begin(createSection(title, isTier ? 1 : 2, row.place))
        else (open.at(-1) as Section).entries.push(row)
      }
    } else addBlock(current, block, lines)
  }
  return root
}

/** Returns true for lines that begin with the name of a language and the buttons of a chat page, as they are copied with code. */
const isCopyButton = ([, second, third]: readonly Entry[]): boolean =>
  second !== undefined && third !== undefined && textOf(second.pieces) === 'Copy' && textOf(third.pieces) === 'Edit'

const createSection = (title: string, level: number, place: Place): Section => ({
  title: title.replace(/\s*:$/, ''),
  level,
  place,
  paragraphs: [],
  entries: [],
  tables: [],
  others: [],
  sections: [],
})

const addBlock = (section: Section, block: Block, lines: readonly string[]): void => {
  const place = placeOfBlock(block, lines)
  if (isList(block)) section.entries = section.entries.concat(entriesOf(block, lines))
  else if (block.type === 'table') section.tables.push(block)
  else if (block.type === 'paragraph') {
    const text = textOf(piecesOf(block.inline?.children))
    if (text !== '') section.paragraphs.push({ text, source: sourceOf([block], lines), place })
  } else if (block.type !== 'hr' && !isComment(block, lines)) section.others.push({ block, place })
}

const isList = ({ type }: Block): boolean => type === 'bullet_list' || type === 'ordered_list'

const isComment = ({ type, lines: [start] }: Block, lines: readonly string[]): boolean =>
  type === 'html_block' && (lines[start] as string).trimStart().startsWith('<!--') // a block begins on a line of the text

const entriesOf = (list: Block, lines: readonly string[]): Entry[] =>
  list.blocks.flatMap(({ blocks }) => {
    const [first, ...others] = blocks
    if (first?.inline === undefined) return blocks.filter(isList).flatMap(block => entriesOf(block, lines))
    return [
      {
        pieces: withoutBox(piecesOf(first.inline.children)),
        place: placeOfBlock(first, lines),
        entries: others.filter(isList).flatMap(block => entriesOf(block, lines)),
        notes: sourceOf(
          others.filter(block => !isList(block)),
          lines,
        ),
      },
    ]
  })

/** Removes the box of a task. */
const withoutBox = ([first, ...others]: readonly Piece[]): Piece[] =>
  first === undefined ? [] : [{ ...first, text: first.text.replace(/^\[[ x]\]\s+/i, '') }, ...others]

/** Returns each line of a paragraph as an item. */
const linesOf = ({ inline, lines: [start] }: Block, lines: readonly string[]): Entry[] => {
  const rows: Token[][] = [[]]
  for (const token of (inline as Token).children as Token[]) // a paragraph has inline content
    if (token.type === 'softbreak' || token.type === 'hardbreak') rows.push([])
    else (rows.at(-1) as Token[]).push(token) // there is one
  return rows
    .map((children, index) => {
      const pieces = piecesOf(children)
      return { pieces, place: placeOfText(start + index, pieces, lines), entries: [], notes: '' }
    })
    .filter(({ pieces }) => textOf(pieces) !== '')
}

const placeOfBlock = ({ inline, lines: [start] }: Block, lines: readonly string[]): Place =>
  placeOfText(start, piecesOf(inline?.children), lines)

/** Returns the place of a text in a line, or of the first character of the line. */
const placeOfText = (row: number, pieces: readonly Piece[], lines: readonly string[]): Place => {
  const line = lines[row] as string // a block is in the text
  const first = pieces.map(({ text }) => text.trim()).find(text => text !== '') ?? ''
  return { line: row + 1, column: Math.max(first === '' ? -1 : line.indexOf(first), line.search(/\S/), 0) + 1 }
}

/** Returns the lines of blocks without their common indentation. */
const sourceOf = (blocks: readonly Block[], lines: readonly string[]): string => {
  const texts = blocks.map(({ lines: [start, end] }) => lines.slice(start, end).join('\n').trimEnd())
  const rows = texts.join('\n\n').split('\n')
  const indents = rows.filter(row => row.trim() !== '').map(row => row.search(/\S/))
  const indent = indents.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY)
  return rows.map(row => row.slice(indent)).join('\n')
}
