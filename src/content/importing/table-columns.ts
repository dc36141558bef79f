import { Refused } from '../../errors.ts'
import { shorten } from '../../query/explain.ts'
import { didYouMean, nearest } from '../../query/suggest.ts'
import { normalizeTitle } from './imported-track.ts'
import type { TableRow } from './table.ts'

/** The fields that a column can fill, each with the heads that are taken for it; where several fit, the first. */
const heads = {
  key: ['key', 'slug'],
  title: [
    ...['title', 'name', 'skill', 'skill name', 'skill title', 'competency', 'competence', 'topic', 'lesson'],
    ...['learning unit', 'subject', 'item'],
  ],
  category: [
    'category',
    'module',
    'area',
    'unit',
    'section',
    'chapter',
    'domain',
    'week',
    'subject',
    'topic',
    'course',
  ],
  parents: ['parents', 'parent', 'parent category', 'part of'],
  tier: ['tier', 'level', 'stage', 'difficulty', 'proficiency', 'skill level'],
  kind: ['kind'],
  optional: ['optional', 'elective'],
  summary: ['summary', 'description', 'about', 'overview', 'abstract'],
  outcomes: ['outcomes', 'outcome', 'learning outcomes', 'objectives', 'objective', 'learning objectives', 'goals'],
  examples: ['examples', 'keywords', 'terms', 'tags', 'concepts', 'subtopics'],
  prerequisites: ['prerequisites', 'prerequisite', 'prereqs', 'requires', 'requirements', 'depends on', 'dependencies'],
  resources: ['resources', 'resource', 'materials', 'material', 'readings', 'reading', 'books', 'book'],
  urls: ['urls', 'url', 'links', 'link', 'resource link', 'resource url', 'website'],
  code: ['code', 'number', 'no', 'nr', '#', 'skill code'],
  alignments: ['alignments', 'alignment', 'standards', 'standard'],
  externalId: ['externalid', 'external id', 'id', 'identifier', 'uuid', 'guid', 'uid'],
  duration: ['duration', 'time', 'hours', 'minutes', 'days', 'weeks', 'effort', 'length'],
  related: ['related', 'related skills', 'see also'],
  notes: ['notes', 'note', 'comments', 'comment', 'remarks'],
} as const

export type ColumnField = keyof typeof heads
export const columnFields = Object.keys(heads) as ColumnField[] // the keys of the table

/** The index of the column of each field. */
export type Columns = ReadonlyMap<ColumnField, number>

/** Columns of our own export that say nothing new: the key names the skill, and its place is a line of a file. */
const derivedHeads = ['position', 'id', 'updatedAt']

export interface TableHead {
  row: TableRow
  columns: Columns
  /** True for our own export: an empty cell there is an empty field. */
  isExport: boolean
  /** True for the rows of a matrix. */
  isMatrix?: boolean
  /** The rows below. */
  rows: readonly TableRow[]
  /** The rows above. */
  skipped: readonly TableRow[]
}

/** Finds the row of the heads among the first rows, and the field of each column. `assigned` has heads by field, and comes first. */
export const findHead = (
  name: string,
  rows: readonly TableRow[],
  assigned: ReadonlyMap<ColumnField, string>,
): TableHead => {
  const candidates = rows.slice(0, 10).map((row, index) => ({ index, ...readHead(row, assigned) }))
  const found = candidates.find(
    ({ missing, columns }) => missing === undefined && columns.size > 1 && (columns.has('title') || columns.has('key')),
  )
  const only = candidates.find(({ missing, columns }) => missing === undefined && columns.has('title'))
  const head = found ?? only
  if (head === undefined) throw new Refused(`${name} ${explain(rows[0], candidates[0]?.missing)}`)
  const { index, row, columns, isExport } = head
  return { row, columns, isExport, rows: rows.slice(index + 1), skipped: rows.slice(0, index) }
}

/** Returns true for a row of heads that name the title and another field. */
export const isHead = (row: TableRow): boolean => {
  const { columns } = readHead(row, new Map())
  return columns.has('title') && columns.size > 1
}

const readHead = (row: TableRow, assigned: ReadonlyMap<ColumnField, string>) => {
  const names = row.cells.map(cell => cell.trim().slice(0, 300))
  const isExport = ['key', 'category', 'tier', 'title'].every(head => names.includes(head))
  const columns = new Map<ColumnField, number>()
  const free = names.map(head => head !== '' && !(isExport && derivedHeads.includes(head)))
  const take = (field: ColumnField, index: number): void => {
    columns.set(field, index)
    free[index] = false
  }
  let missing: string | undefined
  for (const [field, head] of assigned) {
    const index = names.findIndex(one => normalizeTitle(one) === normalizeTitle(head))
    if (index >= 0) take(field, index)
    else missing ??= head
  }
  for (const nameOf of [simpleHead, shortHead])
    for (const field of columnFields)
      for (const head of heads[field]) {
        if (columns.has(field)) break
        const index = names.findIndex((one, at) => free[at] === true && nameOf(one) === head)
        if (index >= 0) take(field, index)
      }
  return { row, columns, isExport, missing }
}

/** Returns a head without what stands in parentheses and without punctuation. */
const simpleHead = (head: string): string =>
  normalizeTitle(head.replaceAll(/\([^)]*\)|\[[^\]]*\]/g, ' ').replaceAll(/[^\p{L}\p{N}#]+/gu, ' '))

/** Returns a head without the words that add nothing, such as "Name of the module". */
const shortHead = (head: string): string =>
  simpleHead(head)
    .split(' ')
    .filter(word => !/^(name|title|of|the|your|our|learning|skills?|estimated|required|in|text|short)$/.test(word))
    .join(' ')

const explain = (first: TableRow | undefined, missing: string | undefined): string => {
  if (first === undefined) return 'is empty'
  const names = first.cells.map(cell => shorten(cell.trim())).filter(cell => cell !== '')
  const known = `its columns are ${names.join(', ')}`
  return missing === undefined
    ? `has no column for the title: name it with --columns title=…; ${known}`
    : `has no column "${missing}"${didYouMean(nearest(missing, names), `: ${known}`)}`
}

/** Parses `title=Name,category=Module`. A comma within a head is no separator. */
export const parseColumns = (text: string): ReadonlyMap<ColumnField, string> =>
  new Map(
    text.split(/,(?=\s*[A-Za-z]+\s*=)/).map(part => {
      const [name, ...head] = part.split('=')
      const field = columnFields.find(one => one === name?.trim())
      if (field === undefined || head.join('=').trim() === '')
        throw new Refused(
          `"${shorten(part)}" in --columns is not a field and a head, such as title=Name${didYouMean(
            field === undefined ? nearest(String(name).trim(), columnFields) : undefined,
            `: the fields are ${columnFields.join(', ')}`,
          )}`,
        )
      return [field, head.join('=').trim()] as const
    }),
  )
