import { existsSync, watch } from 'node:fs'
import closeWithGrace from 'close-with-grace'
import type { Command } from 'commander'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../app.ts'
import type { Catalog } from '../catalog.ts'
import { BadConfig, type Config, readConfig } from '../config.ts'
import { printFindings } from '../content/finding.ts'
import { loadContent } from '../loading.ts'
import { createLogger, type Logger } from '../logger.ts'
import { openDatabaseOf } from './database.ts'

export const addServe = (program: Command): void => {
  program
    .command('serve')
    .description('Serve the curriculum; load the content first where it differs from what was loaded.')
    .option('--watch', 'load the content again whenever a file is saved, and print the mistakes')
    .addHelpText(
      'after',
      '\nSettings come from the environment: PORT, HOST, DATABASE_URL, CONTENT and others, listed in the README.',
    )
    .action(async (options: { watch?: boolean }) => {
      const config = readConfig(process.env)
      if (options.watch && !existsSync(config.CONTENT))
        throw new BadConfig('CONTENT names no folder that is there: nothing could be watched.')
      const served = await serve(config, createLogger(config.LOG_LEVEL), options)
      const stopWatching = options.watch ? watchContent(config.CONTENT, served) : undefined
      closeWithGrace({ delay: 9_000, logger: false }, ({ err }) => {
        if (err !== undefined) served.log.fatal({ err }, 'something unforeseen ends the service')
        stopWatching?.()
        return served.close()
      })
    })
}

export interface Served {
  app: FastifyInstance
  catalog: Catalog
  log: Logger
  /** Where it listens, such as `http://localhost:3000`. */
  address: string
  close(): Promise<void>
}

/** Opens, loads and listens; what it answers is already being served. */
export const serve = async (config: Config, log: Logger, { watch = false } = {}): Promise<Served> => {
  const store = openDatabaseOf(config)
  await load(store.catalog, config.CONTENT, log)
  const app = await buildApp(store.catalog, {
    logger: log,
    trustProxy: config.TRUST_PROXY ?? false,
    ratePerMinute: config.RATE_LIMIT_PER_MINUTE,
    watch,
    cacheBytes: config.CACHE_BYTES,
    graphiql: config.GRAPHIQL,
  })
  const listening = new URL(await listen(app, config))
  // An IPv6 address stays as it was listened on, in brackets.
  listening.hostname = config.HOST
  const address = config.PUBLIC_URL ?? listening.origin
  log.info(
    {
      address,
      rest: `${address}/v1`,
      graphql: `${address}/graphql`,
      graphiql: `${address}/graphiql`,
      docs: `${address}/docs`,
    },
    'ready',
  )
  return {
    app,
    catalog: store.catalog,
    log,
    address,
    close: async () => {
      await app.close()
      store.close()
    },
  }
}

const listen = async (app: FastifyInstance, { PORT, HOST }: Config): Promise<string> => {
  try {
    return await app.listen({ port: PORT, host: HOST, listenTextResolver: () => 'listening' })
  } catch (failure) {
    await app.close()
    const { code } = failure as NodeJS.ErrnoException // the system says why it would not listen
    throw new BadConfig(unlistenable[String(code)] ?? `PORT and HOST name an address that cannot be used (${code}).`, {
      cause: failure,
    })
  }
}

const noAddress = 'HOST is no address of this machine: set it to localhost, or to 0.0.0.0 for every interface.'
const unlistenable: Record<string, string> = {
  EADDRINUSE: 'PORT is in use by another program: stop that one, or set PORT to a free one.',
  EACCES: 'PORT may not be listened on by this user: set it to one above 1023.',
  EADDRNOTAVAIL: noAddress,
  EAI_AGAIN: noAddress,
  ENOTFOUND: noAddress,
}

/** A broken track never takes the place of a good one: its mistakes are told, and what was served before stays. */
const load = async (catalog: Catalog, folder: string, log: Logger): Promise<void> => {
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
const watchContent = (folder: string, { catalog, log }: Served): (() => void) => {
  let waiting: NodeJS.Timeout | undefined
  let loading: Promise<void> = Promise.resolve()
  const reload = () => {
    loading = loading
      .then(() => load(catalog, folder, log))
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
