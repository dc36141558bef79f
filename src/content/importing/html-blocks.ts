import { Parser } from 'htmlparser2'

/** A paragraph, heading, entry of a list or preformatted text of an HTML document; a row of a table is a paragraph. */
export interface HtmlBlock {
  type: 'paragraph' | 'heading' | 'item' | 'code'
  /** The level of a heading; the depth of an entry, from 1; otherwise 0. */
  level: number
  /** The number of an entry in a numbered list. */
  number: number | undefined
  /** Plain text, with code between backticks. */
  text: string
  /** The same as Markdown. */
  markdown: string
  links: HtmlLink[]
}

export interface HtmlLink {
  label: string
  address: string
}

export interface HtmlText {
  blocks: HtmlBlock[]
  /** The elements that have no text, such as `img`, once each. */
  dropped: string[]
}

/** Parses HTML into blocks of text. Scripts, styles and comments are left out. */
export const parseHtml = (html: string): HtmlText => {
  const blocks: HtmlBlock[] = []
  const dropped = new Set<string>()
  const lists: { numbered: boolean; count: number }[] = []
  let [hiddenDepth, codeDepth] = [0, 0]
  let link: { address: string; start: number } | undefined
  let block = newBlock('paragraph')
  const begin = (type: HtmlBlock['type'], level = 0, number?: number): void => {
    if (block.text.trim() !== '') blocks.push(finish(block))
    block = newBlock(type, level, number)
  }
  const append = (text: string, markdown = text): void => {
    block.text += text
    block.markdown += markdown
  }
  const beginItem = (): void => {
    const list = lists.at(-1)
    if (list !== undefined) list.count += 1
    begin('item', Math.max(lists.length, 1), list?.numbered ? list.count : undefined)
  }
  const open: Record<string, () => void> = {
    ul: () => lists.push({ numbered: false, count: 0 }),
    ol: () => lists.push({ numbered: true, count: 0 }),
    li: beginItem,
    pre: () => begin('code'),
    br: () => append('\n', '\\\n'),
    td: () => append(...cellSeparator(block)),
    th: () => append(...cellSeparator(block)),
  }
  const parser = new Parser({
    onopentag: (name, { href }) => {
      if (hidden.has(name)) hiddenDepth += 1
      if (withoutText.has(name)) dropped.add(name)
      // A paragraph at the beginning of an entry is the text of the entry.
      if (blockNames.has(name) && !(block.type === 'item' && block.text.trim() === '')) begin('paragraph')
      if (headings.test(name)) begin('heading', Number(name.slice(1)))
      open[name]?.()
      if (block.type === 'code') return
      if (name === 'code') {
        codeDepth += 1
        append('`')
      } else if (name === 'a' && href !== undefined) {
        link = { address: href, start: block.text.length }
        append('', '[')
      } else append('', emphasis[name])
    },
    ontext: text => {
      if (hiddenDepth > 0) return
      if (block.type === 'code') return append(text)
      const line = text.replaceAll(/\s+/g, ' ')
      append(line, codeDepth > 0 ? line : escapeMarkdown(line))
    },
    onclosetag: name => {
      if (hidden.has(name)) hiddenDepth -= 1
      if (name === 'ul' || name === 'ol') lists.pop()
      if (blockNames.has(name) || headings.test(name) || name === 'pre' || name === 'li') begin('paragraph')
      else if (block.type === 'code') return
      else if (name === 'code') {
        codeDepth -= 1
        append('`')
      } else if (name === 'a' && link !== undefined) {
        const { address, start } = link
        block.links.push({ label: block.text.slice(start).trim(), address })
        append('', `](${address.replaceAll(/[\s()<>]/g, escapeInAddress)})`)
        link = undefined
      } else append('', emphasis[name])
    },
  })
  parser.end(html)
  begin('paragraph')
  return { blocks, dropped: [...dropped] }
}

const newBlock = (type: HtmlBlock['type'], level = 0, number?: number): HtmlBlock => ({
  type,
  level,
  number,
  text: '',
  markdown: '',
  links: [],
})

const finish = (block: HtmlBlock): HtmlBlock =>
  block.type === 'code'
    ? block
    : { ...block, text: tidy(block.text), markdown: tidy(block.markdown).replace(/\\$/, '') }

const tidy = (text: string): string => text.replaceAll(/ *\n */g, '\n').trim()

const headings = /^h[1-6]$/
const hidden = new Set(['script', 'style', 'template', 'head'])
const withoutText = new Set(['img', 'iframe', 'video', 'audio', 'object', 'embed', 'svg', 'input'])
const blockNames = new Set(
  'p div section article header footer main blockquote table tr caption ul ol dl dt dd figure figcaption hr'.split(' '),
)
const emphasis: Record<string, string> = { b: '**', strong: '**', i: '*', em: '*' }

const cellSeparator = ({ text }: HtmlBlock): [string, string] => (text.trim() === '' ? ['', ''] : [' | ', ' \\| '])

/** Escapes characters that Markdown would take for markup. */
const escapeMarkdown = (text: string): string => text.replaceAll(/[\\`*_[\]<>#]/g, '\\$&')

const escapeInAddress = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`

/** Returns blocks as plain text. */
export const toPlainText = (blocks: readonly HtmlBlock[]): string => joinBlocks(blocks, ({ text }) => text)

/** Returns blocks as Markdown. */
export const toMarkdown = (blocks: readonly HtmlBlock[]): string =>
  joinBlocks(blocks, ({ type, level, text, markdown }) => {
    if (type === 'heading') return `${'#'.repeat(level)} ${markdown}`
    return type === 'code' ? `\`\`\`\n${text.replace(/^\n|\n$/g, '')}\n\`\`\`` : markdown
  })

const joinBlocks = (blocks: readonly HtmlBlock[], textOf: (block: HtmlBlock) => string): string =>
  blocks
    .map((block, index) => {
      const between = index === 0 ? '' : block.type === 'item' && blocks[index - 1]?.type === 'item' ? '\n' : '\n\n'
      const indent = '  '.repeat(Math.max(block.level - 1, 0))
      const bullet = block.number === undefined ? '-' : `${block.number}.`
      return `${between}${block.type === 'item' ? `${indent}${bullet} ` : ''}${textOf(block)}`
    })
    .join('')
