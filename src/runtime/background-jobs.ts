import { lookup } from 'node:dns'
import { setTimeout as sleep } from 'node:timers/promises'
import packageJson from '../../package.json' with { type: 'json' }
import type { Config } from '../config.ts'
import { createAddressFilter } from '../http/public-networks.ts'
import type { JsonReads, JsonWrites } from '../model/json-upkeep.ts'
import type { Lease } from '../model/lease.ts'
import type { Webhooks, WebhookWrites } from '../model/webhook.ts'
import type { Logger } from './logger.ts'
import { createDispatcher } from './webhooks/dispatcher.ts'
import { sendEvent } from './webhooks/send-event.ts'

type JobSettings = Pick<Config, 'WEBHOOK_NETWORKS' | 'CHANGES_RETENTION_DAYS'>

/** In milliseconds. */
const [second, hour, day] = [1_000, 3_600_000, 86_400_000]

/** The time a receiver has to answer, in milliseconds. */
const deliveryTimeout = 20 * second

/** The time that delivery attempts in progress have to finish once the service stops, in milliseconds. */
const stopTimeout = 5 * second

/**
 * Sends webhooks, deletes changes past their retention, and after an update rebuilds stored JSON, in the process that holds the lease,
 * until the returned function is called. `loadContent` runs once this process holds it.
 */
export const startBackgroundJobs = (
  config: JobSettings,
  reads: Pick<Webhooks, 'hasDue' | 'hasPrunable'> & JsonReads,
  writes: WebhookWrites & JsonWrites,
  log: Logger,
  lease: Lease,
  loadContent: () => Promise<void> = async () => undefined,
): (() => Promise<void>) => {
  const [stopping, interrupt] = [new AbortController(), new AbortController()]
  const { run } = createDispatcher({
    queue: {
      ...writes,
      claimDelivery: async (...delivery) => ((await lease.take()) ? writes.claimDelivery(...delivery) : undefined),
    },
    send: (event, now) =>
      sendEvent(event, now, {
        isAllowed: createAddressFilter(config.WEBHOOK_NETWORKS),
        timeout: deliveryTimeout,
        userAgent: `curriculum/${packageJson.version}`,
        interrupt: interrupt.signal,
        lookup,
      }),
    log,
    stopping: stopping.signal,
  })
  const deliverWebhooks = async (): Promise<void> => {
    if (await reads.hasDue(new Date().toISOString())) await run()
  }
  const deleteOldChanges = async (): Promise<void> => {
    const before = new Date(Date.now() - config.CHANGES_RETENTION_DAYS * day).toISOString()
    if (!(await reads.hasPrunable(before))) return
    let deleted = 0
    for (let more = 1; more > 0 && !stopping.signal.aborted; deleted += more) more = await writes.prune(before)
    log.info({ changes: deleted, before }, 'old changes deleted')
  }
  const updateJson = async (): Promise<void> => {
    if (!(await reads.isJsonOutdated())) return
    let rebuilt = 0
    for (let more = 1; more > 0 && !stopping.signal.aborted; rebuilt += more) more = await writes.rebuildJson()
    log.info({ items: rebuilt }, 'stored JSON rebuilt')
  }
  let isLoaded = false
  const loadOnce = async (): Promise<void> => {
    if (isLoaded) return
    isLoaded = true
    await loadContent()
  }
  const repeatWithLease = (pause: number, work: () => Promise<void>, failureMessage: string): Promise<void> =>
    repeat(
      pause,
      async () => {
        if (await lease.take()) await work()
      },
      failureMessage,
      log,
      stopping.signal,
    )
  const jobs = [
    repeatWithLease(second, loadOnce, 'loading failed'),
    repeatWithLease(second, deliverWebhooks, 'webhook delivery failed'),
    repeatWithLease(hour, updateJson, 'rebuilding stored JSON failed'),
    repeatWithLease(hour, deleteOldChanges, 'deleting old changes failed'),
  ]
  return async () => {
    stopping.abort()
    const interruptTimer = setTimeout(() => interrupt.abort(), stopTimeout)
    await Promise.all(jobs)
    clearTimeout(interruptTimer)
    await lease.release()
  }
}

/** Runs the work, then again after each pause, until the signal aborts. A failure is logged, and the work runs again next time. */
const repeat = async (
  pause: number,
  work: () => Promise<void>,
  failureMessage: string,
  log: Logger,
  signal: AbortSignal,
): Promise<void> => {
  do await work().catch((err: unknown) => log.error({ err }, failureMessage))
  while (await sleep(pause, true, { signal, ref: false }).catch(() => false))
}
