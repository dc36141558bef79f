import cluster, { type Worker } from 'node:cluster'
import closeWithGrace from 'close-with-grace'
import { BadConfig, drainSecondsOf, readConfig } from '../config.ts'
import { createMetrics } from '../http/metrics.ts'
import { openLog } from '../runtime/logger.ts'
import { createSharedCounts } from '../runtime/workers/shared-request-counts.ts'
import { linkToSupervisor } from '../runtime/workers/supervisor-link.ts'
import { listen, logFlushTimeout, stopTimeout } from './listen.ts'
import { openDatabaseOf, openWriter } from './open-database.ts'
import { readSite } from './site.ts'

/** The program of a worker process: serves what its supervisor has loaded, until the supervisor or a signal stops it. */
const config = readConfig(process.env)
const drainSeconds = drainSecondsOf(config, false)
const { log, output } = openLog(config.LOG_LEVEL, process.stdout)
const metrics = createMetrics(output.dropped)
const counts = createSharedCounts(counted => supervisor.send({ report: 'counted', counts: counted }))

const line = cluster.worker as Worker // only a supervisor runs this program
const supervisor = linkToSupervisor(line, {
  stop: () => stop(),
  measured: metrics.collect,
  count: counts.addFromOthers,
})

// Linux distributes new connections over the processes that listen (SO_REUSEPORT). On other systems the supervisor distributes them: as evenly,
// but a connection on its way to a dying worker hangs. A shared accept queue would be unfair: sometimes one worker got every connection.
const kernelShares = process.platform === 'linux'

const serveAsWorker = async () => {
  const store = openDatabaseOf(config)
  const writer = await openWriter(config, store)
  const { origin, drain, close } = await listen(config, store.catalog, log, {
    writer,
    keys: { ...store.keys, recordUse: writer.recordUse },
    webhooks: store.webhooks,
    webhookWrites: writer,
    site: await readSite(config),
    metrics: { ...metrics, text: supervisor.metrics },
    requestCounter: counts,
    reusePort: kernelShares,
    watch: process.argv.includes('--watch'),
  })
  return {
    origin,
    drain,
    close: async () => {
      await close()
      await writer.close()
      store.close()
    },
  }
}
const starting = serveAsWorker()

const signals = ['SIGTERM', 'SIGINT'] as const

const { close } = closeWithGrace(
  { delay: stopTimeout(drainSeconds), logger: false, skip: [...signals, 'SIGHUP'] },
  async ({ err }) => {
    if (err !== undefined) log.fatal({ err }, 'an unexpected error ends a worker')
    const { drain, close } = await starting
    if (err === undefined) await drain(drainSeconds)
    await close()
    await output.flushed(logFlushTimeout)
  },
)

// A terminal or a process group signals every process, and the supervisor sends a stop message too: stop only once.
let isStopping = false
const stop = (): void => {
  if (!isStopping) close()
  isStopping = true
}
for (const signal of signals) process.on(signal, stop)
// The supervisor has logged it.
process.on('SIGHUP', () => undefined)

try {
  supervisor.send({ report: 'listening', origin: (await starting).origin })
} catch (failure) {
  if (!(failure instanceof BadConfig)) throw failure
  supervisor.send({ report: 'refused', sentence: failure.message })
  process.exitCode = 1
  supervisor.disconnect()
}
