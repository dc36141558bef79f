import type { Worker } from 'node:cluster'
import type { Measured } from '../../http/metrics.ts'
import { Order, type Report } from './messages.ts'

interface Link {
  tell(report: Report): void
  /** The metrics of all workers, as text. */
  metrics(): Promise<string>
  /** Without its line, a process ends that has nothing to do. */
  hangUp(): void
}

interface Duties {
  stop(): void
  measured(): Promise<Measured>
  count(counts: ReadonlyMap<string, number>): void
}

/** A worker's line to its supervisor. Where the supervisor dies, Node ends the worker. */
export const linkToSupervisor = (line: Worker, duties: Duties): Link => {
  const asked = new Map<number, (text: string) => void>()
  let number = 0
  const tell = (report: Report): void => void line.send(report)
  line.on('message', async message => {
    const told = Order.parse(message)
    if (told.order === 'stop') duties.stop()
    if (told.order === 'count') duties.count(told.counts)
    if (told.order === 'measure') tell({ report: 'measured', number: told.number, measured: await duties.measured() })
    if (told.order === 'metrics') asked.get(told.number)?.(told.text)
  })
  return {
    tell,
    hangUp: () => line.disconnect(),
    metrics: () => {
      number += 1
      tell({ report: 'metrics', number })
      return new Promise(resolve => asked.set(number, resolve))
    },
  }
}
