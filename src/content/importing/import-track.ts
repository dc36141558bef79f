import { Refused } from '../../errors.ts'
import { checkDocument } from '../../model/check-document.ts'
import { compareDocuments, type DocumentChange } from '../../model/compare-documents.ts'
import { allDrafts, type Document, draftSchema, emptyDocument, type Mistake } from '../../model/document.ts'
import { TrackSlug } from '../../model/keys.ts'
import type { ResolveExternal } from '../../model/resolve-references.ts'
import { Title } from '../../model/text.ts'
import { brokenRule, parseOrExplain } from '../../query/explain.ts'
import { entryName } from '../build-track.ts'
import { readTracks, rejectErrors } from '../edit-track.ts'
import { explainMistakes } from '../explain-mistakes.ts'
import { type Finding, isError, sortFindings } from '../findings.ts'
import { indexTracks, type LookUpKeys, resolveWithIndex } from '../track-references.ts'
import { targetFolder, type WrittenFiles, writeTrack } from '../write-track.ts'
import type { ImportedTrack, ImportNote, Place } from './imported-track.ts'
import { mergeTrack } from './merge.ts'

export interface ImportRequest {
  /** The slug of the track; a missing track is created. */
  track: string
  /** The folder of the tracks, or of the track. */
  folder: string
  /** The title of the track; without one, an existing track keeps its title. */
  title?: string | undefined
  /** Removes the items that the file does not have. */
  prune?: boolean
  /** The name of the file in messages. */
  source: string
}

export interface Import {
  /** The differences between the files and the track after the import. */
  changes: DocumentChange[]
  /** Everything in the file that could not be placed, was assumed or breaks a rule, by line and column. With an error, nothing can be written. */
  findings: Finding[]
  /** Writes the changed files, all or none. */
  write(): Promise<WrittenFiles>
}

/**
 * Prepares the import of a file into the files of a track. `read` parses the file; it receives the track as it is, with keys as
 * references, or undefined for a new one.
 */
export const importTrack = async (
  request: ImportRequest,
  read: (existing: Document | undefined) => ImportedTrack | Promise<ImportedTrack>,
): Promise<Import> => {
  const { existing, pictures, resolveExternal } = await openTarget(request)
  const imported = await read(existing)
  const before = existing ?? emptyDocument(newTrack(request, imported))
  const titled = request.title === undefined ? before : { ...before, track: { ...before.track, title: request.title } }
  const { document, notes, places } = mergeTrack(titled, imported, { prune: request.prune ?? false, resolveExternal })
  const checked = checkDocument(document, resolveExternal)
  const mistakes = [...checked.mistakes, ...invalidFields(checked.document)].map(mistake => noteAbout(mistake, places))
  const findings = toFindings(request.source, imported, [...imported.notes, ...notes, ...mistakes])
  return {
    changes: compareDocuments(existing, checked.document),
    findings,
    write: () => {
      if (findings.some(isError)) throw new Refused('nothing was written: the track would have mistakes')
      return writeTrack(checked.document, pictures, request.folder, lookUpWith(resolveExternal))
    },
  }
}

/** Opens the track that is imported into, if it exists, beside the other tracks of the folder. */
const openTarget = async ({ track: slug, folder, title }: ImportRequest) => {
  const broken = brokenRule(TrackSlug, slug)
  if (broken !== undefined) throw new Refused(`"${slug}" cannot be the slug of a track: it ${broken}`)
  const brokenTitle = title === undefined ? undefined : brokenRule(Title, title)
  if (brokenTitle !== undefined) throw new Refused(`--title ${brokenTitle}`)
  await targetFolder(slug, folder)
  const tracks = await readTracks(folder)
  const trackIndex = indexTracks(tracks)
  const resolveExternal = resolveWithIndex(trackIndex, () => undefined)
  const track = tracks.find(one => one.slug === slug)
  if (track === undefined) return { existing: undefined, pictures: [], resolveExternal }
  const { document, mistakes } = checkDocument(track.document, resolveExternal)
  rejectErrors(folder, [...track.findings, ...explainMistakes(track, trackIndex, mistakes)])
  return { existing: document, pictures: track.pictures, resolveExternal }
}

const newTrack = ({ track, title }: ImportRequest, imported: ImportedTrack): Document['track'] =>
  draftSchema('track').parse({
    slug: track,
    title: title ?? Title.safeParse(imported.track.title).data ?? titleFromSlug(track),
    language: imported.track.language,
  })

const titleFromSlug = (slug: string): string => `${slug.charAt(0).toUpperCase()}${slug.slice(1).replaceAll('-', ' ')}`

/** Finds the fields that have become invalid, such as the skills of an exercise whose only skill was removed. */
const invalidFields = (document: Document): Mistake[] =>
  allDrafts(document).flatMap(({ noun, draft }) => {
    const { explanations = [] } = parseOrExplain(draftSchema(noun), draft)
    return explanations.map(({ message }) => ({ noun, slug: draft.slug, path: [], message }))
  })

/** Makes a message about a mistake at the place of its item in the imported file. */
const noteAbout = ({ noun, slug, message }: Mistake, places: ReadonlyMap<string, Place>): ImportNote => {
  const place = places.get(entryName(noun, slug)) ?? { line: 1, column: 1 }
  return { ...place, severity: 'error', message: `${noun} "${slug}": ${message}` }
}

const toFindings = (file: string, { text }: ImportedTrack, notes: readonly ImportNote[]): Finding[] => {
  const lines = text?.split(/\r\n?|\n/)
  return sortFindings(
    notes.map(note => {
      const excerpt = lines?.[note.line - 1]
      return { ...note, file, ...(excerpt !== undefined && { excerpt }) }
    }),
  )
}

const lookUpWith =
  (resolveExternal: ResolveExternal): LookUpKeys =>
  async (noun, keys) =>
    new Map(keys.map(key => [key, resolveExternal(noun, key) as string])) // the references were checked before
