import { watch } from 'node:fs'
import type { Catalog } from '../catalog.ts'
import { printFindings } from '../content/finding.ts'
import { loadContent } from '../loading.ts'
import type { Logger } from '../logger.ts'

/** A broken track never takes the place of a good one: its mistakes are told, and what was served before stays. */
export const loadFolder = async (catalog: Catalog, folder: string, log: Logger): Promise<void> => {
  const { loaded, drifted, refused, findings } = await loadContent(catalog, folder)
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
  for (const slug of drifted)
    log.warn({ track: slug }, 'track not loaded: it was changed through the API since its last load')
  for (const { slugs, message } of refused) log.error({ tracks: slugs, reason: message }, 'tracks not loaded')
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.length > 0)
    log.error({ mistakes: errors.length, content: folder }, 'content has mistakes: what was loaded before is served')
  if (findings.length > 0) process.stderr.write(printFindings(findings, process.stderr.isTTY))
}

/** Loads the content after each change, until what it answers is called. */
export const watchFolder = (catalog: Catalog, folder: string, log: Logger): (() => void) => {
  let waiting: NodeJS.Timeout | undefined
  let loading: Promise<void> = Promise.resolve()
  const reload = () => {
    loading = loading
      .then(() => loadFolder(catalog, folder, log))
      .catch((err: unknown) => log.error({ err }, 'content could not be read'))
  }
  // Editors save in several steps: the files are read when they have been still for a moment.
  const watcher = watch(folder, { recursive: true }, () => {
    clearTimeout(waiting)
    waiting = setTimeout(reload, 100)
  })
  log.info({ content: folder }, 'watching')
  return () => {
    clearTimeout(waiting)
    watcher.close()
  }
}
