import { nearest } from '../suggest.ts'
import { isError } from './finding.ts'
import { trackFolders } from './read.ts'
import { Refused } from './refused.ts'
import { buildTrack, type Track } from './track.ts'
import { readTrackFiles } from './track-files.ts'

/** The tracks of a folder, to change their files. Refused where any file cannot be read: a change would miss what it holds. */
export const openTracks = async (folder: string, slug: string): Promise<{ track: Track; all: Track[] }> => {
  const all = (await Promise.all((await trackFolders(folder)).map(readTrackFiles))).map(buildTrack)
  const track = all.find(candidate => candidate.slug === slug)
  if (track === undefined) throw new Refused(`there is no track "${slug}" in ${folder}${knownTracks(slug, all)}`)
  const wrong = all.flatMap(({ findings }) => findings).filter(isError)
  if (wrong.length > 0) throw new Refused(`first mend what is wrong in ${folder}: "validate" tells what`)
  return { track, all }
}

const knownTracks = (slug: string, tracks: Track[]): string => {
  const slugs = tracks.map(track => track.slug)
  const meant = nearest(slug, slugs)
  return meant === undefined ? `: its tracks are ${slugs.join(', ')}` : `: did you mean "${meant}"?`
}
