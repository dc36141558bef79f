import { setTimeout as sleep } from 'node:timers/promises'
import { AggregatorRegistry } from 'prom-client'
import type { Measured } from '../../http/metrics.ts'
import type { WorkerProcess } from './worker-process.ts'

/** A worker that has not answered by then is taken at its last word. */
const patience = 2_000

/** The metrics of all workers as one. What those counted that have ended stays in: a sum that fell would be read as a restart of all. */
export const metricsSum = (serving: ReadonlySet<WorkerProcess>, own: () => Promise<Measured>) => {
  const latest = new Map<WorkerProcess, Measured>()
  const waiting = new Map<number, () => void>()
  let past: Measured[] = []
  let asked = 0
  const measure = (worker: WorkerProcess): Promise<void> => {
    asked += 1
    const number = asked
    worker.tell({ order: 'measure', number })
    return new Promise(resolve => waiting.set(number, resolve))
  }
  return {
    text: async (): Promise<string> => {
      await Promise.race([Promise.all([...serving].map(measure)), sleep(patience, undefined, { ref: false })])
      return AggregatorRegistry.aggregate([...past, ...latest.values(), await own()]).metrics()
    },
    measured: (worker: WorkerProcess, number: number, measured: Measured): void => {
      // What one said just before it ended may be heard after.
      if (serving.has(worker)) latest.set(worker, measured)
      waiting.get(number)?.()
      waiting.delete(number)
    },
    ended: async (worker: WorkerProcess): Promise<void> => {
      const last = latest.get(worker) ?? []
      latest.delete(worker)
      past.push(last.filter(({ type }) => growing.has(String(type))))
      past = [await AggregatorRegistry.aggregate(past).getMetricsAsJSON()]
    },
  }
}

/** Nothing is left of a gauge when its process is gone. */
const growing = new Set(['counter', 'histogram'])
