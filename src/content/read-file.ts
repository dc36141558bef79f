import { z } from 'zod'
import { schemas } from '../model/curriculum.ts'
import { Slug } from '../model/keys.ts'
import { checkMarkdown, checkPlain, textsIn } from './check-markdown.ts'
import { type CheckedValue, parseInFile } from './explain-schema-issues.ts'
import type { FileKind } from './file-kinds.ts'
import type { Problem } from './yaml/positions.ts'
import { nodeAt, offsetInText, type Path, type YamlFile } from './yaml/yaml-file.ts'

/** An entry of a file (one skill, one plan), as far as it could be read. */
export interface Entry {
  file: YamlFile
  path: Path
  slug: string
  /** All fields of the entry. An invalid one has its default value or, without a default, the slug or an empty list, so that checking can continue. */
  values: Record<string, unknown>
  /** The names of the invalid fields. */
  unread: string[]
}

export interface FileEntries {
  entries: Entry[]
  problems: Problem[]
  /** True if the slugs of all entries could be read. */
  complete: boolean
}

/** Reads the entries of a file. `name` is the slug if the file's name gives it; `files` are all paths in the track's folder. */
export const readEntries = (kind: FileKind, file: YamlFile, name: string, files: ReadonlySet<string>): FileEntries => {
  if (kind.list !== undefined) return readList(kind, kind.list, file, files)
  const { problems, ...read } = readEntry({ file, path: [], value: file.value, schema: kind.entry, kind }, name, files)
  return { entries: [{ file, path: [], slug: name, ...read }], problems, complete: true }
}

const readList = (
  kind: FileKind,
  place: readonly string[],
  file: YamlFile,
  files: ReadonlySet<string>,
): FileEntries => {
  const [field] = place
  const schema = field === undefined ? z.array(z.unknown()) : z.strictObject({ [field]: z.array(z.unknown()) })
  const { problems } = parseInFile({ file, path: [], value: file.value, schema, kind })
  const list = field === undefined ? file.value : getMember(file.value, field)
  if (!Array.isArray(list)) return { entries: [], problems, complete: false }
  const read = list.map((value: unknown, index) => {
    const [path, slug] = [[...place, index], Slug.safeParse(getMember(value, 'slug')).data]
    return { path, slug, ...readEntry({ file, path, value, schema: kind.entry, kind }, slug ?? '', files) }
  })
  return {
    entries: read.flatMap(({ slug, problems: _, ...entry }) => (slug === undefined ? [] : [{ file, slug, ...entry }])),
    problems: [...problems, ...read.flatMap(entry => entry.problems)],
    complete: read.every(({ slug }) => slug !== undefined),
  }
}

const readEntry = (
  checked: CheckedValue,
  slug: string,
  files: ReadonlySet<string>,
): EntryValues & { problems: Problem[] } => {
  const { data, problems } = parseInFile(checked)
  // An object, by the kind's schema.
  const reading = data === undefined ? readValidFields(checked, slug) : { values: data as Entry['values'], unread: [] }
  return { ...reading, problems: [...problems, ...findMarkupProblems(checked, files)] }
}

type EntryValues = Pick<Entry, 'values' | 'unread'>

const readValidFields = ({ value, kind }: CheckedValue, slug: string): EntryValues => {
  const fields = Object.entries<z.ZodType>(kind.entry.shape).map(([name, schema]) => {
    const { success, data } = schema.safeParse(getMember(value, name))
    return { name, success, value: success ? data : placeholderOf(schema, slug) }
  })
  return {
    values: Object.fromEntries(fields.map(field => [field.name, field.value])),
    unread: fields.filter(field => !field.success).map(field => field.name),
  }
}

const placeholderOf = (schema: z.ZodType, slug: string): unknown => {
  const { success, data } = schema.safeParse(undefined)
  return success ? data : schema instanceof z.ZodArray ? [] : slug
}

const findMarkupProblems = ({ file, path, value, kind }: CheckedValue, files: ReadonlySet<string>): Problem[] =>
  textsIn(schemas[kind.noun], value).flatMap(({ text, markup, path: within }) => {
    const found = markup === 'markdown' ? checkMarkdown(text, files) : checkPlain(text)
    return found.map(({ index, ...remark }) => {
      const offset = offsetInText(file, nodeAt(file, [...path, ...within]), index)
      return { offset, ...remark }
    })
  })

const getMember = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined // any name may be read from an object
