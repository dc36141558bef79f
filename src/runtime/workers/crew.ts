import { measureLog } from '../../http/metrics.ts'
import type { LogOutput } from '../log-output.ts'
import type { Order, Report } from './messages.ts'
import { metricsSum } from './metrics-sum.ts'
import { startWorker, type WorkerProcess } from './worker-process.ts'

/** The workers there are, and what they tell each other by way of their supervisor. */
export const createCrew = (env: Record<string, string>, output: LogOutput) => {
  const all = new Set<WorkerProcess>()
  const serving = new Set<WorkerProcess>()
  const sum = metricsSum(serving, measureLog(output.dropped))
  const tellOthers = (than: WorkerProcess, order: Order): void => {
    for (const worker of serving) if (worker !== than) worker.tell(order)
  }
  const hear = async (from: WorkerProcess, said: Report): Promise<void> => {
    if (said.report === 'listening') serving.add(from)
    if (said.report === 'measured') sum.measured(from, said.number, said.measured)
    if (said.report === 'counted') tellOthers(from, { order: 'count', counts: said.counts })
    if (said.report === 'metrics') from.tell({ order: 'metrics', number: said.number, text: await sum.text() })
  }
  const hire = (): WorkerProcess => {
    const worker = startWorker(env, output, hear)
    all.add(worker)
    void worker.ended.then(() => {
      all.delete(worker)
      serving.delete(worker)
      return sum.ended(worker)
    })
    return worker
  }
  const stop = (): void => {
    for (const worker of all) worker.tell({ order: 'stop' })
  }
  return { hire, stop }
}
