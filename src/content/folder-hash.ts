import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { concurrently, listFiles } from './folder.ts'
import { trackFolders } from './read.ts'

/**
 * A text that differs once any file of the tracks in a folder was written, replaced, added or taken away; no file is read for it.
 * A folder that cannot be listed differs from one that can: to say why is left to whoever reads it.
 */
export const stampOf = async (folder: string): Promise<string> =>
  JSON.stringify(await Promise.allSettled((await trackFolders(folder)).map(stampsIn)))

const stampsIn = async (track: string): Promise<string[]> =>
  concurrently(await listFiles(track), 16, path => stampOfFile(join(track, path)))

const stampOfFile = async (path: string): Promise<string> => {
  const stats = await stat(path, { bigint: true }).catch(() => undefined)
  return `${path} ${stats?.ino} ${stats?.size} ${stats?.mtimeNs} ${stats?.ctimeNs}`
}
