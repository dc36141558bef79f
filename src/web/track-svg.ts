import type { TrackDocument } from '../catalog.ts'
import type { Tier } from '../model/vocabulary.ts'
import { escapeHtml, type Markup, plainText } from '../text/html.ts'
import { html } from './html.ts'
import { linksInFile } from './links.ts'
import { formatCount } from './page-elements.ts'
import { type Category, createTrackView, type TierColumn, type TrackView } from './track-view.ts'

/** Renders the roadmap as an SVG for READMEs: titles by category and tier, in the reader's light or dark color scheme. */
export const trackSvg = (document: TrackDocument, { tiers }: { tiers?: readonly Tier[] | undefined } = {}): string => {
  const view = createTrackView(document, linksInFile)
  const columns = view.columns.filter(({ tier }) => tiers?.includes(tier) ?? true)
  const rows = layOutRows(view, columns)
  const width = 2 * margin + nameWidth + columns.length * (gap + columnWidth(columns.length))
  const height = (rows.at(-1)?.bottom ?? top) + margin
  const count = document.skills.filter(({ tier }) => columns.some(column => column.tier === tier)).length
  const title = plainText(document.track.title)
  const facts = `${formatCount(count, 'skill')} in ${formatCount(rows.length, 'area')}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc" lang="${escapeHtml(document.track.language)}">
<title id="title">${escapeHtml(title)}: roadmap</title>
<desc id="desc">${escapeHtml(describe(view, rows, facts))}</desc>
<style>${svgStyle}</style>
<rect class="ground" width="${width}" height="${height}" rx="12"/>
<text class="title" x="${margin}" y="${margin + 28}">${escapeHtml(title)}</text>
<text class="quiet" x="${margin}" y="${margin + 52}">${escapeHtml(facts)}</text>
${columns.map((column, at) => drawColumnHead(column, at, columns.length).text).join('\n')}
${rows.map(row => drawRow(row, width).text).join('\n')}
</svg>
`
}

const margin = 28
const nameWidth = 170
const gap = 24
const lineHeight = 19
const padding = 12
const top = margin + 106
const size = 13.5

/** A single column can be wider. */
const columnWidth = (count: number): number => (count === 1 ? 380 : 290)

const columnLeft = (at: number, count: number): number => margin + nameWidth + gap + at * (columnWidth(count) + gap)

interface Row {
  y: number
  bottom: number
  name: string[]
  /** The offset of the name, by the number of categories that it is a part of. */
  indent: number
  title: string
  cells: { tier: Tier; left: number; titles: string[]; lines: string[][] }[]
}

/** Computes the rows: each is as high as its highest cell. A category without skills has a row if one below it has skills. */
const layOutRows = (view: TrackView, columns: TierColumn[]): Row[] => {
  let y = top
  const shown = new Set(
    view.document.skills
      .filter(({ tier }) => columns.some(column => column.tier === tier))
      .flatMap(({ category }) => [category, ...view.ancestorsOf(category).map(({ key }) => key)]),
  )
  return view.document.categories.flatMap(category => {
    if (!shown.has(category.key)) return []
    const indent = view.ancestorsOf(category.key).length * bullet
    const cells = columns.map(({ tier }, at) =>
      layOutCell(view, category, tier, columnLeft(at, columns.length), columns.length),
    )
    const name = wrapText(plainText(category.title), nameWidth - indent, size * 1.05)
    const lines = Math.max(name.length, ...cells.map(cell => cell.lines.flat().length))
    const row = {
      y,
      bottom: y + 2 * padding + lines * lineHeight,
      name,
      indent,
      title: plainText(category.title),
      cells,
    }
    y = row.bottom
    return [row]
  })
}

const layOutCell = (view: TrackView, category: Category, tier: Tier, left: number, count: number) => {
  const titles = view.cell(category.key, tier).map(({ title }) => plainText(title))
  return { tier, left, titles, lines: titles.map(title => wrapText(title, columnWidth(count) - bullet, size)) }
}

const bullet = 14

/** Describes the picture for screen readers. */
const describe = (view: TrackView, rows: Row[], facts: string): string => {
  const sentences = rows.map(({ title, cells }) => {
    const parts = cells.filter(({ titles }) => titles.length > 0)
    if (parts.length === 0) return `${title}.`
    return `${title}: ${parts.map(({ tier, titles }) => `${plainText(view.tierTitle(tier))}: ${titles.join(', ')}`).join('; ')}.`
  })
  return [`${facts}.`, ...sentences].join(' ')
}

const drawColumnHead = ({ tier, title }: TierColumn, at: number, count: number): Markup => {
  const left = columnLeft(at, count)
  return html`<rect class="${tier}" x="${left}" y="${top - 34}" width="${columnWidth(count)}" height="3"/><text class="strong" x="${left}" y="${top - 12}">${plainText(title)}</text>`
}

const drawRow = ({ y, name, indent, cells }: Row, width: number): Markup => {
  const firstBaseline = y + padding + 14
  return html`<path class="line" d="M${margin} ${y}H${width - margin}"/>
${name.map((line, at) => html`<text class="strong" x="${margin + indent}" y="${firstBaseline + at * lineHeight}">${line}</text>`)}
${cells.map(cell => drawCell(cell, firstBaseline))}`
}

const drawCell = ({ tier, left, lines }: Row['cells'][number], firstBaseline: number): Markup[] => {
  let y = firstBaseline
  return lines.map(title => {
    const at = y
    y += title.length * lineHeight
    return html`<circle class="${tier}" cx="${left + 3}" cy="${at - 4.5}" r="2.5"/>${title.map(
      (line, index) => html`<text x="${left + bullet}" y="${at + index * lineHeight}">${line}</text>`,
    )}`
  })
}

/** Contains nothing from the document, so that the Content-Security-Policy can allow it by its hash. */
export const svgStyle = `
text{font:${size}px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:#1d2521}
.title{font-size:30px;font-weight:700}.strong{font-weight:650}.quiet{fill:#55615b}
.ground{fill:#fbfaf7}.line{stroke:#dfe3dc}
.beginner{fill:#2e7d54}.intermediate{fill:#2f6a9f}.senior{fill:#86489b}
@media(prefers-color-scheme:dark){
text{fill:#e6ebe7}.quiet{fill:#a3b0a9}.ground{fill:#141916}.line{stroke:#323c37}
.beginner{fill:#7ccf9f}.intermediate{fill:#86bff0}.senior{fill:#d3a1e6}
}`

/**
 * Breaks a text into lines of at most this width, between words. The reader's font is unknown, so the widths are those of a
 * wide one.
 */
const wrapText = (text: string, width: number, size: number): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).flatMap(one => splitWord(one, width, size))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && textWidth(longer, size) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

const textWidth = (text: string, size: number): number =>
  [...text].reduce((sum, letter) => sum + letterWidth(letter), 0) * size

/** In units of the font size. */
const letterWidth = (letter: string): number => {
  if (/[ijl.,:;'|!()[\]/ ]/.test(letter)) return 0.36
  if (/[mwMW@%]/.test(letter)) return 0.92
  if (/[\u1100-\u{1ffff}]/u.test(letter)) return 1.02
  return /[A-Z]/.test(letter) ? 0.7 : 0.59
}

/** Splits a word that is wider than a line, as in languages without spaces. */
const splitWord = (word: string, width: number, size: number): string[] => {
  if (textWidth(word, size) <= width) return [word]
  const cut: string[] = []
  let piece = ''
  for (const letter of word) {
    if (textWidth(piece + letter, size) > width) {
      cut.push(piece)
      piece = letter
    } else piece += letter
  }
  return [...cut, piece]
}
