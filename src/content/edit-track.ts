import type { z } from 'zod'
import { Refused } from '../errors.ts'
import { draftsOf } from '../model/document.ts'
import type { Noun } from '../model/vocabulary.ts'
import { brokenRule } from '../query/explain.ts'
import { didYouMean, nearest } from '../query/suggest.ts'
import { buildTrack, entryName, type Track } from './build-track.ts'
import { trackSlug } from './file-names.ts'
import { type Finding, isError } from './findings.ts'
import { trackFolders } from './folder.ts'
import { readTrackFiles } from './read-track-files.ts'
import { slugFrom } from './slug-from-title.ts'

/** Opens all tracks of a folder to change files of one and references to it. Refuses files with errors: a change could miss a reference in them. */
export const openTracks = async (folder: string, slug: string | undefined): Promise<{ track: Track; all: Track[] }> => {
  const found = await findTrackFolder(folder, slug)
  if (found.folder === undefined) return refuse([found.mistake])
  const all = await readTracks(folder)
  rejectErrors(
    folder,
    all.flatMap(({ findings }) => findings),
  )
  return { track: all.find(track => track.folder === found.folder) as Track, all } // its folder is one of them
}

/** Reads all tracks of a folder, or the track whose folder it is. Files with mistakes are read too. */
export const readTracks = async (folder: string): Promise<Track[]> =>
  Promise.all((await trackFolders(folder)).map(readTrack))

/** Throws if there is an error among the findings. */
export const rejectErrors = (folder: string, findings: readonly Finding[]): void => {
  const first = findings.find(isError)
  if (first === undefined) return
  const place = `${first.file}:${first.line}:${first.column}`
  throw new Refused(`correct the mistakes first ("validate ${folder}" lists all of them): ${place} ${first.message}`)
}

const readTrack = async (folder: string): Promise<Track> => buildTrack(await readTrackFiles(folder))

/** Finds the folder of a track by its slug or, without one, the folder of the only track. */
export const findTrackFolder = async (
  folder: string,
  slug: string | undefined,
): Promise<{ folder: string; mistake?: undefined } | { folder?: undefined; mistake: string }> => {
  const folders = await trackFolders(folder)
  const found = slug === undefined && folders.length === 1 ? folders[0] : folders.find(one => trackSlug(one) === slug)
  return found === undefined ? { mistake: explainMissing(folder, slug, folders.map(trackSlug)) } : { folder: found }
}

const explainMissing = (folder: string, slug: string | undefined, known: string[]): string => {
  const track = slug === undefined ? 'track' : `track "${slug}"`
  if (known.length === 0)
    return `there is no ${track} in ${folder}: create one with "new track", or name the folder of your tracks with --dir`
  if (slug === undefined) return `${folder} has several tracks: name one with --track, of ${listNames(known)}`
  return `there is no ${track} in ${folder}${didYouMean(nearest(slug, known), `: its tracks are ${listNames(known)}`)}`
}

/** Lists names in a sentence: all, or a few of very many. */
export const listNames = (names: readonly string[]): string =>
  names.length <= 20 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`

/** Checks that a slug is valid; suggests one that is made from it or from the title. */
export const checkSlug = (
  schema: z.ZodString,
  { slug, title = '' }: { slug?: string | undefined; title?: string | undefined },
): string[] => {
  const broken = brokenRule(schema, slug)
  if (broken === undefined) return []
  const possible = [slug ?? '', title]
    .map(text => slugFrom(text, Number(schema.maxLength)))
    .find(one => schema.safeParse(one).success)
  const example = possible === undefined ? '' : `; for example "${possible}"`
  return [slug === undefined ? `the slug is missing${example}` : `"${slug}" cannot be a slug: it ${broken}${example}`]
}

/** Checks that no item of the noun has a slug, or had it: clients may still use an earlier slug. */
export const checkFreeSlug = (track: Track, noun: Noun, slug: string | undefined, own?: string): string[] => {
  if (slug === undefined) return []
  if (track.locations.has(entryName(noun, slug))) return [`another ${noun} has the slug "${slug}": choose another one`]
  const former = draftsOf(track.document, noun).find(({ formerly }) => formerly.includes(slug))
  if (former === undefined || former.slug === own) return []
  return [`"${slug}" was the slug of "${former.slug}", and an earlier slug is never used again: choose another one`]
}

/** Throws one refusal that names all mistakes. */
export const refuse = (mistakes: readonly string[]): never => {
  const [first] = mistakes
  throw new Refused(
    mistakes.length === 1
      ? first
      : `${mistakes.length} mistakes, and nothing was written\n${mistakes.map(mistake => `  ${mistake}`).join('\n')}`,
  )
}
