import type { Draft } from '../../model/document.ts'
import type { Tier } from '../../model/vocabulary.ts'
import type { ItemCollector, Place } from './imported-track.ts'
import type { LinkPlacer } from './markdown-links.ts'
import { addMatrix, asMatrix } from './markdown-matrix.ts'
import { addOtherNoun } from './markdown-nouns.ts'
import type { Entry, Section } from './markdown-sections.ts'
import { linksOf, textOf, titleAndRest } from './markdown-text.ts'
import { type OtherNoun, otherNounOf } from './noun-words.ts'
import { type NamedTier, tierOfTitle } from './tier-words.ts'

export interface OutlineOptions {
  collector: ItemCollector
  links: LinkPlacer
  lines: readonly string[]
  /** The tier of skills whose headings name none; without one, they are for beginners, with a note. */
  tier: Tier | undefined
  /** The title of the category of skills that have none. */
  fallback: string
  /** Puts the categories of a matrix below the headings above it. */
  nestMatrices: boolean
  /** Receives each tier that a heading or the head of a column names. */
  onTier(tier: NamedTier): void
  /** Receives the goal of a tier. */
  onGoal(tier: Tier, goal: string): void
}

/** The category, tier, kind and noun that the headings above a part of the text give it. */
interface Context {
  /** The titles of categories. */
  path: readonly string[]
  tier: Tier | undefined
  kind: Draft<'skill'>['kind'] | undefined
  noun: OtherNoun | undefined
}

/** Adds what a section and those below it contain: headings are categories, items of lists are skills. */
export const addOutline = (root: Section, options: OutlineOptions): void => {
  const { collector, links, lines, fallback, onTier, onGoal } = options
  let isTierAssumed = false

  const visit = (section: Section, above: Context): void => {
    const { title, place, entries, paragraphs, sections } = section
    // It repeats the headings.
    if (/^(table of )?contents$/i.test(title)) return
    const context = contextOf(section, above)
    for (const { place: at } of section.others)
      collector.unplaced(at, 'code, quotes and HTML belong into the item of a skill')
    if (context.noun !== undefined) {
      addOtherNoun(context.noun, section, { collector, links, lines, tier: context.tier })
      if (context.noun !== 'project') for (const child of sections) visit(child, context)
      for (const { place: at } of context.noun === 'project' ? [] : paragraphs) collector.unplaced(at, unplacedText)
      return
    }
    for (const table of section.tables) addTable(table, context)
    const isCategory = context.path !== above.path
    if (isCategory && isLeaf(section) && (above.path.length > 0 || above.tier !== undefined)) {
      const [first, ...others] = paragraphs
      addSkill(title, place, above, {
        summary: first?.text ?? '',
        notes: others.map(({ source }) => source).join('\n\n'),
      })
      return
    }
    if (isCategory && entries.length + sections.length > 0)
      collector.category(context.path, place, categoryFields(context, paragraphs.map(({ text }) => text).join(' ')))
    else if (isCategory && isLeaf(section)) collector.unplaced(place, 'there are no skills below this heading')
    else for (const { place: at } of paragraphs) collector.unplaced(at, unplacedText)
    addEntries(context.tier === above.tier ? entries : takeGoal(entries, context.tier), context)
    for (const child of sections) visit(child, context)
  }

  /** Takes the goal of a tier out of the items below its heading. */
  const takeGoal = ([first, ...others]: readonly Entry[], tier: Tier | undefined): readonly Entry[] => {
    if (first === undefined) return []
    const [, goal] = /^goals?:\s+(.+)$/i.exec(textOf(first.pieces)) ?? []
    if (tier === undefined || goal === undefined) return [first, ...others]
    onGoal(tier, goal)
    return others
  }

  const contextOf = ({ title, place }: Section, above: Context): Context => {
    if (title === '') return above
    const tier = tierOfTitle(title)
    if (tier !== undefined) {
      onTier(tier)
      return { ...above, tier: tier.tier, noun: undefined }
    }
    const noun = otherNounOf(title)
    if (noun !== undefined) return { ...above, noun }
    if (/^((practical|technical) )?skills$/i.test(title)) return { ...above, kind: 'practical' }
    if (/^theor(y|etical( (knowledge|skills|topics))?)$/i.test(title)) return { ...above, kind: 'theoretical' }
    if (above.path.length < maxLevels) return { ...above, path: [...above.path, title] }
    collector.note(place, 'categories nest on three levels at most: this heading is joined to the one above it')
    return { ...above, path: [...above.path.slice(0, -1), `${above.path.at(-1)} / ${title}`] }
  }

  const addTable = (table: Section['tables'][number], { path }: Context): void => {
    const matrix = asMatrix(table)
    if (matrix === undefined) {
      collector.unplaced({ line: table.lines[0] + 1, column: 1 }, 'no column of this table names a tier')
      return
    }
    for (const tier of matrix.tiers) if (tier !== undefined) onTier(tier)
    addMatrix(matrix, {
      collector,
      links,
      lines,
      path: options.nestMatrices ? path.slice(0, maxLevels - 1) : [],
      headings: path,
      fallback,
    })
  }

  /** Adds the items of lists: skills or, without a heading above them, categories where items have items below them. */
  const addEntries = (entries: readonly Entry[], context: Context): void => {
    for (const entry of entries) {
      const { title, rest } = titleAndRest(textOf(entry.pieces))
      if (context.path.length === 0 && entry.entries.length > 0) {
        const inside = { ...context, path: [title] }
        collector.category(inside.path, entry.place, categoryFields(inside, rest))
        addEntries(entry.entries, inside)
      } else addSkill(title, entry.place, context, { summary: rest, notes: entry.notes, entry })
    }
  }

  const addSkill = (title: string, place: Place, context: Context, about: SkillText): void => {
    const { kind } = context
    const tier = context.tier ?? options.tier ?? 'beginner'
    if (context.tier === undefined && options.tier === undefined && !isTierAssumed) {
      isTierAssumed = true
      collector.note(
        place,
        'no heading above names a tier: such skills are for beginners; choose another tier with --tier',
      )
    }
    const category = collector.category(context.path.length > 0 ? context.path : [fallback], place)
    const { summary, notes, entry } = about
    const below = entry === undefined ? [] : allEntries(entry.entries)
    const { sample, resources } = links.place(
      [...linksOf(entry?.pieces ?? []), ...below.flatMap(({ pieces }) => linksOf(pieces))],
      place,
    )
    const texts = below.filter(({ pieces }) => !isLink(pieces)).map(({ pieces }) => textOf(pieces))
    const [examples, outcomes] = [texts.filter(isCode), texts.filter(text => !isCode(text))]
    collector.add({
      noun: 'skill',
      ref: `${category} | ${tier} | ${title}`,
      place,
      fields: {
        title,
        category,
        tier,
        ...(kind !== undefined && { kind }),
        ...(summary !== '' && { summary }),
        ...(notes !== '' && { notes }),
        ...(outcomes.length > 0 && { outcomes }),
        ...(examples.length > 0 && { examples }),
        ...(sample !== undefined && { sample }),
      },
      ...(resources.length > 0 && { additions: { resources } }),
    })
  }

  visit(root, { path: [], tier: undefined, kind: undefined, noun: undefined })
}

interface SkillText {
  summary: string
  /** In Markdown. */
  notes: string
  entry?: Entry
}

const maxLevels = 3

const unplacedText = 'this text belongs to no category and no skill'

/** Returns true for a heading without a list, a table or another heading below it. */
const isLeaf = ({ entries, tables, others, sections }: Section): boolean =>
  entries.length + tables.length + others.length + sections.length === 0

const categoryFields = ({ kind }: Context, summary: string) => ({
  ...(summary !== '' && { summary }),
  ...(kind !== undefined && { kind }),
})

/** Returns items with all items below them. */
const allEntries = (entries: readonly Entry[]): Entry[] =>
  entries.flatMap(entry => [entry, ...allEntries(entry.entries)])

const isLink = (pieces: Entry['pieces']): boolean =>
  pieces.every(({ text, link }) => link !== undefined || text.trim() === '')

const isCode = (text: string): boolean => /^`[^`]*`$/.test(text)
