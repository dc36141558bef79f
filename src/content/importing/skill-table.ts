import { createAncestorsOf } from '../../model/category-tree.ts'
import { type Document, type Draft, normalizeDocument } from '../../model/document.ts'
import { Key, keyOf, slugOf, trackOf } from '../../model/keys.ts'
import type { Tier } from '../../model/vocabulary.ts'
import { shorten } from '../../query/explain.ts'
import { plainText } from '../../text/html.ts'
import { slugFrom } from '../slug-from-title.ts'
import {
  parseAlignment,
  parseBoolean,
  parseDuration,
  parseKind,
  parseLinks,
  splitCell,
  unitOfHead,
} from './cell-values.ts'
import {
  collectItems,
  type ImportedFields,
  type ImportedFile,
  type ImportedItem,
  type ImportedTrack,
  type ItemCollector,
  normalizeTitle,
  type Place,
} from './imported-track.ts'
import { createLinkPlacer, type LinkPlacer } from './markdown-links.ts'
import { matchItems, nameFinder } from './match-items.ts'
import { readTable } from './read-table.ts'
import type { TableRow } from './table.ts'
import { type ColumnField, type Columns, findHead, parseColumns, type TableHead } from './table-columns.ts'
import { expandMatrix } from './table-matrix.ts'
import { type NamedTier, tierOfTitle } from './tier-words.ts'

export interface SkillTableOptions {
  /** The heads of columns by field: `title=Name,category=Module`. */
  columns?: string | undefined
  /** The name or number of a sheet. */
  sheet?: string | undefined
  /** The tier of new skills whose row names none. */
  tier?: Tier | undefined
}

/** Returns the cells that our export writes for each skill, by slug and column. */
export type ExportedCells = (document: Document) => ReadonlyMap<string, Readonly<Record<string, string>>>

/** Reads a table of skills, one a row. A cell that equals what our export writes for its skill leaves the field alone. */
export const readSkillTable = async (
  file: ImportedFile,
  options: SkillTableOptions,
  existing: Document | undefined,
  exportedCells: ExportedCells,
): Promise<ImportedTrack> => {
  const collector = collectItems()
  const { rows, text } = await readTable(file, options.sheet, collector)
  const head =
    (options.columns === undefined ? expandMatrix(rows, collector) : undefined) ??
    findHead(file.name, rows, options.columns === undefined ? new Map() : parseColumns(options.columns))
  if (!head.isMatrix) reportColumns(head, collector)
  const track = existing && normalizeDocument(existing)
  const table: TableContext = {
    head,
    collector,
    existing: track,
    exported: track === undefined ? new Map() : exportedCells(track),
    tiers: createTierReader(track),
    categories: createCategoryPlacer(track, collector),
    links: createLinkPlacer(collector, new Set(track?.resources.flatMap(({ url }) => url ?? [])), file.url),
    unread: createCellReport(head, collector),
  }
  addSkills(table, options.tier)
  table.unread.finish()
  return {
    track: { tiers: table.tiers.named() },
    items: collector.items,
    complete: ['skill'],
    notes: collector.notes,
    ...(text !== undefined && { text }),
  }
}

/** Says which column is taken for which field, and which is not imported. */
const reportColumns = ({ row, columns, isExport, rows, skipped }: TableHead, collector: ItemCollector): void => {
  const headOf = (index: number) => `"${shorten(String(row.cells[index]).trim())}"`
  const taken = [...columns].sort(([, a], [, b]) => a - b).map(([field, index]) => `${field} from ${headOf(index)}`)
  if (!isExport) collector.note(row.place(0), `columns: ${taken.join(', ')}`)
  for (const { cells, place } of skipped)
    collector.unplaced(
      place(cells.findIndex(cell => cell.trim() !== '')),
      'not imported: it is above the heads of the columns',
    )
  const used = new Set(columns.values())
  const width = Math.max(row.cells.length, ...rows.map(({ cells }) => cells.length))
  for (let index = 0; index < width; index += 1) {
    if (used.has(index)) continue
    const filled = rows.filter(({ cells }) => (cells[index] ?? '').trim() !== '').length
    const title = (row.cells[index] ?? '').trim()
    if (filled === 0 || (isExport && ['position', 'id', 'updatedAt'].includes(title))) continue
    const column = title === '' ? `column ${index + 1}, which has no head` : `the column ${headOf(index)}`
    collector.unplaced(
      row.place(Math.min(index, row.cells.length - 1)),
      `not imported: ${column} (${filled} ${filled === 1 ? 'cell' : 'cells'}). --columns says which field a column is`,
    )
  }
}

/** Reports cells that cannot be read, at most some of each column. */
interface CellReport {
  add(row: Row, field: ColumnField, reason: string): void
  /** Reports the number of the others. */
  finish(): void
}

const maxPerColumn = 20

const createCellReport = ({ row, columns }: TableHead, collector: ItemCollector): CellReport => {
  const counts = new Map<ColumnField, number>()
  return {
    add: (cells, field, reason) => {
      const count = (counts.get(field) ?? 0) + 1
      counts.set(field, count)
      if (count <= maxPerColumn) collector.unplaced(cells.place(field), `not imported: ${reason}`)
    },
    finish: () => {
      for (const [field, count] of counts)
        if (count > maxPerColumn)
          collector.unplaced(
            row.place(columns.get(field) as number), // a column with cells
            `not imported: ${count - maxPerColumn} more cells of this column`,
          )
    },
  }
}

interface TableContext {
  head: TableHead
  collector: ItemCollector
  /** The track in its normal form. */
  existing: Document | undefined
  exported: ReturnType<ExportedCells>
  tiers: TierReader
  categories: CategoryPlacer
  links: LinkPlacer
  unread: CellReport
}

/** The cells of a row by field. */
interface Row {
  place(field?: ColumnField): Place
  has(field: ColumnField): boolean
  /** The cell without white space around it and without the apostrophe that keeps spreadsheets from reading a formula. */
  cell(field: ColumnField): string
  /** The cell as it is. */
  raw(field: ColumnField): string
}

const createRow = ({ cells, place }: TableRow, columns: Columns): Row => {
  const raw = (field: ColumnField): string => cells[columns.get(field) ?? -1] ?? ''
  return {
    place: field => place(columns.get(field ?? 'title') ?? 0),
    has: field => columns.has(field),
    cell: field => withoutApostrophe(raw(field).trim()),
    raw,
  }
}

const withoutApostrophe = (text: string): string => text.replace(/^'(?=[=+\-@\t])/, '')

/** Adds an item for each row. */
const addSkills = (table: TableContext, defaultTier: Tier | undefined): void => {
  const { head, collector, existing, tiers, categories } = table
  let above = ''
  const rows = head.rows.flatMap(cells => {
    const row = createRow(cells, head.columns)
    // Merged cells, and cells that are left empty, continue the one above.
    if (row.cell('category') !== '' || head.isExport) above = row.cell('category')
    return isCategoryAlone(row, cells) ? [] : [{ ...row, category: numbered(head, above) }]
  })
  const items = rows.map(row => skeletonOf(row, tiers, categories))
  const matches = existing === undefined ? new Map() : matchItems(items as unknown as ImportedItem[], existing) // its noun decides the type of its fields
  const context = { ...table, names: createNames(items, existing) }
  const taken = new Set<string>()
  let untiered = 0
  for (const [index, item] of items.entries()) {
    const row = rows[index] as SkillRow // one an item
    const match: Draft<'skill'> | undefined = matches.get(item)
    const { places, ...values } = readRow(context, row, match)
    if (match !== undefined) collector.add({ ...item, ...values, slug: match.slug, places })
    else {
      const { slug, ...rest } = item
      const isTaken = slug !== undefined && (taken.has(slug) || existing?.skills.some(one => one.slug === slugOf(slug)))
      if (isTaken)
        collector.note(row.place('key'), `another row has the key "${shorten(slug)}" too: this one becomes a new skill`)
      if (values.fields.tier === undefined) untiered += 1
      const fields = { tier: defaultTier ?? 'beginner', ...values.fields }
      fields.category ??= categories.refOf(['General'], row.place())
      collector.add({ ...rest, ...values, fields, places, ...(slug !== undefined && !isTaken && { slug }) })
    }
    if (item.slug !== undefined) taken.add(item.slug)
  }
  if (untiered > 0 && defaultTier === undefined)
    collector.note(
      head.row.place(0),
      `${untiered} new ${untiered === 1 ? 'skill has' : 'skills have'} no tier: "beginner" is taken; --tier names another`,
    )
}

/** Returns true for a row that is only the heading of those below it. */
const isCategoryAlone = (row: Row, { cells }: TableRow): boolean =>
  row.cell('category') !== '' && cells.filter(cell => cell.trim() !== '').length === 1

/** Returns the title of a category; of a bare number, such as that of a week, with the head of the column. */
const numbered = ({ row, columns }: TableHead, title: string): string =>
  /^\d{1,3}$/.test(title) ? `${String(row.cells[columns.get('category') as number]).trim()} ${title}` : title

interface SkillRow extends Row {
  /** The title of the category, or that of the row above. */
  category: string
}

/** Returns an item with what it is matched by. */
const skeletonOf = (row: SkillRow, tiers: TierReader, categories: CategoryPlacer): ImportedItem<'skill'> => {
  const given = (field: 'title' | 'code' | 'externalId' | 'key') => row.cell(field) || undefined
  const [title, code, externalId, slug] = [given('title'), given('code'), given('externalId'), given('key')]
  const [category, tier] = [
    categories.find(pathOf(row)) ?? categories.find([row.category]),
    tiers.read(row.cell('tier')),
  ]
  return {
    noun: 'skill',
    ref: `row ${row.place().line}`,
    place: row.place(),
    ...(slug !== undefined && { slug }),
    fields: {
      ...(title !== undefined && { title }),
      ...(code !== undefined && { code }),
      ...(externalId !== undefined && { externalId }),
      ...(category !== undefined && { category }),
      ...(tier !== undefined && { tier }),
    },
  }
}

/** Returns the titles of the categories of a row, from the top down. */
const pathOf = (row: SkillRow): string[] => [...linesOf(row.cell('parents')), ...row.category.split(/\s+>\s+/)]

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')

/** The fields of a skill that one column each fills. */
const plainFields = [
  ...(['title', 'tier', 'kind', 'optional', 'duration', 'code', 'externalId', 'summary', 'notes'] as const),
  ...(['outcomes', 'examples', 'alignments', 'prerequisites', 'related'] as const),
] satisfies ColumnField[]
type PlainField = (typeof plainFields)[number]

/** The values of emptied cells; undefined for fields that must have a value. */
const emptied: Record<PlainField, unknown> = {
  title: undefined,
  tier: undefined,
  kind: 'practical',
  optional: false,
  duration: null,
  code: null,
  externalId: null,
  summary: null,
  notes: null,
  outcomes: [],
  examples: [],
  alignments: [],
  prerequisites: [],
  related: [],
}

interface RowContext extends TableContext {
  names: Names
}

/** The skill of the track that a row describes, and the cells that our export writes for it. */
interface Before {
  skill: Draft<'skill'>
  cells: Readonly<Record<string, string>>
}

/** Reads the cells of a row that differ from those of our export. */
const readRow = (context: RowContext, row: SkillRow, skill: Draft<'skill'> | undefined) => {
  const { head, unread, exported } = context
  const before = skill && { skill, cells: exported.get(skill.slug) as Before['cells'] } // each skill has its cells
  const isChanged = (field: ColumnField): boolean =>
    row.has(field) && (before === undefined || !isSameCell(field, row.raw(field), before.cells[field] ?? ''))
  const fields: Record<string, unknown> = {}
  const places: Record<string, Place> = {}
  for (const field of plainFields) {
    if (!isChanged(field)) continue
    const cell = row.cell(field)
    if (cell === '' && (before === undefined || !head.isExport)) continue
    const value = cell === '' ? emptied[field] : readers[field](cell, context, before)
    if (value === undefined) unread.add(row, field, unreadable(field, cell))
    else {
      fields[field] = value
      places[field] = row.place(field)
    }
  }
  const category = readCategory(context, row, isChanged, before)
  if (category !== undefined) fields.category = category
  const { resources, sample } = isChanged('resources') || isChanged('urls') ? readResources(context, row, before) : {}
  if (sample !== undefined && !skill?.sample) fields.sample = sample
  if (resources !== undefined) {
    places.resources = row.place(row.has('resources') ? 'resources' : 'urls')
    if (head.isExport) fields.resources = resources
  }
  return {
    fields: fields as ImportedFields<'skill'>, // each reader returns a value of its field, which the merge checks
    places,
    ...(resources !== undefined && resources.length > 0 && !head.isExport && { additions: { resources } }),
  }
}

/** Compares a cell with that of the export; a spreadsheet may have removed the apostrophe before a formula. */
const isSameCell = (field: ColumnField, cell: string, exported: string): boolean => {
  const normalize = unordered.has(field) ? withSortedLines : withPlainLines
  const [one, other] = [normalize(cell), normalize(exported)]
  return one === other || one === withoutApostrophe(other)
}

/** The fields whose lines have no order. */
const unordered: ReadonlySet<ColumnField> = new Set(['prerequisites', 'related', 'resources', 'urls'])

const withSortedLines = (text: string): string => linesOf(text).sort().join('\n')

const withPlainLines = (text: string): string => text.replaceAll(/\r\n?/g, '\n').trim()

const unreadable = (field: PlainField, cell: string): string =>
  cell === ''
    ? `a skill needs a ${field}`
    : `"${shorten(cell).replaceAll(/\p{Cc}/gu, ' ')}" ${reasons[field] ?? 'is too long'}`

const reasons: Partial<Record<PlainField, string>> = {
  tier: 'names no tier',
  kind: 'is neither practical nor theoretical',
  optional: 'is neither yes nor no',
  duration: 'is no duration, such as 2 hours or 30–45 minutes',
  prerequisites: 'names a skill that does not exist',
  related: 'names a skill that does not exist',
}

/** Returns the values of a list by the lines that the export writes for them; nothing for a new skill. */
const knownLines = <V>(
  before: Before | undefined,
  field: ColumnField,
  valuesOf: (skill: Draft<'skill'>) => readonly V[],
): ReadonlyMap<string | undefined, V> => {
  if (before === undefined) return new Map()
  const lines = withoutApostrophe(String(before.cells[field])).split('\n')
  return new Map(valuesOf(before.skill).map((value, index) => [lines[index], value]))
}

type Reader = (cell: string, context: RowContext, before: Before | undefined) => unknown

const asText: Reader = cell => cell

/** Reads a list of texts. A line that the export wrote keeps the backticks of its text. */
const asTexts =
  (field: 'outcomes' | 'examples'): Reader =>
  (cell, { head }, before) => {
    const known = new Map(before?.skill[field].map(text => [plainText(text), text]))
    const values = head.isExport ? linesOf(cell) : splitCell(cell, field === 'examples')
    return values.map(value => known.get(value) ?? value)
  }

/** Reads a list of references to skills: titles, slugs, keys or codes. */
const asSkills =
  (field: 'prerequisites' | 'related'): Reader =>
  (cell, { head, names }, before) => {
    const known = knownLines(before, field, skill => skill[field])
    const values = head.isExport ? linesOf(cell) : names.isKnown(cell) ? [cell] : splitCell(cell, true)
    const keys = values.map(value => known.get(value) ?? names.refOf(value))
    // A list that is only known in part would lose references.
    return before !== undefined && keys.includes(undefined) ? undefined : keys.map((key, index) => key ?? values[index])
  }

const asAlignments: Reader = (cell, { head }, before) => {
  const known = knownLines(before, 'alignments', ({ alignments }) => alignments)
  const values = (head.isExport ? linesOf(cell) : splitCell(cell, false)).map(
    value => known.get(value) ?? parseAlignment(value),
  )
  return values.includes(undefined) ? undefined : values
}

const readers: Record<PlainField, Reader> = {
  title: cell => cell.replaceAll(/\s+/g, ' '),
  tier: (cell, { tiers }) => tiers.read(cell),
  kind: parseKind,
  optional: parseBoolean,
  duration: (cell, { head: { row, columns } }) =>
    parseDuration(cell, unitOfHead(String(row.cells[columns.get('duration') as number]))), // the cell is in that column
  code: asText,
  externalId: asText,
  summary: asText,
  notes: asText,
  outcomes: asTexts('outcomes'),
  examples: asTexts('examples'),
  alignments: asAlignments,
  prerequisites: asSkills('prerequisites'),
  related: asSkills('related'),
}

/** Returns the category of a row; undefined if it stays, or is not given. */
const readCategory = (
  { head, categories, unread }: RowContext,
  row: SkillRow,
  isChanged: (field: ColumnField) => boolean,
  before: Before | undefined,
): string | undefined => {
  if (row.category === '') {
    if (before !== undefined && head.isExport && row.has('category'))
      unread.add(row, 'category', 'a skill needs a category')
    return undefined
  }
  if (row.cell('category') !== '' && !isChanged('category') && !isChanged('parents')) return undefined
  const path = pathOf(row)
  const found = categories.find(path)
  const elsewhere = found === undefined ? categories.find([row.category]) : undefined
  if (elsewhere === undefined) return found ?? categories.refOf(path, row.place('category'))
  // Old parents beside a new category say nothing; new parents do not move a category.
  if (isChanged('parents'))
    unread.add(row, 'parents', `the category "${shorten(row.category)}" has other parents: move it in roadmap.yaml`)
  return elsewhere
}

/** Finds the resources of a row by title or URL, and adds new ones that have a URL. */
const readResources = (
  { head, collector, existing, links, names }: RowContext,
  row: SkillRow,
  before: Before | undefined,
) => {
  const known = knownLines(before, 'resources', ({ resources }) => resources)
  const track = existing?.track.slug ?? ''
  const urls = new Map(existing?.resources.map(({ slug, url }) => [keyOf(track, slug), url]))
  const keys = new Map([...urls].map(([key, url]) => [url, key]))
  const place = row.place(row.has('urls') ? 'urls' : 'resources')
  const resources = new Set<string>()
  let sample: Draft<'skill'>['sample'] | undefined
  for (const { label, url } of linksOf(row, head.isExport)) {
    const key = known.get(label) ?? names.resource(label) ?? keys.get(url)
    if (key !== undefined) {
      if (url !== '' && url !== urls.get(key) && urls.has(key))
        collector.add({ noun: 'resource', ref: `${key} ${url}`, slug: key, place, fields: { url } })
      resources.add(key)
    } else if (url === '') resources.add(label)
    else {
      const placed = links.place([{ label: label || url, address: url }], place)
      for (const ref of placed.resources) resources.add(ref)
      sample ??= placed.sample
    }
  }
  return { resources: [...resources], sample }
}

interface TableLink {
  /** Empty without a text. */
  label: string
  /** Empty without an address. */
  url: string
}

/** Returns the links of a row. The titles and addresses of as many lines belong together. */
const linksOf = (row: Row, isExport: boolean): TableLink[] => {
  const split = (field: 'resources' | 'urls'): string[] =>
    isExport
      ? row
          .raw(field)
          .split('\n')
          .map(line => line.trim())
      : splitCell(row.cell(field), false)
  const [titles, urls] = [split('resources'), split('urls')]
  const pairs =
    row.has('resources') && row.has('urls') && titles.length === urls.length
      ? titles.map((title, index) => [title, urls[index] as string]) // as many
      : [...titles, ...urls].map(text => [text])
  return pairs.flatMap(parts => {
    const texts = parts.map(parseLinks)
    const label = texts.map(one => one.label).find(text => text !== '') ?? ''
    const addresses = texts.flatMap(one => one.urls)
    if (addresses.length === 0) return label === '' ? [] : [{ label, url: '' }]
    return addresses.map(url => ({ label: addresses.length === 1 ? label : '', url }))
  })
}

/** Finds what the cells of references name. */
interface Names {
  isKnown(name: string): boolean
  /** Returns the `ref` of the row that has this key, code or title, or the name of a skill that is no row; undefined for unknown names. */
  refOf(name: string): string | undefined
  /** Returns the key of a resource of the track by a name of it. */
  resource(name: string): string | undefined
}

const createNames = (items: readonly ImportedItem<'skill'>[], existing: Document | undefined): Names => {
  const refs = new Map<string, string>()
  const titled = Map.groupBy(items, ({ fields }) => titleName(fields.title ?? ''))
  for (const [title, [item, ...others]] of titled)
    if (item !== undefined && others.length === 0) refs.set(title, item.ref)
  for (const { ref, slug, fields } of items)
    for (const name of [fields.code, slug, slug && slugOf(slug)]) if (name) refs.set(name, ref)
  const find = existing && nameFinder(existing)
  const refOf = (name: string): string | undefined => {
    const ref = refs.get(name) ?? refs.get(titleName(name))
    if (ref !== undefined || isKeyElsewhere(name, existing)) return ref ?? name
    // A former title, from which a former slug was made, names the skill still.
    return [name, slugFrom(name)].find(one => find?.('skill', one) !== undefined)
  }
  return {
    isKnown: name => refOf(name) !== undefined,
    refOf,
    resource: name => {
      const found = name === '' ? undefined : find?.('resource', name)
      return found === undefined || existing === undefined ? undefined : keyOf(existing.track.slug, found.slug)
    },
  }
}

/** Returns true for a key of another track. */
const isKeyElsewhere = (name: string, existing: Document | undefined): boolean =>
  name.includes('.') && Key.safeParse(name).success && trackOf(name) !== existing?.track.slug

/** Returns a title as it is compared: the export has it without backticks. */
const titleName = (title: string): string => normalizeTitle(plainText(title))

/** Finds categories by their titles from the top down, and adds those that do not exist. */
interface CategoryPlacer {
  /** Returns the key of a category of the track. A single name may be a slug, a key, or a title that no other category has. */
  find(path: readonly string[]): string | undefined
  /** Returns the key or the `ref` of a category, which is added if the track has none. */
  refOf(path: readonly string[], place: Place): string
}

const createCategoryPlacer = (existing: Document | undefined, collector: ItemCollector): CategoryPlacer => {
  const keyed =
    existing === undefined
      ? []
      : existing.categories.map(draft => ({ ...draft, key: keyOf(existing.track.slug, draft.slug) }))
  const ancestorsOf = createAncestorsOf(keyed)
  const nameOf = (path: readonly string[]): string => JSON.stringify(path.map(titleName))
  const keys = new Map(
    keyed.map(category => [nameOf([...ancestorsOf(category.key), category].map(({ title }) => title)), category.key]),
  )
  const findByName = existing && nameFinder(existing)
  const find = (path: readonly string[]): string | undefined => {
    const key = keys.get(nameOf(path))
    if (key !== undefined || path.length !== 1) return key
    const [name = ''] = path
    const found = findByName?.('category', name)
    return found === undefined ? undefined : keyed.find(({ slug }) => slug === found.slug)?.key
  }
  const refs = new Map<string, string>()
  const refOf = (path: readonly string[], place: Place): string => {
    const known = find(path) ?? refs.get(nameOf(path))
    if (known !== undefined) return known
    const [parents, ref] = [path.slice(0, -1), nameOf(path)]
    const parent = parents.length === 0 ? null : refOf(parents, place)
    refs.set(ref, ref)
    collector.add({ noun: 'category', ref, place, fields: { title: path.at(-1) as string, parent } }) // a path has at least one title
    return ref
  }
  return { find, refOf }
}

/** Reads tiers, and collects the titles that a table gives them. */
interface TierReader {
  read(cell: string): Tier | undefined
  /** Returns the tiers that the cells named, with their words as titles. */
  named(): Draft<'track'>['tiers']
}

const createTierReader = (existing: Document | undefined): TierReader => {
  const own = new Map(existing?.track.tiers.map(({ tier, title }) => [titleName(title), tier]))
  const named = new Map<Tier, NamedTier>()
  return {
    read: cell => {
      const known = own.get(titleName(cell))
      if (known !== undefined || cell === '' || cell.length > 100) return known
      const found = tierOfTitle(/^\d$/.test(cell) ? `Level ${cell}` : cell)
      if (found !== undefined && !named.has(found.tier)) named.set(found.tier, found)
      return found?.tier
    },
    named: () => [...named.values()].map(one => ({ ...one, theme: null, goal: null, duration: null })),
  }
}
