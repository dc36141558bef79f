import { createAncestorsOf } from '../model/category-tree.ts'
import type { Item } from '../model/curriculum.ts'
import type { Document, Draft } from '../model/document.ts'
import { formatDuration } from '../model/duration-text.ts'
import { keyOf } from '../model/keys.ts'
import { alignmentLabel } from '../model/skill.ts'
import { plainText } from '../text/html.ts'
import { bomOption, type Format, scopeOptions } from './format.ts'
import { plainTitle } from './markup.ts'
import { tierTitles } from './tree.ts'

/** Skills for a spreadsheet, one a row. */
export const spreadsheet: Format = {
  name: 'csv',
  mediaType: 'text/csv; charset=utf-8',
  fileNameSuffix: '-skills.csv',
  description: 'One row per skill, for spreadsheets.',
  options: [bomOption, ...scopeOptions],
  chunks: function* ({ document, selection, options }) {
    const columns = Object.entries(buildColumns(document))
    if (options.bom === 'true') yield '\ufeff'
    yield csvRow(columns.map(([name]) => name))
    for (const skill of selection.skills) yield csvRow(columns.map(([, text]) => escapeFormula(text(skill))))
  },
}

/** Returns the cells of each skill of a track as it is written in files, by slug and column. They have no id, position and time. */
export const skillCells = (document: Document): ReadonlyMap<string, Readonly<Record<string, string>>> => {
  const withKey = <D extends Draft>(draft: D) => ({ ...draft, key: keyOf(document.track.slug, draft.slug) })
  const columns = Object.entries(
    buildColumns({
      track: document.track,
      categories: document.categories.map(withKey),
      skills: document.skills.map(withKey),
      resources: document.resources.map(withKey),
    }),
  )
  return new Map(
    document.skills.map(draft => {
      const skill = { ...withKey(draft), id: '', position: 0, updatedAt: '' }
      return [draft.slug, Object.fromEntries(columns.map(([name, text]) => [name, escapeFormula(text(skill))]))]
    }),
  )
}

/** The parts of a track that the cells show. */
interface Titles {
  track: Pick<Item<'track'>, 'tiers'>
  categories: readonly Pick<Item<'category'>, 'key' | 'parent' | 'title'>[]
  skills: readonly Pick<Item<'skill'>, 'key' | 'title'>[]
  resources: readonly Pick<Item<'resource'>, 'key' | 'title' | 'url'>[]
}

type Row = Draft<'skill'> & Pick<Item<'skill'>, 'key' | 'id' | 'position' | 'updatedAt'>

/** The columns by name. Several values are lines of one cell; `parents` are those of the category, from the top down. */
const buildColumns = (document: Titles): Record<string, (skill: Row) => string> => {
  const tierTitle = tierTitles(document)
  const [categories, skills, resources] = [
    titleByKey(document.categories),
    titleByKey(document.skills),
    titleByKey(document.resources),
  ]
  const ancestorsOf = createAncestorsOf(document.categories)
  const urls = new Map(document.resources.map(({ key, url }) => [key, url]))
  return {
    key: skill => skill.key,
    category: skill => categories(skill.category),
    tier: skill => plainTitle(tierTitle(skill.tier)),
    position: skill => String(skill.position),
    title: skill => plainTitle(skill.title),
    kind: skill => skill.kind,
    optional: skill => (skill.optional ? 'yes' : 'no'),
    summary: skill => plainText(skill.summary ?? ''),
    outcomes: skill => skill.outcomes.map(plainText).join('\n'),
    examples: skill => skill.examples.map(plainText).join('\n'),
    prerequisites: skill => skill.prerequisites.map(skills).join('\n'),
    resources: skill => skill.resources.map(resources).join('\n'),
    urls: skill => skill.resources.map(key => urls.get(key) ?? '').join('\n'),
    id: skill => skill.id,
    updatedAt: skill => skill.updatedAt,
    code: skill => skill.code ?? '',
    alignments: skill => skill.alignments.map(alignmentText).join('\n'),
    externalId: skill => skill.externalId ?? '',
    parents: skill =>
      ancestorsOf(skill.category)
        .map(({ title }) => plainTitle(title))
        .join('\n'),
    duration: skill => (skill.duration === null ? '' : formatDuration(skill.duration)),
    related: skill => skill.related.map(skills).join('\n'),
  }
}

/** Writes an alignment as `ESCO: S1.2 program in Python <http://…>`. */
const alignmentText = (alignment: Item<'skill'>['alignments'][number]): string => {
  const framework = plainTitle(alignment.framework)
  const label = plainTitle(alignmentLabel(alignment))
  return `${label === framework ? '' : `${framework}: `}${label}${alignment.url === null ? '' : ` <${alignment.url}>`}`
}

/** Returns a function from a key to its title; keys of another track stay as they are. */
const titleByKey = (list: readonly { key: string; title: string }[]): ((key: string) => string) => {
  const titles = new Map(list.map(({ key, title }) => [key, plainTitle(title)]))
  return key => titles.get(key) ?? key
}

/** Prevents spreadsheets from reading the text as a formula (CSV injection). */
const escapeFormula = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

/** Formats a row (RFC 4180). An empty cell is not quoted, because some readers take `""` for a value. */
export const csvRow = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`

const cell = (text: string): string => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
