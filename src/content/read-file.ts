import { z } from 'zod'
import { schemas } from '../model/curriculum.ts'
import { Slug } from '../model/keys.ts'
import { checkMarkdown, checkPlain, textsIn } from './check-markdown.ts'
import { type Checked, explainIssues, limitsInWords } from './explain-schema-issues.ts'
import type { Kind } from './file-kinds.ts'
import { lineAt, type Problem } from './yaml/positions.ts'
import { nodeAt, offsetInside, type Path, type YamlFile } from './yaml/yaml-file.ts'

/** One thing that a file holds, as far as it could be read. */
export interface Entry {
  file: YamlFile
  path: Path
  slug: string
  /** Every field of its kind. One that cannot be read has its default or, where there is none, the slug: enough to go on checking. */
  values: Record<string, unknown>
  /** The fields that could not be read. */
  unread: string[]
}

export interface Read {
  entries: Entry[]
  problems: Problem[]
  /** Whether the slugs of all entries are known. */
  complete: boolean
}

/** What a file of this kind holds. `name` is the slug where the file's name says it; `files` is all there is in the track's folder. */
export const readEntries = (kind: Kind, file: YamlFile, name: string, files: ReadonlySet<string>): Read => {
  if (kind.list !== undefined) return readList(kind, kind.list, file, files)
  const { problems, ...read } = readEntry({ file, path: [], value: file.value, schema: kind.entry, kind }, name, files)
  return { entries: [{ file, path: [], slug: name, ...read }], problems, complete: true }
}

const readList = (kind: Kind, place: readonly string[], file: YamlFile, files: ReadonlySet<string>): Read => {
  const [field] = place
  const schema = field === undefined ? z.array(z.unknown()) : z.strictObject({ [field]: z.array(z.unknown()) })
  const { problems } = parse({ file, path: [], value: file.value, schema, kind })
  const list = field === undefined ? file.value : memberOf(file.value, field)
  if (!Array.isArray(list)) return { entries: [], problems, complete: false }
  const read = list.map((value: unknown, index) => {
    const [path, slug] = [[...place, index], Slug.safeParse(memberOf(value, 'slug')).data]
    return { path, slug, ...readEntry({ file, path, value, schema: kind.entry, kind }, slug ?? '', files) }
  })
  return {
    entries: read.flatMap(({ slug, problems: _, ...entry }) => (slug === undefined ? [] : [{ file, slug, ...entry }])),
    problems: [...problems, ...read.flatMap(entry => entry.problems)],
    complete: read.every(({ slug }) => slug !== undefined),
  }
}

const readEntry = (checked: Checked, slug: string, files: ReadonlySet<string>): Reading & { problems: Problem[] } => {
  const { data, problems } = parse(checked)
  // An object, by the kind's schema.
  const reading = data === undefined ? readable(checked, slug) : { values: data as Entry['values'], unread: [] }
  return { ...reading, problems: [...problems, ...markupProblems(checked, files)] }
}

type Reading = Pick<Entry, 'values' | 'unread'>

const parse = (checked: Checked): { data?: unknown; problems: Problem[] } => {
  const { file, value, schema } = checked
  if (file.value === undefined) return { problems: [] }
  const { data, error } = schema.safeParse(value, { error: limitsInWords })
  if (error === undefined) return { data, problems: [] }
  // What a trap has swallowed is told once.
  const told = new Set(file.problems.map(({ offset }) => lineAt(file.text, offset).start))
  const problems = explainIssues(checked, error.issues)
  return { problems: problems.filter(({ offset, missing }) => missing || !told.has(lineAt(file.text, offset).start)) }
}

const readable = ({ value, kind }: Checked, slug: string): Reading => {
  const fields = Object.entries<z.ZodType>(kind.entry.shape).map(([name, schema]) => {
    const { success, data } = schema.safeParse(memberOf(value, name))
    const without = schema.safeParse(undefined)
    return { name, success, value: success ? data : without.success ? without.data : slug }
  })
  return {
    values: Object.fromEntries(fields.map(field => [field.name, field.value])),
    unread: fields.filter(field => !field.success).map(field => field.name),
  }
}

const markupProblems = ({ file, path, value, kind }: Checked, files: ReadonlySet<string>): Problem[] =>
  textsIn(schemas[kind.noun], value).flatMap(({ text, markup, path: within }) => {
    const found = markup === 'markdown' ? checkMarkdown(text, kind.path, files) : checkPlain(text)
    return found.map(({ index, ...remark }) => {
      const offset = offsetInside(file, nodeAt(file, [...path, ...within]), index)
      return { offset, ...remark }
    })
  })

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined // any object may be asked for any name
