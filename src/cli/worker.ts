import cluster, { type Worker } from 'node:cluster'
import closeWithGrace from 'close-with-grace'
import { BadConfig, drainSecondsOf, readConfig } from '../config.ts'
import { createMetrics } from '../http/metrics.ts'
import { openLog } from '../runtime/logger.ts'
import { createSharedCounts } from '../runtime/workers/shared-request-counts.ts'
import { linkToSupervisor } from '../runtime/workers/supervisor-link.ts'
import { listen } from './listen.ts'
import { openDatabaseOf, openWriter } from './open-database.ts'
import { logPatience, stopWithin } from './stopping.ts'

/** The program of a worker: it serves what its supervisor has loaded, until it is told to stop. */
const config = readConfig(process.env)
const drainSeconds = drainSecondsOf(config, false)
const { log, output } = openLog(config.LOG_LEVEL, process.stdout)
const metrics = createMetrics(output.dropped)
const counts = createSharedCounts(counted => supervisor.send({ report: 'counted', counts: counted }))

const line = cluster.worker as Worker // nothing else runs this program than a supervisor
const supervisor = linkToSupervisor(line, {
  stop: () => stop(),
  measured: metrics.collect,
  count: counts.addFromOthers,
})

// Linux deals new connections out to the processes that listen. Elsewhere the supervisor hands them on: as evenly, but what is on its way to
// a worker that dies then hangs. One queue that all take from would be unfair: now and then one worker has got every connection.
const kernelShares = process.platform === 'linux'

const work = async () => {
  const store = openDatabaseOf(config)
  const writer = openWriter(config, store)
  const { origin, drain, close } = await listen(config, store.catalog, log, {
    writer,
    keys: { ...store.keys, recordUse: writer.recordUse },
    webhooks: store.webhooks,
    webhookWrites: writer,
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
const working = work()

const signals = ['SIGTERM', 'SIGINT'] as const

const { close } = closeWithGrace(
  { delay: stopWithin(drainSeconds), logger: false, skip: [...signals, 'SIGHUP'] },
  async ({ err }) => {
    if (err !== undefined) log.fatal({ err }, 'something unforeseen ends a worker')
    const { drain, close } = await working
    if (err === undefined) await drain(drainSeconds)
    await close()
    await output.flushed(logPatience)
  },
)

// A terminal or a process group tells everyone to stop, and the supervisor does too, before or after: it is one stop.
let told = false
const stop = (): void => {
  if (!told) close()
  told = true
}
for (const signal of signals) process.on(signal, stop)
// The supervisor has logged it.
process.on('SIGHUP', () => undefined)

try {
  supervisor.send({ report: 'listening', origin: (await working).origin })
} catch (failure) {
  if (!(failure instanceof BadConfig)) throw failure
  supervisor.send({ report: 'refused', sentence: failure.message })
  process.exitCode = 1
  supervisor.disconnect()
}
