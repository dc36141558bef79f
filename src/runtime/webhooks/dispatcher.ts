import type { Claimed, WebhookWrites } from '../../model/webhook.ts'
import type { Logger } from '../logger.ts'
import { outcomeOf } from './retries.ts'
import { Interrupted, type Received, Unsent } from './send-event.ts'

export interface DispatcherOptions {
  queue: Pick<WebhookWrites, 'queueEvents' | 'claimDelivery' | 'settleDelivery'>
  /** Sends an event once; throws `Unsent` where there was no answer, and `Interrupted` where the service stops meanwhile. */
  send: (event: Claimed, now: Date) => Promise<Received>
  log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Once aborted, nothing more is claimed: `run` ends when the attempts in progress have. */
  stopping?: AbortSignal
  now?: () => Date
}

export interface Dispatcher {
  /** Queues what is new and sends what is due, until nothing is. */
  run(): Promise<void>
}

/** So many receivers are sent to at a time; each gets one event after another. */
const most = 8

/** In milliseconds: what was claimed by a process that died meanwhile is sent by another. */
const lease = 60_000

/** Tells webhooks of what has changed. Whatever is queued is in the database: it survives whoever sends it. */
export const dispatcher = ({ queue, send, log, stopping, now = () => new Date() }: DispatcherOptions): Dispatcher => {
  const busy = new Set<string>()
  const deliver = async (event: Claimed): Promise<void> => {
    const came = await send(event, now()).catch((error: unknown) => {
      if (error instanceof Unsent) return error
      throw error
    })
    const at = now()
    const outcome = outcomeOf(event, came, at, Math.random())
    await queue.settleDelivery(event.id, at.toISOString(), outcome)
    const { id, webhook, attempts } = event
    const told = { webhook, delivery: id, attempt: attempts + 1, answer: outcome.answer }
    if (outcome.delivered) log.info(told, 'event delivered')
    else log.warn({ ...told, nextAt: outcome.nextAt ?? null }, 'event not delivered')
    if (outcome.disable !== undefined) log.error({ webhook, reason: outcome.disable }, 'webhook disabled')
  }
  const claim = (): Promise<Claimed | undefined> => {
    const at = now().getTime()
    return queue.claimDelivery(new Date(at).toISOString(), new Date(at + lease).toISOString(), [...busy])
  }
  return {
    run: async () => {
      while ((await queue.queueEvents()) > 0);
      const underWay = new Set<Promise<void>>()
      for (;;) {
        const event = underWay.size < most && !stopping?.aborted ? await claim() : undefined
        if (event === undefined && underWay.size === 0) return
        if (event === undefined) {
          await Promise.race(underWay)
          continue
        }
        busy.add(event.webhook)
        const delivery = deliver(event)
          .catch((err: unknown) => {
            const at = { webhook: event.webhook, delivery: event.id }
            // It stays claimed for the rest of the minute, and is then sent by the process that runs next.
            if (err instanceof Interrupted) log.info(at, 'event interrupted')
            else log.error({ err, ...at }, 'event not sent')
          })
          .finally(() => {
            busy.delete(event.webhook)
            underWay.delete(delivery)
          })
        underWay.add(delivery)
      }
    },
  }
}
