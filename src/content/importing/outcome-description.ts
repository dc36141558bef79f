import type { Draft } from '../../model/document.ts'
import { parseDuration } from './cell-values.ts'
import { type HtmlBlock, parseHtml, toMarkdown, toPlainText } from './html-blocks.ts'

/** The description of a skill as the exports of this service write it for platforms. */
export interface OwnDescription {
  summary: string | null
  tierTitle: string
  kind: Draft<'skill'>['kind']
  optional: boolean
  duration: Draft<'skill'>['duration']
  outcomes: string[]
  /** Titles, or keys of skills of other tracks. */
  prerequisites: string[]
  related: string[]
  resources: { title: string; kind: string; url: string | null }[]
  alignments: { framework: string; label: string; url: string | null }[]
}

/** Parses a description that an export of this service wrote; undefined for any other. */
export const parseOwnDescription = (html: string): OwnDescription | undefined => {
  const { blocks } = parseHtml(html)
  const first = blocks.findIndex(({ type }) => type === 'heading')
  const introduction = first === -1 ? blocks : blocks.slice(0, first)
  const facts = introduction.findLastIndex(({ text }) => factsLine.test(text))
  const [, tierTitle = '', kind, optional] = factsLine.exec(introduction[facts]?.text ?? '') ?? []
  if (kind === undefined) return undefined
  const sections = sectionsOf(blocks.slice(introduction.length))
  if (sections === undefined) return undefined
  const section = (heading: string): HtmlBlock[] => sections.get(heading) ?? []
  const texts = (heading: string): string[] => section(heading).map(({ text }) => text)
  return {
    summary: toPlainText(introduction.slice(0, facts)) || null,
    tierTitle,
    kind: kind as OwnDescription['kind'], // the pattern has no other words
    optional: optional !== undefined,
    duration: parseDuration(introduction[facts + 1]?.text.replace(/^Time: /, '') ?? '', undefined) ?? null,
    outcomes: texts(headings.outcomes),
    prerequisites: texts(headings.prerequisites),
    related: texts(headings.related),
    resources: section(headings.resources).map(({ text, links }) => {
      const [, title = text, kind = ''] = /^(.*) \((\w+)\)$/s.exec(text) ?? []
      const [link] = links
      return { title: link?.label ?? title, kind, url: link?.address ?? null }
    }),
    alignments: section(headings.alignments).map(({ text, links }) => {
      const [link] = links
      const label = link?.label ?? text.slice(text.indexOf(': ') + 1).trim()
      const rest = text.slice(0, text.length - label.length).replace(/: $/, '')
      return { framework: rest || label, label, url: link?.address ?? null }
    }),
  }
}

/** The line about tier and kind: `Senior, practical, optional`. */
const factsLine = /^(.+), (practical|theoretical)(, optional)?$/

const headings = {
  outcomes: 'What you can do afterwards',
  prerequisites: 'What comes before',
  related: 'Worth a look beside it',
  resources: 'Where to learn it',
  alignments: 'In other frameworks',
}

/** Returns the entries below each heading; undefined if there is anything else. */
const sectionsOf = (blocks: readonly HtmlBlock[]): Map<string, HtmlBlock[]> | undefined => {
  const sections = new Map<string, HtmlBlock[]>()
  let entries: HtmlBlock[] = []
  for (const block of blocks)
    if (block.type === 'item') entries.push(block)
    else if (block.type === 'heading' && Object.values(headings).includes(block.text)) {
      entries = []
      sections.set(block.text, entries)
    } else return undefined
  return sections
}

/** The texts of an item that a platform or a framework describes. */
export interface SplitText {
  summary?: string | undefined
  /** Markdown. */
  notes?: string | undefined
  /** The elements that have no text, such as `img`. */
  dropped: string[]
}

const maxSummary = 4_000

/** Splits a text into a summary, which is its first paragraph, and notes. */
export const splitHtml = (html: string): SplitText => {
  const { blocks, dropped } = parseHtml(html)
  const [first, ...others] = blocks
  if (first === undefined) return { dropped }
  const isSummary = first.type === 'paragraph' && first.links.length === 0 && first.text.length <= maxSummary
  const rest = isSummary ? others : blocks
  return {
    ...(isSummary && { summary: first.text }),
    ...(rest.length > 0 && { notes: toMarkdown(rest) }),
    dropped,
  }
}

/** Splits a text without markup, or in Markdown, in the same way. */
export const splitText = (text: string): SplitText => {
  const trimmed = text.replaceAll(/\r\n?/g, '\n').trim()
  const first = trimmed.replace(/\n\s*\n.*/s, '')
  const isSummary = first.length <= maxSummary
  const summary = isSummary ? first : ''
  const notes = trimmed.slice(summary.length).trim()
  return { ...(summary !== '' && { summary }), ...(notes !== '' && { notes }), dropped: [] }
}

/** Returns true for a text with HTML elements or character references, as editors on platforms write it. */
export const isHtml = (text: string): boolean =>
  /<\/?(a|b|br|blockquote|code|div|em|h[1-6]|i|iframe|img|li|ol|p|pre|span|strong|sub|sup|table|u|ul|video)(\s[^<>]*)?\/?>|&(amp|lt|gt|quot|nbsp|apos|#\d+|#x[\da-f]+);/i.test(
    text,
  )
