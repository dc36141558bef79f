import { Refused } from '../errors.ts'
import { Slug } from '../model/keys.ts'
import { brokenRule } from '../query/explain.ts'
import { didYouMean, nearest } from '../query/suggest.ts'
import { buildTrack, entryName, type Track } from './build-track.ts'
import { trackSlug } from './file-names.ts'
import { type Finding, isError } from './findings.ts'
import { trackFolders } from './folder.ts'
import { readTrackFiles } from './read-track-files.ts'
import { slugFrom } from './slug-from-title.ts'

/** Opens a track of a folder to change its files. Files with mistakes are opened too. */
export const openTrack = async (folder: string, slug: string): Promise<Track> =>
  readTrack(await trackFolder(folder, slug))

/** Opens all tracks of a folder to change files of one and references to it. Refuses files with errors: a change could miss a reference in them. */
export const openTracks = async (folder: string, slug: string): Promise<{ track: Track; all: Track[] }> => {
  const ownFolder = await trackFolder(folder, slug)
  const all = await Promise.all((await trackFolders(folder)).map(readTrack))
  rejectErrors(
    folder,
    all.flatMap(({ findings }) => findings),
  )
  return { track: all.find(track => track.folder === ownFolder) as Track, all } // its folder is one of them
}

/** Throws if there is an error among the findings. */
export const rejectErrors = (folder: string, findings: readonly Finding[]): void => {
  const first = findings.find(isError)
  if (first === undefined) return
  const place = `${first.file}:${first.line}:${first.column}`
  throw new Refused(`correct the mistakes first ("validate ${folder}" lists all of them): ${place} ${first.message}`)
}

const readTrack = async (folder: string): Promise<Track> => buildTrack(await readTrackFiles(folder))

const trackFolder = async (folder: string, slug: string): Promise<string> => {
  const folders = await trackFolders(folder)
  const ownFolder = folders.find(one => trackSlug(one) === slug)
  if (ownFolder === undefined)
    throw new Refused(`there is no track "${slug}" in ${folder}${trackHint(slug, folders.map(trackSlug))}`)
  return ownFolder
}

const trackHint = (slug: string, slugs: string[]): string => {
  if (slugs.length === 0)
    return ': it has no tracks; --dir names the folder of your tracks, each with its track.yaml and roadmap.yaml'
  return didYouMean(nearest(slug, slugs), `: its tracks are ${slugs.join(', ')}`)
}

/** Checks that a skill can take a slug and returns it. An earlier slug of another skill is rejected: clients may still use it. */
export const checkSlugIsFree = (track: Track, slug: string, own?: string): string => {
  const broken = brokenRule(Slug, slug)
  const possible = slugFrom(slug)
  if (broken !== undefined)
    throw new Refused(`"${slug}" cannot be a slug: it ${broken}${possible === '' ? '' : `; for example "${possible}"`}`)
  if (track.locations.has(entryName('skill', slug)))
    throw new Refused(`there already is a skill "${slug}": choose another slug`)
  const former = track.document.skills.find(({ formerly }) => formerly.includes(slug))
  if (former !== undefined && former.slug !== own)
    throw new Refused(
      `"${slug}" was the slug of "${former.slug}", and an earlier slug is never used again: choose another one`,
    )
  return slug
}
