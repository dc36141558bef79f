import { basename, join } from 'node:path'
import { Slug } from '../model/keys.ts'
import { type PictureFile, pictureFolder } from '../model/picture.ts'
import type { Noun } from '../model/vocabulary.ts'
import { brokenRule } from '../query/explain.ts'
import { isPictureFile, picturesTooLarge, readPicture } from '../query/picture-file.ts'
import { addExerciseFiles } from './exercise-files.ts'
import { type FileKind, fileKindList } from './file-kinds.ts'
import { checkFileNames, expectedNameOf, fileKindOf, isFolder, nameIn } from './file-names.ts'
import { type Finding, findingAbout } from './findings.ts'
import { mapYielding } from './folder.ts'
import { type Entry, readEntries } from './read-file.ts'
import { slugFrom } from './slug-from-title.ts'
import { readContents, type TrackHash } from './track-hash.ts'
import { findingIn, parseYaml, unreadableFile, type YamlFile } from './yaml/yaml-file.ts'

/** The files of a track, each parsed and checked by itself. References between them are checked later. */
export interface TrackFiles extends TrackHash {
  folder: string
  /** By path within the folder. */
  files: Map<string, YamlFile>
  entries: Record<Noun, Entry[]>
  /** Nouns of which some slugs could not be read: a reference to one of them may be right. */
  incomplete: Set<Noun>
  pictures: PictureFile[]
  findings: Finding[]
}

/** Reads and parses all files of a track. */
export const readTrackFiles = async (folder: string): Promise<TrackFiles> => {
  const { all, contents, slug, hash, stamp } = await readContents(folder)
  const files = new Map(
    await mapYielding(
      [...contents].filter(([path]) => fileKindOf(path) !== undefined),
      ([path, content]) => [path, parseContent(join(folder, path), content)] as const,
    ),
  )
  const { pictures, findings: pictureFindings } = readPictures(
    folder,
    [...contents].filter(([path]) => isPictureFile(path)),
  )
  const presentKinds = new Set([...files.keys()].map(fileKindOf))
  for (const { path } of fileKindList.filter(kind => kind.required && !presentKinds.has(kind)))
    files.set(path, unreadableFile(join(folder, path), `there is no such file, and every track has a ${path}`))
  const names = new Set(all.map(path => path.normalize('NFC')))
  const read = await Promise.all(
    fileKindList.map(async kind => ({ kind, ...(await readKind(kind, slug, files, names)) })),
  )
  const entries = Object.fromEntries(read.map(({ kind, entries }) => [kind.noun, entries])) as TrackFiles['entries'] // one list a noun
  const exercises = addExerciseFiles(folder, entries.exercise, contents)
  return {
    slug,
    folder,
    files,
    entries: { ...entries, exercise: exercises.entries },
    incomplete: new Set(read.flatMap(({ kind, complete }) => (complete ? [] : [kind.noun]))),
    hash,
    stamp,
    pictures,
    findings: [
      ...checkFileNames(folder, all),
      ...pictureFindings,
      ...read.flatMap(({ findings }) => findings),
      ...exercises.findings,
    ],
  }
}

/** Reads the pictures of a track. */
const readPictures = (
  folder: string,
  contents: readonly [string, Buffer | Error][],
): { pictures: PictureFile[]; findings: Finding[] } => {
  const read = contents.map(([path, content]) => ({
    path,
    picture: content instanceof Error ? `this picture cannot be read: ${content.message}` : readPicture(path, content),
  }))
  const pictures = read.flatMap(({ picture }) => (typeof picture === 'string' ? [] : [picture]))
  const findings = read.flatMap(({ path, picture }) =>
    typeof picture === 'string' ? [findingAbout(join(folder, path), picture)] : [],
  )
  const tooLarge = picturesTooLarge(pictures)
  if (tooLarge !== undefined) findings.push(findingAbout(join(folder, pictureFolder), tooLarge))
  return { pictures, findings }
}

const parseContent = (shownAs: string, content: Buffer | Error): YamlFile =>
  content instanceof Error
    ? unreadableFile(shownAs, `this file cannot be read: ${content.message}`)
    : parseYaml(shownAs, content)

interface KindEntries {
  entries: Entry[]
  findings: Finding[]
  complete: boolean
}

const readKind = async (
  kind: FileKind,
  track: string,
  files: Map<string, YamlFile>,
  all: ReadonlySet<string>,
): Promise<KindEntries> => {
  const own = [...files].filter(([path]) => fileKindOf(path) === kind)
  const read = await mapYielding(own, ([path, file]) => readEntriesOf(kind, path, file, track, all))
  return {
    entries: read.flatMap(({ entries }) => entries),
    findings: read.flatMap(({ findings }) => findings),
    complete: read.every(({ complete }) => complete),
  }
}

const readEntriesOf = (
  kind: FileKind,
  path: string,
  file: YamlFile,
  track: string,
  all: ReadonlySet<string>,
): KindEntries => {
  const name = nameIn(kind, path)
  const right = expectedNameOf(kind, path)
  const { problems, ...read } = readEntries(kind, file, isFolder(kind) ? slugFrom(name) : track, all)
  const findings = [...file.problems, ...problems].map(problem => findingIn(file, problem))
  const broken = isFolder(kind) ? brokenRule(Slug, name) : undefined
  const rule =
    broken === undefined ? 'the name of the file ends in .yaml' : `the name of the file is a slug, which ${broken}`
  if (basename(path) !== right)
    findings.push(findingAbout(file.displayPath, `${rule}${right === '.yaml' ? '' : `: rename it to ${right}`}`))
  return { ...read, findings }
}
