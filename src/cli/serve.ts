import { fileURLToPath } from 'node:url'
import closeWithGrace from 'close-with-grace'
import type { Command } from 'commander'
import { type Config, drainSecondsOf, readConfig } from '../config.ts'
import { createMetrics } from '../http/metrics.ts'
import { startBackgroundJobs } from '../runtime/background-jobs.ts'
import type { LogOutput } from '../runtime/log-output.ts'
import { type Logger, openLog } from '../runtime/logger.ts'
import { supervise } from '../runtime/workers/supervisor.ts'
import { type Listening, listen, settlePort } from './listen.ts'
import { openDatabaseOf, openWriter, orUnusable } from './open-database.ts'
import { ignoreHangUp, logPatience, stopWithin } from './stopping.ts'
import { contentIn } from './watch-content.ts'

export const addServe = (program: Command): void => {
  program
    .command('serve')
    .description('Serve the curriculum; load the content first where it differs from what was loaded.')
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

/** Opens the database, loads the content and listens, until a signal stops it. */
const serve = async (config: Config, watch: boolean, verbose: boolean): Promise<void> => {
  const { log, output } = openLog(config.LOG_LEVEL, process.stdout)
  const ignored = ignoreHangUp(log, process.stdout.isTTY)
  // Mistakes in the content are printed there, and counted in the log.
  process.stderr.on('error', () => undefined)
  const drainSeconds = drainSecondsOf(config, process.stdout.isTTY)
  // Where the port is taken, nothing is migrated or loaded.
  const port = await settlePort(config)
  const store = openDatabaseOf(config, { check: true })
  const { catalog, keys, webhooks, close } = store
  const content = contentIn(config.CONTENT, catalog, log, verbose)
  if (!config.READ_ONLY) await (watch ? content.attempt() : orUnusable(config.DATABASE_URL, content.load))
  const writer = openWriter(config, store)
  const starting =
    config.WORKERS === 1
      ? listen(config, catalog, log, {
          metrics: createMetrics(output.dropped),
          watch,
          writer,
          keys: { find: keys.find, recordUse: writer.recordUse },
          webhooks,
          webhookWrites: writer,
        })
      : listenWithWorkers(config, port, drainSeconds, log, output, watch)
  const beside: (() => Promise<void>)[] = []
  // From the first request on: one worker may answer while another still starts.
  const { uninstall } = closeWithGrace(
    { delay: stopWithin(drainSeconds), logger: false, skip: ignored },
    async ({ err, signal }) => {
      if (err === undefined) log.info({ signal, drainSeconds }, 'stopping')
      else log.fatal({ err }, 'something unforeseen ends the service')
      const serving = await starting
      if (err === undefined) await serving.drain(drainSeconds)
      await Promise.all([...beside.map(stop => stop()), serving.close()])
      await writer.close()
      close()
      log.info('stopped')
      await output.flushed(logPatience)
    },
  )
  try {
    announce(config.PUBLIC_URL ?? (await starting).origin, log)
  } catch (failure) {
    uninstall()
    throw failure
  }
  if (config.READ_ONLY) return
  beside.push(startBackgroundJobs(config, webhooks, writer, log))
  if (watch) beside.push(content.watch())
}

/** What was opened and loaded is there for all workers: they only read. */
const listenWithWorkers = async (
  config: Config,
  port: number,
  drainSeconds: number,
  log: Logger,
  output: LogOutput,
  watch: boolean,
): Promise<Listening> => {
  const work = {
    program: fileURLToPath(new URL('worker.ts', import.meta.url)),
    args: watch ? ['--watch'] : [],
    env: { PORT: String(port), DRAIN_SECONDS: String(drainSeconds) },
  }
  return supervise(config.WORKERS, work, log, output)
}

const announce = (address: string, log: Logger): void =>
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
