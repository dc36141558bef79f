import type { Catalog, TrackDocument } from '../catalog.ts'
import { changedSince } from './changed-rows.ts'
import type { Chunk, Format } from './format.ts'
import { type Asked, readOptions, readScope } from './options.ts'
import { inScope } from './select.ts'

/** A track in a format, in pieces of some size; or a failure that names the option that is wrong. */
export const exported = async (
  catalog: Catalog,
  whole: TrackDocument,
  format: Format,
  asked: Asked,
  publicUrl: string,
): Promise<Iterable<Buffer>> => {
  const narrow = await narrowing(catalog, whole.track.key, format, asked)
  const { since } = asked
  const changed = since === undefined ? undefined : await changedSince(catalog, whole, Number(since), narrow)
  return gathered(format.chunks({ whole, chosen: narrow(whole), asked, changed, publicUrl }))
}

/** Reads the scope of a request: what narrows a track to it, or a failure that names the option of the format that is wrong. */
const narrowing = async (
  catalog: Catalog,
  track: string,
  { options }: Pick<Format, 'options'>,
  asked: Asked,
): Promise<(whole: TrackDocument) => TrackDocument> => {
  readOptions(options, asked)
  const scope = await readScope(catalog, track, asked)
  return whole => (scope === undefined ? whole : inScope(whole, scope))
}

/** What of a track is in the scope that was asked for; or a failure that names the option of the format that is wrong. */
export const chosenOf = async (
  catalog: Catalog,
  whole: TrackDocument,
  format: Pick<Format, 'options'>,
  asked: Asked,
): Promise<TrackDocument> => (await narrowing(catalog, whole.track.key, format, asked))(whole)

/** Few large pieces cost less than many small ones. */
const gathered = function* (chunks: Iterable<Chunk>): Iterable<Buffer> {
  let held: Buffer[] = []
  let size = 0
  for (const chunk of chunks) {
    const bytes = Buffer.from(chunk)
    held.push(bytes)
    size += bytes.length
    if (size < enough) continue
    yield Buffer.concat(held)
    held = []
    size = 0
  }
  yield Buffer.concat(held)
}

const enough = 64 * 1024
