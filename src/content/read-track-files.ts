import { basename, join } from 'node:path'
import { Slug } from '../model/keys.ts'
import type { Noun } from '../model/vocabulary.ts'
import { type Kind, kindList } from './file-kinds.ts'
import { isFolder, kindOf, misnamed, nameIn, rightNameOf, trackSlug } from './file-names.ts'
import { about, type Finding } from './findings.ts'
import { hashOf, inTurns, listFiles, readFiles } from './folder.ts'
import { type Entry, readEntries } from './read-file.ts'
import { slugFrom } from './slug-from-title.ts'
import { findingIn, parseYaml, unreadable, type YamlFile } from './yaml/yaml-file.ts'

/** The files of a track, each read for itself: what stands between them is not looked at yet. */
export interface TrackFiles {
  slug: string
  folder: string
  /** By path within the folder. */
  files: Map<string, YamlFile>
  entries: Record<Noun, Entry[]>
  /** Nouns of which some slugs could not be read: a reference to one of them may well be right. */
  incomplete: Set<Noun>
  hash: string
  findings: Finding[]
}

export const readTrackFiles = async (folder: string): Promise<TrackFiles> => {
  const { all, contents, slug, hash } = await contentsOf(folder)
  const files = new Map(
    await inTurns(contents, ([path, content]) => [path, parse(join(folder, path), content)] as const),
  )
  const there = new Set([...files.keys()].map(kindOf))
  for (const { path } of kindList.filter(kind => kind.required && !there.has(kind)))
    files.set(path, unreadable(join(folder, path), `there is no such file, and every track has a ${path}`))
  const names = new Set(all)
  const read = await Promise.all(kindList.map(async kind => ({ kind, ...(await readKind(kind, slug, files, names)) })))
  return {
    slug,
    folder,
    files,
    entries: Object.fromEntries(read.map(({ kind, entries }) => [kind.noun, entries])) as TrackFiles['entries'], // one list a noun
    incomplete: new Set(read.flatMap(({ kind, complete }) => (complete ? [] : [kind.noun]))),
    hash,
    findings: [...misnamed(folder, all), ...read.flatMap(({ findings }) => findings)],
  }
}

/** The hash of a track's files as `readContent` gives it, without looking into any: whether there is anything new to read. */
export const hashTrack = async (folder: string): Promise<{ slug: string; hash: string }> => contentsOf(folder)

const contentsOf = async (folder: string) => {
  const all = await listFiles(folder)
  const claimed = all.filter(path => kindOf(path) !== undefined)
  const contents = await readFiles(folder, claimed)
  return { all, contents, slug: trackSlug(folder), hash: hashOf(contents) }
}

const parse = (shownAs: string, content: Buffer | Error): YamlFile =>
  content instanceof Error
    ? unreadable(shownAs, `this file cannot be read: ${content.message}`)
    : parseYaml(shownAs, content)

interface ReadKind {
  entries: Entry[]
  findings: Finding[]
  complete: boolean
}

const readKind = async (
  kind: Kind,
  track: string,
  files: Map<string, YamlFile>,
  all: ReadonlySet<string>,
): Promise<ReadKind> => {
  const own = [...files].filter(([path]) => kindOf(path) === kind)
  const read = await inTurns(own, ([path, file]) => readFile(kind, path, file, track, all))
  return {
    entries: read.flatMap(({ entries }) => entries),
    findings: read.flatMap(({ findings }) => findings),
    complete: read.every(({ complete }) => complete),
  }
}

const readFile = (kind: Kind, path: string, file: YamlFile, track: string, all: ReadonlySet<string>): ReadKind => {
  const name = nameIn(kind, path)
  const right = rightNameOf(kind, path)
  const { problems, ...read } = readEntries(kind, file, isFolder(kind) ? slugFrom(name) : track, all)
  const findings = [...file.problems, ...problems].map(problem => findingIn(file, problem))
  const [issue] = isFolder(kind) ? (Slug.safeParse(name).error?.issues ?? []) : []
  const rule =
    issue === undefined ? 'the name of the file ends in .yaml' : `the name of the file is a slug: ${issue.message}`
  if (basename(path) !== right)
    findings.push(about(file.shownAs, `${rule}${right === '.yaml' ? '' : `: rename it to ${right}`}`))
  return { ...read, findings }
}
