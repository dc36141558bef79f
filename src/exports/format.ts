import type { TrackDocument } from '../catalog.ts'
import type { Changed } from './changed-rows.ts'
import type { Asked, Option } from './options.ts'

/** A way to write a track for another program: the routes, the command line and the list of formats all come from this. */
export interface Format {
  /** As it stands in the address. */
  name: string
  mediaType: string
  /** What follows the track's slug in the name of the file. */
  ending: string
  description: string
  options: readonly Option[]
  /** Pure: the same export gives the same bytes, whenever and wherever it is made. */
  chunks(asked: Export): Iterable<Chunk>
}

export type Chunk = string | Uint8Array

/** What a format is made from. */
export interface Export {
  /** The whole track, where titles of what is outside are looked up. */
  whole: TrackDocument
  /** What is in scope. */
  chosen: TrackDocument
  asked: Asked
  /** What has changed since the cursor of the request; undefined without one. */
  changed: Changed | undefined
  /** The address that clients reach the service at. */
  publicUrl: string
}

export const fileNameOf = (track: string, { ending }: Pick<Format, 'ending'>): string => `${track}${ending}`
