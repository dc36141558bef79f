import { z } from 'zod'
import type { MetricValues } from '../../http/metrics.ts'

const number = z.int()
const counts = z.map(z.string(), number)

/** A message from the supervisor to a worker. */
export const Command = z.discriminatedUnion('command', [
  z.object({ command: z.literal('stop') }),
  /** Requests the worker's metrics. */
  z.object({ command: z.literal('measure'), number }),
  /** The metrics of all workers, to the worker that requested them. */
  z.object({ command: z.literal('metrics'), number, text: z.string() }),
  /** The number of requests that another worker counted, by client. */
  z.object({ command: z.literal('count'), counts }),
])
export type Command = z.infer<typeof Command>

/** A message from a worker to the supervisor. */
export const Report = z.discriminatedUnion('report', [
  z.object({ report: z.literal('listening'), origin: z.string() }),
  /** The worker cannot listen; the sentence is for the operator. */
  z.object({ report: z.literal('refused'), sentence: z.string() }),
  z.object({ report: z.literal('measured'), number, measured: z.custom<MetricValues>(Array.isArray) }),
  /** Requests the metrics of all workers. */
  z.object({ report: z.literal('metrics'), number }),
  z.object({ report: z.literal('counted'), counts }),
])
export type Report = z.infer<typeof Report>
