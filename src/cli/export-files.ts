import type { Catalog, TrackDocument } from '../catalog.ts'
import { writeTrack } from '../content/write-track.ts'

/** `export files`: a track goes back into the folder of files that it is written in. */
export const exportToFiles = async (catalog: Catalog, document: TrackDocument, into: string): Promise<string[]> => {
  const { written, removed } = await writeTrack(document, into, catalog.currentKeys)
  if (written.length + removed.length === 0) return [`${document.track.key}: the files say all of it already`]
  return [...written.map(path => `wrote ${path}`), ...removed.map(path => `removed ${path}`)]
}
