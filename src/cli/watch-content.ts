import { readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Catalog } from '../catalog.ts'
import { BadConfig } from '../config.ts'
import { isError, printFindings } from '../content/findings.ts'
import { stampOfFolder } from '../content/folder.ts'
import { type LoadResult, loadContent } from '../content/load.ts'
import type { Logger } from '../runtime/logger.ts'

/** The folder of tracks that a service loads and watches. */
export interface WatchedContent {
  /** Loads changed tracks and logs the result; throws `BadConfig` if there is nothing to serve then. */
  load(): Promise<void>
  /** Loads changed tracks and logs errors instead of throwing them. */
  loadOrLogError(): Promise<void>
  /** Loads the content after each change; the returned function stops watching. */
  watch(): () => Promise<void>
}

/** Creates the content of a folder. `verbose` prints every warning; otherwise many of one kind are one line. */
export const watchedContent = (
  folder: string,
  catalog: Catalog,
  log: Logger,
  { verbose, watch: isWatched }: { verbose: boolean; watch: boolean },
): WatchedContent => {
  const logAbsent = createAbsentLogger(folder, log)
  let stamp = ''
  const load = async (): Promise<void> => {
    if (isWatched) stamp = await stampOfFolder(folder)
    const result = await loadContent(catalog, folder)
    const served = await catalog.keys('track')
    logLoaded(result, log)
    logFindings(result, served, log, verbose)
    logAbsent(result.absent)
    if (result.found.length === 0) await logNoTrack(folder, served, log)
    else if (served.length === 0) throw new BadConfig(noneLoaded)
  }
  const attempt = () =>
    load().catch((err: unknown) => {
      if (err instanceof BadConfig) log.error({ content: folder, reason: err.message }, 'nothing is served yet')
      else log.error({ err }, 'content could not be read')
    })
  const watch = () => {
    const stopping = new AbortController()
    const watching = pollFolder(folder, () => stamp, attempt, stopping.signal)
    log.info({ content: folder }, 'watching')
    return () => {
      stopping.abort()
      return watching
    }
  }
  return { load, loadOrLogError: attempt, watch }
}

/** The time between two looks at the files, in milliseconds. */
const pollInterval = 200

/**
 * Polls the files. File system events are unreliable: the system may still watch a file or folder that an editor has
 * replaced. Files are read once they are unchanged between two polls, because editors save in several steps.
 */
const pollFolder = async (
  folder: string,
  loaded: () => string,
  load: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> => {
  let before = loaded()
  while (await sleep(pollInterval, true, { signal }).catch(() => false)) {
    const now = await stampOfFolder(folder)
    if (now === before && now !== loaded()) await load()
    before = now
  }
}

const logLoaded = ({ loaded, drifted, rejected }: LoadResult, log: Logger): void => {
  for (const { slug, ...counts } of loaded) log.info({ track: slug, ...counts }, 'track loaded')
  for (const { slug } of drifted)
    log.warn({ track: slug }, 'track not loaded: it was changed through the API since its last load')
  for (const { slugs, message } of rejected) log.error({ tracks: slugs, reason: message }, 'tracks not loaded')
}

/** Logs and prints the findings. A track with errors never replaces the one that is served. */
const logFindings = (
  { found, broken, ...result }: LoadResult,
  served: string[],
  log: Logger,
  verbose: boolean,
): void => {
  // Notes are the same at every save.
  const findings = result.findings.filter(({ severity }) => severity !== 'note')
  if (found.length === 0 || findings.length === 0) return
  const mistakes = findings.filter(isError).length
  const stillServed = broken.filter(slug => served.includes(slug))
  const missing = broken.filter(slug => !served.includes(slug))
  if (stillServed.length > 0)
    log.error({ mistakes, tracks: stillServed }, 'content has mistakes: what was loaded before is served')
  if (missing.length > 0) log.error({ mistakes, tracks: missing }, 'content has mistakes: these tracks are not served')
  process.stderr.write(printFindings(findings, { colours: process.stderr.isTTY, verbose }))
}

/** Creates a function that logs absent tracks once, not at every save. */
const createAbsentLogger = (folder: string, log: Logger) => {
  let lastLogged = ''
  return (absent: string[]): void => {
    if (absent.length > 0 && absent.join() !== lastLogged)
      log.warn({ tracks: absent, content: folder }, 'tracks that are not in CONTENT any more are still served')
    lastLogged = absent.join()
  }
}

const logNoTrack = async (folder: string, served: string[], log: Logger): Promise<void> => {
  const code = await readdir(folder).then(
    () => '',
    (failure: NodeJS.ErrnoException) => String(failure.code),
  )
  const wrong = `CONTENT ${folderErrors[code] ?? `names a folder that cannot be read (${code})`}`
  if (served.length === 0)
    throw new BadConfig(`${wrong}, and nothing was loaded before: set it to the folder of your tracks, such as ./seed.`)
  log.error({ content: folder, tracks: served }, `${wrong}: what was loaded before is served`)
}

const folderErrors: Record<string, string> = {
  '': 'names a folder without a track (a folder that holds a track.yaml and a roadmap.yaml)',
  ENOENT: 'names a folder that does not exist',
  ENOTDIR: 'names a file instead of a folder',
}

const noneLoaded =
  'CONTENT holds no track that can be loaded, and nothing was loaded before: fix the mistakes printed above, or set it to another folder.'
