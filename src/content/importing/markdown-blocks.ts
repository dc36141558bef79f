import type { Token } from 'markdown-it'
import { createParser } from '../../text/markdown.ts'

/** A block of Markdown with the blocks in it. */
export interface Block {
  /** The name of its tokens in markdown-it without `_open`: `heading`, `paragraph`, `bullet_list`, `list_item`, `table`, `tr`, `fence` … */
  type: string
  /** The HTML tag: `h2` for a heading on the second level. */
  tag: string
  /** The first line and the line after the last, from 0. */
  lines: [number, number]
  inline: Token | undefined
  blocks: Block[]
}

/** Parses a text into blocks. The text may begin with front matter, which is left out. */
export const blocksOf = (text: string): Block[] => {
  const root: Block = { type: 'root', tag: '', lines: [0, 0], inline: undefined, blocks: [] }
  const open = [root]
  for (const token of createMarkdownParser().parse(withoutFrontMatter(text), {})) {
    const parent = open.at(-1) as Block // the root stays open
    if (token.nesting < 0) open.pop()
    else if (token.type === 'inline') parent.inline = token
    else {
      const { type, tag, map } = token
      const block: Block = {
        type: type.replace(/_open$/, ''),
        tag,
        lines: map ?? parent.lines,
        inline: undefined,
        blocks: [],
      }
      parent.blocks.push(block)
      if (token.nesting > 0) open.push(block)
    }
  }
  return root.blocks
}

const createMarkdownParser = () => {
  const parser = createParser()
  parser.normalizeLink = address => address
  parser.core.ruler.disable('footnote_tail')
  return parser
}

/** Blanks out front matter, so that lines keep their numbers. */
const withoutFrontMatter = (text: string): string =>
  text.replace(/^(---|\+\+\+)[^\S\n]*\n[\s\S]*?\n\1[^\S\n]*(?=\n|$)/, front => front.replaceAll(/[^\n]/g, ''))
