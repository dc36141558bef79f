import { Refused } from '../../errors.ts'
import type { Document } from '../../model/document.ts'
import { Text } from '../../model/text.ts'
import type { Tier } from '../../model/vocabulary.ts'
import { brokenRule } from '../../query/explain.ts'
import { decodeText } from './decode-text.ts'
import { collectItems, type ImportedFile, type ImportedTrack } from './imported-track.ts'
import { type Block, blocksOf } from './markdown-blocks.ts'
import { createLinkPlacer } from './markdown-links.ts'
import { asMatrix } from './markdown-matrix.ts'
import { addOutline } from './markdown-outline.ts'
import { type Section, sectionsOf } from './markdown-sections.ts'
import { otherNounOf } from './noun-words.ts'
import { type NamedTier, tierOfTitle } from './tier-words.ts'

export interface MarkdownOptions {
  /** The tier of skills of an outline whose headings name none. */
  tier?: Tier | undefined
}

/** Reads the matrices and the outline of a Markdown text. */
export const readMarkdown = (
  file: ImportedFile,
  { tier }: MarkdownOptions,
  existing: Document | undefined,
): ImportedTrack => {
  const text = decodeText(file).replaceAll(/\r\n?/g, '\n')
  if (/^\s*<(!doctype|html)\b/i.test(text))
    throw new Refused(`${file.name} is an HTML page: import the address, or the file, of its Markdown text`)
  if (text.length > maxCharacters)
    throw new Refused(`${file.name} has more than ${maxCharacters / 1_000_000} million characters: import a part of it`)
  const lines = text.split('\n')
  const blocks = blocksOf(withMarkdownBullets(text))
  const root = sectionsOf(blocks, lines)
  const title = takeTitle(root)
  const introduction = takeIntroduction(root)
  const collector = collectItems()
  const known = new Set(existing?.resources.flatMap(({ url }) => url ?? []))
  const [named, goals] = [new Map<Tier, NamedTier>(), new Map<Tier, string>()]
  addOutline(root, {
    collector,
    links: createLinkPlacer(collector, known, file.url),
    lines,
    tier,
    fallback: title ?? 'General',
    nestMatrices: blocks.filter(isMatrix).length > 1,
    onTier: one => named.set(one.tier, named.get(one.tier) ?? one),
    onGoal: (one, goal) => goals.set(one, goal),
  })
  if (collector.items.length === 0)
    throw new Refused(`${file.name} has neither a table with a column for each tier nor a list of skills`)
  return {
    track: {
      ...(title !== undefined && { title }),
      ...(introduction !== '' && { introduction }),
      tiers: [...named.values()].map(one => ({
        ...one,
        theme: null,
        goal: goals.get(one.tier) ?? null,
        duration: null,
      })),
    },
    items: collector.items,
    complete: ['category', 'skill'],
    notes: collector.notes,
    text,
  }
}

/** A Markdown text of this length is parsed within seconds. */
const maxCharacters = 5_000_000

/** Replaces the bullets of word processors by those of Markdown; every character keeps its place. */
const withMarkdownBullets = (text: string): string => text.replaceAll(/^([ \t]*)[●○■□▪▫•◦‣⁃](?=[ \t])/gm, '$1-')

const isMatrix = (block: Block): boolean => block.type === 'table' && asMatrix(block) !== undefined

/** Returns the title of a document that has one heading on the first level, at its beginning, and takes it out of the sections. */
const takeTitle = (root: Section): string | undefined => {
  const [first, ...others] = root.sections
  if (first === undefined || others.length > 0 || first.level > 1 || isNamed(first.title)) return undefined
  root.paragraphs = root.paragraphs.concat(first.paragraphs)
  root.entries = root.entries.concat(first.entries)
  root.tables = root.tables.concat(first.tables)
  root.others = root.others.concat(first.others)
  root.sections = first.sections
  return /^(introduction|overview|readme|about)$/i.test(first.title) ? undefined : first.title
}

const isNamed = (title: string): boolean => tierOfTitle(title) !== undefined || otherNounOf(title) !== undefined

/** Returns the text before the first heading, and takes it out of the sections. */
const takeIntroduction = (root: Section): string => {
  const text = root.paragraphs.map(paragraph => paragraph.text).join('\n\n')
  if (brokenRule(Text, text) !== undefined) return ''
  root.paragraphs = []
  return text
}
