import type { Finding } from '../content/findings.ts'
import type { LoadResult } from '../content/load.ts'
import { readFolder, type TrackContent } from '../content/read-folder.ts'
import { Refused } from '../errors.ts'
import { fetchFrom } from '../lms-sync/http-client.ts'
import { type DocumentChange, picturesChange } from '../model/compare-documents.ts'
import type { Item } from '../model/curriculum.ts'
import { encodePath, hasSamePictures, type Picture, type PictureFile } from '../model/picture.ts'

/** A service into which tracks are loaded over HTTP. */
export interface Remote {
  url: string
  key: string
  dryRun: boolean
  overwrite: boolean
}

export interface RemoteLoadResult {
  /** The changes of each track; with `dryRun`, those that the service would make. */
  tracks: { slug: string; created: number; changed: number; removed: number; changes: DocumentChange[] }[]
  /** The tracks that the service rejected, with the reason. */
  rejected: LoadResult['rejected']
  findings: Finding[]
}

/**
 * Loads every track of a folder without errors into a service over HTTP, one request per track. A track that refers to
 * one that is loaded later is sent again after it.
 */
export const loadRemotely = async (folder: string, remote: Remote): Promise<RemoteLoadResult> => {
  // The service checks references to tracks that are not in the folder.
  const { tracks, findings } = await readFolder(folder, { resolveExternal: (_noun, key) => key })
  const loaded: RemoteLoadResult['tracks'] = []
  let pending = tracks
  for (;;) {
    const rejected: (LoadResult['rejected'][number] & { track: TrackContent })[] = []
    for (const track of pending) {
      const result = await sendTrack(track, remote)
      if (typeof result === 'string') rejected.push({ track, slugs: [track.slug], message: result })
      else loaded.push({ slug: track.slug, ...result })
    }
    if (rejected.length === 0 || rejected.length === pending.length)
      return { tracks: loaded, rejected: rejected, findings }
    pending = rejected.map(({ track }) => track)
  }
}

interface LoadResponse {
  created: unknown[]
  changed: unknown[]
  removed: unknown[]
  changes: DocumentChange[]
}

/** Sends a track with its pictures; returns its changes, or the reason why the service rejected it. */
const sendTrack = async (
  { slug, hash, document, pictures }: TrackContent,
  { url, key, dryRun, overwrite }: Remote,
): Promise<Omit<RemoteLoadResult['tracks'][number], 'slug'> | string> => {
  const origin = url.replace(/\/+$/, '')
  const address = `${origin}/v1/tracks/${slug}/document`
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const existing = await fetchFrom(`${origin}/v1/tracks/${slug}`, { headers })
  const before = await picturesIn(existing)
  const preconditions = existing.status === 200 ? { 'if-match': '*' } : { 'if-none-match': '*' }
  const response = await fetchFrom(
    `${address}?load=${hash}&dryRun=${dryRun}&overwrite=${overwrite}`,
    { method: 'PUT', headers: { ...headers, ...preconditions }, body: JSON.stringify(document) },
    300,
  )
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok && body !== undefined) {
    const { created, changed, removed, changes } = body as LoadResponse // the response format of this service
    const counts = { created: created.length, changed: changed.length, removed: removed.length, changes }
    if (hasSamePictures(before, pictures)) return counts
    if (!dryRun) await sendPictures(`${origin}/tracks/${slug}/files`, key, hash, before, pictures)
    const change = picturesChange(document.track)
    return { ...counts, changed: Math.max(counts.changed, 1), changes: [change, ...changes] }
  }
  const { detail } = (body ?? {}) as { detail?: string } // problem details, or a proxy's page
  const reason = `${detail ?? 'the response is not from a curriculum service.'} (${response.status})`
  if ([409, 422].includes(response.status)) return reason
  throw new Refused(`${new URL(address).origin} rejects the track: ${reason}`)
}

/** Returns the pictures of the track in a response; none if the track does not exist, or the response is not from this service. */
const picturesIn = async (response: Response): Promise<readonly Picture[]> => {
  const { pictures = [] } = (await response.json().catch(() => ({}))) as Partial<Item<'track'>> // as above
  return response.ok ? pictures : []
}

/** Sends the pictures that differ, and removes those that are gone. */
const sendPictures = async (
  folder: string,
  key: string,
  hash: string,
  before: readonly Picture[],
  pictures: readonly PictureFile[],
): Promise<void> => {
  const send = async (path: string, method: 'PUT' | 'DELETE', exists: boolean, body?: Buffer) => {
    const address = `${folder}/${encodePath(path)}?load=${hash}`
    const headers = { authorization: `Bearer ${key}`, ...(exists ? { 'if-match': '*' } : { 'if-none-match': '*' }) }
    const response = await fetchFrom(address, { method, headers, ...(body && { body: new Uint8Array(body) }) })
    if (!response.ok)
      throw new Refused(`${new URL(folder).origin} rejects the picture ${path}: ${await response.text()}`)
  }
  const hashes = new Map(before.map(one => [one.path, one.hash]))
  for (const { path, hash: own, bytes } of pictures)
    if (hashes.get(path) !== own) await send(path, 'PUT', hashes.has(path), bytes)
  const kept = new Set(pictures.map(({ path }) => path))
  for (const { path } of before) if (!kept.has(path)) await send(path, 'DELETE', true)
}
