import type { PictureFile } from '../model/picture.ts'
import type { Session } from './database.ts'
import { and, eq, getTableColumns } from './drizzle.ts'
import { pictures } from './tables.ts'

/** Reads the pictures of a track, or one of them, in the order of their paths. */
export const readPictures = async (session: Session, track: string, path?: string): Promise<PictureFile[]> => {
  const { track: owner, ...columns } = getTableColumns(pictures)
  return session
    .select(columns)
    .from(pictures)
    .where(and(eq(owner, track), path === undefined ? undefined : eq(pictures.path, path)))
    .orderBy(pictures.path)
}

/** Replaces the pictures of a track, which must exist. */
export const writePictures = async (session: Session, track: string, files: readonly PictureFile[]): Promise<void> => {
  await session.delete(pictures).where(eq(pictures.track, track))
  for (const file of files) await session.insert(pictures).values({ ...file, track })
}
