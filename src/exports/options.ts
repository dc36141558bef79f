import type { Catalog, Filter } from '../catalog.ts'
import { badParameter } from '../errors.ts'
import { tiers } from '../model/vocabulary.ts'
import { readFilter, readWord } from '../query/filters.ts'

export type OptionName = 'tier' | 'category' | 'source' | 'by' | 'idnumber' | 'since' | 'version' | 'checklist' | 'bom'

/** Something that can be asked of a format. */
export interface Option {
  name: OptionName
  description: string
  /** The words it takes, the one that holds without it first. */
  values?: readonly [string, ...string[]]
  /** Where it takes what no list holds: how that looks, and how it is called in a sentence. */
  pattern?: RegExp
  takes?: string
  /** Whether it takes several by comma: any of them. */
  several?: boolean
  example: string
}

/** What was asked, in the client's words. */
export type Asked = { [K in OptionName]?: string | undefined }

/** What narrows an export. */
export type Scope = Pick<Filter, 'tier' | 'category' | 'source'>

const tier: Option = {
  name: 'tier',
  description: 'Only skills of these tiers.',
  values: tiers,
  several: true,
  example: 'senior',
}
const category: Option = {
  name: 'category',
  description: 'Only skills of these categories: slugs or keys.',
  several: true,
  example: 'testing',
}
const source: Option = {
  name: 'source',
  description: 'Only what these documents speak of: slugs or keys.',
  several: true,
  example: 'roadmap',
}
export const scopeOptions = [tier, category, source] as const

const yesOrNo = (name: OptionName, description: string): Option => ({
  name,
  description,
  values: ['false', 'true'],
  example: 'true',
})
export const checklist = yesOrNo('checklist', 'Whether each line begins with a box to tick.')
export const bom = yesOrNo('bom', 'Whether it begins with a byte order mark, which Excel needs to see UTF-8.')

export const by = (description: string, ...values: [string, string]): Option => ({
  name: 'by',
  description,
  values,
  example: values[1],
})

export const version: Option = {
  name: 'version',
  description: 'The version of Common Cartridge: Moodle reads 1.1 alone; 1.3 has assignments, which Canvas reads.',
  values: ['1.1', '1.3'],
  example: '1.3',
}

/** A name that PHP reads as a number would be equal to others. */
export const idnumber: Option = {
  name: 'idnumber',
  description:
    'The ID number of the framework: Moodle takes each once a site, so that a second copy needs one of its own.',
  pattern: /^[A-Za-z][A-Za-z0-9._@-]{0,99}$/,
  takes: 'a letter and then at most 99 letters, digits or any of . _ @ -',
  example: 'python-2026',
}

export const since: Option = {
  name: 'since',
  description:
    'Only the rows that differ from those at this cursor, the `Curriculum-Cursor` of an earlier export, with the groups above them, and what was removed as deleted.',
  pattern: /^\d{1,15}$/,
  takes: 'a cursor as Curriculum-Cursor had it, a whole number',
  example: '0',
}

/** What was asked of the options, or a failure that names the one that is wrong. */
export const readOptions = (options: readonly Option[], asked: Asked): void => {
  for (const { name, values, pattern, takes, several } of options) {
    const given = asked[name]
    if (given === undefined || several) continue
    if (values !== undefined) readWord(name, given, values)
    if (pattern !== undefined && !pattern.test(given))
      throw badParameter(name, `"${name}" cannot be "${given.slice(0, 80)}": it takes ${takes}.`)
  }
}

/** The scope in the catalog's words; undefined where nothing narrows it. */
export const readScope = async (
  catalog: Catalog,
  track: string,
  { tier, category, source }: Asked,
): Promise<Scope | undefined> => {
  if (tier === undefined && category === undefined && source === undefined) return undefined
  const listed = (words: string | undefined) => words?.split(',')
  return readFilter(catalog, 'skill', {
    track: [track],
    tier: listed(tier),
    category: listed(category),
    source: listed(source),
  })
}
