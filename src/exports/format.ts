import type { Catalog, Filter, TrackDocument } from '../catalog.ts'
import type { PictureFile } from '../model/picture.ts'
import { tiers } from '../model/tiers.ts'
import { cannotBe, parseChoice, resolveNames } from '../query/filters.ts'
import type { TrackChanges } from './changed-rows.ts'

/** An export format. The routes, the command line and the list of formats are derived from it. */
export interface Format {
  /** The name in the URL. */
  name: string
  mediaType: string
  /** Follows the track's slug in the file name. */
  fileNameSuffix: string
  description: string
  options: readonly FormatOption[]
  /** True if the file contains the pictures of the track. */
  hasPictures?: boolean
  /** Pure: the same input gives the same bytes, at any time and on any machine. A promise where a library is loaded first. */
  chunks(input: ExportInput): Iterable<Chunk> | Promise<Iterable<Chunk>>
}

export type Chunk = string | Uint8Array

/** The input of a format. */
export interface ExportInput {
  /** The whole track, to look up titles of nouns outside the selection. */
  document: TrackDocument
  /** The part of the track in scope. */
  selection: TrackDocument
  options: OptionValues
  /** The changes since the cursor of the request; undefined without one. */
  changes: TrackChanges | undefined
  /** The pictures of the track. */
  pictures: readonly PictureFile[]
  /** The origin at which clients reach the service. */
  publicUrl: string
}

export const fileNameOf = (track: string, { fileNameSuffix }: Pick<Format, 'fileNameSuffix'>): string =>
  `${track}${fileNameSuffix}`

export type OptionName =
  | 'tier'
  | 'category'
  | 'source'
  | 'by'
  | 'idnumber'
  | 'since'
  | 'version'
  | 'checklist'
  | 'bom'
  | 'external'

/** An option of a format. */
export interface FormatOption {
  name: OptionName
  description: string
  /** The allowed words, the default first. */
  values?: readonly [string, ...string[]]
  /** For an option without a list of words: its pattern, and a description of it for errors. */
  pattern?: RegExp
  expected?: string
  /** True when it takes several values, separated by commas. */
  several?: boolean
  example: string
}

/** The options of a request, as text. */
export type OptionValues = { [K in OptionName]?: string | undefined }

/** The filter that limits an export to a part of the track. */
export type Scope = Pick<Filter, 'tier' | 'category' | 'source'>

const tierOption: FormatOption = {
  name: 'tier',
  description: 'Only skills of these tiers.',
  values: tiers,
  several: true,
  example: 'senior',
}
const categoryOption: FormatOption = {
  name: 'category',
  description: 'Only skills of these categories and those below them: slugs or keys.',
  several: true,
  example: 'testing',
}
const sourceOption: FormatOption = {
  name: 'source',
  description: 'Only what these source documents mention: slugs or keys.',
  several: true,
  example: 'roadmap',
}
export const scopeOptions = [tierOption, categoryOption, sourceOption] as const

const booleanOption = (name: OptionName, description: string): FormatOption => ({
  name,
  description,
  values: ['false', 'true'],
  example: 'true',
})
export const checklistOption = booleanOption('checklist', 'Begins each line with a checkbox.')
export const bomOption = booleanOption(
  'bom',
  'Begins the file with a byte order mark, which Excel needs to detect UTF-8.',
)

export const externalOption = booleanOption(
  'external',
  'Adds, after the object of each skill, one for each of its alignments that has a URL.',
)

export const groupingOption = (description: string, ...values: [string, string]): FormatOption => ({
  name: 'by',
  description,
  values,
  example: values[1],
})

export const versionOption: FormatOption = {
  name: 'version',
  description: 'The version of Common Cartridge: Moodle reads only 1.1; 1.3 has assignments, which Canvas reads.',
  values: ['1.1', '1.3'],
  example: '1.3',
}

/** Begins with a letter, because PHP compares numeric texts as numbers. */
export const idNumberOption: FormatOption = {
  name: 'idnumber',
  description: 'The ID number of the framework. It is unique on a Moodle site, so a second copy needs another one.',
  pattern: /^[A-Za-z][A-Za-z0-9._@-]{0,99}$/,
  expected: 'a letter and then at most 99 letters, digits or any of . _ @ -',
  example: 'python-2026',
}

export const sinceOption: FormatOption = {
  name: 'since',
  description:
    'Only the rows that changed since this cursor, the `Curriculum-Cursor` of an earlier export, with their parent groups; removed rows are marked as deleted.',
  pattern: /^\d{1,15}$/,
  expected: 'a cursor from the header Curriculum-Cursor, a whole number',
  example: '0',
}

/** Rejects a request with the name of an invalid option. */
export const checkOptions = (options: readonly FormatOption[], given: OptionValues): void => {
  for (const { name, values, pattern, expected, several } of options) {
    const value = given[name]
    if (value === undefined || several) continue
    if (values !== undefined) parseChoice(name, value, values)
    if (pattern !== undefined && !pattern.test(value)) throw cannotBe(name, value, `must be ${expected}`)
  }
}

/** Parses the scope; undefined without one. Its categories are only those that the client named. */
export const parseScope = async (
  catalog: Catalog,
  track: string,
  { tier, category, source }: OptionValues,
): Promise<Scope | undefined> => {
  if (tier === undefined && category === undefined && source === undefined) return undefined
  const split = (words: string | undefined) => words?.split(',')
  return resolveNames(catalog, 'skill', {
    track: [track],
    tier: split(tier),
    category: split(category),
    source: split(source),
  })
}
