import { setTimeout as sleep } from 'node:timers/promises'
import { AggregatorRegistry } from 'prom-client'
import type { MetricValues } from '../../http/metrics.ts'
import type { WorkerProcess } from './worker-process.ts'

/** In milliseconds: for a worker that has not answered by then, its last metrics are used. */
const timeout = 2_000

/** Sums the metrics of all workers. Counters of exited workers stay included: Prometheus reads a lower sum as a restart. */
export const createMetricsAggregator = (
  serving: ReadonlySet<WorkerProcess>,
  ownMetrics: () => Promise<MetricValues>,
) => {
  const latest = new Map<WorkerProcess, MetricValues>()
  const pending = new Map<number, () => void>()
  let exited: MetricValues[] = []
  let lastNumber = 0
  const measure = (worker: WorkerProcess): Promise<void> => {
    lastNumber += 1
    const number = lastNumber
    worker.send({ command: 'measure', number })
    return new Promise(resolve => pending.set(number, resolve))
  }
  return {
    text: async (): Promise<string> => {
      await Promise.race([Promise.all([...serving].map(measure)), sleep(timeout, undefined, { ref: false })])
      return AggregatorRegistry.aggregate([...exited, ...latest.values(), await ownMetrics()]).metrics()
    },
    measured: (worker: WorkerProcess, number: number, measured: MetricValues): void => {
      // A message sent just before the exit may arrive after it.
      if (serving.has(worker)) latest.set(worker, measured)
      pending.get(number)?.()
      pending.delete(number)
    },
    ended: async (worker: WorkerProcess): Promise<void> => {
      const last = latest.get(worker) ?? []
      latest.delete(worker)
      exited.push(last.filter(({ type }) => cumulativeTypes.has(String(type))))
      exited = [await AggregatorRegistry.aggregate(exited).getMetricsAsJSON()]
    },
  }
}

/** The metric types that stay when their process has exited; a gauge does not. */
const cumulativeTypes = new Set(['counter', 'histogram'])
