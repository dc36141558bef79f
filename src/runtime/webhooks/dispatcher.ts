import type { ClaimedDelivery, WebhookWrites } from '../../model/webhook.ts'
import type { Logger } from '../logger.ts'
import { decideOutcome } from './retries.ts'
import { DeliveryError, DeliveryInterrupted, type ReceiverResponse } from './send-event.ts'

export interface DispatcherOptions {
  queue: Pick<WebhookWrites, 'queueEvents' | 'claimDelivery' | 'finishDelivery'>
  /** Sends an event once; rejects with `DeliveryError` when there is no response, with `DeliveryInterrupted` when the service stops. */
  send: (event: ClaimedDelivery, now: Date) => Promise<ReceiverResponse>
  log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Once aborted, no more deliveries are claimed: `run` resolves when the attempts in progress have ended. */
  stopping?: AbortSignal
  now?: () => Date
}

export interface Dispatcher {
  /** Queues new events and sends those that are due, until none is left. */
  run(): Promise<void>
}

/** The number of receivers served at once; each receives one event at a time. */
const maxConcurrent = 8

/** In milliseconds: a delivery claimed by a process that died can be claimed again after this time. */
const lease = 60_000

/** Delivers change events to webhooks. The queue is in the database, so it survives the process that sends. */
export const createDispatcher = ({
  queue,
  send,
  log,
  stopping,
  now = () => new Date(),
}: DispatcherOptions): Dispatcher => {
  const busy = new Set<string>()
  const deliver = async (event: ClaimedDelivery): Promise<void> => {
    const result = await send(event, now()).catch((error: unknown) => {
      if (error instanceof DeliveryError) return error
      throw error
    })
    const at = now()
    const outcome = decideOutcome(event, result, at, Math.random())
    await queue.finishDelivery(event.id, at.toISOString(), outcome)
    const { id, webhook, attempts } = event
    const fields = { webhook, delivery: id, attempt: attempts + 1, answer: outcome.response }
    if (outcome.delivered) log.info(fields, 'event delivered')
    else log.warn({ ...fields, nextAt: outcome.nextAt ?? null }, 'event not delivered')
    if (outcome.disable !== undefined) log.error({ webhook, reason: outcome.disable }, 'webhook disabled')
  }
  const claim = (): Promise<ClaimedDelivery | undefined> => {
    const at = now().getTime()
    return queue.claimDelivery(new Date(at).toISOString(), new Date(at + lease).toISOString(), [...busy])
  }
  return {
    run: async () => {
      while ((await queue.queueEvents()) > 0);
      const inFlight = new Set<Promise<void>>()
      for (;;) {
        const event = inFlight.size < maxConcurrent && !stopping?.aborted ? await claim() : undefined
        if (event === undefined && inFlight.size === 0) return
        if (event === undefined) {
          await Promise.race(inFlight)
          continue
        }
        busy.add(event.webhook)
        const delivery = deliver(event)
          .catch((err: unknown) => {
            const at = { webhook: event.webhook, delivery: event.id }
            // The delivery stays claimed until its lease ends; the next process to run sends it then.
            if (err instanceof DeliveryInterrupted) log.info(at, 'event interrupted')
            else log.error({ err, ...at }, 'event not sent')
          })
          .finally(() => {
            busy.delete(event.webhook)
            inFlight.delete(delivery)
          })
        inFlight.add(delivery)
      }
    },
  }
}
