import cluster from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MetricValues } from '../../http/metrics.ts'
import type { LogOutput } from '../log-output.ts'
import type { Logger } from '../logger.ts'
import type { Command, Report } from './messages.ts'
import { createMetricsAggregator } from './metrics-aggregator.ts'
import { startWorker, type WorkerProcess } from './worker-process.ts'

export interface WorkerProgram {
  /** The file that a worker runs, its arguments, and variables added to our environment. */
  program: string
  args: string[]
  env: Record<string, string>
}

/**
 * Starts `count` workers and replaces those that exit. If one of the first workers cannot start, all are stopped and the
 * failure is thrown. Each worker drains its connections after the command to stop.
 */
export const supervise = async (
  count: number,
  { program, args, env }: WorkerProgram,
  log: Logger,
  output: LogOutput,
  ownMetrics: () => Promise<MetricValues>,
) => {
  cluster.setupPrimary({
    exec: program,
    args,
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const pool = createWorkerPool(env, output, ownMetrics)
  const first = Array.from({ length: count }, pool.hire)
  const [origin] = await startAll(first)
  const stopping = new AbortController()
  const slots = first.map(worker => keepRunning(worker, pool.hire, log, stopping.signal))
  const stop = (): void => {
    if (!stopping.signal.aborted) pool.stop()
    stopping.abort()
  }
  return {
    origin: String(origin),
    drain: async (seconds: number): Promise<void> => {
      stop()
      await sleep(seconds * 1_000)
    },
    close: async (): Promise<void> => {
      stop()
      await Promise.all(slots)
    },
  }
}

const startAll = async (workers: readonly WorkerProcess[]): Promise<string[]> => {
  try {
    return await Promise.all(workers.map(({ listening }) => listening))
  } catch (failure) {
    for (const worker of workers) worker.kill()
    await Promise.all(workers.map(({ exited: ended }) => ended))
    throw failure
  }
}

/** Keeps one worker running, replacing it when it exits, until `stopping` aborts. */
const keepRunning = async (
  first: WorkerProcess,
  start: () => WorkerProcess,
  log: Logger,
  stopping: AbortSignal,
): Promise<void> => {
  let pause = minPause
  for (let worker = first; ; worker = start()) {
    const start = readyTime(worker, log)
    const exit = await worker.exited
    if (stopping.aborted) return
    const served = Math.max(Date.now() - (await start), 0)
    // Exponential backoff: every exit doubles the pause, minus the time in which the worker served.
    pause = Math.min(Math.max(pause * 2 - served, minPause), maxPause)
    log.error({ worker: worker.pid, ...exit, pause }, 'worker exited and is replaced')
    await sleep(pause, undefined, { signal: stopping }).catch(() => undefined)
    if (stopping.aborted) return
  }
}

/** Returns the time at which the worker began to listen; infinity when it could not. */
const readyTime = (worker: WorkerProcess, log: Logger): Promise<number> =>
  worker.listening.then(
    () => Date.now(),
    ({ message }: Error) => {
      log.error({ worker: worker.pid, reason: message }, 'worker could not start')
      return Number.POSITIVE_INFINITY
    },
  )

/** In milliseconds. */
const minPause = 50
const maxPause = 10_000

/** Creates the set of running workers, and passes messages between them. */
const createWorkerPool = (env: Record<string, string>, output: LogOutput, ownMetrics: () => Promise<MetricValues>) => {
  const all = new Set<WorkerProcess>()
  const serving = new Set<WorkerProcess>()
  const metrics = createMetricsAggregator(serving, ownMetrics)
  const sendToOthers = (except: WorkerProcess, command: Command): void => {
    for (const worker of serving) if (worker !== except) worker.send(command)
  }
  const handleReport = async (from: WorkerProcess, report: Report): Promise<void> => {
    if (report.report === 'listening') serving.add(from)
    if (report.report === 'measured') metrics.measured(from, report.number, report.measured)
    if (report.report === 'counted') sendToOthers(from, { command: 'count', counts: report.counts })
    if (report.report === 'metrics')
      from.send({ command: 'metrics', number: report.number, text: await metrics.text() })
  }
  const start = (): WorkerProcess => {
    const worker = startWorker(env, output, handleReport)
    all.add(worker)
    void worker.exited.then(() => {
      all.delete(worker)
      serving.delete(worker)
      return metrics.ended(worker)
    })
    return worker
  }
  const stop = (): void => {
    for (const worker of all) worker.send({ command: 'stop' })
  }
  return { hire: start, stop }
}
