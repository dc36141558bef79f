import { lookup } from 'node:dns'
import { setTimeout as sleep } from 'node:timers/promises'
import packageJson from '../../package.json' with { type: 'json' }
import type { Config } from '../config.ts'
import { reachable } from '../http/public-networks.ts'
import type { Webhooks, WebhookWrites } from '../model/webhook.ts'
import type { Logger } from './logger.ts'
import { dispatcher } from './webhooks/dispatcher.ts'
import { sendEvent } from './webhooks/send-event.ts'

type Asked = Pick<Config, 'WEBHOOK_NETWORKS' | 'CHANGES_RETENTION_DAYS'>

/** In milliseconds. */
const [second, hour, day] = [1_000, 3_600_000, 86_400_000]

/** A receiver that takes longer has failed. */
const timeout = 20 * second

/** The time that delivery attempts in progress have to finish once the service stops, in milliseconds. */
const grace = 5 * second

/** Sends webhooks and deletes changes past their retention, in one process of the service, until the returned function is called. */
export const startDuties = (
  config: Asked,
  hooks: Pick<Webhooks, 'isDue' | 'isForgettable'>,
  writes: WebhookWrites,
  log: Logger,
): (() => Promise<void>) => {
  const [stopping, interrupting] = [new AbortController(), new AbortController()]
  const { run } = dispatcher({
    queue: writes,
    send: (event, now) =>
      sendEvent(event, now, {
        reachable: reachable(config.WEBHOOK_NETWORKS),
        timeout,
        userAgent: `curriculum/${packageJson.version}`,
        interrupt: interrupting.signal,
        lookup,
      }),
    log,
    stopping: stopping.signal,
  })
  const tell = async (): Promise<void> => {
    if (await hooks.isDue(new Date().toISOString())) await run()
  }
  const forget = async (): Promise<void> => {
    const before = new Date(Date.now() - config.CHANGES_RETENTION_DAYS * day).toISOString()
    if (!(await hooks.isForgettable(before))) return
    let forgotten = 0
    for (let more = 1; more > 0 && !stopping.signal.aborted; forgotten += more) more = await writes.forget(before)
    log.info({ changes: forgotten, before }, 'old changes forgotten')
  }
  const duties = [
    every(second, tell, 'webhooks could not be told of changes', log, stopping.signal),
    every(hour, forget, 'old changes could not be forgotten', log, stopping.signal),
  ]
  return async () => {
    stopping.abort()
    const late = setTimeout(() => interrupting.abort(), grace)
    await Promise.all(duties)
    clearTimeout(late)
  }
}

/** Again and again: what goes wrong is logged, and tried again the next time. */
const every = async (
  pause: number,
  work: () => Promise<void>,
  failure: string,
  log: Logger,
  signal: AbortSignal,
): Promise<void> => {
  do await work().catch((err: unknown) => log.error({ err }, failure))
  while (await sleep(pause, true, { signal, ref: false }).catch(() => false))
}
