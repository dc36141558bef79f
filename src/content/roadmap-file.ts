import { nearest } from '../query/suggest.ts'
import type { Entry } from './entry.ts'
import type { Finding } from './findings.ts'
import { findingIn, offsetAt, type Path, type YamlFile } from './yaml/yaml-file.ts'

export interface Place {
  file: YamlFile
  path: Path
}

/** A line that names a file: in the order of sources or projects, or in a cell of the roadmap. */
export interface Line extends Place {
  slug: string
}

/** Every file of a folder is named by one line, and what a line names is there. Answers the right lines, in order, and what is wrong with others. */
export const matchLines = <L extends Line>(
  folder: string,
  lines: L[],
  files: Entry[],
): { named: Map<string, L>; findings: Finding[] } => {
  const there = new Set(files.map(({ slug }) => slug))
  const named = new Map<string, L>()
  const findings: Finding[] = []
  for (const line of lines) {
    const before = named.get(line.slug)
    if (before !== undefined)
      findings.push(
        findingAt(
          line,
          `"${line.slug}" stands here a second time, after line ${findingAt(before, '').line}: it has one place`,
        ),
      )
    else if (there.has(line.slug)) named.set(line.slug, line)
    else findings.push(findingAt(line, `there is no file ${folder}${line.slug}.yaml: ${mend(line.slug, files)}`))
  }
  return { named, findings }
}

export const findingAt = ({ file, path }: Place, message: string, kind?: string): Finding =>
  findingIn(file, { offset: offsetAt(file, path), message, ...(kind !== undefined && { kind }) })

const mend = (slug: string, files: Entry[]): string => {
  const renamed = files.find(({ values }) => Array.isArray(values.formerly) && values.formerly.includes(slug))
  const meant =
    renamed?.slug ??
    nearest(
      slug,
      files.map(file => file.slug),
    )
  return meant === undefined ? 'write that file, or take this out' : `did you mean "${meant}"?`
}
