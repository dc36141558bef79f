import type { ClaimedDelivery, DeliveryOutcome } from '../../model/webhook.ts'
import { DeliveryError, type ReceiverResponse } from './send-event.ts'

const [second, minute, hour] = [1_000, 60_000, 3_600_000]

/** The pause after each attempt, in milliseconds (Standard Webhooks 1.0, "Deliverability and reliability"). */
export const retryDelays = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
]

/** The longest `Retry-After` that is respected, in milliseconds. */
const maxRetryAfter = 24 * hour

/** Decides what follows an attempt: delivered, retry later or disable. `random` (0 to 1) spreads retries that failed together. */
export const decideOutcome = (
  { attempts }: Pick<ClaimedDelivery, 'attempts'>,
  result: ReceiverResponse | DeliveryError,
  now: Date,
  random: number,
): DeliveryOutcome => {
  if (result instanceof DeliveryError) return retryOrDisable(result.message, attempts, 0, now, random, true)
  const { status, retryAfter } = result
  const response = String(status)
  if (status >= 200 && status < 300) return { response, delivered: true, down: false }
  if (status === 410)
    return { response, delivered: false, down: false, disable: 'The receiver answered 410: it no longer exists.' }
  // These statuses are about the receiver, not about this event: the next event would fail too.
  const down = status >= 500 || [401, 403, 404, 408, 425, 429].includes(status) || status < 400
  return retryOrDisable(response, attempts, parseRetryAfter(retryAfter, now), now, random, down)
}

const retryOrDisable = (
  response: string,
  attempts: number,
  retryAfter: number,
  now: Date,
  random: number,
  down: boolean,
): DeliveryOutcome => {
  const wait = retryDelays[attempts]
  if (wait === undefined)
    return {
      response,
      delivered: false,
      down: false,
      disable: `All ${attempts + 1} attempts in more than three days failed; the last result was: ${response}.`,
    }
  const jittered = wait * (0.9 + 0.2 * random)
  const nextAt = new Date(now.getTime() + Math.max(jittered, retryAfter)).toISOString()
  return { response, delivered: false, down, nextAt }
}

/** Parses `Retry-After`, seconds or a date (RFC 9110, section 10.2.3), to milliseconds. */
const parseRetryAfter = (retryAfter: string | undefined, now: Date): number => {
  if (retryAfter === undefined) return 0
  const wait = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * second : Date.parse(retryAfter) - now.getTime()
  return Number.isNaN(wait) ? 0 : Math.min(Math.max(wait, 0), maxRetryAfter)
}
