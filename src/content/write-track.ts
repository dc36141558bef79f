import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Refused } from '../errors.ts'
import { checkDocument } from '../model/check-document.ts'
import { followRenames } from '../model/compare-documents.ts'
import { schemas } from '../model/curriculum.ts'
import { type Document, type Draft, draftsOf, emptyDocument, mapDrafts } from '../model/document.ts'
import { fieldsOf } from '../model/fields.ts'
import { keyOf } from '../model/keys.ts'
import type { PictureFile } from '../model/picture.ts'
import type { Noun } from '../model/vocabulary.ts'
import { buildTrack, type Track } from './build-track.ts'
import { exerciseTextsOf } from './exercise-files.ts'
import { isTrackFile, trackSlug } from './file-names.ts'
import { type FileValue, fileValuesOf } from './file-values.ts'
import { isError, printFindings } from './findings.ts'
import { isTrack, listFiles } from './folder.ts'
import { readTrackFiles } from './read-track-files.ts'
import { schemaLine } from './schema-line.ts'
import { type LookUpKeys, lookUpReferences, recordReferences } from './track-references.ts'
import { writeFiles } from './write-files.ts'
import { formatBlock } from './yaml/format-value.ts'
import { rewriteFile } from './yaml/rewrite-file.ts'

export interface WrittenFiles {
  /** The paths of the written files. */
  written: string[]
  removed: string[]
}

/**
 * Writes a document and its pictures into the files of its track. Unchanged files are not touched, and in changed files only what differs
 * is rewritten. Either all files are written or none.
 */
export const writeTrack = async (
  document: Document,
  pictures: readonly PictureFile[],
  into: string,
  lookUp: LookUpKeys,
): Promise<WrittenFiles> => {
  const folder = await targetFolder(document.track.slug, into)
  const track = await readExistingTrack(folder)
  const existing = track === undefined ? emptyDocument(document.track) : await resolveDocument(track, lookUp)
  const before = track === undefined ? new Map<string, FileValue>() : fileValuesOf(existing)
  const after = fileValuesOf(inAuthorsOrder(document, existing))
  const source: ExistingFiles = { folder, files: track?.files ?? new Map(), entries: track?.entries ?? {}, before }
  const [filesBefore, filesAfter] = [
    new Map<string, string | Buffer>([...exerciseTextsOf(existing), ...bytesOf(track?.pictures ?? [])]),
    new Map<string, string | Buffer>([...exerciseTextsOf(document), ...bytesOf(pictures)]),
  ]
  const contents = new Map<string, string | Buffer>([
    ...[...after].flatMap(([path, value]) => changedText(source, path, value)),
    ...[...filesAfter]
      .filter(([path, content]) => !isDeepStrictEqual(filesBefore.get(path), content))
      .map(([path, content]) => [join(folder, path), content] as const),
  ])
  const removed = [...before.keys(), ...filesBefore.keys()]
    .filter(path => !after.has(path) && !filesAfter.has(path))
    .map(path => join(folder, path))
  await writeFiles(contents, removed)
  return { written: [...contents.keys()], removed }
}

const bytesOf = (pictures: readonly PictureFile[]): [string, Buffer][] =>
  pictures.map(({ path, bytes }) => [path, bytes])

/** Returns the folder of the track: `into` itself, or a folder in it. */
export const targetFolder = async (slug: string, into: string): Promise<string> => {
  if (trackSlug(into) === slug) return into
  if (!(await isTrack(into))) return join(into, slug)
  throw new Refused(
    `${into} is the folder of the track "${trackSlug(into)}": name that of "${slug}", or a folder of tracks`,
  )
}

/** Reads the track that exists in a folder; undefined if there is no file of a track. Refuses files with errors. */
const readExistingTrack = async (folder: string): Promise<Track | undefined> => {
  const paths = await listFiles(folder).catch((failure: NodeJS.ErrnoException) => {
    if (failure.code === 'ENOENT') return []
    throw failure
  })
  if (!paths.some(isTrackFile)) return undefined
  const track = buildTrack(await readTrackFiles(folder))
  const errors = track.findings.filter(isError)
  if (errors.length === 0) return track
  throw new Refused(
    `nothing was written: correct the mistakes in ${folder} first\n\n${printFindings(errors).trimEnd()}`,
  )
}

const resolveDocument = async ({ document }: Track, lookUp: LookUpKeys): Promise<Document> => {
  const { references, resolveExternal } = recordReferences()
  checkDocument(document, resolveExternal)
  return checkDocument(document, await lookUpReferences(references, lookUp)).document
}

/** The existing files of the track, by path within its folder. */
interface ExistingFiles {
  folder: string
  files: Track['files']
  entries: Partial<Track['entries']>
  before: Map<string, FileValue>
}

/** Returns the text of a file if it changed. The file of a renamed draft is found under its earlier slug. */
const changedText = (source: ExistingFiles, path: string, { noun, formerly, value }: FileValue): [string, string][] => {
  const target = join(source.folder, path)
  for (const known of [path, ...formerly]) {
    const file = source.files.get(known)
    if (file === undefined) continue
    // A file with an empty list has no value.
    const text = rewriteFile(file, source.before.get(known)?.value ?? [], value)
    return known === path && text === file.text ? [] : [[target, text]]
  }
  return [[target, `${schemaLine(noun, target, source.entries)}\n${formatBlock(value, 0)}\n`]]
}

/**
 * Returns a document in the form of the existing files: references, whose order has no meaning, in their existing order,
 * and each pair of related skills on the side on which it was written.
 */
const inAuthorsOrder = (document: Document, existing: Document): Document => {
  const known = followRenames(existing, document)
  const related = relatedOnOneSide(document, known)
  return mapDrafts(document, (noun, draft) => {
    const names = writableReferenceLists(noun)
    if (names.length === 0) return draft
    const before = findEarlierDraft(draftsOf(known, noun), draft) as Partial<Lists> | undefined // these fields are lists of keys
    const now = { ...draft, ...(noun === 'skill' && { related: related(draft as Draft<'skill'>) }) } // the noun decides the type
    const lists = names.map(name => [name, mergeOrder(before?.[name], (now as unknown as Lists)[name] as string[])])
    return { ...now, ...Object.fromEntries(lists) }
  })
}

/** Returns the names of the writable fields of a noun that are lists of keys. */
const writableReferenceLists = (noun: Noun): string[] =>
  fieldsOf(schemas[noun]).flatMap(({ name, list, readonly, references }) =>
    list && !readonly && references !== undefined ? [name] : [],
  )

type Lists = Record<string, string[]>

const findEarlierDraft = <D extends Draft>(before: D[], { slug, formerly }: D): D | undefined =>
  [slug, ...formerly].flatMap(name => before.find(one => one.slug === name) ?? [])[0]

const mergeOrder = (before: readonly string[] = [], after: readonly string[]): string[] => {
  const existing = before.filter(key => after.includes(key))
  return [...new Set([...existing, ...after])]
}

/** Returns the related skills to write into a skill's file: those written there before, and new ones if it is the first of the pair. */
const relatedOnOneSide = ({ track, skills }: Document, known: Document) => {
  const keyFor = ({ slug }: Draft<'skill'>) => keyOf(track.slug, slug)
  const places = new Map(skills.map((skill, index) => [keyFor(skill), index]))
  const written = new Map(skills.map(skill => [keyFor(skill), new Set(findEarlierDraft(known.skills, skill)?.related)]))
  return (skill: Draft<'skill'>): string[] => {
    const own = keyFor(skill)
    const isBefore = (key: string) => (places.get(key) ?? skills.length) > skills.indexOf(skill)
    return skill.related.filter(key => written.get(own)?.has(key) || (!written.get(key)?.has(own) && isBefore(key)))
  }
}
