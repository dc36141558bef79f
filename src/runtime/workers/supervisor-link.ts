import type { Worker } from 'node:cluster'
import type { MetricValues } from '../../http/metrics.ts'
import { Command, type Report } from './messages.ts'

interface SupervisorLink {
  send(report: Report): void
  /** The metrics of all workers, as text. */
  metrics(): Promise<string>
  /** Disconnects from the supervisor, so that a process without other work exits. */
  disconnect(): void
}

interface CommandHandlers {
  stop(): void
  measured(): Promise<MetricValues>
  count(counts: ReadonlyMap<string, number>): void
}

/** Connects a worker to its supervisor. When the supervisor dies, Node ends the worker. */
export const linkToSupervisor = (worker: Worker, handlers: CommandHandlers): SupervisorLink => {
  const pending = new Map<number, (text: string) => void>()
  let number = 0
  const send = (report: Report): void => void worker.send(report)
  worker.on('message', async raw => {
    const message = Command.parse(raw)
    if (message.command === 'stop') handlers.stop()
    if (message.command === 'count') handlers.count(message.counts)
    if (message.command === 'measure')
      send({ report: 'measured', number: message.number, measured: await handlers.measured() })
    if (message.command === 'metrics') pending.get(message.number)?.(message.text)
  })
  return {
    send,
    disconnect: () => worker.disconnect(),
    metrics: () => {
      number += 1
      send({ report: 'metrics', number })
      return new Promise(resolve => pending.set(number, resolve))
    },
  }
}
