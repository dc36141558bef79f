import { fileURLToPath } from 'node:url'
import closeWithGrace from 'close-with-grace'
import type { Command } from 'commander'
import { type Config, drainSecondsOf, readConfig } from '../config.ts'
import { createMetrics, createSupervisorMetrics } from '../http/metrics.ts'
import type { Replication } from '../model/replication.ts'
import { startBackgroundJobs } from '../runtime/background-jobs.ts'
import type { LogOutput } from '../runtime/log-output.ts'
import { type Logger, openLog } from '../runtime/logger.ts'
import { supervise } from '../runtime/workers/supervisor.ts'
import { findPort, ignoreSighup, listen, logFlushTimeout, type RunningServer, stopTimeout } from './listen.ts'
import { explainDatabaseErrors, openDatabaseOf, openWriter } from './open-database.ts'
import { readSite } from './site.ts'
import { watchedContent } from './watch-content.ts'

export const addServe = (program: Command): void => {
  program
    .command('serve')
    .description('Serve the curriculum; load changed content first.')
    .option('--watch', 'load the content again whenever a file is saved, and print the mistakes')
    .option('--verbose', 'print every warning about the content; without it, many of one kind are one line')
    .addHelpText(
      'after',
      '\nSettings come from the environment: PORT, HOST, DATABASE_URL, CONTENT and others, listed in docs/configuration.md.',
    )
    .action(async ({ watch = false, verbose = false }: { watch?: boolean; verbose?: boolean }) => {
      await serve(readConfig(process.env), watch, verbose)
    })
}

/** Opens the database, loads the content and listens until a signal. */
const serve = async (config: Config, watch: boolean, verbose: boolean): Promise<void> => {
  const { log, output } = openLog(config.LOG_LEVEL, process.stdout)
  const ignoredSignals = ignoreSighup(log, process.stdout.isTTY)
  // Findings about the content go to stderr; the log has their number, so a closed stderr is no failure.
  process.stderr.on('error', () => undefined)
  const drainSeconds = drainSecondsOf(config, process.stdout.isTTY)
  // Nothing is migrated or loaded if a setting is wrong or the port is in use.
  const site = await readSite(config)
  const port = await findPort(config)
  const store = openDatabaseOf(config, { check: true })
  const { catalog, keys, webhooks, json, lease, replication, close } = store
  const content = watchedContent(config.CONTENT, catalog, log, { verbose, watch })
  const loads = !config.READ_ONLY && (await lease.take())
  if (loads) await (watch ? content.loadOrLogError() : explainDatabaseErrors(config.DATABASE_URL, content.load))
  const writer = await openWriter(config, store)
  const starting =
    config.WORKERS === 1
      ? listen(config, catalog, log, {
          metrics: createMetrics(output.dropped),
          site,
          watch,
          writer,
          keys: { find: keys.find, recordUse: writer.recordUse },
          webhooks,
          webhookWrites: writer,
          replication,
        })
      : listenWithWorkers(config, port, drainSeconds, log, output, watch, replication)
  const stopTasks: (() => Promise<void>)[] = []
  // Installed before the workers are ready: one of them may already respond while another starts.
  const { uninstall } = closeWithGrace(
    { delay: stopTimeout(drainSeconds), logger: false, skip: ignoredSignals },
    async ({ err, signal }) => {
      if (err === undefined) log.info({ signal, drainSeconds }, 'stopping')
      else log.fatal({ err }, 'an unexpected error ends the service')
      const serving = await starting
      if (err === undefined) await serving.drain(drainSeconds)
      await Promise.all([...stopTasks.map(stop => stop()), serving.close()])
      await writer.close()
      close()
      log.info('stopped')
      await output.flushed(logFlushTimeout)
    },
  )
  try {
    logReady(config.PUBLIC_URL ?? (await starting).origin, log)
  } catch (failure) {
    uninstall()
    throw failure
  }
  if (config.READ_ONLY) return
  const loadLater = loads ? undefined : content.loadOrLogError
  stopTasks.push(startBackgroundJobs(config, { ...webhooks, ...json }, writer, log, lease, loadLater))
  if (watch) stopTasks.push(content.watch())
}

/** Starts the workers, which only read: this process has opened the database and loaded the content. */
const listenWithWorkers = async (
  config: Config,
  port: number,
  drainSeconds: number,
  log: Logger,
  output: LogOutput,
  watch: boolean,
  replication: Replication | undefined,
): Promise<RunningServer> => {
  const work = {
    program: fileURLToPath(new URL('worker.ts', import.meta.url)),
    args: watch ? ['--watch'] : [],
    env: { PORT: String(port), DRAIN_SECONDS: String(drainSeconds) },
  }
  return supervise(config.WORKERS, work, log, output, createSupervisorMetrics(output.dropped, replication))
}

const logReady = (address: string, log: Logger): void =>
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
