import { readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Catalog } from '../catalog.ts'
import { BadConfig } from '../config.ts'
import { isError, printFindings } from '../content/findings.ts'
import { stampOfFolder } from '../content/folder.ts'
import { type LoadResult, loadContent } from '../content/load.ts'
import type { Logger } from '../runtime/logger.ts'

/** The folder of tracks that a service follows. */
export interface Content {
  /** Loads what differs and logs what came of it; where there is nothing to serve then, a `BadConfig` says why. */
  load(): Promise<void>
  /** The same, but whatever goes wrong is logged. */
  attempt(): Promise<void>
  /** Loads the content after each change, until what it answers is called. */
  watch(): () => Promise<void>
}

/** `verbose` prints every warning; otherwise many of one kind are one line. */
export const contentIn = (folder: string, catalog: Catalog, log: Logger, verbose = false): Content => {
  const tellAbsent = absentTeller(folder, log)
  let stamp = ''
  const load = async (): Promise<void> => {
    stamp = await stampOfFolder(folder)
    const result = await loadContent(catalog, folder)
    const served = await catalog.keys('track')
    tellLoaded(result, log)
    tellMistakes(result, served, log, verbose)
    tellAbsent(result.absent)
    if (result.found.length === 0) await tellNoTrack(folder, served, log)
    else if (served.length === 0) throw new BadConfig(noneLoaded)
  }
  const attempt = () =>
    load().catch((err: unknown) => {
      if (err instanceof BadConfig) log.error({ content: folder, reason: err.message }, 'nothing is served yet')
      else log.error({ err }, 'content could not be read')
    })
  const watch = () => {
    const stopping = new AbortController()
    const watching = follow(folder, () => stamp, attempt, stopping.signal)
    log.info({ content: folder }, 'watching')
    return () => {
      stopping.abort()
      return watching
    }
  }
  return { load, attempt, watch }
}

/** In milliseconds. */
const pause = 200

/**
 * Looks at the files again and again. What the system tells of changes cannot be relied on: it may go on watching a file or folder
 * that an editor has put another in the place of. Editors save in several steps: files are read when they have been still for a moment.
 */
const follow = async (
  folder: string,
  loaded: () => string,
  load: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> => {
  let before = loaded()
  while (await sleep(pause, true, { signal }).catch(() => false)) {
    const now = await stampOfFolder(folder)
    if (now === before && now !== loaded()) await load()
    before = now
  }
}

const tellLoaded = ({ loaded, drifted, refused }: LoadResult, log: Logger): void => {
  for (const { slug, difference } of loaded)
    log.info(
      {
        track: slug,
        created: difference.created.length,
        changed: difference.changed.length,
        removed: difference.removed.length,
      },
      'track loaded',
    )
  for (const { slug } of drifted)
    log.warn({ track: slug }, 'track not loaded: it was changed through the API since its last load')
  for (const { slugs, message } of refused) log.error({ tracks: slugs, reason: message }, 'tracks not loaded')
}

/** A broken track never takes the place of a good one: its mistakes are told, and what was served before stays. */
const tellMistakes = (
  { found, broken, ...result }: LoadResult,
  served: string[],
  log: Logger,
  verbose: boolean,
): void => {
  // A note is the same at every save.
  const findings = result.findings.filter(({ severity }) => severity !== 'note')
  if (found.length === 0 || findings.length === 0) return
  const mistakes = findings.filter(isError).length
  const kept = broken.filter(slug => served.includes(slug))
  const missing = broken.filter(slug => !served.includes(slug))
  if (kept.length > 0) log.error({ mistakes, tracks: kept }, 'content has mistakes: what was loaded before is served')
  if (missing.length > 0) log.error({ mistakes, tracks: missing }, 'content has mistakes: these tracks are not served')
  process.stderr.write(printFindings(findings, { colours: process.stderr.isTTY, verbose }))
}

/** Told once, not again with every save. */
const absentTeller = (folder: string, log: Logger) => {
  let told = ''
  return (absent: string[]): void => {
    if (absent.length > 0 && absent.join() !== told)
      log.warn({ tracks: absent, content: folder }, 'tracks that are not in CONTENT any more are still served')
    told = absent.join()
  }
}

const tellNoTrack = async (folder: string, served: string[], log: Logger): Promise<void> => {
  const code = await readdir(folder).then(
    () => '',
    (failure: NodeJS.ErrnoException) => String(failure.code),
  )
  const wrong = `CONTENT ${unusable[code] ?? `names a folder that cannot be read (${code})`}`
  if (served.length === 0)
    throw new BadConfig(`${wrong}, and nothing was loaded before: set it to the folder of your tracks, such as ./seed.`)
  log.error({ content: folder, tracks: served }, `${wrong}: what was loaded before is served`)
}

const unusable: Record<string, string> = {
  '': 'names a folder without a track (a folder that holds a track.yaml and a roadmap.yaml)',
  ENOENT: 'names no folder that is there',
  ENOTDIR: 'names a file instead of a folder',
}

const noneLoaded =
  'CONTENT holds no track that can be loaded, and nothing was loaded before: mend the mistakes told above, or set it to another folder.'
