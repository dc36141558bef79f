import { z } from 'zod'
import type { Measured } from '../../http/metrics.ts'

const number = z.int()
const counts = z.map(z.string(), number)

/** What the supervisor tells a worker. */
export const Order = z.discriminatedUnion('order', [
  z.object({ order: z.literal('stop') }),
  /** Say what you have measured. */
  z.object({ order: z.literal('measure'), number }),
  /** The metrics of all, to the worker that asked for them. */
  z.object({ order: z.literal('metrics'), number, text: z.string() }),
  /** Requests that another worker counted, by client. */
  z.object({ order: z.literal('count'), counts }),
])
export type Order = z.infer<typeof Order>

/** What a worker tells the supervisor. */
export const Report = z.discriminatedUnion('report', [
  z.object({ report: z.literal('listening'), origin: z.string() }),
  /** It cannot listen, in a sentence for the operator. */
  z.object({ report: z.literal('refused'), sentence: z.string() }),
  z.object({ report: z.literal('measured'), number, measured: z.custom<Measured>(Array.isArray) }),
  /** A client wants the metrics of all. */
  z.object({ report: z.literal('metrics'), number }),
  z.object({ report: z.literal('counted'), counts }),
])
export type Report = z.infer<typeof Report>
