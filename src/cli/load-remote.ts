import type { Finding } from '../content/findings.ts'
import type { LoadResult } from '../content/load.ts'
import { readFolder, type TrackContent } from '../content/read-folder.ts'
import { Refused } from '../errors.ts'
import { reach } from '../lms-sync/http-client.ts'
import type { DocumentChange } from '../model/compare-documents.ts'

/** A service that tracks are loaded into over HTTP. */
export interface Remote {
  url: string
  key: string
  dryRun: boolean
  overwrite: boolean
}

export interface LoadedThere {
  /** What the service changed of each track, or would. */
  tracks: { slug: string; created: number; changed: number; removed: number; changes: DocumentChange[] }[]
  /** Tracks it would not take, and why. */
  refused: LoadResult['refused']
  findings: Finding[]
}

/**
 * Loads every track of a folder into a service that runs elsewhere, each in one request: a track with a mistake in any file
 * is not sent. What refers to a track that is yet to come is sent again after it.
 */
export const loadTo = async (folder: string, remote: Remote): Promise<LoadedThere> => {
  // What refers to a track that is not in the folder is for the service to judge.
  const { tracks, findings } = await readFolder(folder, { resolveExternal: (_noun, key) => key })
  const loaded: LoadedThere['tracks'] = []
  let waiting = tracks
  for (;;) {
    const refused: (LoadResult['refused'][number] & { track: TrackContent })[] = []
    for (const track of waiting) {
      const answer = await send(track, remote)
      if (typeof answer === 'string') refused.push({ track, slugs: [track.slug], message: answer })
      else loaded.push({ slug: track.slug, ...answer })
    }
    if (refused.length === 0 || refused.length === waiting.length) return { tracks: loaded, refused, findings }
    waiting = refused.map(({ track }) => track)
  }
}

interface Answered {
  created: unknown[]
  changed: unknown[]
  removed: unknown[]
  changes: DocumentChange[]
}

/** What became of a track, or the service's sentence why it was refused. */
const send = async (
  { slug, hash, document }: TrackContent,
  { url, key, dryRun, overwrite }: Remote,
): Promise<Omit<LoadedThere['tracks'][number], 'slug'> | string> => {
  const address = `${url.replace(/\/+$/, '')}/v1/tracks/${slug}/document`
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const there = await reach(`${url.replace(/\/+$/, '')}/v1/tracks/${slug}`, { method: 'HEAD', headers })
  const terms = there.status === 200 ? { 'if-match': '*' } : { 'if-none-match': '*' }
  const response = await reach(
    `${address}?load=${hash}&dryRun=${dryRun}&overwrite=${overwrite}`,
    { method: 'PUT', headers: { ...headers, ...terms }, body: JSON.stringify(document) },
    300,
  )
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok && body !== undefined) {
    const { created, changed, removed, changes } = body as Answered // our own service answers so
    return { created: created.length, changed: changed.length, removed: removed.length, changes }
  }
  const { detail } = (body ?? {}) as { detail?: string } // problem details, or a proxy's page
  const said = `${detail ?? 'the answer is not one of this service.'} (${response.status})`
  if ([409, 422].includes(response.status)) return said
  throw new Refused(`${new URL(address).origin} refuses: ${said}`)
}
