import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import closeWithGrace from 'close-with-grace'
import type { Command } from 'commander'
import { BadConfig, type Config, readConfig } from '../config.ts'
import { createMetrics } from '../http/metrics.ts'
import { createLogger, flushed, type Logger, lineStream } from '../logger.ts'
import { supervise } from '../workers/supervisor.ts'
import { loadFolder, watchFolder } from './content.ts'
import { openDatabaseOf } from './database.ts'
import { type Listening, listen, settlePort } from './listen.ts'

export const addServe = (program: Command): void => {
  program
    .command('serve')
    .description('Serve the curriculum; load the content first where it differs from what was loaded.')
    .option('--watch', 'load the content again whenever a file is saved, and print the mistakes')
    .addHelpText(
      'after',
      '\nSettings come from the environment: PORT, HOST, DATABASE_URL, CONTENT and others, listed in the README.',
    )
    .action(async ({ watch = false }: { watch?: boolean }) => {
      const config = readConfig(process.env)
      if (watch && !existsSync(config.CONTENT))
        throw new BadConfig('CONTENT names no folder that is there: nothing could be watched.')
      await serve(config, createLogger(config.LOG_LEVEL), watch)
    })
}

/** Opens, loads and listens, until it is told to stop. */
const serve = async (config: Config, log: Logger, watch: boolean): Promise<void> => {
  const { catalog, close } = openDatabaseOf(config)
  await loadFolder(catalog, config.CONTENT, log)
  const serving =
    config.WORKERS === 1
      ? await listen(config, catalog, log, { metrics: createMetrics(), watch })
      : await listenWithWorkers(config, log, watch)
  announce(config.PUBLIC_URL ?? serving.origin, log)
  const stopWatching = watch ? watchFolder(catalog, config.CONTENT, log) : undefined
  closeWithGrace({ delay: 9_000, logger: false }, async ({ err }) => {
    if (err !== undefined) log.fatal({ err }, 'something unforeseen ends the service')
    stopWatching?.()
    await serving.close()
    close()
    await flushed()
  })
}

/** What was opened and loaded is there for all workers: they only read. */
const listenWithWorkers = async (config: Config, log: Logger, watch: boolean): Promise<Listening> => {
  const work = {
    program: fileURLToPath(new URL('worker.ts', import.meta.url)),
    args: watch ? ['--watch'] : [],
    env: { PORT: String(await settlePort(config)) },
  }
  return supervise(config.WORKERS, work, log, lineStream(process.stdout))
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
