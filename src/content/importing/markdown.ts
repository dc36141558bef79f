import { Refused } from '../../errors.ts'
import type { Document } from '../../model/document.ts'
import type { Tier } from '../../model/vocabulary.ts'
import { decodeText } from './decode-text.ts'
import { collectItems, type ImportedFile, type ImportedTrack } from './imported-track.ts'
import { blocksOf } from './markdown-blocks.ts'
import { createLinkPlacer } from './markdown-links.ts'
import { addMatrix, asMatrix, type Matrix } from './markdown-matrix.ts'

export interface MarkdownOptions {
  /** The tier of skills of an outline whose headings name none. */
  tier?: Tier | undefined
}

/** Reads the matrices and the outline of a Markdown text. */
export const readMarkdown = (
  file: ImportedFile,
  _options: MarkdownOptions,
  existing: Document | undefined,
): ImportedTrack => {
  const text = decodeText(file).replaceAll(/\r\n?/g, '\n')
  if (/^\s*<(!doctype|html)\b/i.test(text))
    throw new Refused(`${file.name} is an HTML page, and Markdown is expected: import the address of its Markdown text`)
  const blocks = blocksOf(text)
  const matrices = blocks.flatMap(block => (block.type === 'table' ? (asMatrix(block) ?? []) : []))
  const collector = collectItems()
  const known = new Set(existing?.resources.flatMap(({ url }) => url ?? []))
  const links = createLinkPlacer(collector, known, file.url)
  const lines = text.split('\n')
  for (const matrix of matrices) addMatrix(matrix, { collector, links, lines, path: [], fallback: 'General' })
  if (collector.items.length === 0) throw new Refused(`${file.name} has neither a skill matrix nor an outline`)
  return {
    track: { tiers: tiersOf(matrices) },
    items: collector.items,
    complete: ['category', 'skill'],
    notes: collector.notes,
    text,
  }
}

/** Returns the tiers with the titles that the heads of columns give them. */
const tiersOf = (matrices: readonly Matrix[]) =>
  matrices
    .flatMap(({ tiers }) => tiers.filter(tier => tier !== undefined))
    .map(({ tier, title }) => ({ tier, title, theme: null, goal: null, duration: null }))
