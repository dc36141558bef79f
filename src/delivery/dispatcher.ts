import type { Logger } from '../logger.ts'
import type { Claimed, WebhookWrites } from '../webhooks.ts'
import { outcomeOf } from './retries.ts'
import { type Received, Unsent } from './send-event.ts'

export interface DispatcherOptions {
  queue: Pick<WebhookWrites, 'queueEvents' | 'claimDelivery' | 'settleDelivery'>
  /** Sends an event once; throws `Unsent` where there was no answer. */
  send: (event: Claimed, now: Date) => Promise<Received>
  log: Pick<Logger, 'info' | 'warn' | 'error'>
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
export const dispatcher = ({ queue, send, log, now = () => new Date() }: DispatcherOptions): Dispatcher => {
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
        const event = underWay.size < most ? await claim() : undefined
        if (event === undefined && underWay.size === 0) return
        if (event === undefined) {
          await Promise.race(underWay)
          continue
        }
        busy.add(event.webhook)
        const delivery = deliver(event)
          .catch((err: unknown) => log.error({ err, webhook: event.webhook, delivery: event.id }, 'event not sent'))
          .finally(() => {
            busy.delete(event.webhook)
            underWay.delete(delivery)
          })
        underWay.add(delivery)
      }
    },
  }
}
