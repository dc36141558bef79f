import { join } from 'node:path'
import { Refused } from '../errors.ts'
import { checkDocument } from '../model/check-document.ts'
import { followRenames } from '../model/compare-documents.ts'
import { schemas } from '../model/curriculum.ts'
import { type Document, type Draft, draftsOf, emptyDocument, mapDrafts } from '../model/document.ts'
import { fieldsOf } from '../model/fields.ts'
import { keyOf } from '../model/keys.ts'
import type { Noun } from '../model/vocabulary.ts'
import { buildTrack, type Track } from './build-track.ts'
import { kindOf, trackSlug } from './file-names.ts'
import { type FileValue, filesOf } from './file-values.ts'
import { isError, printFindings } from './findings.ts'
import { isTrack, listFiles } from './folder.ts'
import { readTrackFiles } from './read-track-files.ts'
import { schemaLine } from './schema-line.ts'
import { type LookUp, lookedUp, noting } from './track-references.ts'
import { writeFiles } from './write-files.ts'
import { freshBlock } from './yaml/format-value.ts'
import { rewriteFile } from './yaml/rewrite-file.ts'

export interface Exported {
  /** Paths of the files that were written or taken away. */
  written: string[]
  removed: string[]
}

/**
 * Makes the files of a track say what a document does. A file in which nothing differs is not touched, and of the others
 * only what differs. All files are written or none.
 */
export const exportFiles = async (document: Document, into: string, lookUp: LookUp): Promise<Exported> => {
  const folder = await folderOf(document.track.slug, into)
  const track = await trackIn(folder)
  const existing = track === undefined ? emptyDocument(document.track) : await resolved(track, lookUp)
  const before = track === undefined ? new Map<string, FileValue>() : filesOf(existing)
  const after = filesOf(asWritten(document, existing))
  const source: Source = { folder, files: track?.files ?? new Map(), entries: track?.entries ?? {}, before }
  const texts = new Map([...after].flatMap(([path, value]) => changed(source, path, value)))
  const removed = [...before.keys()].filter(path => !after.has(path)).map(path => join(folder, path))
  await writeFiles(texts, removed)
  return { written: [...texts.keys()], removed }
}

/** The track's own folder, or one of tracks. */
const folderOf = async (slug: string, into: string): Promise<string> => {
  if (trackSlug(into) === slug) return into
  if (!(await isTrack(into))) return join(into, slug)
  throw new Refused(
    `${into} is the folder of the track "${trackSlug(into)}": name that of "${slug}", or a folder of tracks`,
  )
}

/** The track as its files say it, with whatever is wrong between them; undefined where there is no file of a track yet. */
const trackIn = async (folder: string): Promise<Track | undefined> => {
  const paths = await listFiles(folder).catch((failure: NodeJS.ErrnoException) => {
    if (failure.code === 'ENOENT') return []
    throw failure
  })
  if (!paths.some(path => kindOf(path) !== undefined)) return undefined
  const track = buildTrack(await readTrackFiles(folder))
  const wrong = track.findings.filter(isError)
  if (wrong.length === 0) return track
  throw new Refused(`nothing was written: first mend what is wrong in ${folder}\n\n${printFindings(wrong).trimEnd()}`)
}

const resolved = async ({ document }: Track, lookUp: LookUp): Promise<Document> => {
  const { asked, outside } = noting()
  checkDocument(document, outside)
  return checkDocument(document, await lookedUp(asked, lookUp)).document
}

/** What there is, by paths within the folder. */
interface Source {
  folder: string
  files: Track['files']
  entries: Partial<Track['entries']>
  before: Map<string, FileValue>
}

/** The text of a file where it is another than before. What has another slug now has its file under the old one. */
const changed = (source: Source, path: string, { noun, formerly, value }: FileValue): [string, string][] => {
  const target = join(source.folder, path)
  for (const known of [path, ...formerly]) {
    const file = source.files.get(known)
    if (file === undefined) continue
    // A file that lists nothing says nothing.
    const text = rewriteFile(file, source.before.get(known)?.value ?? [], value)
    return known === path && text === file.text ? [] : [[target, text]]
  }
  return [[target, `${schemaLine(noun, target, source.entries)}\n${freshBlock(value, 0)}\n`]]
}

/**
 * A document as the author of `existing` would have written it: references in the order in which they were written, since
 * their order says nothing, and each pair of related skills on the side on which it was.
 */
const asWritten = (document: Document, existing: Document): Document => {
  const known = followRenames(existing, document)
  const related = relatedOnce(document, known)
  return mapDrafts(document, (noun, draft) => {
    const names = writtenLists(noun)
    if (names.length === 0) return draft
    const before = knownAs(draftsOf(known, noun), draft) as Partial<Lists> | undefined // these fields are lists of keys
    const now = { ...draft, ...(noun === 'skill' && { related: related(draft as Draft<'skill'>) }) } // the noun decides the type
    const lists = names.map(name => [name, inOrderOf(before?.[name], (now as unknown as Lists)[name] as string[])])
    return { ...now, ...Object.fromEntries(lists) }
  })
}

/** Names of the fields of a noun that are written as lists of keys. */
const writtenLists = (noun: Noun): string[] =>
  fieldsOf(schemas[noun]).flatMap(({ name, list, readonly, references }) =>
    list && !readonly && references !== undefined ? [name] : [],
  )

type Lists = Record<string, string[]>

const knownAs = <D extends Draft>(before: D[], { slug, formerly }: D): D | undefined =>
  [slug, ...formerly].flatMap(name => before.find(one => one.slug === name) ?? [])[0]

const inOrderOf = (before: readonly string[] = [], after: readonly string[]): string[] => {
  const kept = before.filter(key => after.includes(key))
  return [...new Set([...kept, ...after])]
}

/** What a skill's file says of the pairs it is in: those that it said before, and new ones where it is the first of the two. */
const relatedOnce = ({ track, skills }: Document, known: Document) => {
  const keyFor = ({ slug }: Draft<'skill'>) => keyOf(track.slug, slug)
  const places = new Map(skills.map((skill, index) => [keyFor(skill), index]))
  const written = new Map(skills.map(skill => [keyFor(skill), new Set(knownAs(known.skills, skill)?.related)]))
  return (skill: Draft<'skill'>): string[] => {
    const own = keyFor(skill)
    const isBefore = (key: string) => (places.get(key) ?? skills.length) > skills.indexOf(skill)
    return skill.related.filter(key => written.get(own)?.has(key) || (!written.get(key)?.has(own) && isBefore(key)))
  }
}
