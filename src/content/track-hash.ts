import { maxExerciseFileBytes } from '../model/exercise.ts'
import { maxPictureSize } from '../model/picture.ts'
import { isPictureFile } from '../query/picture-file.ts'
import { isTrackFile, splitExercisePath, trackSlug } from './file-names.ts'
import { hashFiles, listFiles, readFiles, settledStamp } from './folder.ts'

/** The identity of a track's files. */
export interface TrackHash {
  slug: string
  /** The hash of their names and bytes. */
  hash: string
  /** The stamp that the files had before they were read; undefined if one of them had just been changed. */
  stamp: string | undefined
}

/** Returns the hash and the stamp of a track's files as `readTrackFiles` does, without parsing them. */
export const hashTrack = async (folder: string): Promise<TrackHash> => {
  const { slug, hash, stamp } = await readContents(folder)
  return { slug, hash, stamp }
}

/** Returns the most bytes of a file that is no YAML file. */
const limitOf = (path: string): number | undefined => {
  if (isPictureFile(path)) return maxPictureSize
  return splitExercisePath(path) === undefined ? undefined : maxExerciseFileBytes
}

/** Returns the stamp of a track's files as `readTrackFiles` does, without reading them. */
export const stampTrack = async (folder: string): Promise<string | undefined> =>
  settledStamp(folder, (await listFiles(folder)).filter(isTrackFile))

/** Reads the files of a track, with their hash and stamp. */
export const readContents = async (folder: string) => {
  const all = await listFiles(folder)
  const paths = all.filter(isTrackFile)
  // Taken first: a file that changes while it is read then has another stamp at the next load.
  const stamp = settledStamp(folder, paths)
  const contents = await readFiles(folder, paths, limitOf)
  return { all, contents, slug: trackSlug(folder), hash: hashFiles(contents), stamp }
}
